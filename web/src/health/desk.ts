// What stands behind the measurements beside the picture: it joins the API, the call's messages,
// the queue and the reducer. Each of them is tried alone.

import type { NewMeasurement } from "../gen/api";
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Ask, Measurement, Point, Sample, ServerMessage, Target } from "../gen/protocol";
import type { Client } from "../house/client";
import { kindOf } from "./kinds";
import { codeOfError, Queue, type Shelf } from "./queue";
import { healthReducer, noHealth, type HealthAction, type HealthState, type OpenTrend, type Period } from "./state";
import { complete, type Key } from "./typed";

export interface DeskConfig {
  readonly client: () => Promise<Client>;
  /** Hears every message of the call until the returned function is called. */
  readonly hear: (tell: (m: ServerMessage) => void) => () => void;
  readonly say: (m: Point | Sample | Ask) => boolean;
  readonly patient: string;
  readonly consultation: string;
  readonly self: string; // own participant id
  readonly name: string; // own
  readonly now: () => number; // the service's clock, ms
  readonly shelf: Shelf;
  readonly key: () => string; // 128 random bits
  readonly online: (tell: () => void) => () => void; // the browser says that there is a network
}

const tickEvery = 1_000; // ms
const soon = 400; // ms after a value until sums and scores are asked for
const atMostEvery = 3_000; // ms between such questions
const valuesAtOnce = 100;
const pointsShown = 600; // more than the chart is wide
const day = 86_400_000; // ms
const triesAgain = 5_000; // ms after a panel that could not be read

/** Desk owns its timers and its queue from open until close. */
export class Desk {
  readonly #cfg: DeskConfig;
  readonly #state: Signal<HealthState> = signal(noHealth);
  readonly #queue: Queue;
  readonly #off: (() => void)[] = [];
  #ticker: ReturnType<typeof setInterval> | undefined;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #refreshed = 0; // ms, page's clock
  #turn = 0; // grows with each reading of the panel: a late answer is thrown away
  #closed = false;

  constructor(cfg: DeskConfig) {
    this.#cfg = cfg;
    this.#queue = new Queue({
      shelf: cfg.shelf,
      box: `${cfg.patient}/${cfg.consultation}/${cfg.self}`,
      send: async (items) => {
        const client = await cfg.client();
        const body = {
          consultation: cfg.consultation,
          items: items.map((i) => ({
            key: i.key, kind: i.kind, values: [...i.values], measuredAt: i.measuredAt, method: i.method, deviceName: i.device,
            ...(i.more ?? { model: "", deviceId: "", site: "", position: "", note: "" }),
          })),
        };
        return (await client("POST /patients/{id}/measurements", { path: { id: cfg.patient }, body })).items;
      },
      changed: (items) => this.#dispatch({ type: "unsent", items }),
      kept: (answers) => {
        const kept = answers.flatMap((a) => (a.measurement ? [{ key: a.key, measurement: a.measurement }] : []));
        this.#dispatch({ type: "came", measurements: kept.map((k) => k.measurement), keys: kept.map((k) => k.key), now: cfg.now() });
        this.#askSoon();
      },
    });
  }

  get state(): ReadonlySignal<HealthState> {
    return this.#state;
  }

  get #now(): HealthState {
    return this.#state.peek();
  }

  open(): void {
    this.#off.push(this.#cfg.hear((m) => this.#onMessage(m)), this.#cfg.online(() => this.#queue.flush()));
    this.#ticker = setInterval(() => this.#dispatch({ type: "tick", now: this.#cfg.now(), at: performance.now() }), tickEvery);
    void this.#queue.open();
    this.read();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#ticker);
    clearTimeout(this.#refresh);
    for (const off of this.#off) off();
    this.#queue.close();
  }

  /** Reads the panel: at first, after each new connection, when limits are others, and after a failure. */
  read(): void {
    void this.#read();
  }

  async #read(): Promise<void> {
    const turn = ++this.#turn;
    this.#refreshed = performance.now();
    clearTimeout(this.#refresh);
    this.#refresh = undefined;
    this.#dispatch({ type: "reading" });
    try {
      const client = await this.#cfg.client();
      const kinds = this.#now.kinds.length > 0 ? this.#now.kinds : (await client("GET /kinds")).items;
      const panel = await client("GET /patients/{id}/measurements", { path: { id: this.#cfg.patient } });
      if (turn === this.#turn) this.#dispatch({ type: "read", kinds, panel });
    } catch (err) {
      if (turn !== this.#turn || this.#closed) return;
      const refused = ["refused", "not-found"].includes(codeOfError(err));
      this.#dispatch({ type: "unread", why: refused ? "refused" : "failed" });
      if (!refused) this.#refresh = setTimeout(() => this.read(), triesAgain);
    }
  }

  /** Sums, means and NEWS2 are the service's to say; many values in a row ask once. */
  #askSoon(): void {
    if (this.#refresh !== undefined || this.#closed) return;
    this.#refresh = setTimeout(
      () => {
        this.read();
        const { trend } = this.#now;
        if (trend) void this.#readTrend(trend.kind, trend.period);
      },
      Math.max(soon, this.#refreshed + atMostEvery - performance.now()),
    );
  }

  #onMessage(m: ServerMessage): void {
    this.#dispatch({ type: "message", message: m, now: this.#cfg.now(), at: performance.now(), self: this.#cfg.self });
    if (m.type === "welcome") {
      this.#queue.flush();
      this.read();
      const mark = this.#now.pointed[this.#cfg.self];
      if (mark) this.#cfg.say({ type: "point", target: mark });
      this.#reread();
    } else if (m.type === "limited") {
      this.read();
      this.#reread();
    } else if (m.type === "measured") {
      this.#askSoon();
    }
  }

  // ------------------------------------------------------------ the trend

  openTrend(kind: string, period: Period = "90"): void {
    this.#dispatch({ type: "trend", kind, period });
    void this.#readTrend(kind, period);
    void this.#readValues(kind, "");
  }

  setPeriod(period: Period): void {
    const { trend } = this.#now;
    if (!trend) return;
    this.#dispatch({ type: "trend", kind: trend.kind, period });
    void this.#readTrend(trend.kind, period);
  }

  setView(view: OpenTrend["view"]): void {
    this.#dispatch({ type: "trend-view", view });
  }

  closeTrend(): void {
    this.#dispatch({ type: "trend-closed" });
  }

  /** More of the table. */
  moreValues(): void {
    const { trend } = this.#now;
    if (!trend || trend.next === "" || trend.more) return;
    this.#dispatch({ type: "values-reading" });
    void this.#readValues(trend.kind, trend.next);
  }

  #reread(): void {
    const { trend } = this.#now;
    if (!trend) return;
    void this.#readTrend(trend.kind, trend.period);
    void this.#readValues(trend.kind, "");
  }

  async #readTrend(kind: string, period: Period): Promise<void> {
    const until = this.#cfg.now() + 1; // what is measured this very moment counts
    const first = this.#now.trend?.data?.first ?? 0;
    const from = period === "all" ? Math.min(first > 0 ? first : 0, until - day) : until - Number(period) * day;
    try {
      const client = await this.#cfg.client();
      const data = await client("GET /patients/{id}/measurements/{kind}/trend", {
        path: { id: this.#cfg.patient, kind },
        query: { from: String(from), until: String(until), points: String(pointsShown) },
      });
      this.#dispatch({ type: "trend-read", kind, period, data });
    } catch {
      this.#dispatch({ type: "trend-unread", kind, period });
    }
  }

  async #readValues(kind: string, cursor: string): Promise<void> {
    try {
      const client = await this.#cfg.client();
      const answer = await client("GET /patients/{id}/measurements/{kind}/values", { path: { id: this.#cfg.patient, kind }, query: { cursor, limit: String(valuesAtOnce) } });
      this.#dispatch({ type: "values", kind, items: answer.items, next: answer.next, more: cursor !== "" });
    } catch {
      const { trend } = this.#now;
      if (trend?.kind === kind && cursor !== "") this.#dispatch({ type: "values", kind, items: [], next: cursor, more: true });
    }
  }

  // ------------------------------------------------------------ entry

  choose(kind: string): void {
    this.#dispatch({ type: "choose", kind });
  }

  key(key: Key): void {
    this.#dispatch({ type: "key", key });
  }

  field(field: number): void {
    this.#dispatch({ type: "field", field });
  }

  /** Puts a number that is chosen and not typed: air, or a word of a list. */
  put(...fields: readonly string[]): void {
    this.#dispatch({ type: "put", fields });
  }

  /** Keeps and shares what stands on the keypad; false: it can't be, and the page says why. */
  save(): boolean {
    const { typed, kinds } = this.#now;
    const kind = typed && kindOf(kinds, typed.kind);
    if (!typed || !kind) return false;
    const values = complete(kind, typed);
    if (!values) {
      this.#dispatch({ type: "checked" });
      return false;
    }
    if (typed.mends !== "") this.#queue.drop(typed.mends);
    const key = this.#cfg.key();
    this.#dispatch({ type: "saved", key, kind: kind.id, values });
    this.#add(key, kind.id, values, "", this.#cfg.now());
    return true;
  }

  /** A value to be kept that a device has given, or that stands ready; its key. */
  keep(kind: string, values: readonly number[], device = "", measuredAt = this.#cfg.now()): string {
    const key = this.#cfg.key();
    this.#add(key, kind, values, device, measuredAt);
    return key;
  }

  /** Values that a device has given, with keys of its own: one that it sends again is kept once. */
  take(values: readonly NewMeasurement[]): void {
    for (const { key, kind, values: numbers, measuredAt, method, deviceName, model, deviceId, site, position, note } of values)
      this.#queue.add({ key, kind, values: numbers, measuredAt: Math.round(measuredAt), method, device: deviceName || model, more: { model, deviceId, site, position, note } });
  }

  #add(key: string, kind: string, values: readonly number[], device: string, measuredAt: number): void {
    this.#queue.add({ key, kind, values, measuredAt: Math.round(measuredAt), method: device === "" ? "manual" : "device", device });
  }

  /** Opens a refused value on the keypad. */
  mend(key: string): void {
    const item = this.#now.unsent.find((i) => i.key === key);
    if (item) this.#dispatch({ type: "mend", item });
  }

  /** Takes away a value that was refused, or never sent. */
  drop(key: string): void {
    this.#queue.drop(key);
  }

  /** Takes back what was saved last, while it still waits here. */
  dropSaved(): void {
    const { saved } = this.#now;
    if (!saved) return;
    this.#queue.drop(saved.key);
    this.#dispatch({ type: "choose", kind: saved.kind });
  }

  // ------------------------------------------------------------ correcting, asking, pointing

  /** Asks whether a value is wrong; null: it isn't. */
  correct(measurement: Measurement | null): void {
    this.#dispatch({ type: "correcting", correcting: measurement && { measurement, busy: false, problem: "" } });
  }

  /** Marks the value as wrong. What it was stays beside. */
  async markWrong(reason: string): Promise<void> {
    const { correcting } = this.#now;
    if (!correcting || correcting.busy) return;
    const { measurement } = correcting;
    this.#dispatch({ type: "correcting", correcting: { measurement, busy: true, problem: "" } });
    try {
      const client = await this.#cfg.client();
      const m = await client("PUT /patients/{id}/measurements/{measurement}", {
        path: { id: this.#cfg.patient, measurement: measurement.id },
        version: measurement.version,
        body: { wrong: true, values: [], reason: reason.trim() },
      });
      this.#dispatch({ type: "came", measurements: [m], now: this.#cfg.now() });
      this.#dispatch({ type: "correcting", correcting: null });
      this.#askSoon();
    } catch (err) {
      const code = codeOfError(err);
      const problem = code === "no-network" ? "no-network" : code === "changed" ? "changed" : code === "refused" || code === "not-found" ? "refused" : "server";
      this.#dispatch({ type: "correcting", correcting: { measurement, busy: false, problem } });
      if (problem === "changed") {
        this.read();
        this.#reread();
      }
    }
  }

  ask(kind: string): void {
    if (this.#cfg.say({ type: "ask", what: "measurement", kind })) this.#dispatch({ type: "asked", kind, name: this.#cfg.name, now: this.#cfg.now() });
  }

  setPointing(on: boolean): void {
    this.#dispatch({ type: "pointing", on });
    if (!on) this.point(null);
  }

  /** Points, or takes the mark away: pointing at the same again does too. */
  point(target: Target | null): void {
    const mark = this.#now.pointed[this.#cfg.self] ?? null;
    const next = target && mark && same(target, mark) ? null : target;
    if (!next && !mark) return;
    this.#cfg.say({ type: "point", target: next });
    this.#dispatch({ type: "point", self: this.#cfg.self, target: next });
  }

  #dispatch(action: HealthAction): void {
    if (this.#closed) return;
    const after = healthReducer(this.#now, action);
    if (after !== this.#now) this.#state.value = after;
  }
}

const same = (a: Target, b: Target): boolean => a.kind === b.kind && a.measurement === b.measurement && a.at === b.at && a.value === b.value;
