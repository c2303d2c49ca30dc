import { describe, expect, test } from "vitest";
import { healthWords } from "./i18n/words";
import { limitsText, plainZone, zoneSaid } from "./said";
import { bloodPressureLimits, kind, limits, noon } from "./testing";
import { zoneOf } from "./zone";

const w = healthWords.nn;
const day = 86_400_000;
const bp = kind("blood-pressure");
const of = (systolic: number, diastolic: number) => zoneOf(bp, bloodPressureLimits, [systolic, diastolic], noon, []);

describe("zones of a blood pressure by the patient's limits", () => {
  test.each([
    [110, 65, "Grøn"],
    [145, 85, "Grøn"], // on a limit is within it
    [146, 86, "Gul: over 145/85"],
    [146, 80, "Gul: overtrykk over 145"],
    [120, 64, "Gul: undertrykk under 65"],
    [109, 64, "Gul: under 110/65"],
    [146, 60, "Gul: overtrykk over 145, undertrykk under 65"],
    [180, 110, "Gul: over 145/85"],
    [181, 86, "Raud: overtrykk over 180"], // the worse colour counts, with what has it
    [89, 49, "Raud: under 90/50"],
  ])("%d/%d is %s", (systolic, diastolic, said) => expect(zoneSaid(w, bp, of(systolic, diastolic))).toBe(said));

  test("one number alone is judged already while the other is typed", () => {
    expect(zoneSaid(w, bp, zoneOf(bp, bloodPressureLimits, [150], noon, []))).toBe("Gul: overtrykk over 145");
  });
  test("no limit, no zone", () => {
    expect(zoneSaid(w, bp, zoneOf(bp, undefined, [300, 200], noon, []))).toBe("");
  });
});

describe("what changes over days", () => {
  const weight = kind("weight");
  const loss = { ...limits("weight", { greenLow: null, greenHigh: null, yellowLow: null, yellowHigh: null }), fall: { days: 30, yellow: 1.5, red: 4 } };
  const before = (days: number, v: number) => [{ at: noon - days * day, values: [v], colour: "" as const }];
  test("a fall within the days is told with how much", () => {
    expect(zoneSaid(w, weight, zoneOf(weight, loss, [71.2], noon, before(20, 73)))).toBe("Gul: ned 1,8\u00a0kg");
    expect(zoneOf(weight, loss, [69], noon, before(20, 73)).colour).toBe("red");
  });
  test("just under the limit is green, on it is yellow", () => {
    expect(zoneOf(weight, loss, [71.6], noon, before(20, 73)).colour).toBe("green");
    expect(zoneOf(weight, loss, [71.5], noon, before(20, 73)).colour).toBe("yellow");
  });
  test("what fell before the days counts no more", () => {
    expect(zoneOf(weight, loss, [71.2], noon, before(31, 73)).colour).toBe("green");
  });
});

test("a patient reads it in plain words", () => {
  expect(plainZone(w, of(120, 70))).toBe("Som vanleg");
  expect(plainZone(w, of(146, 86))).toBe("Litt høgare enn vanleg");
  expect(plainZone(w, of(146, 60))).toBe("Litt utanfor det vanlege");
  expect(plainZone(w, of(89, 49))).toBe("Mykje lågare enn vanleg");
  expect(plainZone(w, { colour: "", crossed: [] })).toBe("");
});

test("the limits in words", () => {
  expect(limitsText(w, bp, bloodPressureLimits)).toBe("110–145 over 65–85");
  expect(limitsText(w, kind("oxygen-saturation"), limits("oxygen-saturation", { greenLow: 92, greenHigh: null, yellowLow: null, yellowHigh: null }))).toBe("minst 92");
  expect(limitsText(w, kind("glucose"), null)).toBe("");
});
