import { describe, expect, test } from "vitest";
import type { PatientPlan, PatientPlans, PlanApproval } from "../gen/api";
import { fieldNames, isEmpty, latestOf, partiesOf, versionsOf, waitsForReader, withPlan, withRead } from "./fields";

const party = (role: string, with_: Partial<PlanApproval> = {}): PlanApproval => ({ role, organisationName: "", by: "", at: 0, mine: false, ...with_ });
function plan(version: number, revision: number, with_: Partial<PatientPlan> = {}): PatientPlan {
  return {
    version, revision, state: "draft", limits: [], parties: [party("patient"), party("nurse", { mine: true })], madeAt: 0, madeBy: "", madeByRole: "",
    fields: fieldNames.map((field) => ({ field, text: "Tekst", revision, by: "", byRole: "", at: 0, beside: [] })),
    ...with_,
  };
}
const plans = (with_: Partial<PatientPlans> = {}): PatientPlans => ({ draft: null, active: null, earlier: [], mayWrite: true, mayApprove: true, maySetLimits: true, now: 0, ...with_ });
const active = plan(4, 9, { state: "active" });

test("the draft is read and written, or else what all have approved", () => {
  expect(latestOf(plans({ draft: plan(5, 1), active }))?.version).toBe(5);
  expect(latestOf(plans({ active }))?.version).toBe(4);
  expect(latestOf(plans())).toBeNull();
  expect(versionsOf(plans({ draft: plan(5, 1), active, earlier: [plan(3, 2, { state: "revoked" })] })).map((p) => p.version)).toEqual([5, 4, 3]);
});

describe("an answer", () => {
  test("becomes the draft", () => expect(withPlan(plans({ active }), plan(5, 1)).draft?.version).toBe(5));
  test("that comes after a newer one is left", () => {
    const known = plans({ draft: plan(5, 3), active });
    expect(withPlan(known, plan(5, 2))).toBe(known);
  });
  test("of a draft that has been approved meanwhile is left", () => {
    const known = plans({ active: plan(5, 4, { state: "active" }) });
    expect(withPlan(known, plan(5, 3))).toBe(known);
  });
  test("that all have approved replaces what was before", () => {
    const after = withPlan(plans({ draft: plan(5, 3), active }), plan(5, 4, { state: "active" }));
    expect(after.draft).toBeNull();
    expect(after.active?.version).toBe(5);
    expect(after.earlier.map((p) => [p.version, p.state])).toEqual([[4, "revoked"]]);
  });
  test("that was read before a change of one's own is left", () => {
    const known = plans({ draft: plan(5, 3) });
    expect(withRead(known, plans({ draft: plan(5, 2) }))).toBe(known);
    expect(withRead(known, plans({ draft: plan(5, 4) })).draft?.revision).toBe(4);
    expect(withRead(null, plans()).draft).toBeNull();
  });
});

describe("the button that approves", () => {
  test("is there when the reader's party has yet to", () => expect(waitsForReader(plans({ draft: plan(5, 1) }))).toBe(true));
  test("is not when it has", () => expect(waitsForReader(plans({ draft: plan(5, 1, { parties: [party("nurse", { mine: true, by: "Mari" })] }) }))).toBe(false));
  test("is not for who is no party, as relatives", () => expect(waitsForReader(plans({ draft: plan(5, 1, { parties: [party("patient")] }) }))).toBe(false));
  test("is not where the reader may not", () => expect(waitsForReader(plans({ draft: plan(5, 1), mayApprove: false }))).toBe(false));
  test("is not for what all have approved", () => expect(waitsForReader(plans({ active }))).toBe(false));
  test("is not for limits without a text", () => expect(waitsForReader(plans({ draft: plan(1, 1, { fields: [] }) }))).toBe(false));
});

test("a plan without texts and limits is empty, and one with a text beside is not", () => {
  const bare = plan(1, 0);
  const none = { ...bare, fields: bare.fields.map((f) => ({ ...f, text: " " })) };
  expect(isEmpty(null)).toBe(true);
  expect(isEmpty(none)).toBe(true);
  expect(isEmpty({ ...none, fields: none.fields.map((f) => ({ ...f, beside: [{ id: "b", text: "Ein", by: "", byRole: "", at: 0 }] })) })).toBe(false);
  expect(isEmpty(active)).toBe(false);
});

test("the reader's own party stands last", () => {
  expect(partiesOf(plan(1, 1, { parties: [party("nurse", { mine: true }), party("patient"), party("gp")] })).map((p) => p.role)).toEqual(["patient", "gp", "nurse"]);
});
