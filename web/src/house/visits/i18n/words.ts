// Words of one's own day: what staff see first, beside those of every page of the house.

import type { Language } from "../../../gen/protocol";
import { houseWords, wordsIn, type HouseWords, type Same } from "../../i18n/words";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

/** The house's own words stay: some of the same names stand here. */
export interface VisitWords {
  readonly house: HouseWords;
  readonly own: Same<typeof nn>;
}

export const visitWords: Readonly<Record<Language, VisitWords>> = {
  nn: { house: houseWords.nn, own: nn },
  nb: { house: houseWords.nb, own: nb },
  en: { house: houseWords.en, own: en },
};

export const useVisitWords = wordsIn(visitWords);
