// What stands behind the wounds: it joins the API, what the call tells, the photos and the page's
// storage. Each of them is tried alone.

import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { NewDrawing, Wound } from "../gen/api";
import type { ServerMessage } from "../gen/protocol";
import { ApiError, type Client } from "../house/client";
import { sameDay } from "../i18n/time";
import { blankDraft, contentOf, faultsOf, isBlank, type Draft } from "./draft";
import type { Pictures } from "./pictures";
import type { Begun, Shelf } from "./shelf";
import { chosenIn, noWounds, withAssessment, withPhotos, withWound, type Problem, type WoundState } from "./state";
import { counts, type Assessment, type AssessmentContent, type Photo, type Side } from "./types";

export interface DeskConfig {
  readonly client: () => Promise<Client>;
  readonly pictures: Pictures;
  /** Hears every message of the call until the returned function is called; outside of a call there are none. */
  readonly hear: (tell: (m: ServerMessage) => void) => () => void;
  readonly patient: string;
  readonly consultation: string; // empty: outside of a call
  readonly now: () => number; // the service's clock, ms
  readonly shelf: Shelf;
  readonly key: () => string; // 128 random bits
  readonly online: (tell: () => void) => () => void; // the browser says that there is a network
}

const soon = 400; // ms after a photo until sums are asked for
const triesAgain = 5_000; // ms after what did not come through

export interface WoundSaid {
  readonly site: string;
  readonly side: Side;
  readonly since: number;
}

/** Desk owns its timers from open until close. */
export class WoundDesk {
  readonly #cfg: DeskConfig;
  readonly #state: Signal<WoundState> = signal(noWounds);
  #off: (() => void)[] = [];
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #turn = 0; // grows with each reading: a late answer is thrown away
  #open = false;
  #keys = new Map<string, string>(); // of what is being sent, by what it says: pressed twice it is kept once

  constructor(cfg: DeskConfig) {
    this.#cfg = cfg;
  }

  get state(): ReadonlySignal<WoundState> {
    return this.#state;
  }

  get pictures(): Pictures {
    return this.#cfg.pictures;
  }

  get #now(): WoundState {
    return this.#state.peek();
  }

  open(): void {
    this.#open = true;
    this.#set({ begun: this.#cfg.shelf.load() });
    this.#off = [this.#cfg.hear((m) => this.#onMessage(m)), this.#cfg.online(() => this.#again())];
    void this.read();
  }

  close(): void {
    this.#open = false;
    clearTimeout(this.#refresh);
    clearTimeout(this.#retry);
    for (const off of this.#off) off();
    this.#off = [];
    this.#cfg.pictures.close();
  }

  // ------------------------------------------------------------ reading

  /** Reads what there is, and the chosen wound's series: at first, after each new connection, and when others changed it. */
  async read(): Promise<void> {
    const turn = ++this.#turn;
    clearTimeout(this.#refresh);
    this.#refresh = undefined;
    try {
      const client = await this.#cfg.client();
      const all = await client("GET /patients/{id}/wounds", { path: { id: this.#cfg.patient } });
      if (turn !== this.#turn || !this.#open) return;
      const chosen = chosenIn(all, this.#now.chosen);
      this.#set({ reading: "ready", all, chosen, offline: false, series: this.#now.series?.wound.id === chosen ? this.#now.series : null });
      await this.#readSeries(turn);
      this.#resend();
    } catch (err) {
      if (turn !== this.#turn || !this.#open) return;
      const code = codeOf(err);
      const refused = code === "refused" || code === "not-found";
      // What is shown stays as long as one may see it.
      if (refused) this.#set({ reading: "refused", error: err, all: null, series: null });
      else if (this.#now.all === null) this.#set({ reading: "failed", error: err });
      else this.#set({ offline: code === "no-network" || this.#now.offline });
      if (!refused && code !== "sign-in") this.#retrySoon();
    }
  }

  async #readSeries(turn: number): Promise<void> {
    const { chosen } = this.#now;
    if (chosen === "") return this.#set({ series: null });
    const client = await this.#cfg.client();
    const series = await client("GET /patients/{id}/wounds/{wound}", { path: { id: this.#cfg.patient, wound: chosen } });
    if (turn === this.#turn && this.#open && this.#now.chosen === chosen) this.#set({ series });
  }

  choose(wound: string): void {
    if (wound === this.#now.chosen) return;
    this.#set({ chosen: wound, series: null, saving: "" });
    this.#readLater(0);
  }

  #onMessage(m: ServerMessage): void {
    if (m.type === "welcome" || m.type === "wounded") void this.read();
    else if (m.type === "photographed") {
      this.#state.value = withPhotos(this.#now, m.photos);
      this.#readLater(soon);
    }
  }

  #readLater(ms: number): void {
    if (this.#open) this.#refresh ??= setTimeout(() => void this.read(), ms);
  }

  #retrySoon(): void {
    if (this.#open) this.#retry ??= setTimeout(() => this.#again(), triesAgain);
  }

  #again(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    void this.read();
  }

  // ------------------------------------------------------------ an assessment

  /** What is filled in for a wound so far. */
  draftFor(wound: string): Draft {
    return this.#now.begun[wound]?.draft ?? blankDraft;
  }

  /** Keeps what is filled in, in the page's storage too. */
  fill(wound: string, draft: Draft): void {
    this.#begin(wound, isBlank(draft) && draft.photo === "" ? null : { draft, key: "", at: 0 });
    if (this.#now.saving !== "") this.#set({ saving: "" });
  }

  #begin(wound: string, begun: Begun | null): void {
    const { [wound]: _, ...others } = this.#now.begun;
    const next = begun ? { ...others, [wound]: begun } : others;
    this.#cfg.shelf.save(next);
    this.#set({ begun: next });
  }

  /** Keeps the assessment; false: it can't be as it stands, and the page says why. Without a network it waits here and is sent once. */
  assess(wound: string): boolean {
    const begun = this.#now.begun[wound];
    if (this.#now.saving === "busy" || !begun) return false;
    if (faultsOf(begun.draft)) {
      this.#begin(wound, { ...begun, draft: { ...begun.draft, numbers: { ...begun.draft.numbers, checked: true } } });
      return false;
    }
    const draft = begun.draft.photo === "" ? { ...begun.draft, photo: this.#photoOfToday() } : begun.draft;
    this.#begin(wound, { draft, key: begun.key === "" ? this.#cfg.key() : begun.key, at: begun.at === 0 ? this.#cfg.now() : begun.at });
    void this.#send(wound);
    return true;
  }

  /** The photo that an assessment rests on where nobody has said another: the latest of today. */
  #photoOfToday(): string {
    const latest = this.#now.series?.photos.find(counts);
    return latest && sameDay(latest.takenAt, this.#cfg.now()) ? latest.id : "";
  }

  async #send(wound: string): Promise<void> {
    const begun = this.#now.begun[wound];
    if (!begun || begun.key === "" || this.#now.saving === "busy") return;
    this.#set({ saving: "busy" });
    try {
      const client = await this.#cfg.client();
      const body = { key: begun.key, consultation: this.#cfg.consultation, ...contentOf(begun.draft, begun.at) };
      const a = await client("POST /patients/{id}/wounds/{wound}/assessments", { path: { id: this.#cfg.patient, wound }, body });
      if (!this.#open) return this.#cfg.shelf.save(without(this.#cfg.shelf.load(), wound));
      this.#begin(wound, null);
      this.#state.value = { ...withAssessment(this.#now, wound, a), saving: "kept" };
      this.#readLater(soon);
    } catch (err) {
      if (!this.#open) return;
      const problem = problemOf(err);
      if (problem === "no-network") {
        this.#set({ saving: "waits" });
        this.#retrySoon();
      } else {
        this.#begin(wound, { ...begun, key: "", at: 0 }); // what is changed is another one
        this.#set({ saving: problem });
      }
    }
  }

  /** What waits for a network is sent; one after the other. */
  #resend(): void {
    const wound = Object.keys(this.#now.begun).find((id) => this.#now.begun[id]?.key !== "");
    if (wound) void this.#send(wound);
  }

  /** Corrects an assessment, or says that all of it is wrong (content null). What it was stays beside. */
  async correct(wound: string, a: Assessment, content: AssessmentContent | null, reason: string): Promise<Problem> {
    return this.#try(async (client) => {
      const body = { version: a.version, wrong: content === null, content, reason: reason.trim() };
      const kept = await client("POST /patients/{id}/wounds/{wound}/assessments/{assessment}/correction", { path: { id: this.#cfg.patient, wound, assessment: a.id }, body });
      this.#state.value = withAssessment(this.#now, wound, kept);
      this.#readLater(0);
    });
  }

  // ------------------------------------------------------------ wounds

  /** Registers a wound, and chooses it. */
  async register(said: WoundSaid): Promise<Problem> {
    const body = { key: this.#keyOf(`wound ${JSON.stringify(said)}`), ...said, site: said.site.trim() };
    return this.#try(async (client) => {
      const wound = await client("POST /patients/{id}/wounds", { path: { id: this.#cfg.patient }, body });
      this.#keys.clear();
      this.#state.value = { ...withWound(this.#now, wound), chosen: wound.id, series: null };
      this.#readLater(0);
    });
  }

  /** Changes what a wound is said to be, closes it, or says that it was registered by mistake. */
  async change(wound: Wound, said: WoundSaid & { readonly status: Wound["status"]; readonly reason: string }): Promise<Problem> {
    return this.#try(async (client) => {
      const body = { site: said.site.trim(), side: said.side, since: said.since, status: said.status, reason: said.reason.trim() };
      this.#state.value = withWound(this.#now, await client("PUT /patients/{id}/wounds/{wound}", { path: { id: this.#cfg.patient, wound: wound.id }, version: wound.version, body }));
      this.#readLater(0);
    });
  }

  // ------------------------------------------------------------ photos

  /** Says which wound a photo shows, what its scale is, or that it is wrong. */
  async changePhoto(photo: Photo, said: Partial<{ wound: string; status: "final" | "entered-in-error"; reason: string; scale: number[] | null }>): Promise<Problem> {
    return this.#try(async (client) => {
      const body = { wound: photo.wound, status: photo.status === "entered-in-error" ? ("entered-in-error" as const) : ("final" as const), reason: "", scale: photo.scale, ...said };
      const kept = await client("PUT /patients/{id}/photos/{photo}", { path: { id: this.#cfg.patient, photo: photo.id }, version: photo.version, body });
      this.#state.value = withPhotos(this.#now, [kept]);
      this.#readLater(soon);
    });
  }

  /** Keeps the scale of a photo and the outline drawn on it; what has not changed is not sent. */
  async keepMeasures(photo: Photo, scale: number[] | null, outline: number[] | null): Promise<Problem> {
    if (scale !== null && JSON.stringify(scale) !== JSON.stringify(photo.scale)) {
      const problem = await this.changePhoto(photo, { scale });
      if (problem !== "") return problem;
    }
    if (outline === null) return "";
    return this.#draw(photo, { shape: "outline", colour: "white", points: outline, note: "" });
  }

  async #draw(photo: Photo, said: Omit<NewDrawing, "key">): Promise<Problem> {
    const key = this.#keyOf(`drawing ${photo.id} ${JSON.stringify(said)}`);
    return this.#try(async (client) => {
      const kept = await client("POST /patients/{id}/photos/{photo}/drawings", { path: { id: this.#cfg.patient, photo: photo.id }, body: { key, ...said } });
      this.#state.value = withPhotos(this.#now, [kept]);
      this.#readLater(soon);
    });
  }

  async takeOff(photo: Photo, drawing: string): Promise<Problem> {
    return this.#try(async (client) => {
      this.#state.value = withPhotos(this.#now, [await client("DELETE /patients/{id}/photos/{photo}/drawings/{drawing}", { path: { id: this.#cfg.patient, photo: photo.id, drawing } })]);
    });
  }

  /** Sends a picture that was chosen or taken by the telephone itself; sent again after a failure it is kept once. */
  async sendFile(file: Blob, name: string, wound: string): Promise<Problem> {
    const key = this.#keyOf(`file ${name} ${file.size} ${wound}`);
    return this.#try(async (client) => {
      const query = { wound, consultation: this.#cfg.consultation, takenAt: String(Math.round(this.#cfg.now())), askedBy: "", key, source: "file" };
      const kept = await client("POST /patients/{id}/photos", { path: { id: this.#cfg.patient }, query, body: file });
      this.#keys.clear();
      this.#state.value = withPhotos(this.#now, [kept]);
      this.#readLater(0);
    }, true);
  }

  #keyOf(what: string): string {
    const key = this.#keys.get(what) ?? this.#cfg.key();
    this.#keys.set(what, key);
    return key;
  }

  async #try(change: (client: Client) => Promise<void>, file = false): Promise<Problem> {
    try {
      await change(await this.#cfg.client());
      return "";
    } catch (err) {
      const problem = problemOf(err, file);
      if (problem === "changed") void this.read();
      return problem;
    }
  }

  #set(change: Partial<WoundState>): void {
    this.#state.value = { ...this.#now, ...change };
  }
}

const codeOf = (err: unknown): ApiError["code"] => (err instanceof ApiError ? err.code : "no-network"); // the client itself could not be loaded

function problemOf(err: unknown, file = false): Exclude<Problem, ""> {
  const code = codeOf(err);
  // What is wrong with a picture is its size or its kind, whatever the service says of it by field and rule.
  if (file && err instanceof ApiError && code === "invalid") return err.problem?.status === 413 ? "too-large" : "unreadable";
  switch (code) {
    case "no-network":
      return "no-network";
    case "changed":
      return "changed";
    case "refused":
    case "not-found":
    case "sign-in":
      return "refused";
    default:
      return "server";
  }
}

function without<V>(of: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> {
  const { [key]: _, ...rest } = of;
  return rest;
}

