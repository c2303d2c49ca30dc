// The states of a patient's own plan: on its page, for patient and clinicians, and in the call's panel.

import type { KindLimits, MeasuredKind, PatientPlan, PatientPlans, PlanApproval, PlanField } from "../../src/gen/api";
import type { Session } from "../../src/house/wire";
import type { FieldName } from "../../src/plan/fields";
import type { Holder } from "../../src/plan/holds";
import { at } from "../fixtures";
import { inTurn, never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const day = 86_400_000; // ms
const words = (nn: string, nb = nn, en = nn) => ({ nn, nb, en });
const noWords = words("");
const kinds: MeasuredKind[] = [
  {
    id: "blood-pressure", loinc: "85354-9", category: "vital-signs", from: "", words: words("Blodtrykk", "Blodtrykk", "Blood pressure"),
    components: [
      { id: "systolic", unit: "mm[Hg]", least: 30, most: 300, decimals: 0, options: [], words: words("Overtrykk", "Overtrykk", "Systolic") },
      { id: "diastolic", unit: "mm[Hg]", least: 10, most: 200, decimals: 0, options: [], words: words("Undertrykk", "Undertrykk", "Diastolic") },
    ],
  },
  { id: "glucose", loinc: "14743-9", category: "laboratory", from: "", words: words("Blodsukker", "Blodsukker", "Blood sugar"), components: [{ id: "", unit: "mmol/L", least: 0.5, most: 60, decimals: 1, options: [], words: noWords }] },
  { id: "weight", loinc: "29463-7", category: "vital-signs", from: "", words: words("Vekt", "Vekt", "Weight"), components: [{ id: "", unit: "kg", least: 0.3, most: 500, decimals: 1, options: [], words: noWords }] },
  { id: "temperature", loinc: "8310-5", category: "vital-signs", from: "", words: words("Temperatur", "Temperatur", "Temperature"), components: [{ id: "", unit: "Cel", least: 20, most: 45, decimals: 1, options: [], words: noWords }] },
];

const never0 = { days: 0, yellow: 0, red: 0 };
const limit = (yellowLow: number | null, greenLow: number | null, greenHigh: number | null, yellowHigh: number | null) => ({ yellowLow, greenLow, greenHigh, yellowHigh });
const limits: KindLimits[] = [
  { kind: "blood-pressure", limits: [limit(null, null, 145, 160), limit(null, null, 85, 95)], rise: never0, fall: never0 },
  { kind: "glucose", limits: [limit(3.5, 4, 10, 15)], rise: never0, fall: never0 },
  { kind: "weight", limits: [limit(null, null, null, null)], rise: { days: 3, yellow: 1.5, red: 2.5 }, fall: never0 },
];

const texts: Readonly<Record<FieldName, string>> = {
  matters: "Å gå til postkassa sjølv, og å kome meg på sjøen til sommaren.",
  green: "Bandasje kvar tredje dag. Blodsukker før frukost. Ein tur ut kvar dag.",
  yellow: "Meir væske, lukt eller smerte, eller blodtrykk over 145/85: ring heimetenesta same dag, 12 34 56 78.",
  red: "Feber over 38,5, raud strek oppover leggen, eller blodsukker over 15: ring legevakta på 116 117.",
};
const field = (name: FieldName, with_: Partial<PlanField> = {}): PlanField => ({ field: name, text: texts[name], revision: 2, by: "Mari Bjørk", byRole: "nurse", at: at(10, 5), beside: [], ...with_ });
const fields = (change: Partial<Record<FieldName, Partial<PlanField>>> = {}): PlanField[] => (["matters", "green", "yellow", "red"] as const).map((name) => field(name, change[name]));

const party = (role: string, organisationName: string, by: string, hour: number, minute: number): PlanApproval => ({ role, organisationName, by, at: by === "" ? 0 : at(hour, minute), mine: false });
const patient = party("patient", "", "Olav Eik", 10, 10);
const nurse = party("nurse", "Fjordvik kommune", "Mari Bjørk", 10, 9);
const gp = party("gp", "Fjordvik legekontor", "", 0, 0);
const specialist = party("specialist", "Fjord sjukehus", "", 0, 0);
const parties = (mine: string): PlanApproval[] => [patient, nurse, gp, specialist].map((p) => ({ ...p, mine: p.role === mine }));
const whole = (mine: string, ago = 0): PlanApproval[] =>
  [patient, nurse, { ...gp, by: "Per Selje" }, { ...specialist, by: "Tuva Ask" }].map((p) => ({ ...p, at: at(10, 11) - ago, mine: p.role === mine }));

const plan = (with_: Partial<PatientPlan> = {}): PatientPlan => ({
  version: 5, revision: 9, state: "draft", fields: fields(), limits, parties: parties("specialist"), madeAt: at(10, 0), madeBy: "Mari Bjørk", madeByRole: "nurse", ...with_,
});
const before = plan({
  version: 4, state: "active", parties: whole("specialist", 60 * day), madeAt: at(10, 0) - 61 * day, limits: [{ ...limits[0]!, limits: [limit(null, null, 150, 170), limit(null, null, 90, 100)] }],
  fields: fields({
    matters: { text: "Å gå til postkassa sjølv.", at: at(9, 0) - 61 * day },
    green: { text: "Bandasje kvar dag. Blodsukker før frukost.", at: at(9, 0) - 61 * day },
    yellow: { text: "Meir væske eller smerte: ring heimetenesta same dag, 12 34 56 78.", at: at(9, 0) - 61 * day },
    red: { at: at(9, 0) - 61 * day },
  }),
});
const first = { ...before, version: 3, state: "revoked" as const, limits: [], fields: before.fields.map((f) => (f.field === "matters" ? { ...f, text: "", revision: 0 } : f)) };
const plans = (with_: Partial<PatientPlans> = {}): PatientPlans => ({ draft: plan(), active: before, earlier: [first], mayWrite: true, mayApprove: true, maySetLimits: true, now: at(10, 12), ...with_ });
const waits = plans({ draft: plan({ parties: parties("patient").map((p) => (p.mine ? { ...p, by: "", at: 0 } : p)) }), maySetLimits: false });
const approved = plans({ draft: null, active: plan({ state: "active", parties: whole("patient") }), earlier: [{ ...before, state: "revoked" }, first], maySetLimits: false });
const empty = plans({ draft: null, active: null, earlier: [], maySetLimits: false });
const late = plans({ draft: plan({ fields: fields({ yellow: { beside: [{ id: "b1", text: "Ring òg om du blir tung i pusten.", by: "Tuva Ask", byRole: "specialist", at: at(10, 11) }] } }) }) });

const answers = (read: PatientPlans, more: Answers = {}): Answers => ({ "GET /kinds": { items: kinds }, "GET /patients/{id}/plan": read, ...more });
const olav: Session = { ...signedIn("nurse"), handle: "h1", person: { id: "olav", name: "Olav Eik" }, act: { assignment: "", organisation: "", organisationName: "", unit: "", role: "patient", title: "Pasient" }, acts: [], may: ["plan.read", "plan.write", "plan.approve"] };
const ragna: Session = { ...olav, person: { id: "ragna", name: "Ragna Eik" }, act: { ...olav.act!, role: "relative", title: "Dotter" }, may: ["plan.read", "plan.write"] };
const own = (read: PatientPlans, more: Answers = {}, with_: Partial<HouseState> = {}): HouseState => ({ path: "/plan", session: olav, now: at(10, 12), answers: answers(read, more), ...with_ });
const clinician = (read: PatientPlans, more: Answers = {}, with_: Partial<HouseState> = {}): HouseState => ({ path: "/patients/olav/plan", session: signedIn("specialist"), now: at(10, 12), answers: answers(read, more), ...with_ });
const keeps = (read: PatientPlans): Answers => ({ "PUT /patients/{id}/plan/fields/{field}": read.draft ?? read.active! });

export const planStates: Readonly<Record<string, HouseState>> = {
  plan: own(waits),
  "plan-en": own(waits, {}, { language: "en" }),
  "plan-approved": own(approved),
  "plan-approve-changed": own(waits, { "POST /patients/{id}/plan/approval": problem("changed") }),
  "plan-approve-offline": own(waits, { "POST /patients/{id}/plan/approval": problem("internal") }),
  "plan-empty": own(empty),
  "plan-empty-writing": own(empty),
  "plan-empty-read": own({ ...empty, mayWrite: false, mayApprove: false }),
  "plan-loading": own(waits, { "GET /patients/{id}/plan": never }),
  "plan-failed": own(waits, { "GET /patients/{id}/plan": problem("internal") }),
  "plan-refused": clinician(waits, { "GET /patients/{id}/plan": problem("refused", { rule: "plan.read", organisation: "Fjordvik kommune", phone: "12345678" }) }),
  "plan-relative": own({ ...waits, mayApprove: false, draft: plan({ parties: parties("") }) }, {}, { session: ragna, path: "/plan?patient=olav" }),
  "plan-relative-nobody": own(waits, {}, { session: ragna }),
  "plan-writing": own(waits, keeps(waits)),
  "plan-late": own({ ...late, maySetLimits: false }, keeps(late)),
  "plan-clinician": clinician(plans()),
  "plan-clinician-writing": clinician(plans()),
  "plan-new-draft": clinician(plans({ draft: null })),
  "plan-limits": clinician(plans()),
  "plan-limits-wrong": clinician(plans({ draft: plan({ limits: [{ ...limits[0]!, limits: [limit(null, null, 145, 120), limit(null, null, 85, 95)] }] }) })),
  "plan-limits-add": clinician(plans()),
  "plan-limits-changed": clinician(plans(), {
    "GET /patients/{id}/plan": inTurn(plans(), plans({ draft: plan({ revision: 10, limits: [{ ...limits[0]!, limits: [limit(null, null, 140, 160), limit(null, null, 85, 95)] }] }) })),
    "PUT /patients/{id}/plan/limits": problem("changed"),
  }),
  "plan-versions": clinician(plans()),
  "plan-version": clinician(plans()),
};

export const planPresses: Readonly<Record<string, readonly string[]>> = {
  "plan-approve-changed": ["plan-approve"],
  "plan-approve-offline": ["plan-approve"],
  "plan-empty-writing": ["plan-edit"],
  "plan-writing": ["plan-edit"],
  "plan-late": ["plan-edit"],
  "plan-clinician-writing": ["plan-edit"],
  "plan-new-draft": ["plan-edit"],
  "plan-limits": ["plan-edit", "plan-limits-blood-pressure"],
  "plan-limits-wrong": ["plan-edit", "plan-limits-blood-pressure", "plan-limits-keep"],
  "plan-limits-add": ["plan-edit", "plan-limits-add"],
  "plan-limits-changed": ["plan-edit", "plan-limits-blood-pressure", "plan-limits-keep"],
  "plan-versions": ["plan-versions"],
  "plan-version": ["plan-versions", "plan-version-5"],
};

/** A state of the tab in the call's panel. */
export interface TabState {
  readonly state: HouseState;
  readonly holders?: readonly Holder[];
  /** There is no network from the start: what was kept in the tab is all that one writes. */
  readonly kept?: Readonly<Partial<Record<FieldName, string>>>;
  readonly mine?: boolean;
  readonly dense?: boolean;
}

const mari = (name: FieldName, ago: number): Holder => ({ participant: "mari", name: "Mari Bjørk", field: name, at: at(10, 12) - ago });
const offline = { ...keeps(late), "PUT /patients/{id}/plan/fields/{field}": problem("internal") };

export const tabStates: Readonly<Record<string, TabState>> = {
  "tab-plan": { state: clinician(plans()) },
  "tab-plan-approved": { state: clinician(plans({ draft: null, active: plan({ state: "active", parties: whole("specialist") }) })) },
  "tab-plan-empty": { state: clinician(empty) },
  "tab-plan-two": { state: clinician(plans()), holders: [mari("yellow", 2_000)] },
  "tab-plan-silent": { state: clinician(plans()), holders: [mari("yellow", 31_000)] },
  "tab-plan-late": { state: clinician(late) },
  "tab-plan-offline": { state: clinician(plans(), offline), kept: { green: "Bandasje kvar tredje dag. Blodsukker før frukost og før kvelds." } },
  "tab-plan-too-long": { state: clinician(plans(), offline), kept: { green: "Ein tur ut kvar dag. ".repeat(97) } },
  "tab-plan-refused": { state: clinician(plans(), { "GET /patients/{id}/plan": problem("refused") }) },
  "tab-plan-refused-text": { state: clinician(plans(), { "PUT /patients/{id}/plan/fields/{field}": problem("refused") }), kept: { green: "Bandasje kvar tredje dag, og ein lang tur." } },
  "tab-plan-limits": { state: clinician(plans()) },
  "tab-plan-nurse": { state: clinician(waits), dense: false },
  "tab-plan-patient": { state: own(waits), mine: true, dense: false },
};

export const tabPresses: Readonly<Record<string, readonly string[]>> = {
  "tab-plan-two": ["plan-edit"],
  "tab-plan-silent": ["plan-edit"],
  "tab-plan-late": ["plan-edit"],
  "tab-plan-offline": ["plan-edit"],
  "tab-plan-too-long": ["plan-edit"],
  "tab-plan-refused-text": ["plan-edit"],
  "tab-plan-limits": ["plan-edit", "plan-limits-blood-pressure"],
};
