// Which time a reading has, and whether it is of now. A device's clock is set by hand, tells no
// zone, and is wrong after a change of battery or of summer time; and some devices send what they
// kept of other days, and of other patients. So a time that doesn't fit sends nothing by itself.

import { counted, momentOf, momentsOf } from "../i18n/norway";
import type { WallTime } from "./bytes";

const minute = 60_000; // ms
export const tolerance = 2 * minute; // by which a device's clock may be off

/** The moment at which a clock in Norway shows a time; of two, the one nearer to near. */
export function momentOfWall(wall: WallTime, near: number): number {
  const day = new Date(wall).toISOString().slice(0, 10);
  const within = wall - counted(day);
  const rest = within % minute;
  const minutes = (within - rest) / minute;
  const possible = momentsOf(day, minutes);
  const best = [...possible].sort((a, b) => Math.abs(a - near) - Math.abs(b - near))[0] ?? momentOf(day, minutes);
  return best + rest;
}

/** By how much a device's clock is ahead of ours; negative: behind; ms. */
export const aheadOf = (wall: WallTime, now: number): number => momentOfWall(wall, now) - now;

export interface Arrival {
  readonly wall: WallTime | null; // what the device's clock showed when it measured
  readonly stored: boolean; // the device says that it had kept it
  readonly received: number; // ms since 1970, UTC, by our clock
  readonly chosen: number; // when the device was chosen for this visit
  readonly ahead: number | null; // by how much its clock is ahead of ours; null: not known
}

export interface Judged {
  /** Of this visit: it may be sent as it is. Else it is offered. */
  readonly fresh: boolean;
  /** null: not known. */
  readonly measuredAt: number | null;
  /** The device's clock is off, and measuredAt is not what it showed. */
  readonly clockOff: boolean;
}

/** The time of a reading. One is fresh when it was measured after the device was chosen, as far as its clock can be believed. */
export function judge(a: Arrival): Judged {
  if (a.wall === null) return { fresh: !a.stored, measuredAt: a.stored ? null : a.received, clockOff: false };
  const shown = momentOfWall(a.wall, a.received + (a.ahead ?? 0));
  const off = a.ahead !== null && Math.abs(a.ahead) > tolerance;
  const measured = shown - (a.ahead ?? 0);
  if (measured > a.received + tolerance) return { fresh: false, measuredAt: null, clockOff: true }; // nothing is measured in the future
  const fresh = !a.stored && measured >= a.chosen - tolerance;
  if (fresh && off) return { fresh, measuredAt: a.received, clockOff: true };
  return { fresh, measuredAt: Math.min(off ? measured : shown, a.received), clockOff: off };
}
