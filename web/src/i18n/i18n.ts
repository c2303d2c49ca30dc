// Words and times in the reader"s language.
//
// A typed dictionary and not a library: the words are functions, the compiler proves that each
// language has them all with the same arguments, and nothing is parsed in the browser.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Language } from "../state/state";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

/** Every word the page can say: what nynorsk has, each with the same arguments. */
export type Words = typeof nn;

/** What a language must have: strings for strings, functions of the same arguments for functions. */
export type Dictionary = {
  readonly [K in keyof Words]: Words[K] extends (...args: infer A) => infer R
    ? (...args: A) => R extends readonly [string, string, string] ? readonly [string, string, string]
      : R extends readonly [string, string] ? readonly [string, string] : string
    : string;
};

export const dictionaries: Record<Language, Dictionary> = { nn, nb, en };

/** What each language calls itself. */
export const languageNames: Record<Language, string> = { nn: "Nynorsk", nb: "Bokmål", en: "English" };

const WordsContext = createContext<Dictionary>(nn);
export const WordsProvider = WordsContext.Provider;
export const useWords = (): Dictionary => useContext(WordsContext);

const two = (n: number): string => String(n).padStart(2, "0");

/** "10.00" (English: "10:00"), in the reader"s own time zone. */
export function clock(w: Dictionary, ms: number): string {
  const d = new Date(ms);
  return w.clock(two(d.getHours()), two(d.getMinutes()));
}

/** "måndag 23. november" */
export function date(w: Dictionary, ms: number): string {
  const d = new Date(ms);
  return w.date(w.weekday(d.getDay()), d.getDate(), w.month(d.getMonth()));
}

/** First letter large, for the head of a sentence. */
export const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);

/** "ein halv time", "45 minutt", "2 timar" */
export function duration(w: Dictionary, ms: number): string {
  const min = Math.max(1, Math.round(ms / 60_000));
  if (min === 30) return w.halfHour;
  if (min % 60 === 0) return w.hours(min / 60);
  return w.minutes(min);
}

/** Time until or since, coarse: minutes up to 90, then hours. */
export function distance(w: Dictionary, ms: number): string {
  const min = Math.max(1, Math.ceil(Math.abs(ms) / 60_000));
  return min <= 90 ? w.minutes(min) : w.hours(Math.round(min / 60));
}

/** Whether two moments are on the same day where the reader is. */
export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
