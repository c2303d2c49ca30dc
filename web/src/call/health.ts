// Which receiving lines show a moving picture, and how much is lost on the way. Pure.

import type { Line } from "../gen/protocol";
import type { LineHealth } from "../state/state";
import type { Measure } from "./rtc";

const stalledAfter = 2_000; // ms without a new frame
const lossOver = 5_000; // ms over which loss is counted

interface Seen {
  who: string; // participant and source on the line
  frames: number; // decoded, as last measured
  moved: number; // when that last grew; -1: not since this picture came to the line
}

/** Health follows the lines of one path; a new path gets a new one. */
export class Health {
  readonly #seen = new Map<string, Seen>();
  #window: { at: number; packets: number; lost: number }[] = [];

  /** at: ms, a clock that only goes forward. lines: who is on which line now. */
  look(at: number, m: Measure, lines: readonly Line[]): { health: Record<string, LineHealth>; loss: number } {
    const health: Record<string, LineHealth> = {};
    for (const l of lines) {
      if (l.source === "microphone") continue;
      const who = `${l.participant}/${l.source}`;
      const frames = m.frames[l.mid] ?? 0;
      let seen = this.#seen.get(l.mid);
      if (!seen || seen.who !== who) {
        // Frames that were decoded before belong to the one who had the line.
        seen = { who, frames: seen ? frames : 0, moved: -1 };
        this.#seen.set(l.mid, seen);
      }
      if (frames > seen.frames) seen.moved = at;
      seen.frames = frames;
      if (seen.moved >= 0) health[l.mid] = at - seen.moved < stalledAfter ? "live" : "stalled";
    }
    this.#window = [...this.#window.filter((w) => at - w.at <= lossOver), { at, packets: m.packets, lost: m.lost }];
    const first = this.#window[0];
    const got = m.packets - (first?.packets ?? m.packets);
    const lost = m.lost - (first?.lost ?? m.lost);
    // RFC 3550 §6.4.1: late duplicates can make the count of lost packets shrink.
    const loss = got + lost > 0 && lost > 0 ? lost / (got + lost) : 0;
    return { health, loss: Math.round(loss * 100) / 100 };
  }
}
