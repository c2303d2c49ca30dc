// The clock on the wall in Norway, and the moments it shows. Once a year an hour doesn't exist,
// and once a year one comes twice: whoever types such a time is asked, and nothing is guessed. Pure.

import { dayOf, partsOf, type Day } from "../admin/days";

const minute = 60_000; // ms

/** Minutes since midnight on the wall in Norway: 600 is ten o'clock. */
export function minuteOf(ms: number): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Oslo", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(ms);
  const part = (type: string): number => Number(parts.find((p) => p.type === type)?.value ?? 0);
  return part("hour") * 60 + part("minute");
}

/**
 * The moments at which the wall shows the day and minute: one; none in the hour that is left
 * out when summer time begins; two in the hour that comes twice when it ends, the earlier first.
 */
export function momentsOf(day: Day, minutes: number): readonly number[] {
  const parts = partsOf(day);
  if (!parts) return [];
  const utc = Date.UTC(parts[0], parts[1], parts[2], 0, minutes);
  // Norway is one hour before UTC, and two in summer (CET, CEST); the larger is the earlier moment.
  return [120, 60].map((before) => utc - before * minute).filter((ms) => dayOf(ms) === day && minuteOf(ms) === minutes);
}

/** When a day begins. Midnight exists on every day in Norway: the clock is changed at two and three. */
export function startOf(day: Day): number {
  return momentsOf(day, 0)[0] ?? NaN;
}

/** Minutes of what a time field holds, "08:30", or what is typed as "8.30"; null: it is no time. */
export function minutesIn(typed: string): number | null {
  const m = /^\s*(\d{1,2})[.:]?(\d{2})\s*$/.exec(typed);
  if (!m) return null;
  const [hour, min] = [Number(m[1]), Number(m[2])];
  return hour < 24 && min < 60 ? hour * 60 + min : null;
}

/** What a time field is given: "08:30". The end of the day stands as "00:00". */
export function fieldTime(minutes: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

/** What is asked about a day and a time that are typed. */
export type Typed =
  | { readonly kind: "moment"; readonly at: number }
  | { readonly kind: "twice"; readonly at: readonly [first: number, second: number] }
  /** The hour that is left out in the night when summer time begins. */
  | { readonly kind: "left-out" }
  | { readonly kind: "no-day" }
  | { readonly kind: "no-time" };

export function typedMoment(day: string, time: string): Typed {
  if (!partsOf(day)) return { kind: "no-day" };
  const minutes = minutesIn(time);
  if (minutes === null) return { kind: "no-time" };
  const [first, second] = momentsOf(day, minutes);
  if (first === undefined) return { kind: "left-out" };
  return second === undefined ? { kind: "moment", at: first } : { kind: "twice", at: [first, second] };
}
