// Days as the day's pages go through them. Pure.

import { partsOf, type Day } from "./admin/days";

/** The day so many days later, or earlier. */
export function dayAfter(day: Day, by: number): Day {
  const [year, month, date] = partsOf(day) ?? [1970, 0, 1];
  return new Date(Date.UTC(year, month, date + by)).toISOString().slice(0, 10);
}

/** A moment in the middle of the day, where the reader is; to write its date by. */
export function noonOf(day: Day): number {
  const [year, month, date] = partsOf(day) ?? [1970, 0, 1];
  return new Date(year, month, date, 12).getTime();
}
