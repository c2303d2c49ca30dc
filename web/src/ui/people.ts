// How people are named on screen.

import type { Person, Role } from "../gen/protocol";
import { capital, type Dictionary } from "../i18n/i18n";

/** "TA" for Tuva Ask. */
export function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => word !== "");
  const first = words[0]?.charAt(0) ?? "";
  const last = words.length > 1 ? (words[words.length - 1]?.charAt(0) ?? "") : "";
  return (first + last).toUpperCase();
}

const surname = (name: string): string => name.trim().split(/\s+/).at(-1) ?? name;
const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? name;

/** As one speaks of them in the call: "Lege Ask", "Sjukepleiar Bjørk", "Ragna". */
export function called(w: Dictionary, p: { readonly name: string; readonly role: Role }): string {
  switch (p.role) {
    case "specialist":
    case "gp":
    case "nurse":
    case "interpreter":
      return `${capital(w.role(p.role))} ${surname(p.name)}`;
    case "patient":
    case "relative":
      return firstName(p.name);
    default: {
      const never: never = p.role;
      return never;
    }
  }
}

/** What stands under the name: "Overlege, Fjord sjukehus". */
export function roleLine(w: Dictionary, p: { readonly role: Role; readonly title: string; readonly organisation: string }): string {
  const title = p.title === "" ? capital(w.role(p.role)) : p.title;
  return p.organisation === "" ? title : `${title}, ${p.organisation}`;
}

const order: Record<Role, number> = { specialist: 0, gp: 1, nurse: 2, patient: 3, relative: 4, interpreter: 5 };

/** In the order in which people are listed, whoever comes first. */
export function byRole<P extends { readonly role: Role; readonly name: string }>(people: readonly P[]): readonly P[] {
  return [...people].sort((a, b) => order[a.role] - order[b.role] || a.name.localeCompare(b.name));
}

/** Those who treat: they have the panel, and see the patient named before the call. */
export function isStaff(role: Role): boolean {
  return role === "specialist" || role === "gp" || role === "nurse";
}

/** The one whom a visitor has come to see. */
export function host(expected: readonly Person[], self: string): Person | undefined {
  const others = expected.filter((p) => p.id !== self);
  return others.find((p) => p.role === "specialist") ?? others.find((p) => p.role === "gp") ?? others.find((p) => p.role === "nurse");
}
