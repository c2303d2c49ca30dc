// The seat in the page's session storage: what a reload needs to take its place up again.
// It holds no health data and no link, and goes with the tab.

import type { MediaState } from "../gen/protocol";

/** A seat as a reload finds it. */
export interface Seat {
  readonly consultation: string;
  readonly token: string; // resume token of the last welcome
  readonly epoch: number;
  readonly window: number; // ms the place is kept
  readonly at: number; // page's clock, ms: when the server was last heard
  readonly media: MediaState; // what was switched on
}

export interface SeatStore {
  load(consultation: string): Seat | null;
  save(seat: Seat): void;
  clear(consultation: string): void;
}

const key = (consultation: string) => `samkonsult.seat.${consultation}`;

function isSeat(x: unknown): x is Seat {
  if (typeof x !== "object" || x === null) return false;
  const s = x as Record<string, unknown>;
  const m = s["media"] as Record<string, unknown> | null | undefined;
  return (
    typeof s["consultation"] === "string" &&
    typeof s["token"] === "string" &&
    typeof s["epoch"] === "number" &&
    typeof s["window"] === "number" &&
    typeof s["at"] === "number" &&
    typeof m === "object" &&
    m !== null &&
    typeof m["microphone"] === "boolean" &&
    typeof m["camera"] === "boolean"
  );
}

/** storage: the page's session storage; undefined where the browser forbids it: a reload then joins anew. */
export function createSeatStore(storage: Storage | undefined): SeatStore {
  return {
    load(consultation) {
      try {
        const seat: unknown = JSON.parse(storage?.getItem(key(consultation)) ?? "null");
        return isSeat(seat) && seat.consultation === consultation ? seat : null;
      } catch {
        return null;
      }
    },
    save(seat) {
      try {
        storage?.setItem(key(seat.consultation), JSON.stringify(seat));
      } catch {
        // Full or forbidden: a reload joins anew.
      }
    },
    clear(consultation) {
      try {
        storage?.removeItem(key(consultation));
      } catch {
        // Forbidden: there is nothing to clear either.
      }
    },
  };
}
