// States of the page of questionnaires, for who treats.

import type { Form, FormList, Questionnaire, QuestionnaireList } from "../../src/gen/api";
import { never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const now = Date.UTC(2026, 10, 23, 9, 12);
const day = 86_400_000; // ms
const options = [
  { code: "0", text: "Ikkje i det heile" }, { code: "1", text: "Nokre dagar" }, { code: "2", text: "Meir enn halvparten av dagane" }, { code: "3", text: "Nesten kvar dag" },
];
const items = ["Lite interesse for eller glede av å gjere ting", "Følt deg nedfor, deprimert eller full av håpløyse", "Vanskar med å sovne, sove samanhengande eller sove for mykje"]
  .map((text, i) => ({ id: `${i + 1}`, prefix: `${i + 1}.`, type: "choice" as const, text, required: true, options, least: 0, most: 0, maxLength: 0 }));
const phq: Questionnaire = { id: "phq-9", version: "1", title: "PHQ-9", copyright: "Pfizer Inc. Kan brukast fritt.", items };
const who: Questionnaire = { ...phq, id: "who-5", title: "WHO-5 trivselsindeks", items: [] };
const form = (id: string, ago: number, codes: string, value: number, band: "mild" | "moderate", with_: Partial<Form> = {}): Form => ({
  id, version: 1, questionnaire: "phq-9", edition: "1", status: "completed", madeAt: now - ago * day, changedAt: now - ago * day, completedAt: now - ago * day, consultation: "", askedBy: "Tuva Ask",
  askedRole: "specialist", dueAt: 0, author: "Jostein Lønn", authorRole: "patient", as: "self", answers: [...codes].map((code, i) => ({ item: `${i + 1}`, code, number: null, text: "" })),
  score: { kind: "phq-9", value, band, missing: [] }, alarm: false, reason: "", help: [], ...with_,
});
const all: Form[] = [
  { ...form("f5", 2, "", 0, "mild"), status: "asked", completedAt: 0, dueAt: now + 9 * day, author: "", authorRole: "", as: "", score: null },
  form("f4", 14, "112", 8, "mild", { alarm: true }),
  form("f3", 42, "233", 14, "moderate", { as: "interview", author: "Mari Bjørk", authorRole: "nurse" }),
  form("f2", 70, "333", 14, "moderate", { status: "entered-in-error" }),
  form("f1", 98, "22", 0, "moderate", { score: { kind: "phq-9", value: 0, band: "", missing: ["3"] }, status: "amended" }),
];
const list: QuestionnaireList = { items: [phq, who] };
const tuva = (forms: FormList, more: Answers = {}, with_: Partial<HouseState> = {}): HouseState => ({
  path: "/patients/jostein/forms", session: { ...signedIn("specialist"), may: [...signedIn("specialist").may, "questionnaire.read", "questionnaire.ask"] }, now,
  answers: { "GET /questionnaires": list, "GET /patients/{id}/forms": forms, "POST /patients/{id}/forms/ask": all[0]!, ...more }, ...with_,
});

export const formsStates: Readonly<Record<string, HouseState>> = {
  forms: tuva({ items: all }),
  "forms-en": tuva({ items: all }, {}, { language: "en" }),
  "forms-answers": tuva({ items: all }),
  "forms-none": tuva({ items: [] }),
  "forms-asking": tuva({ items: all }),
  "forms-asked": tuva({ items: all }),
  "forms-loading": tuva({ items: all }, { "GET /patients/{id}/forms": never }),
  "forms-refused": tuva({ items: all }, { "GET /patients/{id}/forms": problem("refused", { rule: "questionnaire.read", organisation: "Fjordvik kommune", phone: "12345678" }) }),
};

export const formsPresses: Readonly<Record<string, readonly string[]>> = {
  "forms-answers": ["form-answers"],
  "forms-asking": ["form-ask"],
  "forms-asked": ["form-ask", "form-send"],
};
