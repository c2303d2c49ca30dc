// Words of the plan. It stands on pages with two different dictionaries, the call's and the
// house's, and so brings its own, with the times that both have.

import type { Language } from "../../gen/protocol";
import type { Same } from "../../house/i18n/words";
import { timeWords, type TimeWords } from "../../i18n/time";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

export type PlanWords = Same<typeof nn> & { readonly time: TimeWords };

export const planWords: Readonly<Record<Language, PlanWords>> = {
  nn: { ...nn, time: timeWords.nn },
  nb: { ...nb, time: timeWords.nb },
  en: { ...en, time: timeWords.en },
};
