// Words of who sees what. The page comes by itself, and brings its own.

import type { Language } from "../../gen/protocol";
import type { Same } from "../../house/i18n/words";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

export type SharingDictionary = Same<typeof nn>;

export const sharingWords: Readonly<Record<Language, SharingDictionary>> = { nn, nb, en };
