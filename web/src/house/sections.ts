// The parts of the service, and which of them someone has something to do in. Pure.

import type { Action, Session } from "./wire";

export type Section = "today" | "patients" | "admin" | "seen";

export const sectionPaths: Readonly<Record<Section, string>> = { today: "/", patients: "/patients", admin: "/admin", seen: "/seen" };

/** The parts that the session's role has something to do in. */
export function sectionsOf(session: Session): readonly Section[] {
  const may = (action: Action): boolean => session.may.includes(action);
  const all: readonly (readonly [Section, boolean])[] = [
    ["today", may("consultation.list")],
    ["patients", may("patient.list")],
    ["admin", may("organisation.write") || may("staff.write")],
    ["seen", session.act?.role === "data-protection"],
  ];
  return all.filter(([, there]) => there).map(([section]) => section);
}

/** Where the session's role begins its work. */
export function homeOf(session: Session): string {
  const sections = sectionsOf(session);
  const first = session.act?.role === "administrator" && sections.includes("admin") ? "admin" : sections[0];
  return sectionPaths[first ?? "today"];
}
