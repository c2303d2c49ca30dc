// Norway's time: the calendar's days are Norwegian, wherever the reader sits, and two of them a
// year have 23 and 25 hours.

import { partsOf, type Day } from "../admin/days";
import { dayAfter } from "../day";

const clockFace = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Oslo", hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
});

export const minute = 60_000; // ms
export const minutesOfDay = 24 * 60;

/** What the calendar and the clock on the wall show. */
export interface Wall {
  readonly day: Day;
  readonly minute: number; // of the day, as the clock shows it
}

export function wallOf(ms: number): Wall {
  // "23/11/2026, 10:00": the parts stand in fixed places, and reading them so takes a tenth of formatToParts.
  const s = clockFace.format(ms);
  return { day: `${s.slice(6, 10)}-${s.slice(3, 5)}-${s.slice(0, 2)}`, minute: Number(s.slice(12, 14)) * 60 + Number(s.slice(15, 17)) };
}

/** The wall's reading as if it were UTC, to count with; ms. */
function counted({ day, minute: m }: Wall): number {
  const [year, month, date] = partsOf(day) ?? [1970, 0, 1];
  return Date.UTC(year, month, date, 0, m);
}

/**
 * The moments at which the wall shows this: usually one; none where summer time begins, and two
 * where it ends. The earlier first.
 */
export function momentsOf(day: Day, minuteOfDay: number): readonly number[] {
  const wanted = counted({ day, minute: minuteOfDay });
  // What the clocks are ahead by is one of what they are a day before and a day after: no zone changes twice within two days.
  const ahead = [-1, 1].map((by) => {
    const near = wanted + by * minutesOfDay * minute;
    return counted(wallOf(near)) - near;
  });
  const moments = [...new Set(ahead)].map((offset) => wanted - offset).filter((ms) => counted(wallOf(ms)) === wanted);
  return moments.sort((a, b) => a - b);
}

/** The moment that minutes of the day begin at; where the clocks are put forward over it, that it is put forward to. */
export function momentOf(day: Day, minuteOfDay: number): number {
  if (minuteOfDay >= minutesOfDay) return momentOf(dayAfter(day, 1), minuteOfDay - minutesOfDay);
  const [first] = momentsOf(day, minuteOfDay);
  return first ?? momentOf(day, minuteOfDay + 60);
}

/** 1 is Monday, 7 Sunday (ISO 8601). */
export function weekdayOf(day: Day): number {
  const [year, month, date] = partsOf(day) ?? [1970, 0, 1];
  return new Date(Date.UTC(year, month, date)).getUTCDay() || 7;
}

/** The week's Monday. */
export const mondayOf = (day: Day): Day => dayAfter(day, 1 - weekdayOf(day));

/** The week's number (ISO 8601: the first has the year's first Thursday). */
export function weekOf(day: Day): number {
  const thursday = dayAfter(mondayOf(day), 3);
  const [year, month, date] = partsOf(thursday) ?? [1970, 0, 1];
  return Math.floor((Date.UTC(year, month, date) - Date.UTC(year, 0, 1)) / (7 * minutesOfDay * minute)) + 1;
}

/** Days from one to another; less than 0: it is before. */
export const daysBetween = (from: Day, to: Day): number => Math.round((counted({ day: to, minute: 0 }) - counted({ day: from, minute: 0 })) / (minutesOfDay * minute));

/** A minute of the day out of what a time field holds ("09:30"); null: it is no time. */
export function minuteFrom(typed: string): number | null {
  const m = /^\s*(\d{1,2})[.:](\d{2})\s*$/.exec(typed) ?? /^\s*(\d{1,2})\s*$/.exec(typed);
  if (!m) return null;
  const [hour, rest] = [Number(m[1]), Number(m[2] ?? 0)];
  return hour < 24 && rest < 60 ? hour * 60 + rest : null;
}
