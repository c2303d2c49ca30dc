import { describe, expect, test } from "vitest";
import type { Agreement, Check, Contact, Organisation, Staff } from "../wire";
import { checkLines, fixPath, lackWords } from "./checklist";
import { adminWords } from "./i18n/words";
import { missing } from "./missing";
import { agreementOf, done, nextStep, stepPath } from "./pair";
import { byName, dayWords, matches, missingContacts, nameIn, periodWords, worksAs } from "./people";

const w = adminWords.nn;
const today = "2026-11-23";

const contacts: Contact[] = (["clinical", "technical", "data-protection"] as const).map((kind) => ({ for: kind, name: "Ane Rogn", phone: "+4755000000", email: "" }));
const organisation = (id: string, change: Partial<Organisation> = {}): Organisation => ({
  id, version: 1, kind: "municipality", name: id, number: "", phone: "", host: false, active: true, contacts, units: [], ...change,
});
const hospital = organisation("hf", { name: "Fjord sjukehus", kind: "hospital", host: true });
const town = organisation("k", { name: "Fjordvik kommune" });

const codes: Check["code"][] = ["agreement", "data-protection-assessment", "contacts-a", "contacts-b", "people-a", "people-b", "grants", "in-force"];
const agreement = (open: readonly Check["code"][], change: Partial<Agreement> = {}): Agreement => ({
  id: "g1", version: 1, a: "hf", b: "k", from: "2026-01-01", until: "", grants: [], papers: [],
  policy: { identification: "code", shares: [], retentionDays: 90 },
  checklist: codes.map((code) => ({ code, done: !open.includes(code) })), inForce: true, ...change,
});
const person = (name: string, change: Partial<Staff> = {}): Staff => ({
  id: name, version: 1, name, email: "", phone: "", hpr: "", language: "nn", account: "active", warnings: [],
  assignments: [{ id: "1", organisation: "k", unit: "", role: "nurse", title: "Heimesjukepleiar", competence: "", from: "2026-01-01", until: "" }], ...change,
});

test("an organisation that the reader may not see is another one, and no id", () => {
  const name = nameIn(w, [hospital]);
  expect([name("hf"), name("k")]).toEqual(["Fjord sjukehus", "Ein annan organisasjon"]);
});

describe("a checklist", () => {
  const name = nameIn(w, [hospital, town]);

  test("says what is missing in one sentence, and nothing when nothing is", () => {
    expect(lackWords(w, checkLines(w, agreement(["data-protection-assessment", "people-b"]), name))).toBe("Manglar vurdering av personvern og folk i Fjordvik kommune");
    expect(lackWords(w, checkLines(w, agreement([]), name))).toBe("");
  });

  test("has words for every line in every language, and a place to put it right", () => {
    for (const words of Object.values(adminWords)) {
      for (const line of checkLines(words, agreement(codes), name)) {
        expect(line.text).not.toBe("");
        expect(line.lack).not.toBe("");
        expect(fixPath(agreement(codes), line.step)).toMatch(/^\/admin\//);
      }
    }
  });

  test("is put right where the thing is", () => {
    const paths = checkLines(w, agreement(codes), name).map((line) => fixPath(agreement(codes), line.step));
    expect(paths).toEqual([
      "/admin/agreements/g1?at=papers", "/admin/agreements/g1?at=papers",
      "/admin/organisations/hf?at=contacts", "/admin/organisations/k?at=contacts",
      "/admin/staff/new?organisation=hf", "/admin/staff/new?organisation=k",
      "/admin/agreements/g1?at=grants", "/admin/agreements/g1?at=time",
    ]);
  });
});

describe("the path to a new cooperation", () => {
  test("begins with who, and is taken up at the first thing that is missing", () => {
    expect(nextStep(null)).toBe("who");
    expect(nextStep({ a: hospital, b: { ...town, contacts: [] }, agreement: null })).toBe("contacts");
    expect(nextStep({ a: hospital, b: town, agreement: null })).toBe("agreement");
    expect(nextStep({ a: hospital, b: town, agreement: agreement(["agreement", "people-b"]) })).toBe("agreement");
    expect(nextStep({ a: hospital, b: town, agreement: agreement(["people-b"]) })).toBe("people");
    expect(nextStep({ a: hospital, b: town, agreement: agreement([]) })).toBe("check");
    expect(done({ a: hospital, b: town, agreement: agreement([]) }).size).toBe(5);
  });

  test("has an address for each step", () => {
    expect(stepPath("who")).toBe("/admin/new-pair");
    expect(stepPath("people", "hf", "k")).toBe("/admin/new-pair/people?a=hf&b=k");
  });

  test("goes on with the agreement that holds, whichever party stands first, and leaves an old one", () => {
    const old = agreement([], { id: "old", from: "2020-01-01", until: "2025-12-31" });
    const coming = agreement([], { id: "coming", from: "2027-01-01" });
    const now = agreement([], { id: "now", a: "k", b: "hf", until: "2026-12-31" });
    expect(agreementOf([old, coming, now], "hf", "k", today)?.id).toBe("now");
    expect(agreementOf([old], "hf", "k", today)).toBeNull();
  });
});

describe("the overview", () => {
  test("says each thing once", () => {
    const m = missing(w, { organisations: [hospital, { ...town, contacts: [] }], agreements: [agreement(["contacts-b"])], staff: [] }, today);
    expect(m.cooperations.map((c) => [c.what, c.why, c.path])).toEqual([
      ["Fjord sjukehus og Fjordvik kommune", "Manglar kontaktar i Fjordvik kommune", "/admin/new-pair/contacts?a=hf&b=k"],
    ]);
    expect(m.organisations).toEqual([]);
  });

  test("names organisations without contacts, and those without an agreement", () => {
    const lone = organisation("ö", { name: "Åkra kommune" });
    const bare = organisation("b", { name: "Vik kommune", contacts: contacts.slice(0, 1) });
    const closed = organisation("c", { contacts: [], active: false });
    const m = missing(w, { organisations: [lone, bare, closed, hospital], agreements: [], staff: [] }, today);
    expect(m.organisations.map((o) => [o.what, o.why])).toEqual([
      ["Vik kommune", "Manglar teknisk kontakt og personvernkontakt"],
      ["Åkra kommune", "Har ingen avtale enno"],
    ]);
  });

  test("names those who are invited and have not come, and not those who have left", () => {
    const left = [{ ...person("x").assignments[0]!, until: "2026-11-22" }];
    const staff = [person("Mari Bjørk", { account: "invited" }), person("Bo Lind"), person("Ane Rogn", { account: "none" }), person("Liv Osp", { account: "invited", assignments: left })];
    const m = missing(w, { organisations: [hospital, town], agreements: [agreement([])], staff }, today);
    expect(m.people.map((p) => p.why)).toEqual(["Heimesjukepleiar, Fjordvik kommune. Ikkje invitert", "Heimesjukepleiar, Fjordvik kommune. Invitert, har ikkje logga på"]);
    expect(m.cooperations).toEqual([]);
  });
});

describe("people and days in words", () => {
  test("a contact counts when someone can reach it", () => {
    expect(missingContacts({ contacts: [{ for: "clinical", name: "Ane", phone: "", email: "" }, { for: "technical", name: "", phone: "1", email: "" }] })).toEqual(["clinical", "technical", "data-protection"]);
  });

  test("a period ends on a day, or not yet", () => {
    expect(periodWords(w, "2026-11-23", "")).toBe("23. november 2026 – inntil vidare");
    expect(dayWords(adminWords.en, "2026-11-03")).toBe("3 November 2026");
  });

  test("what someone works as leaves out what is over", () => {
    const assignments = [...person("x").assignments, { ...person("x").assignments[0]!, id: "2", title: "Leiar", until: "2025-01-01" }];
    expect(worksAs(w, person("x", { assignments }), () => "Fjordvik kommune", today)).toBe("Heimesjukepleiar, Fjordvik kommune");
  });

  test("names are found by the beginnings of their words, and sorted with å last", () => {
    expect(matches("Anne-Marie Å. Eik", "mar ei")).toBe(true);
    expect(matches("Anne-Marie Å. Eik", "rie")).toBe(false);
    expect(matches("Olav Eik", "")).toBe(true);
    expect(byName([{ name: "Åse" }, { name: "Øyvind" }, { name: "Ane" }]).map((x) => x.name)).toEqual(["Ane", "Øyvind", "Åse"]);
  });
});
