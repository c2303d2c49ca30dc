// Words of the house's pages. Each part of it has a dictionary of its own, which comes with
// its pages: nynorsk is written first, the others must have the same words, and the compiler
// proves it.

import type { Language } from "../../gen/protocol";
import { timeWords, type TimeWords } from "../../i18n/time";
import { useHouse } from "../house";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

/** What a language must have: strings for strings, functions of the same arguments for functions, lists and tables likewise. */
export type Same<W> = W extends string
  ? string
  : W extends (...args: infer A) => infer R
    ? (...args: A) => Same<R>
    : { readonly [K in keyof W]: Same<W[K]> };

/** A hook that gives a dictionary in the reader's language. */
export function wordsIn<W>(all: Readonly<Record<Language, W>>): () => W {
  return () => all[useHouse().language.value];
}

export type HouseWords = Same<typeof nn> & TimeWords;

export const houseWords: Readonly<Record<Language, HouseWords>> = {
  nn: { ...timeWords.nn, ...nn },
  nb: { ...timeWords.nb, ...nb },
  en: { ...timeWords.en, ...en },
};

export const useWords = wordsIn(houseWords);
