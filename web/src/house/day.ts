// Days and weeks as the house's pages go through them. Pure.

import { counted, minute, minutesOfDay, momentOf, partsOf, weekdayOf, type Day } from "../i18n/norway";

/** The day so many days later, or earlier. */
export function dayAfter(day: Day, by: number): Day {
  const [year, month, date] = partsOf(day) ?? [1970, 0, 1];
  return new Date(Date.UTC(year, month, date + by)).toISOString().slice(0, 10);
}

/** A moment in the middle of the day; to write its date by. */
export const noonOf = (day: Day): number => momentOf(day, minutesOfDay / 2);

/** The week's Monday. */
export const mondayOf = (day: Day): Day => dayAfter(day, 1 - weekdayOf(day));

/** Days from one to another; less than 0: it is before. */
export const daysBetween = (from: Day, to: Day): number => Math.round((counted(to) - counted(from)) / (minutesOfDay * minute));

/** The week's number (ISO 8601: the first has the year's first Thursday). */
export function weekOf(day: Day): number {
  const thursday = dayAfter(mondayOf(day), 3);
  return Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1;
}

/** What a time field is given: "08:30". The end of the day stands as "00:00". */
export function fieldTime(minutes: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}
