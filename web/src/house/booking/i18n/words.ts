// Words of booking, beside those of every page of the house.

import type { Language } from "../../../gen/protocol";
import { houseWords, wordsIn, type HouseWords, type Same } from "../../i18n/words";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

export type OwnWords = Same<typeof nn>;
export type BookingWords = HouseWords & OwnWords;

export const bookingWords: Readonly<Record<Language, BookingWords>> = {
  nn: { ...houseWords.nn, ...nn },
  nb: { ...houseWords.nb, ...nb },
  en: { ...houseWords.en, ...en },
};

export const useBookingWords = wordsIn(bookingWords);
