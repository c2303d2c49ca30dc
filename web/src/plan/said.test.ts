import { describe, expect, test } from "vitest";
import type { PatientPlan, PlanApproval } from "../gen/api";
import { momentOf, type Day } from "../i18n/norway";
import { fieldNames } from "./fields";
import { silent } from "./holds";
import { planWords } from "./i18n/words";
import { approvalText, approvedAt, fit, partyName, quoted, versionTitle, when, writtenBy } from "./said";
import { createShelf } from "./shelf";

const w = planWords.nn;
const at = (day: Day, hour: number, minute = 0): number => momentOf(day, hour * 60 + minute);
const now = at("2026-11-23", 10, 12);
const party = (role: string, with_: Partial<PlanApproval> = {}): PlanApproval => ({ role, organisationName: "", by: "", at: 0, mine: false, ...with_ });
const plan = (with_: Partial<PatientPlan>): PatientPlan => ({
  version: 5, revision: 1, state: "draft", limits: [], parties: [], madeAt: now, madeBy: "Mari Bjørk", madeByRole: "nurse",
  fields: fieldNames.map((field) => ({ field, text: "", revision: 0, by: "", byRole: "", at: 0, beside: [] })), ...with_,
});

describe("an approval", () => {
  test("of today has its time, of another day its date", () => {
    expect(approvalText(w, party("patient", { by: "Olav Eik", at: at("2026-11-23", 10, 10) }), now)).toBe("Godkjend 10.10");
    expect(approvalText(w, party("patient", { by: "Olav Eik", at: at("2026-11-20", 9) }), now)).toBe("Godkjend fredag 20. november");
    expect(when(w, at("2025-11-20", 9), now)).toBe("torsdag 20. november 2025");
  });
  test("that is missing waits, and for the reader says so", () => {
    expect(approvalText(w, party("gp"), now)).toBe("Ventar");
    expect(approvalText(w, party("gp", { mine: true }), now)).toBe("Ventar på deg");
  });
  test("is a party's, with the organisation where two are of the same role", () => {
    const nurses = [party("nurse", { organisationName: "Fjordvik kommune" }), party("nurse", { organisationName: "Fjord sjukehus" }), party("patient")];
    expect(partyName(w, nurses[0]!, nurses)).toBe("Sjukepleiaren, Fjordvik kommune");
    expect(partyName(w, nurses[2]!, nurses)).toBe("Pasienten");
    expect(partyName(w, party("gp", { mine: true }), nurses)).toBe("Du");
  });
  test("is whole when the last has given it", () => {
    expect(approvedAt(plan({ parties: [party("patient", { by: "Olav", at: 7 }), party("nurse", { by: "Mari", at: 9 })] }))).toBe(9);
    expect(approvedAt(plan({ parties: [party("patient", { by: "Olav", at: 7 }), party("nurse")] }))).toBe(0);
  });
});

test("a version says what it is, and who wrote in it last", () => {
  expect(versionTitle(w, plan({}))).toBe("Versjon 5, utkast");
  expect(versionTitle(w, plan({ state: "active" }))).toBe("Versjon 5, godkjend av alle");
  expect(writtenBy(w, plan({}), now)).toBe("Skriven av Mari Bjørk i dag");
  const fields = plan({}).fields.map((f) => (f.field === "red" ? { ...f, by: "Tuva Ask", at: now + 1 } : f));
  expect(writtenBy(w, plan({ fields }), now)).toBe("Skriven av Tuva Ask i dag");
});

test("what matters stands between quotation marks, once", () => {
  expect(quoted("Å gå til postkassa", "nn")).toBe("«Å gå til postkassa»");
  expect(quoted("«Å gå» ", "nn")).toBe("«Å gå»");
  expect(quoted("To walk", "en")).toBe("“To walk”");
});

test("the print is smaller the more there is to print", () => {
  expect(fit(["Kort"])).toBe("large");
  expect(fit(["å".repeat(2000), "å".repeat(2000), "å".repeat(2000), "å".repeat(2000)])).toBe("tiny");
  expect(fit(["a\n".repeat(20)])).toBe("medium");
  expect(fit(["å".repeat(900), "å".repeat(900), "å".repeat(900), "å".repeat(900)])).toBe("small");
});

test("who holds a field has gone silent after half a minute", () => {
  const mari = { participant: "mari", name: "Mari Bjørk", field: "green", at: now } as const;
  expect(silent(mari, now + 29_999)).toBe(false);
  expect(silent(mari, now + 30_000)).toBe(true);
});

describe("the tab's storage", () => {
  const storage = (): Storage => {
    const all = new Map<string, string>();
    return { getItem: (k: string) => all.get(k) ?? null, setItem: (k: string, v: string) => void all.set(k, v), removeItem: (k: string) => void all.delete(k), key: () => null, clear: () => all.clear(), get length() { return all.size; } };
  };
  test("keeps one's texts until there are none, and nobody else's", () => {
    const s = storage();
    const mine = createShelf(s, "olav", "mari");
    mine.save({ green: { text: "Ein tur", base: 2 } });
    expect(createShelf(s, "olav", "mari").load()).toEqual({ green: { text: "Ein tur", base: 2 } });
    expect(createShelf(s, "olav", "tuva").load()).toEqual({});
    mine.save({});
    expect(s.length).toBe(0);
  });
  test("believes nothing that it doesn't know", () => {
    const s = storage();
    s.setItem("samkonsult.plan.olav.mari", '{"green":{"text":7,"base":1},"blue":{"text":"x","base":1},"red":{"text":"x","base":-1},"yellow":{"text":"Ring","base":0}}');
    expect(createShelf(s, "olav", "mari").load()).toEqual({ yellow: { text: "Ring", base: 0 } });
    s.setItem("samkonsult.plan.olav.mari", "{");
    expect(createShelf(s, "olav", "mari").load()).toEqual({});
  });
  test("may be forbidden", () => {
    const none = createShelf(undefined, "olav", "mari");
    none.save({ green: { text: "Ein", base: 0 } });
    expect(none.load()).toEqual({});
  });
});
