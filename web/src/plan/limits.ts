// What green, yellow and red mean in numbers: said as a sentence, typed in a small editor, and
// checked by the same rules as the service's. Pure.

import type { ChangeLimit, KindLimit, KindLimits, MeasuredComponent, MeasuredKind } from "../gen/api";
import type { Language } from "../gen/protocol";

export interface LimitWords {
  readonly greenSpan: (from: string, to: string) => string;
  readonly greenTo: (to: string) => string;
  readonly greenFrom: (from: string) => string;
  readonly greenPair: (first: string, second: string) => string; // "110–145 over 65–85"
  readonly green: (what: string) => string;
  readonly yellowTo: (to: string) => string;
  readonly yellowDownTo: (to: string) => string;
  readonly yellowOver: string;
  readonly yellowUnder: string;
  readonly redOver: string;
  readonly redUnder: string;
  readonly rise: (by: string, days: number) => string;
  readonly fall: (by: string, days: number) => string;
  readonly yellow: string;
  readonly red: string;
  readonly redBy: (by: string) => string;
  readonly none: string;
}

// UCUM as people write it. A score has no unit.
const units: Readonly<Record<string, string>> = { "mm[Hg]": "mmHg", Cel: "°C", cm2: "cm²", "{score}": "" };
export const unitOf = (ucum: string): string => units[ucum] ?? ucum;

/** As it was set: "38,5", and not "38,50". */
export function numberText(v: number, language: Language): string {
  const text = String(Math.abs(v));
  return (v < 0 ? "\u2212" : "") + (language === "en" ? text : text.replace(".", ","));
}

const withUnit = (text: string, c: MeasuredComponent | undefined): string => {
  const unit = unitOf(c?.unit ?? "");
  return unit === "" ? text : `${text}\u00a0${unit}`;
};

/** A limit between, from which on it is red at once, has no yellow. */
const upper = (l: KindLimit): "" | "yellow" | "red" | "both" =>
  l.yellowHigh === null ? (l.greenHigh === null ? "" : "yellow") : l.greenHigh === null || l.greenHigh === l.yellowHigh ? "red" : "both";
const lower = (l: KindLimit): "" | "yellow" | "red" | "both" =>
  l.yellowLow === null ? (l.greenLow === null ? "" : "yellow") : l.greenLow === null || l.greenLow === l.yellowLow ? "red" : "both";
const shape = (l: KindLimit): string => `${l.greenLow === null} ${l.greenHigh === null} ${upper(l)} ${lower(l)}`;

const unset = (l: KindLimit): boolean => l.greenLow === null && l.greenHigh === null && l.yellowLow === null && l.yellowHigh === null;
const never = (c: ChangeLimit): boolean => c.yellow === 0 && c.red === 0;

/** Whether a kind's limits say nothing at all. */
export const says = (of: KindLimits): boolean => !of.limits.every(unset) || !never(of.rise) || !never(of.fall);

/** "Grøn 110–145 over 65–85, gul til 160/95, raud over", without a full stop. */
export function sentence(w: LimitWords, kind: MeasuredKind, of: KindLimits, language: Language): string {
  const parts: string[] = [];
  const set = of.limits.filter((l) => !unset(l));
  if (set.length > 0 && set.length === of.limits.length && set.every((l) => shape(l) === shape(set[0]!))) parts.push(range(w, set, language));
  else
    of.limits.forEach((l, i) => {
      if (!unset(l)) parts.push(`${kind.components[i]?.words[language] ?? ""}: ${lowered(range(w, [l], language))}`);
    });
  if (!never(of.rise)) parts.push(change(w.rise, w, of.rise, kind, language));
  if (!never(of.fall)) parts.push(change(w.fall, w, of.fall, kind, language));
  return parts.length === 0 ? w.none : raised(parts.join("; "));
}

const raised = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);
const lowered = (s: string): string => s.charAt(0).toLowerCase() + s.slice(1);

/** All have the same shape: of two numbers both stand, as people say them. */
function range(w: LimitWords, all: readonly KindLimit[], language: Language): string {
  const first = all[0]!;
  const text = (v: number | null): string => numberText(v ?? 0, language);
  const slash = (of: (l: KindLimit) => number | null): string => all.map((l) => text(of(l))).join("/");
  const one = (l: KindLimit): string =>
    l.greenLow !== null && l.greenHigh !== null ? w.greenSpan(text(l.greenLow), text(l.greenHigh)) : l.greenHigh !== null ? w.greenTo(text(l.greenHigh)) : w.greenFrom(text(l.greenLow));
  const greens = first.greenLow !== null && first.greenHigh !== null ? all.map(one).reduce(w.greenPair) : first.greenHigh !== null ? w.greenTo(slash((l) => l.greenHigh)) : w.greenFrom(slash((l) => l.greenLow));
  const up = { "": [], yellow: [w.yellowOver], red: [w.redOver], both: [w.yellowTo(slash((l) => l.yellowHigh)), w.redOver] }[upper(first)];
  const down = { "": [], yellow: [w.yellowUnder], red: [w.redUnder], both: [w.yellowDownTo(slash((l) => l.yellowLow)), w.redUnder] }[lower(first)];
  const above = [w.green(greens), ...up].join(", ");
  return down.length === 0 ? above : up.length === 0 ? [above, ...down].join(", ") : `${above}; ${down.join(", ")}`;
}

function change(say: (by: string, days: number) => string, w: LimitWords, c: ChangeLimit, kind: MeasuredKind, language: Language): string {
  const by = (v: number): string => withUnit(numberText(v, language), kind.components[0]);
  if (c.yellow === 0) return `${say(by(c.red), c.days)}: ${w.red}`;
  return `${say(by(c.yellow), c.days)}: ${w.yellow}` + (c.red === 0 ? "" : `, ${w.redBy(by(c.red))}`);
}

// ------------------------------------------------------------ the editor

export const sides = ["yellowLow", "greenLow", "greenHigh", "yellowHigh"] as const; // as they must rise
export type Side = (typeof sides)[number];
export type Direction = "rise" | "fall";

/** What stands in the editor's fields. */
export interface Typed {
  readonly limits: readonly Readonly<Record<Side, string>>[]; // one for each component
  readonly rise: Readonly<Record<"days" | "yellow" | "red", string>>;
  readonly fall: Readonly<Record<"days" | "yellow" | "red", string>>;
}

export type Rule = "number" | "range" | "decimals" | "order" | "green" | "days" | "amount" | "red";

/** By the field's name: "greenLow.0", "rise.days". */
export type Broken = Readonly<Record<string, Rule>>;

export const named = (side: Side, component: number): string => `${side}.${component}`;

const text = (v: number | null, language: Language): string => (v === null ? "" : numberText(v, language));
const amount = (v: number, language: Language): string => (v === 0 ? "" : numberText(v, language));

export function typedOf(kind: MeasuredKind, of: KindLimits | undefined, language: Language): Typed {
  const changeOf = (c: ChangeLimit | undefined) => ({ days: amount(c?.days ?? 0, language), yellow: amount(c?.yellow ?? 0, language), red: amount(c?.red ?? 0, language) });
  return {
    limits: kind.components.map((_, i) => {
      const l = of?.limits[i];
      return { yellowLow: text(l?.yellowLow ?? null, language), greenLow: text(l?.greenLow ?? null, language), greenHigh: text(l?.greenHigh ?? null, language), yellowHigh: text(l?.yellowHigh ?? null, language) };
    }),
    rise: changeOf(of?.rise),
    fall: changeOf(of?.fall),
  };
}

/** A number as people type it, with comma or point; null: nothing stands there; NaN: it is none. */
export function numberOf(raw: string): number | null {
  const text = raw.trim().replace(",", ".");
  if (text === "") return null;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
}

const decimals = (v: number): number => String(v).split(".")[1]?.length ?? 0;

/** The limits that are typed, or what is wrong with which field. */
export function read(kind: MeasuredKind, typed: Typed): { readonly limits: KindLimits } | { readonly broken: Broken } {
  const broken: Record<string, Rule> = {};
  const limits = kind.components.map((c, i): KindLimit => {
    const values = Object.fromEntries(sides.map((side) => [side, numberOf(typed.limits[i]?.[side] ?? "")])) as Record<Side, number | null>;
    let before = -Infinity;
    for (const side of sides) {
      const v = values[side];
      if (v === null) continue;
      const rule: Rule | null = Number.isNaN(v) ? "number" : v < c.least || v > c.most ? "range" : decimals(v) > c.decimals ? "decimals" : v < before ? "order" : null;
      if (rule) broken[named(side, i)] = rule;
      else before = v;
    }
    if (values.greenLow === null && values.greenHigh === null) {
      if (values.yellowHigh !== null) broken[named("greenHigh", i)] ??= "green";
      else if (values.yellowLow !== null) broken[named("greenLow", i)] ??= "green";
    }
    return values;
  });
  const changeOf = (direction: Direction): ChangeLimit => {
    const [days, yellow, red] = (["days", "yellow", "red"] as const).map((name) => numberOf(typed[direction][name])) as [number | null, number | null, number | null];
    const c = kind.components[0];
    for (const [name, v] of [["yellow", yellow], ["red", red]] as const) {
      if (v === null) continue;
      if (Number.isNaN(v)) broken[`${direction}.${name}`] = "number";
      else if (v === 0) broken[`${direction}.${name}`] = "amount";
      else if (c && decimals(v) > c.decimals) broken[`${direction}.${name}`] = "decimals";
    }
    if (days !== null && (!Number.isInteger(days) || days < 1 || days > 365)) broken[`${direction}.days`] = "days";
    if (days === null && (yellow !== null || red !== null)) broken[`${direction}.days`] = "days";
    if (days !== null && yellow === null && red === null) broken[`${direction}.yellow`] ??= "amount";
    if (yellow !== null && red !== null && red < yellow) broken[`${direction}.red`] ??= "red";
    return { days: days ?? 0, yellow: yellow ?? 0, red: red ?? 0 };
  };
  const rise = changeOf("rise");
  const fall = changeOf("fall");
  return Object.keys(broken).length > 0 ? { broken } : { limits: { kind: kind.id, limits, rise, fall } };
}

/** A plan's limits with one kind's changed; a kind that says nothing any more is left out. */
export function withKind(all: readonly KindLimits[], of: KindLimits): KindLimits[] {
  const at = all.findIndex((k) => k.kind === of.kind);
  if (!says(of)) return all.filter((k) => k.kind !== of.kind);
  return at < 0 ? [...all, of] : all.map((k, i) => (i === at ? of : k));
}

/** Whether two say the same of a kind; undefined says nothing. */
export function alike(a: KindLimits | undefined, b: KindLimits | undefined): boolean {
  const of = (k: KindLimits | undefined): string =>
    k && says(k) ? JSON.stringify([k.limits.map((l) => sides.map((s) => l[s])), [k.rise, k.fall].map((c) => [c.days, c.yellow, c.red])]) : "";
  return of(a) === of(b);
}

export const kindLimitsOf = (all: readonly KindLimits[], kind: string): KindLimits | undefined => all.find((k) => k.kind === kind);

/** Kinds that limits can be set for: those that are numbers, and not words of a list. */
export const limitable = (kinds: readonly MeasuredKind[]): readonly MeasuredKind[] => kinds.filter((k) => k.components.every((c) => c.options.length === 0));
