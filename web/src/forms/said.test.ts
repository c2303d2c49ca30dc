import { describe, expect, test } from "vitest";
import type { Form, QuestionnaireItem } from "../gen/api";
import { answerText, formBefore, isAnswered } from "./said";

const form = (id: string, completedAt: number, with_: Partial<Form> = {}): Form => ({
  id, version: 1, questionnaire: "phq-9", edition: "1", status: "completed", madeAt: 0, changedAt: completedAt, completedAt, consultation: "", askedBy: "", askedRole: "", dueAt: 0,
  author: "Jostein Lønn", authorRole: "patient", as: "self", answers: [], score: null, alarm: false, reason: "", help: [], ...with_,
});
const item = (with_: Partial<QuestionnaireItem>): QuestionnaireItem => ({ id: "1", prefix: "", type: "choice", text: "", required: true, options: [{ code: "a", text: "Fleire dagar" }], least: 0, most: 0, maxLength: 0, ...with_ });

describe("what was answered before", () => {
  test("is the latest of the same questionnaire that counts", () => {
    const [now, wrong, other, before, first] = [form("5", 50), form("4", 40, { status: "entered-in-error" }), form("3", 30, { questionnaire: "who-5" }), form("2", 20, { status: "amended" }), form("1", 10)];
    const all = [form("6", 0, { status: "in-progress" }), now, wrong, other, before, first];
    expect(formBefore(all, now)).toBe(before);
    expect(formBefore(all, first)).toBeUndefined();
    expect(all.filter(isAnswered).map((f) => f.id)).toEqual(["5", "4", "3", "2", "1"]);
  });
});

describe("an answer", () => {
  const answer = { item: "1", code: "", number: null, text: "" };
  test.each([
    ["is the option's words", item({}), { ...answer, code: "a" }, "Fleire dagar"],
    ["is its code where the option is gone", item({}), { ...answer, code: "b" }, "b"],
    ["is a number", item({ type: "integer" }), { ...answer, number: 0 }, "0"],
    ["is its own words", item({ type: "text" }), { ...answer, text: "Betre" }, "Betre"],
    ["is not there", item({ id: "2" }), { ...answer, code: "a" }, ""],
  ])("%s", (_, of, given, want) => expect(answerText(of, [given])).toBe(want));
});
