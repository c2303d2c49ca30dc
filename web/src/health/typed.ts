// What the keypad holds while a value is typed. Pure: a key and what stood there give what stands
// there now. Numbers are typed with a comma or a point, whichever the keyboard has.

import type { MeasuredComponent, MeasuredKind } from "../gen/api";

export interface Typed {
  readonly kind: string;
  readonly fields: readonly string[]; // as typed, with a point
  readonly active: number; // which field the keys go to
  readonly checked: boolean; // Save was pressed: what is missing is told too
  readonly mends: string; // key of the refused value that this one replaces; empty: none
}

export const blank = (kind: MeasuredKind): Typed => ({ kind: kind.id, fields: kind.components.map(() => ""), active: 0, checked: false, mends: "" });

export type Key = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "," | "back" | "next";

/** What a key of the keyboard means; null: nothing here. */
export function keyOf(key: string): Key | null {
  if (/^[0-9]$/.test(key)) return key as Key;
  if (key === "," || key === ".") return ",";
  if (key === "Backspace") return "back";
  if (key === "/" || key === " ") return "next";
  return null;
}

const digitsBefore = (c: MeasuredComponent): number => String(Math.floor(c.most)).length;

/** Whether no further digit can make another number of the field that is possible: then the next one is meant. */
function full(c: MeasuredComponent, text: string): boolean {
  const [whole = "", part] = text.split(".");
  if (part !== undefined) return part.length >= c.decimals;
  if (c.decimals > 0) return false;
  return whole.length >= digitsBefore(c) || Number(whole) * 10 > c.most;
}

/**
 * Presses a key. Two numbers are typed in a row: when no further digit fits the first, the second
 * is up, so that 14886 is 148/86, and no key is needed between.
 */
export function press(kind: MeasuredKind, t: Typed, key: Key): Typed {
  const c = kind.components[t.active];
  const text = t.fields[t.active] ?? "";
  if (!c) return t;
  const put = (next: string): Typed => {
    const fields = t.fields.map((f, i) => (i === t.active ? next : f));
    const on = next.length > text.length && full(c, next) && fields[t.active + 1] === "";
    return { ...t, fields, active: on ? t.active + 1 : t.active, checked: false };
  };
  if (key === "next") return t.active + 1 < t.fields.length ? { ...t, active: t.active + 1 } : t;
  if (key === "back") {
    if (text !== "" || t.active === 0) return put(text.slice(0, -1));
    // Back from the empty second number: the first one's last digit was wrong.
    const active = t.active - 1;
    return { ...t, active, checked: false, fields: t.fields.map((f, i) => (i === active ? f.slice(0, -1) : f)) };
  }
  if (key === ",") {
    if (c.decimals === 0 || text.includes(".")) return t;
    return put(text === "" ? "0." : `${text}.`);
  }
  const [whole = "", part] = text.split(".");
  if (part !== undefined ? part.length >= c.decimals : whole.length > digitsBefore(c)) return t; // one digit too many is shown, and told; more can't be meant
  return put(text === "0" ? key : text + key);
}

/** The number in a field; null where none stands. */
export function read(text: string): number | null {
  return text === "" || text === "." ? null : Number(text);
}

export interface Fault {
  readonly field: number;
  readonly rule: "range" | "missing" | "order"; // order: the second number of a blood pressure is under the first
}

/** What is wrong with what stands there, or null. What is not typed yet is no fault until Save was pressed. */
export function faultOf(kind: MeasuredKind, t: Typed): Fault | null {
  for (const [i, c] of kind.components.entries()) {
    const v = read(t.fields[i] ?? "");
    if (v === null) {
      if (t.checked) return { field: i, rule: "missing" };
      continue;
    }
    // Under the least may still become more: told once the keys have gone on, or Save was pressed.
    const done = t.checked || i !== t.active || full(c, t.fields[i] ?? "");
    if (v > c.most || (done && v < c.least)) return { field: i, rule: "range" };
  }
  const [over, under] = t.fields.map(read);
  if (kind.id === "blood-pressure" && over != null && under != null && under >= over && (t.checked || full(kind.components[1]!, t.fields[1] ?? ""))) return { field: 1, rule: "order" };
  return null;
}

/** The values, when all stand there and are possible; else null. */
export function complete(kind: MeasuredKind, t: Typed): readonly number[] | null {
  if (faultOf(kind, { ...t, checked: true })) return null;
  return t.fields.map((f) => Number(f));
}
