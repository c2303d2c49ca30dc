// Words of a patient's own pages.

import type { Language } from "../../gen/protocol";
import { wordsIn, type Same } from "../../house/i18n/words";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

export type MineWords = Same<typeof nn>;

export const mineWords: Readonly<Record<Language, MineWords>> = { nn, nb, en };

export const useMineWords = wordsIn(mineWords);
