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

const WordsContext = createContext<Dictionary>(nn);
export const WordsProvider = WordsContext.Provider;
export const useWords = (): Dictionary => useContext(WordsContext);

export { capital, clock, date, distance, duration, languageNames, moment, sameDay, tight } from "./time";
