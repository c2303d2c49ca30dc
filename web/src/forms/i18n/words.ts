// Words of questionnaires, for who treats. The page comes by itself, and brings its own.

import type { Language } from "../../gen/protocol";
import type { Same } from "../../house/i18n/words";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

export type FormsDictionary = Same<typeof nn>;

export const formsWords: Readonly<Record<Language, FormsDictionary>> = { nn, nb, en };
