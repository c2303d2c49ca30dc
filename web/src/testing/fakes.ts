// Stand-ins for what only a browser has. For tests alone: nothing else imports this.

import type { Booking, BookingOption, BookingPerson } from "../gen/api";
import type { Measure, Path, PathState } from "../call/rtc";
import type { Seat, SeatStore } from "../call/seat";
import type { Socket } from "../call/wire";
import type { ClientMessage, Consultation, Hello, Participant, Permission, ServerMessage, Source, Welcome } from "../gen/protocol";

export class FakeSocket implements Socket {
  readyState: 0 | 1 | 2 | 3 = 0;
  readonly sent: ClientMessage[] = [];
  #listeners: { name: string; fn: (e: never) => void }[] = [];

  addEventListener(name: string, fn: unknown): void {
    this.#listeners.push({ name, fn: fn as (e: never) => void });
  }
  removeEventListener(name: string, fn: unknown): void {
    this.#listeners = this.#listeners.filter((l) => l.name !== name || l.fn !== fn);
  }
  send(data: unknown): void {
    if (this.readyState !== 1) throw new Error("sent on a socket that is not open");
    this.sent.push(JSON.parse(String(data)) as ClientMessage);
  }
  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    if (!this.deaf) queueMicrotask(() => this.#fire("close", { code: 1000 }));
  }
  deaf = false; // the other side is gone, and answers no close

  /** What the other side does. */
  open(): this {
    this.readyState = 1;
    this.#fire("open", {});
    return this;
  }
  say(...messages: ServerMessage[]): this {
    for (const m of messages) this.#fire("message", { data: JSON.stringify(m) });
    return this;
  }
  sayRaw(data: string): void {
    this.#fire("message", { data });
  }
  shut(code = 1006): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#fire("close", { code });
  }

  get closed(): boolean {
    return this.readyState === 3;
  }
  get hello(): Hello | undefined {
    return this.sent.find((m): m is Hello => m.type === "hello");
  }
  of<T extends ClientMessage["type"]>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter((m): m is Extract<ClientMessage, { type: T }> => m.type === type);
  }

  #fire(name: string, event: object): void {
    for (const l of [...this.#listeners]) if (l.name === name) l.fn(event as never);
  }
}

export class FakePath implements Path {
  state: PathState = "new";
  received = 0;
  rtt = 40;
  tcp = false;
  packets = 0;
  lost = 0;
  frames: Record<string, number> = {};
  answerSdp = "";
  refuses = false; // the answer
  readonly sends = new Map<Source, MediaStreamTrack | null>();
  readonly layers = new Map<Source, { rids: readonly string[]; codec: string }>();
  /** While true, each look finds more packets. */
  carries = false;

  constructor(
    readonly name: string,
    readonly onState: () => void,
  ) {}

  offer(): Promise<string> {
    return Promise.resolve(`offer of ${this.name}`);
  }
  answer(sdp: string): Promise<void> {
    this.answerSdp = sdp;
    return this.refuses ? Promise.reject(new Error("no such codec")) : Promise.resolve();
  }
  setTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
    this.sends.set(source, track);
    return Promise.resolve();
  }
  setLayers(source: Source, rids: readonly string[], codec: string): Promise<void> {
    this.layers.set(source, { rids, codec });
    return Promise.resolve();
  }
  track(mid: string): MediaStreamTrack | null {
    return fakeTrack(`${this.name} ${mid}`);
  }
  measure(): Promise<Measure> {
    if (this.carries) this.received += 10;
    const { received, rtt, tcp, packets, lost } = this;
    return Promise.resolve({ received, rtt, tcp, packets, lost, frames: { ...this.frames } });
  }
  close(): void {
    this.state = "closed";
    this.carries = false;
  }

  connect(): void {
    this.state = "connected";
    this.carries = true;
  }
  fallSilent(): void {
    this.carries = false;
  }
}

const tracks = new Map<string, FakeTrack>();

/** The same name gives the same track, as a browser's receiver does. */
export function fakeTrack(name: string): MediaStreamTrack {
  const track = tracks.get(name) ?? new FakeTrack(name);
  tracks.set(name, track);
  return track as unknown as MediaStreamTrack;
}

export class FakeTrack extends EventTarget {
  enabled = true;
  muted = false;
  readyState: "live" | "ended" = "live";
  contentHint = "";
  constructor(
    readonly id: string,
    readonly kind = "video",
    readonly label = id,
    readonly deviceId = id,
  ) {
    super();
  }
  getSettings() {
    return { deviceId: this.deviceId, width: 1280, height: 720 };
  }
  clone() {
    return this;
  }
  stop(): void {
    this.readyState = "ended";
  }
  /** The device goes away. */
  vanish(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
  interrupt(on: boolean): void {
    this.muted = on;
    this.dispatchEvent(new Event(on ? "mute" : "unmute"));
  }
}

export class FakeStream {
  constructor(readonly tracks: FakeTrack[]) {}
  getTracks() {
    return this.tracks;
  }
  getAudioTracks() {
    return this.tracks.filter((t) => t.kind === "audio");
  }
  getVideoTracks() {
    return this.tracks.filter((t) => t.kind === "video");
  }
}

/** A computer with its devices, and a person who answers the browser's question. */
export class FakeMedia extends EventTarget {
  devices = [
    { kind: "audioinput", deviceId: "mic-1", label: "Innebygd mikrofon" },
    { kind: "videoinput", deviceId: "cam-1", label: "Innebygd kamera" },
    { kind: "audiooutput", deviceId: "out-1", label: "Innebygd høgtalar" },
  ];
  /** What asking for a kind is refused with; by name of the browser's error. */
  refusal: { audio?: string; video?: string; both?: string } = {};
  readonly asked: MediaStreamConstraints[] = [];
  readonly given: FakeTrack[] = [];
  screen: string | FakeTrack = new FakeTrack("screen");

  enumerateDevices() {
    return Promise.resolve(this.devices);
  }

  getUserMedia(c: MediaStreamConstraints) {
    this.asked.push(c);
    const name = (c.audio && c.video && this.refusal.both) || (c.audio && this.refusal.audio) || (c.video && this.refusal.video);
    if (name) return Promise.reject(named(name));
    const tracks: FakeTrack[] = [];
    for (const [wanted, kind, device] of [
      [c.audio, "audio", "audioinput"],
      [c.video, "video", "videoinput"],
    ] as const) {
      if (!wanted) continue;
      const exact = typeof wanted === "object" && (wanted.deviceId as { exact?: string } | undefined)?.exact;
      const found = this.devices.find((d) => d.kind === device && (!exact || d.deviceId === exact));
      if (!found) return Promise.reject(named(exact ? "OverconstrainedError" : "NotFoundError"));
      tracks.push(new FakeTrack(`${found.deviceId} #${this.given.length + tracks.length}`, kind, found.label, found.deviceId));
    }
    this.given.push(...tracks);
    return Promise.resolve(new FakeStream(tracks));
  }

  getDisplayMedia() {
    return typeof this.screen === "string" ? Promise.reject(named(this.screen)) : Promise.resolve(new FakeStream([this.screen]));
  }

  plug(kind: string, deviceId: string): void {
    this.devices = [...this.devices, { kind, deviceId, label: deviceId }];
    this.dispatchEvent(new Event("devicechange"));
  }
  unplug(deviceId: string): void {
    this.devices = this.devices.filter((d) => d.deviceId !== deviceId);
    this.dispatchEvent(new Event("devicechange"));
  }

  get real(): MediaDevices {
    return this as unknown as MediaDevices;
  }
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

export class FakeSeats implements SeatStore {
  readonly kept = new Map<string, Seat>();
  load(consultation: string): Seat | null {
    return this.kept.get(consultation) ?? null;
  }
  save(seat: Seat): void {
    this.kept.set(seat.consultation, seat);
  }
  clear(consultation: string): void {
    this.kept.delete(consultation);
  }
}

// ---------------------------------------------------------------- people

export const consultation: Consultation = {
  id: "c-1",
  starts: 1_795_343_400_000,
  ends: 1_795_345_200_000,
  organisation: "Fjord sjukehus",
  phone: "+47 57 00 00 00",
  expected: [
    { id: "tuva", name: "Tuva Ask", role: "specialist", title: "Overlege", organisation: "Fjord sjukehus" },
    { id: "mari", name: "Mari Bjørk", role: "nurse", title: "Sjukepleiar", organisation: "Fjordvik kommune" },
    { id: "olav", name: "Olav Eik", role: "patient", title: "Pasient", organisation: "" },
    { id: "ragna", name: "Ragna Eik", role: "relative", title: "Dotter", organisation: "" },
  ],
};

export function person(id: string, change: Partial<Participant> = {}): Participant {
  const known = consultation.expected.find((p) => p.id === id);
  return {
    id,
    name: known?.name ?? id,
    role: known?.role ?? "relative",
    title: known?.title ?? "",
    organisation: known?.organisation ?? "",
    identified: "link",
    beside: [],
    presence: "here",
    media: { microphone: true, camera: true, second: "" },
    hand: false,
    quality: "good",
    since: 1,
    ...change,
  };
}

const all: readonly Permission[] = ["admit", "confirm", "mute", "remove", "lock", "end", "second", "chat"];

/** A welcome for self into a room with people. */
export function welcome(self: string, people: readonly Participant[], change: Partial<Welcome> = {}): Welcome {
  return {
    type: "welcome",
    version: 1,
    self,
    epoch: 1,
    resumeToken: "token-1",
    resumeWindow: 60_000,
    presence: "here",
    may: [...all],
    answer: "answer",
    consultation,
    now: 1_795_343_400_000,
    room: { participants: [...people], lines: linesOf(self, people), chat: [], speaking: [], locked: false },
    ...change,
  };
}

/** Lines as the server gives them: sound from 3 on, pictures from 10 on. */
export function linesOf(self: string, people: readonly Participant[]) {
  const others = people.filter((p) => p.id !== self && p.presence !== "waiting");
  const pictures = others.flatMap((p) => (p.media.second === "" ? (["camera"] as const) : (["camera", "second"] as const)).map((source) => ({ participant: p.id, source })));
  return [
    ...others.map((p, i) => ({ mid: String(3 + i), participant: p.id, source: "microphone" as const })),
    ...pictures.map((p, i) => ({ mid: String(10 + i), ...p })),
  ];
}

/** Somebody who is invited, as the appointment names them. */
export const invited = (id: string, change: Partial<BookingPerson> = {}): BookingPerson => ({
  id, person: id, name: id, role: "patient", title: "", organisation: "", organisationName: "", required: true, attends: "online", before: 0, after: 0,
  answer: "needs-action", answeredAt: 0, answeredBy: "", comment: "", deputyFor: "", deputyAllowed: false, readiness: { state: "unknown", at: 0, minutes: 0, test: "" },
  ...change,
});
export const option = (id: string, at: number, change: Partial<BookingOption> = {}): BookingOption => ({ id, starts: at, ends: at + 1_800_000, suggestedBy: "", taken: false, answers: [], ...change });
/** The consultation as Olav reads it by his link: booked, and not answered. */
export const booking = (change: Partial<Booking> = {}): Booking => ({
  id: "b", version: 1, state: "booked", starts: consultation.starts, ends: consultation.starts + 1_800_000, organisation: "o", organisationName: "Fjord sjukehus", phone: "12345678", template: "", title: "",
  question: "", prepare: [], patient: "", patientName: "", people: [invited("tuva", { role: "specialist" }), invited("olav")], equipment: [], options: [], answerBy: 0, deadline: "",
  interpreter: "", series: "", reason: "", words: "", madeBy: "", movedFrom: 0, mine: "olav", may: ["answer"],
  ...change,
});
