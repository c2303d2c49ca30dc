// An agreement's checklist in words, and where each thing is put right.

import type { AdminWords } from "./i18n/words";
import type { Agreement, Check } from "../wire";

export interface CheckLine {
  readonly code: Check["code"];
  readonly done: boolean;
  readonly text: string; // as what is to be: "Avtalen er underskriven"
  readonly lack: string; // as what is missing: "underskriven avtale"
  readonly step: Fix; // where it is put right
}

/** The part of a cooperation that a check is about. */
export type Fix = { readonly part: "papers" | "grants" | "time" } | { readonly part: "contacts" | "people"; readonly organisation: string };

function line(w: AdminWords, agreement: Agreement, name: (organisation: string) => string, check: Check): CheckLine {
  const { code, done } = check;
  switch (code) {
    case "agreement":
    case "data-protection-assessment":
      return { code, done, text: w.check[code], lack: w.lacks[code], step: { part: "papers" } };
    case "contacts-a":
    case "contacts-b":
    case "people-a":
    case "people-b": {
      const part = code.startsWith("contacts") ? "contacts" : "people";
      const organisation = code.endsWith("a") ? agreement.a : agreement.b;
      return { code, done, text: w.check[part](name(organisation)), lack: w.lacks[part](name(organisation)), step: { part, organisation } };
    }
    case "grants":
      return { code, done, text: w.check.grants, lack: w.lacks.grants, step: { part: "grants" } };
    case "in-force":
      return { code, done, text: w.check["in-force"], lack: w.lacks["in-force"], step: { part: "time" } };
    default: {
      const never: never = code;
      return never;
    }
  }
}

/** The checklist, in the order in which the service gives it. */
export function checkLines(w: AdminWords, agreement: Agreement, name: (organisation: string) => string): CheckLine[] {
  return agreement.checklist.map((check) => line(w, agreement, name, check));
}

/** "Manglar underskriven avtale og folk i Fjordvik kommune"; empty where nothing is missing. */
export function lackWords(w: AdminWords, lines: readonly CheckLine[]): string {
  const lacks = lines.filter((l) => !l.done).map((l) => l.lack);
  return lacks.length === 0 ? "" : w.lacks.all(w.listed(lacks));
}

/** Where to put a thing right, outside the guided path. */
export function fixPath(agreement: Agreement, fix: Fix): string {
  switch (fix.part) {
    case "contacts":
      return `/admin/organisations/${encodeURIComponent(fix.organisation)}?at=contacts`;
    case "people":
      return `/admin/staff/new?organisation=${encodeURIComponent(fix.organisation)}`;
    case "papers":
    case "grants":
    case "time":
      return `/admin/agreements/${encodeURIComponent(agreement.id)}?at=${fix.part}`;
    default: {
      const never: never = fix;
      return never;
    }
  }
}
