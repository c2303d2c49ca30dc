// The people and the calls that the gallery shows, as the states of a page that one of them has open.

import type { ChatMessage, Consultation, Participant, Person, Role } from "../src/gen/protocol";
import type { Booking, BookingOption, BookingPerson } from "../src/gen/api";
import { momentOf, type Day } from "../src/i18n/norway";
import { noAppointment, type Appointment } from "../src/state/appointment";
import { initialState, type AppState, type Call, type Input, type Invitation, type LineHealth } from "../src/state/state";

/** A time on the clock in Norway. */
export const on = (day: Day, hour: number, minute: number): number => momentOf(day, hour * 60 + minute);

/** Monday 23 November 2026. */
const at = (hour: number, minute: number): number => on("2026-11-23", hour, minute);

const people: Record<string, Person> = {
  tuva: { id: "tuva", name: "Tuva Ask", role: "specialist", title: "Overlege", organisation: "Fjord sjukehus" },
  mari: { id: "mari", name: "Mari Bjørk", role: "nurse", title: "Sjukepleiar", organisation: "Fjordvik kommune" },
  olav: { id: "olav", name: "Olav Eik", role: "patient", title: "Pasient", organisation: "" },
  ragna: { id: "ragna", name: "Ragna Eik", role: "relative", title: "Dotter", organisation: "" },
  per: { id: "per", name: "Per Selje", role: "gp", title: "Fastlege", organisation: "Fjordvik legekontor" },
  tolk: { id: "tolk", name: "Amina Vik", role: "interpreter", title: "Tolk", organisation: "Tolketenesta" },
};
export type Who = keyof typeof people & string;

function person(who: Who): Person {
  const found = people[who];
  if (!found) throw new Error(`the gallery has nobody called ${who}`);
  return found;
}

export const consultation: Consultation = {
  id: "c1",
  starts: at(10, 0),
  ends: at(10, 30),
  organisation: "Fjord sjukehus",
  phone: "12 34 56 78",
  expected: ["tuva", "mari", "olav", "ragna"].map(person),
};

export function participant(who: Who, with_: Partial<Participant> = {}): Participant {
  return {
    ...person(who),
    identified: "link",
    beside: [],
    presence: "here",
    media: { microphone: true, camera: true, second: "" },
    hand: false,
    quality: "good",
    since: at(9, 58),
    ...with_,
  };
}

const input: Input = {
  wanted: true,
  state: "on",
  failure: null,
  selected: "a",
  label: "FaceTime HD",
  devices: [
    { id: "a", label: "FaceTime HD" },
    { id: "b", label: "Logitech BRIO (0123:4567)" },
  ],
};

const may: Record<Role, Invitation["may"]> = {
  specialist: ["admit", "confirm", "mute", "remove", "lock", "end", "second", "chat"],
  gp: ["confirm", "second", "chat"],
  nurse: ["admit", "confirm", "second", "chat"],
  patient: ["chat"],
  relative: ["chat"],
  interpreter: ["chat"],
};

export function base(who: Who, with_: Partial<AppState> = {}): AppState {
  const own = person(who);
  return {
    ...initialState("nn", "chrome-android"),
    page: "welcome",
    now: at(9, 48),
    invitation: {
      participant: own.id,
      name: own.name,
      role: own.role,
      title: own.title,
      organisation: own.organisation,
      state: "booked",
      consultation,
      opensAt: at(9, 30),
      admitsItself: own.role === "specialist" || own.role === "nurse",
      patient: "",
      seesRecord: own.role === "patient" || own.role === "relative",
      may: may[own.role],
    },
    microphone: { ...input, label: "Mikrofon", devices: [{ id: "a", label: "Mikrofon (innebygd)" }] },
    camera: input,
    speaker: { selectable: true, devices: [{ id: "s", label: "Høgtalar (innebygd)" }], selected: "s", testing: false, tested: false },
    second: { state: "off", kind: "", failure: null, screenPossible: true },
    connection: { status: "ok", since: 0, attempt: 0, online: true, rtt: 20, loss: 0 },
    ...with_,
  };
}

export function chatLine(from: Who, text: string, minute: number): ChatMessage {
  return { id: `${from}-${minute}`, from, name: person(from).name, text, at: at(10, minute) };
}

/** A call as `who` has it, everyone's pictures live unless a participant says otherwise. */
export function call(who: Who, participants: readonly Participant[], with_: Partial<Call> = {}): Call {
  const lines = participants
    .filter((p) => p.id !== who && p.presence !== "waiting")
    .flatMap((p) =>
      (p.media.second === "" ? (["camera"] as const) : (["camera", "second"] as const)).map((source) => ({
        mid: `${p.id}-${source}`,
        participant: p.id,
        source,
      })),
    );
  const health: Record<string, LineHealth> = {};
  // Where only sound is held, and from who has lost the network, no picture comes.
  const held = new Set(participants.filter((p) => p.quality === "audio-only" || p.quality === "lost").map((p) => p.id));
  for (const line of lines) if (!held.has(line.participant)) health[line.mid] = "live";
  return {
    self: who,
    presence: "here",
    may: may[person(who).role],
    consultation,
    participants,
    lines,
    health,
    speaking: [],
    chat: [],
    unread: 0,
    chatOpen: false,
    locked: false,
    lockedBy: "",
    admittedBy: "",
    chosen: null,
    ...with_,
  };
}

/** In the call at 10.12. */
export function inCall(who: Who, theCall: Call, with_: Partial<AppState> = {}): AppState {
  return base(who, { page: "call", now: at(10, 12), call: theCall, ...with_ });
}

/** Tuesday 24 November, the day after the visit. */
export const nextDay = (hour: number, minute: number): number => on("2026-11-24", hour, minute);

export function invited(who: Who, with_: Partial<BookingPerson> = {}): BookingPerson {
  const { id, name, role, title, organisation } = person(who);
  return {
    id, person: id, name, role, title, organisation: organisation === "" ? "" : "o1", organisationName: organisation, required: role !== "relative",
    attends: "online", before: 0, after: 0, answer: "needs-action", answeredAt: 0, answeredBy: "", comment: "", deputyFor: "", deputyAllowed: false,
    readiness: { state: "unknown", at: 0, minutes: 0, test: "" },
    ...with_,
  };
}

export function option(id: string, starts: number, with_: Partial<BookingOption> = {}): BookingOption {
  return { id, starts, ends: starts + 30 * 60_000, suggestedBy: "", taken: false, answers: [], ...with_ };
}

/** The consultation as Olav, or another of those invited, reads it by their link. */
export function booking(who: Who, with_: Partial<Booking> = {}): Booking {
  const starts = with_.starts ?? consultation.starts;
  return {
    id: consultation.id, version: 3, state: "booked", starts, ends: starts + 30 * 60_000, organisation: "o1", organisationName: "Fjord sjukehus", phone: "12 34 56 78",
    template: "", title: "", question: "", prepare: [], patient: "", patientName: "", people: (["tuva", "mari", "olav", "ragna"] as const).map((p) => invited(p)),
    equipment: [], options: [], answerBy: 0, deadline: "", interpreter: "", series: "", reason: "", words: "", madeBy: "", movedFrom: 0, mine: who, may: ["answer"],
    ...with_,
  };
}

/** The greeting of who has opened their link, with the appointment read. */
export function asked(who: Who, read: Booking, appointment: Partial<Appointment> = {}, with_: Partial<AppState> = {}): AppState {
  const state = base(who, with_);
  const invitation = state.invitation!;
  return {
    ...state,
    invitation: { ...invitation, state: read.state, opensAt: read.starts - 15 * 60_000, consultation: { ...consultation, starts: read.starts, ends: read.ends } },
    appointment: { ...noAppointment, reading: "ready", booking: read, ...appointment },
  };
}

export { at };
