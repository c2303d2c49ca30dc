// How what is measured is said: when, by whom and how, in which zone. Pure.

import type { KindLimits, MeasuredKind } from "../gen/api";
import type { Measurement, Zone } from "../gen/protocol";
import { dayOf, partsOf, weekdayOf } from "../i18n/norway";
import { capital, clock } from "../i18n/time";
import type { HealthWords } from "./i18n/words";
import { number, valueText, whole } from "./kinds";
import { zoneText } from "./zone";

const oneDay = 86_400_000; // ms

/** "23. nov." */
export function dateShort(w: HealthWords, ms: number): string {
  const [, month, day] = partsOf(dayOf(ms)) ?? [1970, 0, 1];
  return w.dateShort(day, w.monthShort[month] ?? "");
}

/** "23. november" */
export function dateLong(w: HealthWords, ms: number): string {
  const [, month, day] = partsOf(dayOf(ms)) ?? [1970, 0, 1];
  return w.dateShort(day, w.time.month(month));
}

/** "fredag 20. nov.", or "I dag", "I går" */
export function dayText(w: HealthWords, ms: number, now: number): string {
  const day = dayOf(ms);
  if (day === dayOf(now)) return w.today;
  if (day === dayOf(now - oneDay)) return w.yesterday;
  const [, month, date] = partsOf(day) ?? [1970, 0, 1];
  return capital(w.dayShort(w.time.weekday(weekdayOf(day) % 7), date, w.monthShort[month] ?? ""));
}

/** "10.11" of today's, else "20. nov." */
export const whenShort = (w: HealthWords, ms: number, now: number): string => (dayOf(ms) === dayOf(now) ? clock(w.time, ms) : dateShort(w, ms));

/** The day beside an earlier value: "10.02", "Fredag" within a week, else "2. okt." */
export function whenBefore(w: HealthWords, ms: number, now: number): string {
  if (dayOf(ms) === dayOf(now)) return clock(w.time, ms);
  if (now - ms < 6 * oneDay) return capital(w.time.weekday(weekdayOf(dayOf(ms)) % 7));
  return dateShort(w, ms);
}

/** "sjukepleiar, apparat" */
export function source(w: HealthWords, m: Pick<Measurement, "role" | "method" | "by">): string {
  const role = w.roles[m.role] ?? m.role;
  const how = m.method === "reported" && m.role === "patient" ? "" : (w.methods[m.method] ?? "");
  return [role === "" ? m.by : role, how].filter((part) => part !== "").join(", ");
}

/** "10.11, sjukepleiar, apparat", or what became of it. */
export function meta(w: HealthWords, m: Measurement, now: number): string {
  if (m.status === "entered-in-error" && m.corrected) return w.wrongBy(m.corrected.by, clock(w.time, m.corrected.at));
  if (m.corrected) return w.amendedBy(m.corrected.by, clock(w.time, m.corrected.at));
  return `${whenShort(w, m.measuredAt, now)}, ${source(w, m)}`;
}

export const componentName = (w: HealthWords, kind: MeasuredKind | undefined, id: string): string => kind?.components.find((c) => c.id === id)?.words[w.language] ?? "";

/** "Gul: over 145/85"; empty where the patient has no limits. */
export const zoneSaid = (w: HealthWords, kind: MeasuredKind | undefined, zone: Zone): string => zoneText(w, kind, zone, w.language, (id) => componentName(w, kind, id));

/** The zone in a patient's words: "Litt høgare enn vanleg". */
export function plainZone(w: HealthWords, zone: Zone): string {
  if (zone.colour === "green") return w.plain.green;
  if (zone.colour !== "yellow" && zone.colour !== "red") return w.plain.none;
  const sides = new Set(zone.crossed.map((c) => c.side));
  const [side] = sides;
  const words = w.plain[zone.colour];
  return sides.size === 1 && (side === "over" || side === "under" || side === "rise" || side === "fall") ? words[side] : words.mixed;
}

/** One number's limits: "110–145", "høgst 15,0"; empty where there are none. */
export function limitText(w: HealthWords, low: number | null, high: number | null, decimals: number): string {
  const write = (v: number) => number(v, decimals, w.language);
  if (low !== null && high !== null) return w.between(write(low), write(high));
  if (high !== null) return w.atMost(write(high));
  return low !== null ? w.atLeast(write(low)) : "";
}

/** All of a kind's green limits: "110–145 over 65–85". */
export function limitsText(w: HealthWords, kind: MeasuredKind | undefined, of: KindLimits | null): string {
  return (of?.limits ?? [])
    .map((l, i) => limitText(w, l.greenLow, l.greenHigh, kind?.components[i]?.decimals ?? 0))
    .filter((text) => text !== "")
    .join(` ${w.overUnder} `);
}

/** A list as it is said: "pust og medvit", "pust, puls og medvit". */
export function listed(w: HealthWords, names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${w.and} ${last}`;
}

/** What a screen reader hears of a new value. */
export const newsOf = (w: HealthWords, kind: MeasuredKind | undefined, m: Measurement): string =>
  w.newValue(kind?.words[w.language] ?? m.kind, whole(kind, m.values, w.language), zoneSaid(w, kind, m.zone));

/** Means: rounded to the kind's decimals, and to none of what has none. */
export function meanText(w: HealthWords, kind: MeasuredKind | undefined, values: readonly number[]): string {
  if (values.length === 0) return w.noValue;
  const rounded = values.map((v, i) => {
    const places = 10 ** (kind?.components[i]?.decimals ?? 0);
    return Math.round(v * places) / places;
  });
  return valueText(kind && { ...kind, components: kind.components.map((c) => ({ ...c, options: [] })) }, rounded, w.language);
}

/** Why a value was refused, in words for who entered it: the service's rule is for who sends from another system. */
export function refusedWhy(w: HealthWords, item: { readonly field: string; readonly rule: string }): string {
  const [field] = item.field.split(".");
  if (field === "values" || field === "measuredAt") return w.refusedWhy[field];
  return item.field === "" && item.rule === "refused" ? w.refusedWhy.refused : w.refusedWhy.other;
}
