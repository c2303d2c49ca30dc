import { describe, expect, test } from "vitest";
import { homeOf, sectionsOf } from "./sections";
import type { Action, Role, Session } from "./wire";

const session = (role: Role, ...may: Action[]): Session => ({
  handle: "", stage: "full", person: { id: "p", name: "P" }, acts: [], may, expiresAt: 0, language: "nn",
  act: { assignment: "a", organisation: "o", organisationName: "O", unit: "", role, title: "" },
});

describe("who is signed in", () => {
  test.each([
    ["a clinician begins with the day", session("nurse", "consultation.list", "patient.list"), ["today", "patients"], "/"],
    ["a coordinator with the calendar, which stands first", session("coordinator", "consultation.list", "calendar.read", "patient.list"), ["calendar", "today", "patients"], "/calendar"],
    ["who is to see to something has a list of it", session("nurse", "consultation.list", "work.read", "patient.list"), ["today", "work", "patients"], "/"],
    ["a clinician who may book still begins with the day", session("specialist", "consultation.list", "calendar.read"), ["today", "calendar"], "/"],
    ["an administrator with the administration", session("administrator", "consultation.list", "organisation.write", "staff.write"), ["today", "admin"], "/admin"],
    ["a data protection officer with who has seen what", session("data-protection", "seen.read"), ["seen"], "/seen"],
    ["someone whose role has nothing here with the day, which says so", session("machine"), [], "/"],
  ] as const)("%s", (_, who, sections, home) => {
    expect([sectionsOf(who), homeOf(who)]).toEqual([sections, home]);
  });
});
