// Words of who has seen what, beside those of every page of the house.

import type { Language } from "../../../gen/protocol";
import { houseWords, wordsIn, type HouseWords, type Same } from "../../i18n/words";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

/** The house's own words stay: some of the same names stand here. */
export interface SeenWords {
  readonly house: HouseWords;
  readonly own: Same<typeof nn>;
}

export const seenWords: Readonly<Record<Language, SeenWords>> = {
  nn: { house: houseWords.nn, own: nn },
  nb: { house: houseWords.nb, own: nb },
  en: { house: houseWords.en, own: en },
};

export const useSeenWords = wordsIn(seenWords);
