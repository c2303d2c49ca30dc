// A course in plain words: "Vekta har gått opp 1,2 kg på to veker." Pure.

import type { MeasuredKind, TrendPoint } from "../gen/api";
import type { Language } from "../gen/protocol";
import { number, unitOf } from "../health/kinds";
import type { MineWords } from "./i18n/words";

const day = 86_400_000; // ms
/** How long ago the value lies that the latest is held against, in days; after 0 in the order of w.spans. */
const spans = [7, 14, 21, 30, 60, 90] as const;
const aim = 14; // days: what a person remembers, and what is more than a day's ups and downs

/** What the latest is held against: the value that lies nearest to two weeks before it; null: there is none. */
export function heldAgainst(points: readonly TrendPoint[]): TrendPoint | null {
  const last = points.at(-1);
  if (!last || points.length < 2) return null;
  const goal = last.at - aim * day;
  return points.slice(0, -1).reduce((best, p) => (Math.abs(p.at - goal) < Math.abs(best.at - goal) ? p : best));
}

function spanText(w: MineWords, ms: number): string {
  const days = ms / day;
  // A span is named only where it is about that long: of three days "since last time" is true, "in a week" is not.
  const i = spans.findIndex((s) => Math.abs(days - s) <= Math.max(1, s * 0.2));
  return w.spans[i + 1] ?? "";
}

/** Empty where there is too little to say anything, or the kind is chosen from words. */
export function courseText(w: MineWords, kind: MeasuredKind | undefined, points: readonly TrendPoint[], language: Language): string {
  const first = kind?.components[0];
  const last = points.at(-1);
  const before = heldAgainst(points);
  const now = last?.values[0];
  const then = before?.values[0];
  if (!kind || !first || first.options.length > 0 || !last || !before || now === undefined || then === undefined) return "";
  const places = 10 ** first.decimals;
  const by = Math.round((now - then) * places) / places;
  const name = w.definite[kind.id] ?? kind.words[language];
  let span = spanText(w, last.at - before.at);
  if (before === points.at(-2) && span === "") span = w.spans[0] ?? "";
  if (span === "") return "";
  if (by === 0) return w.same(name, span);
  const unit = unitOf(first.unit);
  const amount = number(Math.abs(by), first.decimals, language) + (unit === "" ? "" : `\u00a0${unit}`);
  return by > 0 ? w.rose(name, amount, span) : w.fell(name, amount, span);
}
