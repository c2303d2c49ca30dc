// What somebody writes in the plan, a field at a time, until the service has it. Nobody's text is
// lost: one's own stays here until it is kept, and one that came late stands beside the field. Pure.

import type { PatientPlan } from "../gen/api";
import { fieldOf, type FieldName } from "./fields";

/** A text that the service may not have yet. */
export interface Writing {
  readonly text: string;
  readonly base: number; // revision of the field that it rests on
  readonly sent: string | null; // the text that is under way; null: none is
  /** unsent: the way is broken, and it is tried again. refused: it isn't, and why. */
  readonly state: "writing" | "unsent" | "refused";
  readonly problem: "" | "too-long" | "refused" | "sign-in" | "full";
  readonly beside: string; // id under which an earlier part of it came late; empty: none did
}

export type Writings = Readonly<Partial<Record<FieldName, Writing>>>;

export const most = 2000; // characters of a field, as the service counts them

/** Characters as people count them: a pair of surrogates is one. */
export const lengthOf = (text: string): number => [...text].length;

/** What a field may hold: no control characters but line ends. A tab that was pasted is a space. */
export const cleaned = (text: string): string => text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, " ");

const without = (all: Writings, field: FieldName): Writings => Object.fromEntries(Object.entries(all).filter(([name]) => name !== field));
const put = (all: Writings, field: FieldName, w: Writing): Writings => ({ ...all, [field]: w });

/** Somebody types. What is as the field stands already is nothing to keep. */
export function typed(all: Writings, plan: PatientPlan | null, field: FieldName, raw: string): Writings {
  const text = cleaned(raw);
  const kept = fieldOf(plan, field);
  const before = all[field];
  const base = before?.base ?? kept.revision;
  if (text === kept.text && before?.sent == null) return without(all, field);
  const long = lengthOf(text) > most;
  return put(all, field, { text, base, sent: before?.sent ?? null, state: long ? "refused" : "writing", problem: long ? "too-long" : "", beside: before?.beside ?? "" });
}

/** What is to be sent now; null: nothing, or something is under way. */
export function toSend(w: Writing | undefined): string | null {
  return !w || w.sent !== null || w.problem !== "" ? null : w.text;
}

export function sending(all: Writings, field: FieldName): Writings {
  const w = all[field];
  return w ? put(all, field, { ...w, sent: w.text, state: "writing" }) : all;
}

/** What a text's answer means. */
export interface Answered {
  readonly writings: Writings;
  /** A text that waits beside the field and has been overtaken by this one; empty: none. */
  readonly settle: string;
  /** It came late: another's stands in the field. */
  readonly late: boolean;
}

/**
 * The service has answered with the draft as it is now. One who has typed on meanwhile goes on: a
 * text that came late still rests on what it rested on, so that it can't replace what the other wrote.
 */
export function answered(all: Writings, field: FieldName, answer: PatientPlan): Answered {
  const w = all[field];
  const now = fieldOf(answer, field);
  if (!w || w.sent === null) return { writings: all, settle: "", late: false };
  const sent = w.sent;
  const mine = now.text === sent ? null : (now.beside.findLast((b) => b.text === sent) ?? null);
  const more = w.text !== sent;
  const next: Writing = { ...w, sent: null, state: w.problem === "" ? "writing" : "refused", base: mine ? w.base : now.revision, beside: mine?.id ?? "" };
  return {
    writings: more && w.text !== now.text ? put(all, field, next) : without(all, field),
    settle: mine && mine.text.trim() === "" ? mine.id : w.beside !== mine?.id ? w.beside : "",
    late: mine !== null && mine.text.trim() !== "",
  };
}

/** The way was broken: the text stays, and is sent again. */
export function unsent(all: Writings, field: FieldName): Writings {
  const w = all[field];
  return w ? put(all, field, { ...w, sent: null, state: w.problem === "" ? "unsent" : "refused" }) : all;
}

/** The service won't have it: the text stays, for the one who wrote it. */
export function refused(all: Writings, field: FieldName, problem: Exclude<Writing["problem"], "">): Writings {
  const w = all[field];
  return w ? put(all, field, { ...w, sent: null, state: "refused", problem }) : all;
}

/** One is signed in again: what waited for that is sent. */
export const resumed = (all: Writings): Writings =>
  Object.fromEntries(Object.entries(all).map(([field, w]) => [field, w.problem === "sign-in" ? { ...w, state: "unsent" as const, problem: "" as const } : w]));

/** One's text is put away, by oneself. */
export const dropped = without;

/** What is kept in the browser: over a reload, and while there is no network. */
export type Kept = Readonly<Partial<Record<FieldName, { readonly text: string; readonly base: number }>>>;

export const keptOf = (all: Writings): Kept => Object.fromEntries(Object.entries(all).map(([field, w]) => [field, { text: w.text, base: w.base }]));

/** Texts that were kept here before the page was read; what the service has got meanwhile is done. */
export function restored(kept: Kept, all: Writings, plan: PatientPlan | null): Writings {
  let out = all;
  for (const [name, k] of Object.entries(kept)) {
    const field = name as FieldName;
    const now = fieldOf(plan, field);
    if (out[field] || k.text === now.text || now.beside.some((b) => b.text === k.text)) continue;
    const long = lengthOf(k.text) > most;
    // A revision that the field hasn't had is none to rest on: the plan was begun anew.
    out = put(out, field, { text: k.text, base: Math.min(k.base, now.revision), sent: null, state: long ? "refused" : "unsent", problem: long ? "too-long" : "", beside: "" });
  }
  return out;
}

/** What stands in a field for who writes. */
export const textOf = (all: Writings, plan: PatientPlan | null, field: FieldName): string => all[field]?.text ?? fieldOf(plan, field).text;

/** A text with another's after it, on a line of its own. */
export const joined = (text: string, more: string): string => (text.trim() === "" ? more : `${text.replace(/\s+$/, "")}\n${more}`);

/** Where the caret stands when the text around it has become another: by what is the same before it. */
export function caretAfter(before: string, after: string, caret: number): number {
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same++;
  if (caret <= same) return caret;
  let end = 0;
  while (end < before.length - same && end < after.length - same && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return caret >= before.length - end ? caret + after.length - before.length : Math.min(caret, after.length - end);
}
