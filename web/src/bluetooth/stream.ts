// A device that measures all the time: what the others see of it as it runs, and what is kept.

import type { Sample } from "../gen/protocol";
import { kinds, rounded, type KindId } from "./kinds";

export const between = 250; // ms between samples that are sent: the service takes four a second

/** Pace lets the latest sample of each kind through, the one that has waited longest first. It owns its timer until stop. */
export class Pace {
  readonly #send: (sample: Sample) => void;
  readonly #waiting = new Map<string, Sample>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (sample: Sample) => void) {
    this.#send = send;
  }

  add(sample: Sample): void {
    this.#waiting.set(sample.kind, sample); // in the place of the one that waited
    this.#next();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  #next(): void {
    if (this.#timer !== undefined) return;
    for (const [kind, sample] of this.#waiting) {
      this.#waiting.delete(kind);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, between);
      this.#send(sample);
      return;
    }
  }
}

const minute = 60_000; // ms
const least = 45_000; // ms that a minute's samples must span for it to count as a whole one

export interface MinuteValue {
  readonly kind: KindId;
  readonly value: number;
  readonly minute: number; // since 1970
  readonly measuredAt: number; // the minute's end; ms since 1970, UTC
}

/** Minutes makes one value of each whole minute's samples: their median, which one slip of the finger doesn't move. It owns its timer until stop. */
export class Minutes {
  readonly #keep: (value: MinuteValue) => void;
  readonly #now: () => number;
  readonly #samples = new Map<KindId, { value: number; at: number }[]>();
  #minute = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(now: () => number, keep: (value: MinuteValue) => void) {
    this.#now = now;
    this.#keep = keep;
  }

  /** A sample that can be believed. */
  add(kind: KindId, value: number, at: number): void {
    const of = Math.floor(at / minute);
    if (of !== this.#minute) this.#end();
    this.#minute = of;
    const samples = this.#samples.get(kind);
    if (samples) samples.push({ value, at });
    else this.#samples.set(kind, [{ value, at }]);
    this.#timer ??= setTimeout(() => this.#end(), (of + 1) * minute - this.#now());
  }

  /** Lets a minute that has begun go: it was no whole one. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#samples.clear();
  }

  #end(): void {
    const done = [...this.#samples];
    const of = this.#minute;
    this.stop();
    for (const [kind, samples] of done) {
      if (samples.at(-1)!.at - samples[0]!.at < least) continue;
      this.#keep({ kind, value: rounded(kinds[kind][0]!, median(samples.map((s) => s.value))), minute: of, measuredAt: (of + 1) * minute });
    }
  }
}

/** The middle one; of an even number the mean of the two in the middle. Of none: NaN. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
