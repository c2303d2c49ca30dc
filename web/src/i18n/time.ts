// Times and the languages' own names: what every page needs, whichever dictionary it has.

import type { Language } from "../gen/protocol";
import { dayOf, minuteOf, partsOf, weekdayOf } from "./norway";

/** What each language calls itself. */
export const languageNames: Record<Language, string> = { nn: "Nynorsk", nb: "Bokmål", en: "English" };

export interface TimeWords {
  readonly weekday: (day: number) => string; // 0 is Sunday
  readonly month: (month: number) => string; // 0 is January
  readonly date: (weekday: string, day: number, month: string) => string;
  readonly clock: (hour: string, minute: string) => string;
  readonly at: (clock: string) => string;
  readonly minutes: (n: number) => string;
  readonly hours: (n: number) => string;
  readonly halfHour: string;
  readonly inTime: (time: string) => string;
}

export const timeWords: Record<Language, TimeWords> = {
  nn: {
    weekday: (day) => ["søndag", "måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag"][day] ?? "",
    month: (month) =>
      ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"][month] ?? "",
    date: (weekday, day, month) => `${weekday} ${day}. ${month}`,
    clock: (hour, minute) => `${hour}.${minute}`,
    at: (clock) => `kl. ${clock}`,
    minutes: (n) => (n === 1 ? "eitt minutt" : `${n} minutt`),
    hours: (n) => (n === 1 ? "ein time" : `${n} timar`),
    halfHour: "ein halv time",
    inTime: (time) => `om ${time}`,
  },
  nb: {
    weekday: (day) => ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"][day] ?? "",
    month: (month) =>
      ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"][month] ?? "",
    date: (weekday, day, month) => `${weekday} ${day}. ${month}`,
    clock: (hour, minute) => `${hour}.${minute}`,
    at: (clock) => `kl. ${clock}`,
    minutes: (n) => (n === 1 ? "ett minutt" : `${n} minutter`),
    hours: (n) => (n === 1 ? "en time" : `${n} timer`),
    halfHour: "en halv time",
    inTime: (time) => `om ${time}`,
  },
  en: {
    weekday: (day) => ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][day] ?? "",
    month: (month) =>
      ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"][month] ?? "",
    date: (weekday, day, month) => `${weekday} ${day} ${month}`,
    clock: (hour, minute) => `${hour}:${minute}`,
    at: (clock) => `at ${clock}`,
    minutes: (n) => (n === 1 ? "one minute" : `${n} minutes`),
    hours: (n) => (n === 1 ? "one hour" : `${n} hours`),
    halfHour: "half an hour",
    inTime: (time) => `in ${time}`,
  },
};

const two = (n: number): string => String(n).padStart(2, "0");

/** "10.00" (English: "10:00"), as the clock shows it in Norway. */
export function clock(w: TimeWords, ms: number): string {
  const minute = minuteOf(ms);
  return w.clock(two(Math.floor(minute / 60)), two(minute % 60));
}

/** "måndag 23. november" */
export function date(w: TimeWords, ms: number): string {
  const day = dayOf(ms);
  const [, month, date] = partsOf(day) ?? [1970, 0, 1];
  return w.date(w.weekday(weekdayOf(day) % 7), date, w.month(month));
}

/** Words that belong together stand on one line. */
export const tight = (words: string): string => words.replaceAll(" ", "\u00a0");

/** "måndag 23. november kl. 10.00", broken only between day, date and time. */
export function moment(w: TimeWords, ms: number): string {
  return `${date(w, ms).replace(/(\d\.?) /, "$1\u00a0")} ${tight(w.at(clock(w, ms)))}`;
}

/** First letter large, for the head of a sentence. */
export const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);

/** "ein halv time", "45 minutt", "2 timar" */
export function duration(w: TimeWords, ms: number): string {
  const min = Math.max(1, Math.round(ms / 60_000));
  if (min === 30) return w.halfHour;
  if (min % 60 === 0) return w.hours(min / 60);
  return w.minutes(min);
}

/** Time until or since, coarse: minutes up to 90, then hours. */
export function distance(w: TimeWords, ms: number): string {
  const min = Math.max(1, Math.ceil(Math.abs(ms) / 60_000));
  return min <= 90 ? w.minutes(min) : w.hours(Math.round(min / 60));
}

/** Whether two moments are on the same day in Norway. */
export const sameDay = (a: number, b: number): boolean => dayOf(a) === dayOf(b);
