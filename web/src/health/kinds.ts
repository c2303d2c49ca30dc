// What can be measured, as the service tells it, and how its numbers are written. Pure.

import type { MeasuredComponent, MeasuredKind, MeasuredWords } from "../gen/api";
import type { Language } from "../gen/protocol";

export const wordOf = (words: MeasuredWords, language: Language): string => words[language];

export function kindOf(kinds: readonly MeasuredKind[], id: string): MeasuredKind | undefined {
  return kinds.find((k) => k.id === id);
}

/** What a kind is called; a kind that this page has not been told of goes by its id. */
export const kindName = (kinds: readonly MeasuredKind[], id: string, language: Language): string => {
  const kind = kindOf(kinds, id);
  return kind ? wordOf(kind.words, language) : id;
};

// LOINC of each kind as a whole, for scripts that read the page by code. The same as the service's kinds have.
const codes: Readonly<Record<string, string>> = {
  "blood-pressure": "85354-9", glucose: "14743-9", "glucose-blood": "15074-8", weight: "29463-7", "heart-rate": "8867-4",
  "oxygen-saturation": "2708-6", "respiratory-rate": "9279-1", temperature: "8310-5", "oxygen-given": "3151-8", consciousness: "67775-7",
  fev1: "20150-9", "peak-flow": "33452-4", pain: "72514-3", "phq-9": "44261-6", "gad-7": "70274-6",
  "wound-length": "39126-8", "wound-width": "39125-0", "wound-depth": "39127-6", "wound-area": "89260-4",
};

export const codeOf = (kind: string): string | undefined => codes[kind];

// UCUM as people write it. A score has no unit.
const units: Readonly<Record<string, string>> = { "mm[Hg]": "mmHg", Cel: "°C", cm2: "cm²", "{score}": "" };

export const unitOf = (ucum: string): string => units[ucum] ?? ucum;

const minus = "\u2212";

/** A number as it is written: never rounded to fewer decimals than it has, and with as many as its kind has. */
export function number(v: number, decimals: number, language: Language): string {
  const own = String(Math.abs(v)).split(".")[1]?.length ?? 0;
  const text = Math.abs(v).toFixed(Math.max(decimals, Math.min(own, 6)));
  return (v < 0 ? minus : "") + (language === "en" ? text : text.replace(".", ","));
}

/** Nothing given of oxygen is air. */
export const isAir = (kind: string, values: readonly number[]): boolean => kind === "oxygen-given" && values[0] === 0;

/** What is chosen among words, as consciousness is. */
const option = (c: MeasuredComponent | undefined, v: number, language: Language): string | undefined => {
  const words = c?.options[v];
  return words && wordOf(words, language);
};

/** "148/86", "16,2", "Vaken" */
export function valueText(kind: MeasuredKind | undefined, values: readonly number[], language: Language): string {
  return values.map((v, i) => option(kind?.components[i], v, language) ?? number(v, kind?.components[i]?.decimals ?? 0, language)).join("/");
}

/** The unit beside it; empty where there is none, or where the value is words. */
export function unitText(kind: MeasuredKind | undefined): string {
  const first = kind?.components[0];
  return !first || first.options.length > 0 ? "" : unitOf(first.unit);
}

/** "148/86 mmHg" on one line. */
export function whole(kind: MeasuredKind | undefined, values: readonly number[], language: Language): string {
  const unit = unitText(kind);
  return valueText(kind, values, language) + (unit === "" ? "" : `\u00a0${unit}`);
}

/** How a value has moved since the one before: by how much of each number, and which way on the whole. */
export interface Change {
  readonly way: "up" | "down" | "same" | "both"; // both: one number up and another down
  readonly text: string; // "6/4", without signs where all went one way
}

export function changeOf(kind: MeasuredKind | undefined, now: readonly number[], before: readonly number[], language: Language): Change | null {
  if (!kind || kind.components.some((c) => c.options.length > 0) || now.length !== before.length) return null;
  const by = now.map((v, i) => {
    const places = 10 ** (kind.components[i]?.decimals ?? 0);
    return Math.round((v - (before[i] ?? v)) * places) / places; // 72.1-71.9 is 0.2, and not 0.1999…
  });
  const up = by.some((d) => d > 0);
  const down = by.some((d) => d < 0);
  const write = (d: number, i: number) => number(d, kind.components[i]?.decimals ?? 0, language);
  if (!up && !down) return { way: "same", text: "" };
  if (up && down) return { way: "both", text: by.map((d, i) => (d > 0 ? "+" : "") + write(d, i)).join("/") };
  return { way: up ? "up" : "down", text: by.map((d, i) => write(Math.abs(d), i)).join("/") };
}

/** Kinds that somebody enters by themselves, and not what a questionnaire or a wound gives. */
export const entered = (kinds: readonly MeasuredKind[]): readonly MeasuredKind[] => kinds.filter((k) => k.from === "");

// What is measured first on a visit; the others follow in the service's order.
const first: readonly string[] = ["blood-pressure", "heart-rate", "oxygen-saturation", "temperature", "weight", "respiratory-rate", "glucose"];

/** The kinds on the entry's buttons: what matters for this patient, in the order of a visit, and then all else. */
export function entryOrder(kinds: readonly MeasuredKind[], matter: readonly string[]): readonly MeasuredKind[] {
  const rank = (k: MeasuredKind): number => {
    const place = first.indexOf(k.id);
    return (matter.includes(k.id) ? 0 : 100) + (place < 0 ? first.length : place);
  };
  return [...entered(kinds)].sort((a, b) => rank(a) - rank(b)); // stable: the service's order within a rank
}
