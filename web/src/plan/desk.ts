// What stands behind the plan's page and tab: it joins the API, who holds which field, and what is
// typed. A text is kept a second after the last key and when its field is left; without a network
// it waits in the page and in the tab's storage.

import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { KindLimits } from "../gen/api";
import { ApiError, type Client } from "../house/client";
import { fieldNames, fieldOf, latestOf, withPlan, withRead, type FieldName } from "./fields";
import type { Holds } from "./holds";
import { alike, kindLimitsOf, withKind } from "./limits";
import type { Shelf } from "./shelf";
import { noPlan, type LimitsKept, type PlanState } from "./state";
import { answered, dropped, joined, keptOf, refused, restored, resumed, sending, textOf, toSend, typed, unsent } from "./writing";

export interface DeskConfig {
  readonly client: () => Promise<Client>;
  readonly patient: string;
  readonly holds: Holds;
  readonly shelf: Shelf;
  /** Calls when the plan has become another, until the returned function is called. */
  readonly planned: (tell: () => void) => () => void;
  /** Calls when the browser says that there is a network again. */
  readonly online: (tell: () => void) => () => void;
  readonly now: () => number; // ms, the same clock as the holders'
}

const pause = 1_000; // ms after the last key until a text is kept
const triesAgain = 5_000; // ms until what could not be sent is tried again
const saysAgain = 10_000; // ms between saying that one still writes: a third of the silence that gives a field away
const mostTries = 4; // of limits, when others change the draft at the same time

/** Desk owns its timers from open until close. */
export class Desk {
  readonly #cfg: DeskConfig;
  readonly #state: Signal<PlanState> = signal(noPlan);
  readonly #timers = new Map<FieldName, ReturnType<typeof setTimeout>>();
  readonly #off: (() => void)[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;
  #held: FieldName | null = null;
  #saidAt = -Infinity; // when one said last that one writes
  #turn = 0; // grows with each reading: a late answer is thrown away
  #closed = false;

  constructor(cfg: DeskConfig) {
    this.#cfg = cfg;
  }

  get state(): ReadonlySignal<PlanState> {
    return this.#state;
  }

  get holders(): Holds["holders"] {
    return this.#cfg.holds.holders;
  }

  get #now(): PlanState {
    return this.#state.peek();
  }

  open(): void {
    this.#off.push(
      this.#cfg.planned(() => void this.read()),
      this.#cfg.online(() => this.#again()),
      // A field that another has taken over is theirs: what one has written goes to the service at once.
      this.#cfg.holds.holders.subscribe((holders) => {
        const lost = this.#held;
        if (lost === null || !holders.some((h) => h.field === lost)) return;
        this.#held = null;
        this.flush(lost);
      }),
    );
    void this.read();
  }

  /** What is typed goes to the service before the page is left. */
  close(): void {
    this.flushAll();
    this.leave();
    this.#closed = true;
    clearTimeout(this.#retry);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const off of this.#off) off();
  }

  /** Reads the plan: at first, when it has become another, and after a failure. */
  async read(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const client = await this.#cfg.client();
      const [plans, kinds] = await Promise.all([
        client("GET /patients/{id}/plan", { path: { id: this.#cfg.patient } }),
        this.#now.kinds.length > 0 ? this.#now.kinds : client("GET /kinds").then((k) => k.items),
      ]);
      if (turn !== this.#turn || this.#closed) return;
      const known = withRead(this.#now.plans, plans);
      // What was kept in the tab is read once, under what the plan is now.
      const first = this.#now.plans === null;
      const writings = first ? restored(this.#cfg.shelf.load(), this.#now.writings, latestOf(known)) : this.#now.writings;
      this.#set({ reading: "ready", plans: known, kinds, offline: false });
      this.#write(first ? writings : resumed(writings));
      for (const field of fieldNames) if (this.#now.writings[field]?.state === "unsent") this.flush(field);
    } catch (err) {
      if (turn !== this.#turn || this.#closed) return;
      const code = codeOf(err);
      const refusedIt = code === "refused" || code === "not-found";
      // What is shown stays as long as one may see it.
      if (refusedIt) this.#set({ reading: "refused", error: err });
      else if (this.#now.plans === null) this.#set({ reading: "failed" });
      else this.#set({ offline: code === "no-network" || this.#now.offline });
      if (!refusedIt && code !== "sign-in") this.#retrySoon();
    }
  }

  // ------------------------------------------------------------ writing

  /** One goes into a field, or takes it over. */
  enter(field: FieldName): void {
    if (this.#held !== null && this.#held !== field) this.flush(this.#held);
    this.#held = field;
    this.#saidAt = this.#cfg.now();
    this.#cfg.holds.hold(field);
  }

  type(field: FieldName, text: string): void {
    if (this.#held !== field || this.#cfg.now() - this.#saidAt >= saysAgain) this.enter(field);
    this.#write(typed(this.#now.writings, latestOf(this.#now.plans), field, text));
    clearTimeout(this.#timers.get(field));
    if (this.#now.writings[field]) this.#timers.set(field, setTimeout(() => this.flush(field), pause));
  }

  /** One leaves the field that one was in. */
  leave(): void {
    if (this.#held === null) return;
    this.flush(this.#held);
    this.#held = null;
    this.#cfg.holds.free();
  }

  /** Sends what is typed in a field, unless it is under way. */
  flush(field: FieldName): void {
    clearTimeout(this.#timers.get(field));
    this.#timers.delete(field);
    void this.#send(field);
  }

  flushAll(): void {
    for (const field of fieldNames) this.flush(field);
  }

  /** Whether the service has it. */
  async #send(field: FieldName): Promise<boolean> {
    const writing = this.#now.writings[field];
    const text = toSend(writing);
    if (!writing || text === null || this.#now.plans === null || this.#closed) return false;
    this.#write(sending(this.#now.writings, field));
    try {
      const client = await this.#cfg.client();
      const plan = await client("PUT /patients/{id}/plan/fields/{field}", { path: { id: this.#cfg.patient, field }, version: writing.base, body: { text } });
      const { writings, settle, late } = answered(this.#now.writings, field, plan);
      this.#take(plan, { offline: false, late: late ? [...this.#now.late.filter((f) => f !== field), field] : this.#now.late });
      this.#write(writings);
      if (settle !== "") void this.putAway(field, settle).catch(() => undefined); // it stands twice until somebody puts it away
      // What was typed while it was under way.
      if (this.#now.writings[field] && !this.#timers.has(field) && !this.#closed) this.#timers.set(field, setTimeout(() => this.flush(field), pause));
      return true;
    } catch (err) {
      const code = codeOf(err);
      if (code === "refused" || code === "not-found") this.#write(refused(this.#now.writings, field, "refused"));
      else if (code === "sign-in") this.#write(refused(this.#now.writings, field, "sign-in"));
      else if (code === "invalid") this.#write(refused(this.#now.writings, field, "full"));
      else {
        this.#write(unsent(this.#now.writings, field));
        this.#set({ offline: true });
        this.#retrySoon();
      }
      return false;
    }
  }

  /** Takes a text in after one's own, and when that is kept, puts it away where it stood. False: not yet. */
  async takeIn(field: FieldName, beside: string): Promise<boolean> {
    const plan = latestOf(this.#now.plans);
    const found = fieldOf(plan, field).beside.find((b) => b.id === beside);
    if (!found) return true;
    const text = textOf(this.#now.writings, plan, field);
    if (!text.endsWith(found.text)) this.type(field, joined(text, found.text)); // at a second press it is there already
    clearTimeout(this.#timers.get(field));
    this.#timers.delete(field);
    const kept = this.#now.writings[field] === undefined || (await this.#send(field));
    if (kept) await this.putAway(field, beside);
    return kept;
  }

  /** Puts a text away that waits beside a field. One that is gone already is as wished. */
  async putAway(field: FieldName, beside: string): Promise<void> {
    try {
      const client = await this.#cfg.client();
      this.#take(await client("DELETE /patients/{id}/plan/fields/{field}/beside/{beside}", { path: { id: this.#cfg.patient, field, beside } }), { late: this.#now.late.filter((f) => f !== field) });
    } catch (err) {
      if (codeOf(err) !== "not-found") throw err;
      await this.read();
    }
  }

  /** One's own text that the service won't have is put away. */
  drop(field: FieldName): void {
    this.#write(dropped(this.#now.writings, field));
  }

  #again(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    void this.read();
    this.flushAll();
  }

  #retrySoon(): void {
    if (this.#closed) return;
    this.#retry ??= setTimeout(() => this.#again(), triesAgain);
  }

  // ------------------------------------------------------------ limits and approval

  /**
   * Keeps a kind's limits in the draft. began is what they were when one began to change them: others
   * may write in the draft meanwhile, but not in the same limits.
   */
  async keepLimits(began: KindLimits | undefined, of: KindLimits): Promise<LimitsKept> {
    for (let tries = 1; ; tries++) {
      const plan = latestOf(this.#now.plans);
      const all = plan?.limits ?? [];
      const now = kindLimitsOf(all, of.kind);
      if (!alike(now, began) && !alike(now, of)) return "changed";
      try {
        const client = await this.#cfg.client();
        const body = { kinds: withKind(all, of) };
        this.#take(await client("PUT /patients/{id}/plan/limits", { path: { id: this.#cfg.patient }, version: this.#now.plans?.draft?.revision ?? 0, body }));
        return "kept";
      } catch (err) {
        const code = codeOf(err);
        if (code === "no-network") return "no-network";
        if (code === "refused" || code === "sign-in") return "refused";
        if (code !== "changed" || tries >= mostTries) return code === "changed" ? "changed" : "server";
        await this.read();
      }
    }
  }

  /** Says for one's party that the draft is right as it stands. */
  async approve(): Promise<void> {
    const draft = this.#now.plans?.draft;
    if (!draft || this.#now.approving === "busy") return;
    this.#set({ approving: "busy" });
    try {
      const client = await this.#cfg.client();
      const body = { version: draft.version, revision: draft.revision };
      this.#take(await client("POST /patients/{id}/plan/approval", { path: { id: this.#cfg.patient }, body }), { approving: "" });
    } catch (err) {
      const code = codeOf(err);
      const said = code === "changed" || code === "not-found" || code === "invalid" ? "changed" : code === "no-network" ? "no-network" : code === "refused" || code === "sign-in" ? "refused" : "server";
      this.#set({ approving: said });
      if (said === "changed") await this.read();
    }
  }

  /** One has read what the page said of an approval. */
  approvalSeen(): void {
    if (this.#now.approving !== "busy") this.#set({ approving: "" });
  }

  #take(plan: Parameters<typeof withPlan>[1], more: Partial<PlanState> = {}): void {
    const { plans } = this.#now;
    if (plans) this.#set({ plans: withPlan(plans, plan), ...more });
  }

  /** Also what is kept in the tab follows. */
  #write(writings: PlanState["writings"]): void {
    this.#cfg.shelf.save(keptOf(writings));
    this.#set({ writings });
  }

  #set(change: Partial<PlanState>): void {
    this.#state.value = { ...this.#now, ...change };
  }
}

const codeOf = (err: unknown): ApiError["code"] => (err instanceof ApiError ? err.code : "no-network"); // the client itself could not be loaded
