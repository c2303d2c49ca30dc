// What the pages say of a version, in words. Pure.

import type { PatientPlan, PlanApproval } from "../gen/api";
import type { Role } from "../gen/access";
import type { Language } from "../gen/protocol";
import { clock, date, sameDay } from "../i18n/time";
import { partsOf, dayOf } from "../i18n/norway";
import type { PlanWords } from "./i18n/words";

/** "10.10" today, else "måndag 23. november", and with the year when it is another. */
export function when(w: PlanWords, at: number, now: number): string {
  if (sameDay(at, now)) return clock(w.time, at);
  return onDay(w, at, now);
}

function onDay(w: PlanWords, at: number, now: number): string {
  const year = (ms: number): number => partsOf(dayOf(ms))?.[0] ?? 0;
  return date(w.time, at) + (year(at) === year(now) ? "" : ` ${year(at)}`);
}

/** "Skriven av Mari Bjørk i dag": who has written last. */
export function writtenBy(w: PlanWords, plan: PatientPlan, now: number): string {
  const last = plan.fields.reduce((a, b) => (b.at > a.at ? b : a), { by: plan.madeBy, at: plan.madeAt });
  return last.by === "" ? "" : w.writtenBy(last.by, sameDay(last.at, now) ? w.today : onDay(w, last.at, now));
}

/** "Versjon 5, utkast" */
export function versionTitle(w: PlanWords, plan: PatientPlan): string {
  switch (plan.state) {
    case "draft":
      return w.draft(plan.version);
    case "active":
      return w.active(plan.version);
    case "revoked":
      return w.before(plan.version);
    default: {
      const never: never = plan.state;
      return never;
    }
  }
}

/** "Sjukepleiaren"; with the organisation where two have the same role; "Du" for one's own. */
export function partyName(w: PlanWords, party: PlanApproval, all: readonly PlanApproval[]): string {
  if (party.mine) return w.you;
  const name = w.party(party.role as Role);
  return all.filter((p) => p.role === party.role).length > 1 && party.organisationName !== "" ? w.partyOf(name, party.organisationName) : name;
}

export function approvalText(w: PlanWords, party: PlanApproval, now: number): string {
  if (party.by !== "") return w.approved(when(w, party.at, now));
  return party.mine ? w.waitsForYou : w.waits;
}

/** When the last of the parties approved it; 0: not all have. */
export const approvedAt = (plan: PatientPlan): number => (plan.parties.every((p) => p.by !== "") ? Math.max(0, ...plan.parties.map((p) => p.at)) : 0);

const marks: Readonly<Record<Language, readonly [string, string]>> = { nn: ["«", "»"], nb: ["«", "»"], en: ["“", "”"] };

/** What matters to somebody is what they say: between quotation marks, unless they have put some. */
export function quoted(text: string, language: Language): string {
  const own = text.trim();
  return /^[«"“„]/.test(own) ? own : marks[language].join(own);
}

export type Fit = "large" | "medium" | "small" | "least" | "tiny";

/**
 * How small the print must be for all of it to stand on one sheet: by its length and its lines,
 * as measured in Chromium with four parts of the same length and three limits.
 */
export function fit(texts: readonly string[]): Fit {
  const perLine = 85; // characters across the sheet at the middle size
  const lines = texts.flatMap((text) => text.split("\n")).reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 0);
  return lines <= 18 ? "large" : lines <= 30 ? "medium" : lines <= 46 ? "small" : lines <= 80 ? "least" : "tiny";
}
