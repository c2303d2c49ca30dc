import { expect, test } from "vitest";
import type { MeasuredKind } from "../gen/api";
import { mineWords } from "./i18n/words";
import { courseText } from "./said";

const none = { nn: "", nb: "", en: "" };
const kind = (id: string, unit: string, decimals: number): MeasuredKind => ({
  id, loinc: "", category: "vital-signs", from: "", words: { nn: "Vekt", nb: "Vekt", en: "Weight" }, components: [{ id: "", unit, least: 0, most: 500, decimals, options: [], words: none }],
});
const weight = kind("weight", "kg", 1);
const day = 86_400_000;
const at = (days: number, v: number) => ({ at: 1_795_000_000_000 - days * day, values: [v], colour: "" as const });
const says = (...points: ReturnType<typeof at>[]) => courseText(mineWords.nn, weight, points, "nn");

test.each([
  [[at(14, 73), at(7, 73.5), at(0, 74.2)], "Vekta har gått opp 1,2\u00a0kg på to veker."],
  [[at(28, 80), at(0, 78.5)], "Vekta har gått ned 1,5\u00a0kg på ein månad."],
  [[at(15, 74.1), at(0, 74.1)], "Vekta er som før på to veker."],
  [[at(7, 74), at(0, 74.1)], "Vekta har gått opp 0,1\u00a0kg på ei veke."],
  [[at(3, 74), at(0, 73)], "Vekta har gått ned 1,0\u00a0kg sidan sist."],
  [[at(200, 74), at(0, 73)], "Vekta har gått ned 1,0\u00a0kg sidan sist."],
  [[at(0, 73)], ""],
  [[], ""],
])("the course of %j is said as it is", (points, want) => {
  expect(says(...points)).toBe(want);
});

test("a kind that is chosen from words has no course", () => {
  const words = { ...weight, components: [{ ...weight.components[0]!, options: [{ nn: "Vaken", nb: "Våken", en: "Awake" }] }] };
  expect(courseText(mineWords.nb, words, [at(14, 0), at(0, 1)], "nb")).toBe("");
});
