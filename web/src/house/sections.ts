// The parts of the service, and which of them someone has something to do in. Pure.

import type { Action, Session } from "./wire";

export type Section = "calendar" | "today" | "work" | "patients" | "admin" | "seen";

export const sectionPaths: Readonly<Record<Section, string>> = { calendar: "/calendar", today: "/", work: "/work", patients: "/patients", admin: "/admin", seen: "/seen" };

/** The parts that the session's role has something to do in. */
export function sectionsOf(session: Session): readonly Section[] {
  const may = (action: Action): boolean => session.may.includes(action);
  const all: readonly (readonly [Section, boolean])[] = [
    ["today", may("consultation.list")],
    ["calendar", may("calendar.read")],
    ["work", may("work.read")],
    ["patients", may("patient.list")],
    ["admin", may("organisation.write") || may("staff.write")],
    ["seen", session.act?.role === "data-protection"],
  ];
  const there = all.filter(([, has]) => has).map(([section]) => section);
  const home = homes[session.act?.role ?? ""];
  return home === "calendar" && there.includes(home) ? [home, ...there.filter((section) => section !== home)] : there;
}

/** Where a role begins that doesn't begin with the day. */
const homes: Readonly<Record<string, Section>> = { administrator: "admin", coordinator: "calendar" };

/** Where the session's role begins its work. */
export function homeOf(session: Session): string {
  const sections = sectionsOf(session);
  const home = homes[session.act?.role ?? ""];
  return sectionPaths[home && sections.includes(home) ? home : (sections[0] ?? "today")];
}
