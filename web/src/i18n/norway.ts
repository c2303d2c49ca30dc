// Norway's clock and days: a time is written and typed as the clock on the wall shows it there, whatever
// zone the reader's device is set to, as it stands in the messages that are sent and in everybody's
// calendar. Once a year an hour doesn't exist, and once a year one comes twice. Pure.

/** A day in Norway as the API writes it, "2026-11-23"; "" where there is none. Days compare as their text does. */
export type Day = string;

/** What the calendar and the clock on the wall show. */
export interface Wall {
  readonly day: Day;
  readonly minute: number; // of the day, as the clock shows it
}

export const minute = 60_000; // ms
export const minutesOfDay = 24 * 60;
const hour = 60; // minutes

// Made once: making it takes as long as hundreds of readings.
const clockFace = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Oslo", hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
});

export function wallOf(ms: number): Wall {
  // "23/11/2026, 10:00": the numbers stand in a fixed order, and reading them so takes a fraction of formatToParts.
  const [date, month, year, hours, minutes] = clockFace.format(ms).match(/\d+/g) ?? [];
  return { day: `${year}-${month}-${date}`, minute: Number(hours) * hour + Number(minutes) };
}

/** The day at a moment. */
export const dayOf = (ms: number): Day => wallOf(ms).day;

/** Minutes since midnight as the clock shows them: 600 is ten o'clock. */
export const minuteOf = (ms: number): number => wallOf(ms).minute;

/** Year, month 0–11 and day of the month; null for what is no date. */
export function partsOf(day: Day): readonly [number, number, number] | null {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!m) return null;
  const [year, month, date] = [Number(m[1]), Number(m[2]) - 1, Number(m[3])];
  const d = new Date(Date.UTC(year, month, date));
  return d.getUTCMonth() === month && d.getUTCDate() === date ? [year, month, date] : null;
}

/** What the wall shows, as if it were UTC: to count with; ms. */
export function counted(day: Day, minuteOfDay = 0): number {
  const [year, month, date] = partsOf(day) ?? [1970, 0, 1];
  return Date.UTC(year, month, date, 0, minuteOfDay);
}

/** 1 is Monday, 7 Sunday (ISO 8601). */
export const weekdayOf = (day: Day): number => new Date(counted(day)).getUTCDay() || 7;

// Norway is one hour before UTC, and two in summer (CET, CEST).
const ahead = { winter: hour, summer: 2 * hour };

/**
 * The moments at which the wall shows the day and minute: usually one; none in the hour that is
 * left out when summer time begins; two in the one that comes twice when it ends, the earlier first.
 * Minutes past the day's end are the next day's.
 */
export function momentsOf(day: Day, minuteOfDay: number): readonly number[] {
  const wanted = counted(day, minuteOfDay);
  const shown = (ms: number): number => {
    const wall = wallOf(ms);
    return counted(wall.day, wall.minute);
  };
  return [ahead.summer, ahead.winter].map((by) => wanted - by * minute).filter((ms) => shown(ms) === wanted);
}

/** The moment at which a minute of the day begins; where the clocks are put forward over it, the one they are put forward to. */
export function momentOf(day: Day, minuteOfDay: number): number {
  // In the hour that is left out, winter's time read on: its 02.30 is what the wall shows as 03.30.
  return momentsOf(day, minuteOfDay)[0] ?? counted(day, minuteOfDay) - ahead.winter * minute;
}

/** Minutes of what a time field holds, "08:30", or what is typed as "8.30", "0830" or "8"; null: it is no time. */
export function minutesIn(typed: string): number | null {
  const m = /^\s*(\d{1,2})(?:[.:]?(\d{2}))?\s*$/.exec(typed);
  if (!m) return null;
  const [hours, minutes] = [Number(m[1]), Number(m[2] ?? 0)];
  return hours < 24 && minutes < 60 ? hours * hour + minutes : null;
}

/** What is asked about a day and a time that are typed. */
export type Typed =
  | { readonly kind: "moment"; readonly at: number }
  | { readonly kind: "twice"; readonly at: readonly [first: number, second: number] }
  /** The hour that is left out in the night when summer time begins. */
  | { readonly kind: "left-out" }
  | { readonly kind: "no-day" }
  | { readonly kind: "no-time" };

/** What a day and a time that are typed lead to. Of a time that doesn't exist or comes twice nothing is guessed. */
export function typedMoment(day: string, time: string): Typed {
  if (!partsOf(day)) return { kind: "no-day" };
  const minutes = minutesIn(time);
  if (minutes === null) return { kind: "no-time" };
  const [first, second] = momentsOf(day, minutes);
  if (first === undefined) return { kind: "left-out" };
  return second === undefined ? { kind: "moment", at: first } : { kind: "twice", at: [first, second] };
}
