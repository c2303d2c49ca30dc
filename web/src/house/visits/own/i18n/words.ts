// Words of what one answers, and of one's working hours.

import type { Language } from "../../../../gen/protocol";
import { wordsIn, type Same } from "../../../i18n/words";
import { visitWords, type VisitWords } from "../../i18n/words";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

/** The house's and the day's own words stay beside. */
export interface MineWords extends VisitWords {
  readonly mine: Same<typeof nn>;
}

export const mineWords: Readonly<Record<Language, MineWords>> = {
  nn: { ...visitWords.nn, mine: nn },
  nb: { ...visitWords.nb, mine: nb },
  en: { ...visitWords.en, mine: en },
};

export const useMineWords = wordsIn(mineWords);
