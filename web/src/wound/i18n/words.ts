// Words of wounds. They stand on pages with two different dictionaries, the call's and the house's,
// and so bring their own, with the times that both have.

import type { Language } from "../../gen/protocol";
import type { Same } from "../../house/i18n/words";
import { timeWords, type TimeWords } from "../../i18n/time";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

export type WoundDictionary = Same<typeof nn>;
export type WoundWords = WoundDictionary & { readonly time: TimeWords; readonly language: Language };

export const woundWords: Readonly<Record<Language, WoundWords>> = {
  nn: { ...nn, time: timeWords.nn, language: "nn" },
  nb: { ...nb, time: timeWords.nb, language: "nb" },
  en: { ...en, time: timeWords.en, language: "en" },
};
