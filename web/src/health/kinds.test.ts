import { describe, expect, test } from "vitest";
import { changeOf, codeOf, entryOrder, number, unitText, valueText, whole } from "./kinds";
import { kinds, kind } from "./testing";

describe("numbers as they are written", () => {
  test("Norwegian has a comma, English a point", () => {
    expect(number(16.2, 1, "nn")).toBe("16,2");
    expect(number(16.2, 1, "nb")).toBe("16,2");
    expect(number(16.2, 1, "en")).toBe("16.2");
  });
  test("as many decimals as the kind has, and never fewer than the number", () => {
    expect(number(15, 1, "nn")).toBe("15,0");
    expect(number(94, 0, "nn")).toBe("94");
    expect(number(36.65, 1, "nn")).toBe("36,65");
  });
  test("a minus is a minus", () => expect(number(-0.6, 1, "nn")).toBe("\u22120,6"));
});

describe("values", () => {
  test("two numbers stand on both sides of a stroke, with one unit", () => {
    expect(valueText(kind("blood-pressure"), [148, 86], "nn")).toBe("148/86");
    expect(whole(kind("blood-pressure"), [148, 86], "nn")).toBe("148/86\u00a0mmHg");
  });
  test("units are written as people write them", () => {
    expect(unitText(kind("temperature"))).toBe("°C");
    expect(unitText(kind("heart-rate"))).toBe("/min");
    expect(unitText(kind("pain"))).toBe("");
  });
  test("what is chosen among words is words", () => {
    expect(valueText(kind("consciousness"), [0], "nn")).toBe("Vaken");
    expect(unitText(kind("consciousness"))).toBe("");
  });
  test("every kind that is measured has its code", () => {
    for (const k of kinds) if (k.id !== "who-5") expect(codeOf(k.id), k.id).toMatch(/^\d+-\d$/);
  });
});

describe("change since last", () => {
  const bp = kind("blood-pressure");
  test("both up", () => expect(changeOf(bp, [148, 86], [142, 82], "nn")).toEqual({ way: "up", text: "6/4" }));
  test("both down", () => expect(changeOf(bp, [140, 80], [142, 82], "nn")).toEqual({ way: "down", text: "2/2" }));
  test("one up and one down", () => expect(changeOf(bp, [148, 80], [142, 82], "nn")).toEqual({ way: "both", text: "+6/\u22122" }));
  test("the same", () => expect(changeOf(bp, [148, 80], [148, 80], "nn")?.way).toBe("same"));
  test("no dust of floating point", () => expect(changeOf(kind("weight"), [72.1], [71.9], "nn")).toEqual({ way: "up", text: "0,2" }));
  test("words have no change", () => expect(changeOf(kind("consciousness"), [1], [0], "nn")).toBeNull());
});

test("the entry's buttons: what matters for the patient in the order of a visit, nothing that is calculated", () => {
  const order = entryOrder(kinds, ["weight", "glucose", "blood-pressure"]).map((k) => k.id);
  expect(order.slice(0, 4)).toEqual(["blood-pressure", "weight", "glucose", "heart-rate"]);
  expect(order).not.toContain("phq-9");
  expect(order).not.toContain("wound-area");
});
