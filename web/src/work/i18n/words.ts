// Words of the work list. The page comes by itself, and brings its own.

import type { Language } from "../../gen/protocol";
import type { Same } from "../../house/i18n/words";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

export type WorkDictionary = Same<typeof nn>;

export const workWords: Readonly<Record<Language, WorkDictionary>> = { nn, nb, en };
