// The guided path to a new cooperation. Nothing is kept of the path itself: which steps are
// done is read out of what has been saved, so that anyone can take it up again.

import type { Day } from "../../i18n/norway";
import type { Agreement, Organisation } from "../wire";
import { standing } from "./days";
import { missingContacts } from "./people";
import type { CheckLine, Fix } from "./checklist";

export const steps = ["who", "contacts", "agreement", "people", "check"] as const;
export type Step = (typeof steps)[number];

export const isStep = (x: string): x is Step => (steps as readonly string[]).includes(x);

/** Where a step of two organisations' path is; the first step may have one or none of them yet. */
export function stepPath(step: Step, a = "", b = ""): string {
  const query = new URLSearchParams([["a", a], ["b", b]].filter(([, id]) => id !== "") as [string, string][]);
  const path = step === "who" ? "/admin/new-pair" : `/admin/new-pair/${step}`;
  return query.size > 0 ? `${path}?${query}` : path;
}

export interface Pair {
  readonly a: Organisation;
  readonly b: Organisation;
  /** The one that is in force or coming; null: not written yet. */
  readonly agreement: Agreement | null;
}

/** The agreement of two organisations to go on with: one that is over is left alone. */
export function agreementOf(agreements: readonly Agreement[], a: string, b: string, today: Day): Agreement | null {
  const theirs = agreements.filter((g) => (g.a === a && g.b === b) || (g.a === b && g.b === a));
  return theirs.filter((g) => standing(g.from, g.until, today) !== "over").sort((x, y) => (x.from < y.from ? -1 : 1))[0] ?? null;
}

/** The steps that are done. */
export function done(pair: Pair | null): ReadonlySet<Step> {
  const out = new Set<Step>();
  if (!pair) return out;
  out.add("who");
  if (missingContacts(pair.a).length === 0 && missingContacts(pair.b).length === 0) out.add("contacts");
  const open = (pair.agreement?.checklist ?? []).filter((c) => !c.done).map((c) => c.code);
  if (!pair.agreement) return out;
  if (!open.some((code) => code === "agreement" || code === "data-protection-assessment" || code === "grants" || code === "in-force")) out.add("agreement");
  if (!open.some((code) => code === "people-a" || code === "people-b")) out.add("people");
  if (open.length === 0) out.add("check");
  return out;
}

/** The step to take up again: the first that isn't done. */
export const nextStep = (pair: Pair | null): Step => steps.find((step) => !done(pair).has(step)) ?? "check";

/** The step that puts something right. */
export function fixStep(fix: Fix): Step {
  if (fix.part === "contacts" || fix.part === "people") return fix.part;
  return "agreement";
}

/** How much of a checklist is done, to be said beside it. */
export const remaining = (lines: readonly CheckLine[]): number => lines.filter((l) => !l.done).length;
