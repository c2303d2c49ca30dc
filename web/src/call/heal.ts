// Whether a media path carries, judged by its own packet counter. The server sends RTCP at
// least every 250 ms on each connected transport, so silence is proof, whatever the browser
// believes of its connection. Pure: times and counters in, a verdict out.

import type { PathState } from "./rtc";

/** How a path is. */
export type Verdict =
  | "starting" // not connected yet, and not for too long
  | "carrying"
  | "silent" // nothing for 2 s: the person is told
  | "dead"; // nothing for 3 s, or given up by the browser: another path is needed

export interface Limits {
  readonly silent: number; // ms
  readonly dead: number; // ms
  readonly start: number; // ms a new path may take to connect
  readonly asleep: number; // ms between looks: longer ones mean that the page slept
}

const limits: Limits = { silent: 2_000, dead: 3_000, start: 8_000, asleep: 2_500 };

/** PathWatch follows one path from its answer on. */
export class PathWatch {
  #count: number | null = null;
  #moved: number; // when the counter last moved, or the path began
  #looked: number;
  #born: number;
  #carried = false;

  constructor(
    at: number,
    private readonly limit: Limits = limits,
  ) {
    this.#moved = at;
    this.#looked = at;
    this.#born = at;
  }

  /** Whether anything has ever come. */
  get carried(): boolean {
    return this.#carried;
  }

  /** How long nothing has come, ms, at the last look. */
  get quiet(): number {
    return this.#looked - this.#moved;
  }

  /** at: ms, a clock that only goes forward. received: as in Measure. */
  look(at: number, received: number | null, state: PathState): Verdict {
    // A page that slept (a locked phone, a hidden tab) can't tell a silence of the path from its own.
    if (at - this.#looked > this.limit.asleep) {
      this.#born += at - this.#looked;
      this.#moved = at;
    }
    this.#looked = at;
    if (received !== null) {
      if (this.#count === null ? received > 0 : received > this.#count) {
        this.#moved = at;
        this.#carried ||= state === "connected";
      }
      this.#count = received;
    } else if (state === "connected") {
      // A browser that counts nothing is believed in what it says.
      this.#moved = at;
      this.#carried = true;
    }
    const quiet = at - this.#moved;
    if (state === "failed" || state === "closed") return "dead";
    if (!this.#carried) return at - this.#born >= this.limit.start ? "dead" : "starting";
    // "disconnected" comes seconds late, and passes by itself where packets still come.
    if (quiet >= this.limit.dead || (state === "disconnected" && quiet >= this.limit.silent)) return "dead";
    return quiet >= this.limit.silent ? "silent" : "carrying";
  }
}

/** How long to wait before try n (0 is the first), ms: 0.2 s doubling to 5 s, each by chance between half and whole. */
export function backoff(n: number, random: () => number): number {
  const most = Math.min(200 * 2 ** n, 5_000);
  return most * (0.5 + random() / 2);
}
