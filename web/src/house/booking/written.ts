// A time that is written and not found. On two nights a year the clock shows an hour twice, or
// not at all. Pure.

import { minutesIn, momentsOf, partsOf, type Day } from "../../i18n/norway";

export type Written =
  | { readonly is: "moment"; readonly at: number }
  /** The clock shows it twice: which is asked. */
  | { readonly is: "twice"; readonly first: number; readonly second: number }
  | { readonly is: "wrong"; readonly field: "date" | "time"; readonly rule: "date" | "time" | "noSuchTime" | "past" };

/** @param which of two, where there are; null: not said */
export function writtenTime(day: Day, time: string, which: "first" | "second" | null, now: number): Written {
  if (!partsOf(day)) return { is: "wrong", field: "date", rule: "date" };
  const minute = minutesIn(time);
  if (minute === null) return { is: "wrong", field: "time", rule: "time" };
  const [first, second] = momentsOf(day, minute);
  if (first === undefined) return { is: "wrong", field: "time", rule: "noSuchTime" };
  if (second !== undefined && which === null) return { is: "twice", first, second };
  const at = second !== undefined && which === "second" ? second : first;
  return at <= now ? { is: "wrong", field: "time", rule: "past" } : { is: "moment", at };
}
