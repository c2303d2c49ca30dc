// The states of a patient's own pages: what is asked for, a form a question at a time, a value.

import type { AskedValue, Form, MeasuredKind, MeasurementPanel, Questionnaire } from "../../src/gen/api";
import type { Session } from "../../src/house/wire";
import { at } from "../fixtures";
import { never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const day = 86_400_000; // ms
const words = (nn: string, nb = nn, en = nn) => ({ nn, nb, en });
const kinds: MeasuredKind[] = [
  {
    id: "blood-pressure", loinc: "85354-9", category: "vital-signs", from: "", words: words("Blodtrykk", "Blodtrykk", "Blood pressure"),
    components: [
      { id: "systolic", unit: "mm[Hg]", least: 30, most: 300, decimals: 0, options: [], words: words("Overtrykk", "Overtrykk", "Systolic") },
      { id: "diastolic", unit: "mm[Hg]", least: 10, most: 200, decimals: 0, options: [], words: words("Undertrykk", "Undertrykk", "Diastolic") },
    ],
  },
  { id: "weight", loinc: "29463-7", category: "vital-signs", from: "", words: words("Vekt", "Vekt", "Weight"), components: [{ id: "", unit: "kg", least: 0.3, most: 500, decimals: 1, options: [], words: words("") }] },
];
const point = (ago: number, ...values: number[]) => ({ at: at(8, 10) - ago * day, values, colour: "" as const });
const measured = (kind: string, values: number[], ago: number, zone: MeasurementPanel["rows"][number]["latest"] extends infer M ? NonNullable<M> extends { zone: infer Z } ? Z : never : never) => ({
  id: `m-${kind}`, version: 1, kind, values, status: "final" as const, measuredAt: at(8, 10) - ago * day, receivedAt: at(8, 10) - ago * day, method: "device" as const, device: "Vekt", by: "Mari Bjørk", role: "nurse" as const,
  site: "", position: "", note: "", zone,
});
const recent = [point(21, 72.9), point(14, 73), point(7, 73.6), point(0, 74.2)];
const panel: MeasurementPanel = {
  rows: [
    { kind: "blood-pressure", latest: measured("blood-pressure", [148, 86], 1, { colour: "yellow", crossed: [{ component: "systolic", side: "over", limit: 145, by: 3, days: 0 }] }), before: null, recent: [point(15, 140, 82), point(1, 148, 86)] },
    { kind: "weight", latest: measured("weight", [74.2], 0, { colour: "green", crossed: [] }), before: null, recent },
  ],
  news2: null, limits: { version: 1, kinds: [], planVersion: 0, scaleTwo: false, setAt: at(8, 0), setBy: "Mari Bjørk", setRole: "nurse" }, mayMeasure: true, maySetLimits: false, hidden: false, now: at(9, 48),
};
const options = ["Ikkje i det heile", "Nokre dagar", "Meir enn halvparten av dagane", "Nesten kvar dag"].map((text, i) => ({ code: `c${i}`, text }));
const item = (id: string, text: string, alarm = false): Questionnaire["items"][number] => ({
  id, prefix: id, type: "choice", text, required: true, least: 0, most: 0, maxLength: 0, options: options.map((o, i) => (alarm && i > 0 ? { ...o, alarm: true } : o)),
});
const phq: Questionnaire = {
  id: "phq-9", version: "1", title: "PHQ-9", copyright: "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant from Pfizer Inc.",
  items: [
    { ...item("lead", "Kor ofte har du vore plaga av eitt eller fleire av desse problema dei siste to vekene?"), type: "display", options: [] },
    item("1", "Lita interesse for eller glede over å gjere ting"),
    item("2", "Kjent deg nedfor, deprimert eller fylt av håpløyse"),
    item("9", "Tankar om at det ville vere betre om du var død eller om å skade deg", true),
  ],
};
const answer = (id: string, code: string) => ({ item: id, code, number: null, text: "" });
const form = (with_: Partial<Form> = {}): Form => ({
  id: "f1", version: 1, questionnaire: "phq-9", edition: "1", status: "asked", madeAt: at(8, 0) - day, changedAt: at(8, 0) - day, completedAt: 0, consultation: "", askedBy: "Eli Osp", askedRole: "specialist",
  dueAt: at(10, 0) + day, author: "", authorRole: "", as: "", answers: [], score: null, alarm: false, reason: "", help: [], ...with_,
});
const asked = (kind: string, with_: Partial<AskedValue> = {}): AskedValue => ({
  id: `a-${kind}`, kind, consultation: "", askedAt: at(8, 0) - day, askedBy: "Mari Bjørk", askedRole: "nurse", dueAt: 0, status: "open", answeredAt: 0, withdrawnAt: 0, withdrawnBy: "", ...with_,
});
const help: Form["help"] = [{ id: "emergency", name: "", phone: "113" }, { id: "urgent-care", name: "", phone: "116117" }, { id: "own", name: "Heimetenesta aust", phone: "+4712345679" }];
const half = form({ status: "in-progress", version: 3, answers: [answer("1", "c1"), answer("2", "c0")] });
const whole = [...half.answers, answer("9", "c1")];
const grave = form({ status: "in-progress", version: 4, answers: whole, alarm: true, help });
const sent = form({ status: "completed", version: 5, answers: whole, alarm: true, help, completedAt: at(9, 40), score: { kind: "phq-9", value: 2, band: "minimal", missing: [] } });

const olav: Session = { ...signedIn("nurse"), handle: "h1", person: { id: "olav", name: "Olav Eik" }, act: { assignment: "", organisation: "", organisationName: "", unit: "", role: "patient", title: "Pasient" }, acts: [], may: ["plan.read", "questionnaire.answer"] };
const ragna: Session = { ...olav, person: { id: "ragna", name: "Ragna Eik" }, act: { ...olav.act!, role: "relative", title: "Dotter" } };
const answers = (forms: readonly Form[], values: readonly AskedValue[], more: Answers = {}): Answers => ({
  "GET /kinds": { items: kinds }, "GET /questionnaires": { items: [phq] }, "GET /patients/{id}/forms": { items: [...forms] }, "GET /patients/{id}/asked": { items: [...values], now: at(9, 48) },
  "GET /patients/{id}/measurements": panel, "PUT /patients/{id}/forms/{form}": grave,
  "GET /patients/{id}/measurements/{kind}/trend": { kind: "weight", from: at(9, 48) - 90 * day, until: at(9, 48), total: 4, points: recent, limits: null, set: panel.limits, first: at(8, 10) - 21 * day, week: [73.9], mean: [73.4], out: 0 },
  "GET /patients/{id}/measurements/{kind}/values": { items: [measured("weight", [74.2], 0, { colour: "green", crossed: [] })], next: "" },
  ...more,
});
const own = (path: string, a: Answers, with_: Partial<HouseState> = {}): HouseState => ({ path, session: olav, now: at(9, 48), answers: a, ...with_ });
const both = answers([form()], [asked("weight"), asked("blood-pressure", { status: "answered", answeredAt: at(9, 40) })]);

export const beforeStates: Readonly<Record<string, HouseState>> = {
  "own-mine": own("/mine", both),
  "own-mine-nothing": own("/mine", answers([sent], [])),
  "own-mine-en": own("/mine", both, { language: "en" }),
  "own-mine-relative": own("/mine?patient=olav", both, { session: ragna }),
  "own-mine-loading": own("/mine", answers([], [], { "GET /patients/{id}/forms": never })),
  "own-mine-failed": own("/mine", answers([], [], { "GET /patients/{id}/forms": problem("internal") })),
  "own-form": own("/mine/forms/f1", both),
  "own-form-unanswered": own("/mine/forms/f1", both),
  "own-form-grave": own("/mine/forms/f1", answers([half], [])),
  "own-form-offline": own("/mine/forms/f1", answers([half], [], { "PUT /patients/{id}/forms/{form}": problem("internal") })),
  "own-form-summary": own("/mine/forms/f1", answers([grave], [])),
  "own-form-sent": own("/mine/forms/f1", answers([sent], [])),
  "own-measure": own("/mine/measure/weight", both),
  "own-measure-pressure": own("/mine/measure/blood-pressure", both),
  "own-values": own("/mine/values/weight", both),
};

export const beforePresses: Readonly<Record<string, readonly string[]>> = {
  "own-form-unanswered": ["next"],
  "own-form-grave": ["option-1"],
  "own-form-offline": ["option-1"],
  "own-measure": ["pad-7", "pad-4", "pad-comma", "pad-2"],
};
