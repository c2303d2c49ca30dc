import { describe, expect, test } from "vitest";
import { momentOf } from "../../../i18n/norway";
import type { BookingTemplate, Colleague, CommonTime, Party, TimeParty } from "../../wire";
import { emptyPlan, faultsOf, firstChoice, fits, partiesOf, planFrom, planned, requestOf, searchOf, settled, withOneself, type Act, type Plan } from "./plan";

const template: BookingTemplate = {
  id: "wound", name: "Sårkontroll", about: "", title: "Sårkontroll", question: "Korleis gror det?", minutes: 30, prepare: [{ for: "nurse", what: "Skiftesett" }],
  parties: [
    { role: "patient", organisation: "", required: true, attends: "beside", deputyAllowed: false },
    { role: "specialist", organisation: "hospital", required: true, attends: "online", deputyAllowed: true },
    { role: "nurse", organisation: "municipality", required: true, attends: "visit", deputyAllowed: true },
    { role: "gp", organisation: "gp", required: false, attends: "online", deputyAllowed: true },
  ],
};
const colleague = (person: string, role: Colleague["role"], organisation: string): Colleague => ({
  person, role, organisation, name: person, title: "", competence: "", organisationName: organisation, organisationKind: "hospital", unit: "", actFor: false,
});
const colleagues = [colleague("tuva", "specialist", "hospital"), colleague("mari", "nurse", "municipality"), colleague("ane", "nurse", "municipality")];
const after = (...acts: readonly Act[]): Plan => acts.reduce(planned, emptyPlan);
const usual = after(
  { do: "template", template },
  { do: "patient", patient: { id: "olav", name: "Olav Eik" } },
  { do: "party", key: "p1", change: { person: "tuva" } },
  { do: "party", key: "p2", change: { person: "mari" } },
);
const today = "2026-11-23";
const time = (day: string, ...who: readonly string[]): CommonTime => ({
  starts: momentOf(day, 600), ends: momentOf(day, 630), reasons: [], parties: who.map((person): TimeParty => ({ person, name: person, role: "nurse", free: true, before: 0, after: 0, day: [] })),
});

describe("a template", () => {
  test("fills in what its kind needs, with driving for who visits", () => {
    expect(usual.parties.map((p) => [p.role, p.required, p.attends, p.before])).toEqual([["specialist", true, "online", "0"], ["nurse", true, "visit", "15"], ["gp", false, "online", "0"]]);
    expect([usual.minutes, usual.question, usual.patientAttends]).toEqual(["30", "Korleis gror det?", "beside"]);
  });
  test("keeps who has been chosen when another is taken", () => {
    const other = planned(usual, { do: "template", template: { ...template, id: "first", parties: template.parties.slice(0, 2) } });
    expect(other.parties.map((p) => p.person)).toEqual(["tuva"]);
    expect(other.patient?.name).toBe("Olav Eik");
  });
});

describe("the first step", () => {
  test("is in order when all who must be there are chosen", () => expect([...faultsOf(usual, 1, template, today)]).toEqual([]));
  test.each<readonly [string, Act, string, string]>([
    ["no patient", { do: "patient", patient: null }, "patient", "patient"],
    ["nobody for a role that must be there", { do: "party", key: "p2", change: { person: "" } }, "person-p2", "person"],
    ["driving that is no number", { do: "party", key: "p2", change: { before: "ein time" } }, "before-p2", "travel"],
    ["driving over four hours", { do: "party", key: "p2", change: { before: "241" } }, "before-p2", "travel"],
    ["too short", { do: "set", change: { minutes: "4" } }, "minutes", "minutes"],
    ["a deadline that is over", { do: "set", change: { deadline: "2026-11-22" } }, "deadline", "deadline"],
  ])("says what is wrong: %s", (_, act, field, rule) => {
    expect(faultsOf(planned(usual, act), 1, template, today).get(field)).toBe(rule);
  });
  test("lets a role that needn't be there stand empty, and asks nobody for it", () => {
    expect(partiesOf(usual).map((p) => p.role)).toEqual(["specialist", "nurse", "patient"]);
  });
});

describe("driving", () => {
  test("back is as long as there, until it is said to be another", () => {
    const there = planned(usual, { do: "party", key: "p2", change: { before: "25" } });
    expect(there.parties[1]?.after).toBe("25");
    const back = planned(there, { do: "party", key: "p2", change: { after: "40" } });
    expect(planned(back, { do: "party", key: "p2", change: { before: "30" } }).parties[1]?.after).toBe("40");
  });
});

describe("relatives", () => {
  const ragna = { id: "ragna", name: "Ragna Eik", kind: "relative", title: "Dotter", phone: "", email: "", language: "nn" } as const;
  const guardian = { ...ragna, id: "verje", kind: "guardian" } as const;
  test("come from the patient's record; a guardian is invited", () => {
    const plan = planned(usual, { do: "relatives", of: { id: "olav", relatives: [ragna, guardian] } });
    expect(plan.invited).toEqual(["verje"]);
    const both = planned(plan, { do: "invite", id: "ragna", on: true });
    expect(partiesOf(both).filter((p) => p.role === "relative").map((p) => [p.person, p.required])).toEqual([["ragna", false], ["verje", true]]);
  });
  test("of a patient who isn't chosen any more are left out", () => {
    expect(planned(usual, { do: "relatives", of: { id: "another", relatives: [ragna] } })).toEqual(usual);
  });
});

describe("the times", () => {
  const found = [time("2026-11-24", "tuva", "mari", "olav"), time("2026-11-24", "tuva", "ane", "olav"), time("2026-11-26", "tuva", "ane", "olav"), time("2026-11-27", "tuva", "mari", "olav")];
  const open = planned(usual, { do: "party", key: "p2", change: { person: "", anyOf: ["mari", "ane"] } });

  test("are asked for with those who would do", () => {
    expect(searchOf(open, colleagues, found[0]!.starts, 5).parties.map((p: Party) => [p.person, p.anyOf, p.organisation])).toEqual([["tuva", [], "hospital"], ["", ["mari", "ane"], "municipality"], ["olav", [], ""]]);
  });
  test("that are proposed together need the same people", () => {
    const chosen = planned(open, { do: "choose", starts: found[0]!.starts, on: true });
    expect(found.map((t) => fits(chosen, t, found))).toEqual([true, false, false, true]);
    expect(firstChoice(open, found)).toEqual([found[0]!.starts, found[3]!.starts]);
    expect(settled(chosen, found).parties[1]).toMatchObject({ person: "mari", anyOf: [] });
  });
  test("are forgotten when something changes that decides them, and kept when nothing does", () => {
    const chosen = planned(usual, { do: "choose", starts: found[0]!.starts, on: true });
    expect(planned(chosen, { do: "set", change: { minutes: "45" } }).times).toEqual([]);
    expect(planned(chosen, { do: "party", key: "p2", change: { before: "20" } }).times).toEqual([]);
    expect(planned(chosen, { do: "set", change: { question: "Nytt" } }).times).toEqual(chosen.times);
    expect(planned(chosen, { do: "go", step: 3 }).times).toEqual(chosen.times);
  });
  test("begin with the best; what isn't free any more is let go, and what was written by hand is kept", () => {
    const begun = planned(open, { do: "found", times: found });
    expect(begun.times).toEqual([found[0]!.starts, found[3]!.starts]);
    expect(planned(begun, { do: "found", times: found.slice(2) }).times).toEqual([found[3]!.starts]);
    const hand = planned(begun, { do: "hand", starts: momentOf("2026-11-28", 600) });
    expect(planned(hand, { do: "found", times: [] }).times).toEqual([momentOf("2026-11-28", 600)]);
  });
  test("are at least one and at most five", () => {
    const many = found.concat(time("2026-11-30"), time("2026-12-01"), time("2026-12-02")).reduce((plan, t, i) => planned(plan, { do: "choose", starts: t.starts + i, on: true }), usual);
    expect(faultsOf(usual, 2, template, today).get("times")).toBe("times");
    expect(faultsOf(many, 2, template, today).get("times")).toBe("tooMany");
  });
});

describe("what is sent", () => {
  const starts = momentOf("2026-11-26", 600);
  const chosen = after({ do: "template", template }, { do: "patient", patient: { id: "olav", name: "Olav Eik" } }, { do: "choose", starts, on: true }, { do: "choose", starts: starts + 3_600_000, on: true });
  test("is all times where everybody is asked, and one where it is booked", () => {
    expect(requestOf(chosen, colleagues).times).toHaveLength(2);
    const book = requestOf({ ...chosen, mode: "book", repeat: true, everyWeeks: "2", count: "6" }, colleagues);
    expect([book.times, book.series]).toEqual([[starts], { everyWeeks: 2, count: 6, skipBusy: true }]);
  });
  test("holds until the answer's day is over, in Norway", () => {
    expect(requestOf({ ...chosen, answerBy: "2026-11-25" }, colleagues).answerBy).toBe(Date.parse("2026-11-25T22:59:59.999Z"));
    expect(requestOf(chosen, colleagues).answerBy).toBe(0);
    expect(faultsOf({ ...chosen, answerBy: "2026-11-26" }, 4, template, today).get("answerBy")).toBe("answerBy");
  });
  test("has no empty line of what is to be at hand", () => {
    const emptied = planned(chosen, { do: "prepare", at: 0, what: "  " });
    expect(requestOf(emptied, colleagues).prepare).toEqual([]);
  });
});

test("who plans and treats is in it themselves; who coordinates is not", () => {
  const empty = after({ do: "template", template });
  expect(withOneself(empty, colleagues[1]).parties.map((p) => p.person)).toEqual(["", "mari", ""]);
  expect(withOneself(empty, undefined)).toBe(empty);
  expect(withOneself(usual, colleagues[2])).toBe(usual); // somebody is chosen
});

test("who interprets is invited with the language, and needed", () => {
  const asked = after({ do: "set", change: { interpreter: "pl", interpreterBy: { id: "ewa", name: "Ewa Nowak" } } });
  expect(partiesOf(asked)).toMatchObject([{ person: "ewa", role: "interpreter", required: true, attends: "online" }]);
  expect(partiesOf(planned(asked, { do: "set", change: { interpreter: "" } }))).toEqual([]);
});

test("one like another has the same people and length, and no times", () => {
  const person = { id: "p1", person: "mari", name: "Mari", role: "nurse", title: "", organisation: "municipality", organisationName: "", required: true, attends: "visit", before: 25, after: 40, answer: "accepted", answeredAt: 0, answeredBy: "", comment: "", deputyFor: "", deputyAllowed: true, readiness: { state: "unknown", at: 0, minutes: 0, test: "" } } as const;
  const plan = planFrom({
    id: "b", version: 1, state: "booked", starts: 0, ends: 45 * 60_000, organisation: "", organisationName: "", phone: "", template: "wound", title: "Sårkontroll", question: "", prepare: [], patient: "olav", patientName: "Olav Eik",
    people: [person, { ...person, id: "p2", role: "patient", person: "olav", attends: "beside" }], equipment: [], options: [], answerBy: 0, deadline: "", interpreter: "ar", series: "", reason: "", words: "", madeBy: "", movedFrom: 0, mine: "", may: [],
  });
  expect([plan.minutes, plan.interpreter, plan.times, plan.patient?.id, plan.parties.map((p) => [p.person, p.before, p.after])]).toEqual(["45", "ar", [], "olav", [["mari", "25", "40"]]]);
});
