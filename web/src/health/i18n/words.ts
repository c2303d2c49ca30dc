// Words of what is measured: they come with the call, and not before it.

import type { Language } from "../../gen/protocol";
import { timeWords, type TimeWords } from "../../i18n/time";
import { useApp } from "../../ui/app";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

/** What a language must have: strings for strings, functions of the same arguments for functions. */
type Same<W> = W extends string ? string : W extends (...args: infer A) => infer R ? (...args: A) => Same<R> : { readonly [K in keyof W]: Same<W[K]> };

export type HealthDictionary = Same<typeof nn>;
export type HealthWords = HealthDictionary & { readonly time: TimeWords; readonly language: Language };

export const healthWords: Readonly<Record<Language, HealthWords>> = {
  nn: { ...nn, time: timeWords.nn, language: "nn" },
  nb: { ...nb, time: timeWords.nb, language: "nb" },
  en: { ...en, time: timeWords.en, language: "en" },
};

export const useHealthWords = (): HealthWords => healthWords[useApp().language];
