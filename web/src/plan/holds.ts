// Who writes in which field now. The call tells it; outside of a call nobody does, and the
// service's own rule alone keeps everybody's text.

import { signal, type ReadonlySignal } from "@preact/signals";
import type { FieldName } from "./fields";

export interface Holder {
  readonly participant: string;
  readonly name: string;
  readonly field: FieldName;
  readonly at: number; // when they were heard last, ms, by the same clock as the plan's
}

export interface Holds {
  /** One writes in a field: said when one begins, and again while one goes on. */
  hold(field: FieldName): void;
  /** One writes in none. */
  free(): void;
  /** The others; never oneself. */
  readonly holders: ReadonlySignal<readonly Holder[]>;
}

export const noHolds: Holds = { hold: () => undefined, free: () => undefined, holders: signal([]) };

const silence = 30_000; // ms after which another may take a field over

/** Who holds a field, other than oneself. */
export const holderOf = (holders: readonly Holder[], field: FieldName): Holder | null => holders.find((h) => h.field === field) ?? null;

/** Whether who holds it has gone silent. */
export const silent = (h: Holder, now: number): boolean => now - h.at >= silence;
