// An assessment while it is filled in. Pure: a press and what stood there give what stands there now.
// Numbers are typed by the rules of the keypad that values have.

import type { MeasuredKind } from "../gen/api";
import { faultOf, press, read, type Fault, type Key, type Typed } from "../health/typed";
import { areaBy, rounded, type AreaMethod } from "./measure";
import { edges, moistures, parts, signs, skins, type Assessment, type AssessmentContent, type Edge, type Moisture, type Part, type Sign, type Skin, type Tissue } from "./types";

export interface Draft {
  readonly numbers: Typed; // length, width, depth
  readonly method: "" | AreaMethod; // how the area is come by
  readonly traced: number | null; // cm², by an outline on the photo
  readonly photo: string; // that it rests on; empty: none
  readonly tissue: Tissue | null;
  readonly infection: readonly Sign[] | null; // null: not looked at yet, which is not the same as none
  readonly moisture: Moisture;
  readonly edge: Edge;
  readonly skin: Skin;
  readonly pain: number | null;
  readonly dressing: string;
  readonly note: string;
}

const noWords = { nn: "", nb: "", en: "" };
const number = (id: string, most: number) => ({ id, unit: "cm", least: 0, most, decimals: 1, options: [], words: noWords });

/** The three numbers as one kind: when the first is full the second is up, and no key is needed between. */
export const sizeKind: MeasuredKind = { id: "wound-size", loinc: "", category: "exam", from: "wound", words: noWords, components: [number("length", 100), number("width", 100), number("depth", 20)] };

export const sizes = ["length", "width", "depth"] as const;
export type SizeName = (typeof sizes)[number];

const noNumbers: Typed = { kind: sizeKind.id, fields: ["", "", ""], active: 0, checked: false, mends: "" };

export const blankDraft: Draft = { numbers: noNumbers, method: "ellipse", traced: null, photo: "", tissue: null, infection: null, moisture: "", edge: "", skin: "", pain: null, dressing: "", note: "" };

const written = (v: number | null): string => (v === null ? "" : String(v));

/** What an assessment says, to change what is wrong in it. */
export function draftOf(a: AssessmentContent): Draft {
  return {
    numbers: { ...noNumbers, fields: [written(a.length), written(a.width), written(a.depth)] },
    method: a.areaMethod === "" ? "ellipse" : a.areaMethod, traced: a.areaMethod === "traced" ? a.area : null, photo: a.photo, tissue: a.tissue, infection: a.infection,
    moisture: a.moisture, edge: a.edge, skin: a.skin, pain: a.pain, dressing: a.dressing, note: a.note,
  };
}

/** Whether nothing is filled in. The photo is no work of the one who fills in. */
export const isBlank = (d: Draft): boolean => JSON.stringify({ ...d, photo: "", numbers: { ...d.numbers, active: 0, checked: false } }) === JSON.stringify(blankDraft);

export const pressed = (d: Draft, key: Key): Draft => ({ ...d, numbers: press(sizeKind, d.numbers, key) });
export const intoField = (d: Draft, active: number): Draft => ({ ...d, numbers: { ...d.numbers, active } });
export const withField = (d: Draft, field: number, text: string): Draft => ({ ...d, numbers: { ...d.numbers, checked: false, fields: d.numbers.fields.map((f, i) => (i === field ? text : f)) } });

export const sizeOf = (d: Draft, name: SizeName): number | null => read(d.numbers.fields[sizes.indexOf(name)] ?? "");

/** The area that this draft comes to, cm²; null: not known. */
export function areaOf(d: Draft): number | null {
  if (d.method === "traced") return d.traced;
  const area = areaBy(d.method, sizeOf(d, "length"), sizeOf(d, "width"));
  return area === null ? null : rounded(area, 1);
}

/** What was measured on a photo goes in, to a tenth of a cm: a ruler's millimetre. */
export function measuredOn(d: Draft, photo: string, of: { readonly length: number | null; readonly width: number | null; readonly area: number | null }): Draft {
  const fields = d.numbers.fields.map((f, i) => {
    const v = i === 0 ? of.length : i === 1 ? of.width : null;
    return v === null ? f : String(rounded(v, 1));
  });
  const traced = of.area === null ? d.traced : rounded(of.area, 1);
  return { ...d, photo, numbers: { ...d.numbers, fields, checked: false }, traced, method: of.area === null ? d.method : "traced" };
}

/**
 * One part of the wound's bed is so many per cent. The four always make 100: what is added is taken from the
 * others, the largest first, and what is left over goes to the largest of them.
 */
export function withPart(t: Tissue | null, part: Part, percent: number): Tissue {
  const value = Math.min(100, Math.max(0, Math.round(percent)));
  const out: Record<Part, number> = { granulation: 0, epithelium: 0, fibrin: 0, necrosis: 0, ...t };
  const whole = parts.reduce((sum, p) => sum + out[p], 0);
  let over = whole - out[part] + value - 100;
  out[part] = value;
  const others = parts.filter((p) => p !== part).sort((a, b) => out[b] - out[a]); // stable: in the order of the parts where they are as large
  for (const p of others) {
    if (over <= 0) break;
    const taken = Math.min(out[p], over);
    out[p] -= taken;
    over -= taken;
  }
  if (over < 0) out[others[0]!] -= over;
  return out;
}

/** A sign is there, or it isn't; null: there are none at all. */
export function withSign(d: Draft, sign: Sign | null): Draft {
  if (sign === null) return { ...d, infection: [] };
  const now = d.infection ?? [];
  return { ...d, infection: signs.filter((s) => (s === sign ? !now.includes(s) : now.includes(s))) };
}

export type Group = "size" | "tissue" | "infection" | "moisture" | "edge" | "skin" | "pain" | "dressing";

/** One group as it was last. */
export function asLast(d: Draft, last: Assessment, group: Group): Draft {
  switch (group) {
    case "size":
      return { ...d, numbers: { ...noNumbers, fields: [written(last.length), written(last.width), written(last.depth)] } };
    case "tissue":
    case "moisture":
    case "edge":
    case "skin":
    case "pain":
    case "dressing":
    case "infection":
      return { ...d, [group]: last[group] };
    default: {
      const never: never = group;
      return never;
    }
  }
}

/** What is not filled in as it was last. Sizes are measured anew each time, and pain is asked for. */
export function restAsLast(d: Draft, last: Assessment): Draft {
  let out = d;
  if (d.tissue === null) out = asLast(out, last, "tissue");
  if (d.infection === null) out = asLast(out, last, "infection");
  if (d.moisture === "") out = asLast(out, last, "moisture");
  if (d.edge === "") out = asLast(out, last, "edge");
  if (d.skin === "") out = asLast(out, last, "skin");
  if (d.dressing.trim() === "") out = asLast(out, last, "dressing");
  return out;
}

export interface Faults {
  readonly size: Fault | null;
  /** Nobody has said whether there are signs of infection: none is something one has looked for. */
  readonly infection: boolean;
  /** Nothing is filled in at all. */
  readonly empty: boolean;
}

/** What keeps a draft from being saved; null: nothing. Numbers may be left out, and so may all that is chosen but signs of infection. */
export function faultsOf(d: Draft): Faults | null {
  const size = faultOf(sizeKind, { ...d.numbers, active: -1 });
  const empty = isBlank(d);
  const infection = d.infection === null;
  return size || empty || infection ? { size, infection, empty } : null;
}

/** What is sent. Only whoever has no faults may ask. */
export function contentOf(d: Draft, at: number): AssessmentContent {
  const [length, width] = [sizeOf(d, "length"), sizeOf(d, "width")];
  const traced = d.method === "traced" && d.traced !== null;
  const known = traced || (d.method !== "" && d.method !== "traced" && length !== null && width !== null);
  return {
    photo: d.photo, at: Math.round(at), length, width, depth: sizeOf(d, "depth"), area: traced ? d.traced : null, areaMethod: known ? d.method : "", tissue: d.tissue,
    infection: [...(d.infection ?? [])], moisture: d.moisture, edge: d.edge, skin: d.skin, pain: d.pain, dressing: d.dressing.trim(), note: d.note.trim(),
  };
}

const isOneOf = (all: readonly string[], v: unknown): boolean => typeof v === "string" && (v === "" || all.includes(v));

/** What was kept in the page's storage, if it is a draft: it may be of an earlier version of the page. */
export function draftFrom(kept: unknown): Draft | null {
  if (typeof kept !== "object" || kept === null) return null;
  const d = { ...blankDraft, ...kept } as Draft;
  const numbers = d.numbers as unknown as { fields?: unknown } | null;
  const fields = numbers?.fields;
  const fine =
    Array.isArray(fields) && fields.length === 3 && fields.every((f) => typeof f === "string") && isOneOf(["length-width", "ellipse", "traced"], d.method) &&
    (d.traced === null || typeof d.traced === "number") && typeof d.photo === "string" && (d.tissue === null || parts.every((p) => typeof d.tissue?.[p] === "number")) &&
    (d.infection === null || (Array.isArray(d.infection) && d.infection.every((s) => isOneOf(signs, s)))) && isOneOf(moistures, d.moisture) && isOneOf(edges, d.edge) &&
    isOneOf(skins, d.skin) && (d.pain === null || typeof d.pain === "number") && typeof d.dressing === "string" && typeof d.note === "string";
  return fine ? { ...d, numbers: { ...noNumbers, fields: fields as string[] } } : null;
}
