// Values on their way to the service: entered without network they wait on the tablet, and go in
// the order in which they were entered, once each. A value has its own key from the moment Save is
// pressed, so that one that was sent and never answered can be sent again without harm.

import type { KeptMeasurement, NewMeasurement } from "../gen/api";

/** What a device tells of itself and of how it measured. */
export type DeviceWords = Pick<NewMeasurement, "model" | "deviceId" | "site" | "position" | "note">;

/** A value that the service has not kept yet. */
export interface Unsent {
  readonly key: string;
  readonly order: number; // grows with each
  readonly kind: string;
  readonly values: readonly number[];
  readonly measuredAt: number; // ms since 1970, UTC
  readonly method: NewMeasurement["method"];
  readonly device: string; // its name; empty: entered by hand
  readonly more?: DeviceWords; // what else a device has told
  readonly state: "sending" | "waiting" | "refused"; // sending: its first try is under way
  readonly field: string; // refused: which broke a rule
  readonly rule: string;
}

export type Entry = Pick<Unsent, "key" | "kind" | "values" | "measuredAt" | "method" | "device" | "more">;

/** Where they wait over a reload. A box belongs to one person's part in one patient's consultation. */
export interface Shelf {
  load(box: string): Promise<readonly Unsent[]>;
  put(box: string, item: Unsent): Promise<void>;
  remove(box: string, key: string): Promise<void>;
}

export interface QueueConfig {
  readonly shelf: Shelf;
  readonly box: string;
  readonly send: (items: readonly Unsent[]) => Promise<readonly KeptMeasurement[]>;
  readonly changed: (items: readonly Unsent[]) => void;
  readonly kept: (answers: readonly KeptMeasurement[]) => void;
}

const atOnce = 50; // of the 100 that the service takes
const firstWait = 1_000; // ms until the next try, doubled each time
const longestWait = 20_000; // ms

/** Answers that say nothing of the values themselves: they wait. All others are the service's no. */
const undecided: readonly string[] = ["no-network", "unreadable", "internal", "busy", "under-way", "too-many", "sign-in"];

/** What went wrong, as the client of the API tells it. */
export function codeOfError(err: unknown): string {
  const code = (err as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "internal";
}

/** Queue owns its timer from open until close. */
export class Queue {
  readonly #cfg: QueueConfig;
  #items: readonly Unsent[] = [];
  #running = false;
  #again = false; // asked for while one was under way
  #one = false; // a whole batch was refused: one at a time tells which
  #wait = firstWait;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(cfg: QueueConfig) {
    this.#cfg = cfg;
  }

  get items(): readonly Unsent[] {
    return this.#items;
  }

  /** Takes up what waits from before a reload, and sends it. */
  async open(): Promise<void> {
    const found = await this.#cfg.shelf.load(this.#cfg.box).catch(() => []);
    const here = new Set(this.#items.map((i) => i.key));
    const before = found.filter((i) => !here.has(i.key)).map((i) => (i.state === "sending" ? { ...i, state: "waiting" as const } : i));
    if (before.length === 0) return;
    this.#set([...before, ...this.#items].sort((a, b) => a.order - b.order));
    this.flush();
  }

  /** Keeps a value here and sends it as soon as it can. */
  add(entry: Entry): void {
    const order = Math.max(0, ...this.#items.map((i) => i.order)) + 1;
    const behind = this.#items.some((i) => i.state === "waiting");
    const item: Unsent = { ...entry, order, state: behind ? "waiting" : "sending", field: "", rule: "" };
    this.#set([...this.#items, item]);
    // Kept before it is sent: what happens in between then loses nothing. Where the browser keeps
    // nothing, it is sent all the same.
    this.#cfg.shelf.put(this.#cfg.box, item).catch(() => undefined).finally(() => this.flush());
  }

  /** Takes a value away that the service has refused, or that was entered wrongly. */
  drop(key: string): void {
    this.#set(this.#items.filter((i) => i.key !== key));
    void this.#cfg.shelf.remove(this.#cfg.box, key).catch(() => undefined);
  }

  /** Tries now: the network is back. */
  flush(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    if (this.#running) {
      this.#again = true;
      return;
    }
    void this.#run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (;;) {
        const next = this.#items.filter((i) => i.state !== "refused").slice(0, this.#one ? 1 : atOnce);
        if (next.length === 0 || this.#closed) break;
        this.#again = false;
        if (!(await this.#try(next))) break;
      }
    } finally {
      this.#running = false;
    }
  }

  /** Sends some; false: not now. */
  async #try(items: readonly Unsent[]): Promise<boolean> {
    let answers: readonly KeptMeasurement[];
    try {
      answers = await this.#cfg.send(items);
    } catch (err) {
      return this.#failed(items, err);
    }
    this.#wait = firstWait;
    const answered = new Map(answers.map((a) => [a.key, a]));
    if (!items.some((i) => answered.has(i.key))) return this.#later(); // an answer to something else: asking at once would never end
    this.#one = false;
    const gone: string[] = [];
    this.#set(
      this.#items.flatMap((i) => {
        const a = answered.get(i.key);
        if (!a) return [i];
        if (a.measurement) {
          gone.push(i.key);
          return [];
        }
        return [this.#refused(i, a.field, a.rule)];
      }),
    );
    this.#cfg.kept(answers);
    for (const key of gone) await this.#cfg.shelf.remove(this.#cfg.box, key).catch(() => undefined);
    return true;
  }

  #failed(items: readonly Unsent[], err: unknown): boolean {
    if (undecided.includes(codeOfError(err))) return this.#later();
    if (items.length > 1) {
      this.#one = true;
      return true;
    }
    const problem = (err as { problem?: { field?: string; rule?: string } | null }).problem;
    this.#set(this.#items.map((i) => (i.key === items[0]?.key ? this.#refused(i, problem?.field ?? "", problem?.rule || codeOfError(err)) : i)));
    return true;
  }

  #refused(i: Unsent, field: string, rule: string): Unsent {
    const item: Unsent = { ...i, state: "refused", field, rule };
    void this.#cfg.shelf.put(this.#cfg.box, item).catch(() => undefined);
    return item;
  }

  #later(): false {
    if (this.#closed) return false;
    if (this.#items.some((i) => i.state === "sending")) this.#set(this.#items.map((i) => (i.state === "sending" ? { ...i, state: "waiting" } : i)));
    const soon = this.#again;
    this.#timer = setTimeout(() => this.flush(), soon ? 0 : this.#wait);
    this.#again = false;
    this.#wait = Math.min(this.#wait * 2, longestWait);
    return false;
  }

  #set(items: readonly Unsent[]): void {
    this.#items = items;
    this.#cfg.changed(items);
  }
}
