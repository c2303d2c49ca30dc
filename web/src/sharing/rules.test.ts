import { describe, expect, test } from "vitest";
import { decided, items, relatives, shown } from "./rules";

describe("who sees what", () => {
  test("without a decision relatives see all but questionnaires, and others all", () => {
    expect(items.filter((item) => !shown([], item, relatives))).toEqual(["survey"]);
    expect(items.filter((item) => !shown([], item, "fjordvik"))).toEqual([]);
  });

  test("what is decided holds for that party alone", () => {
    const rules = decided([], "plan", "fjordvik", false);
    expect(rules).toEqual([{ item: "plan", party: "fjordvik", shown: false }]);
    expect(shown(rules, "plan", "fjordvik")).toBe(false);
    expect(shown(rules, "plan", relatives)).toBe(true);
  });

  test("what is usual again needs no rule", () => {
    const open = decided([], "survey", relatives, true);
    expect(open).toEqual([{ item: "survey", party: relatives, shown: true }]);
    expect(decided(open, "survey", relatives, false)).toEqual([]);
  });

  test("what was said of a single kind stays", () => {
    const kind = { item: "glucose", party: relatives, shown: false };
    expect(decided([kind], "laboratory", relatives, false)).toEqual([kind, { item: "laboratory", party: relatives, shown: false }]);
  });
});
