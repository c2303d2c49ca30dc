import { describe, expect, test } from "vitest";
import type { ChangeLimit, KindLimit, KindLimits, MeasuredComponent, MeasuredKind } from "../gen/api";
import { planWords } from "./i18n/words";
import { alike, limitable, numberOf, read, says, sentence, typedOf, withKind, type Typed } from "./limits";

const component = (with_: Partial<MeasuredComponent>): MeasuredComponent => ({ id: "", unit: "kg", least: 0.3, most: 500, decimals: 1, options: [], words: { nn: "", nb: "", en: "" }, ...with_ });
const kind = (id: string, ...components: MeasuredComponent[]): MeasuredKind => ({ id, loinc: "", category: "vital-signs", from: "", words: { nn: id, nb: id, en: id }, components });
const pressure = kind(
  "blood-pressure",
  component({ id: "systolic", unit: "mm[Hg]", least: 30, most: 300, decimals: 0, words: { nn: "Overtrykk", nb: "Overtrykk", en: "Systolic" } }),
  component({ id: "diastolic", unit: "mm[Hg]", least: 10, most: 200, decimals: 0, words: { nn: "Undertrykk", nb: "Undertrykk", en: "Diastolic" } }),
);
const weight = kind("weight", component({}));
const never: ChangeLimit = { days: 0, yellow: 0, red: 0 };
const limit = (yellowLow: number | null, greenLow: number | null, greenHigh: number | null, yellowHigh: number | null): KindLimit => ({ yellowLow, greenLow, greenHigh, yellowHigh });
const of = (k: MeasuredKind, limits: KindLimit[], rise = never, fall = never): KindLimits => ({ kind: k.id, limits, rise, fall });
const nn = planWords.nn.limits;

describe("limits as a sentence", () => {
  const said = (k: MeasuredKind, ...rest: [KindLimit[], ChangeLimit?, ChangeLimit?]): string => sentence(nn, k, of(k, ...rest), "nn").replaceAll("\u00a0", " ");
  test("of two numbers stand as people say them", () => expect(said(pressure, [limit(null, 110, 145, 160), limit(null, 65, 85, 95)])).toBe("Grøn 110–145 over 65–85, gul til 160/95, raud over; gul under"));
  test("open below, as drawn", () => expect(said(pressure, [limit(null, null, 145, 160), limit(null, null, 85, 95)])).toBe("Grøn til 145/85, gul til 160/95, raud over"));
  test("to both sides", () => expect(said(weight, [limit(68, 70, 75, 77.5)])).toBe("Grøn 70–75, gul til 77,5, raud over; gul ned til 68, raud under"));
  test("downwards alone, as oxygen", () => expect(said(weight, [limit(88, 92, null, null)])).toBe("Grøn frå 92, gul ned til 88, raud under"));
  test("without red", () => expect(said(weight, [limit(null, null, 38.5, null)])).toBe("Grøn til 38,5, gul over"));
  test("without yellow", () => expect(said(weight, [limit(null, null, 38.5, 38.5)])).toBe("Grøn til 38,5, raud over"));
  test("of two numbers that are limited otherwise, by name", () => {
    expect(said(pressure, [limit(null, null, 145, 160), limit(null, null, 85, null)])).toBe("Overtrykk: grøn til 145, gul til 160, raud over; Undertrykk: grøn til 85, gul over");
    expect(said(pressure, [limit(null, null, 145, null), limit(null, null, null, null)])).toBe("Overtrykk: grøn til 145, gul over");
  });
  test("changes within days", () => {
    expect(said(weight, [limit(null, null, null, null)], { days: 3, yellow: 1.5, red: 2.5 })).toBe("Opp 1,5 kg på 3 dagar: gul, raud ved 2,5 kg");
    expect(said(weight, [limit(null, null, 75, null)], never, { days: 1, yellow: 0, red: 2 })).toBe("Grøn til 75, gul over; ned 2 kg på ein dag: raud");
  });
  test("none", () => expect(said(weight, [limit(null, null, null, null)])).toBe("Ingen grenser"));
  test("in every language", () => {
    const both = of(pressure, [limit(null, null, 145, 160), limit(null, null, 85, 95)]);
    expect(sentence(planWords.nb.limits, pressure, both, "nb")).toBe("Grønn til 145/85, gul til 160/95, rød over");
    expect(sentence(planWords.en.limits, weight, of(weight, [limit(null, null, 38.5, null)]), "en")).toBe("Green up to 38.5, yellow above");
  });
});

describe("the editor", () => {
  const blank = typedOf(weight, undefined, "nn");
  const typed = (l: Partial<Typed["limits"][0]>, rise: Partial<Typed["rise"]> = {}): Typed => ({ ...blank, limits: [{ ...blank.limits[0]!, ...l }], rise: { ...blank.rise, ...rise } });
  const broken = (t: Typed): object => {
    const found = read(weight, t);
    return "broken" in found ? found.broken : {};
  };
  test("gives back what it was given", () => {
    const before = of(pressure, [limit(90, 110, 145, 160), limit(null, 65, 85, 95)], { days: 3, yellow: 20, red: 0 });
    expect(read(pressure, typedOf(pressure, before, "nn"))).toEqual({ limits: before });
    expect(typedOf(weight, of(weight, [limit(null, null, 38.5, null)]), "nn").limits[0]?.greenHigh).toBe("38,5");
  });
  test("takes comma and point", () => {
    expect(numberOf(" 38,5 ")).toBe(38.5);
    expect(numberOf("38.5")).toBe(38.5);
    expect(numberOf("")).toBeNull();
    expect(numberOf("-3")).toBeNaN();
    expect(numberOf("1e3")).toBeNaN();
  });
  test.each([
    ["no number", typed({ greenHigh: "mykje" }), { "greenHigh.0": "number" }],
    ["out of what can be", typed({ greenHigh: "501" }), { "greenHigh.0": "range" }],
    ["too many decimals", typed({ greenHigh: "75,25" }), { "greenHigh.0": "decimals" }],
    ["falling", typed({ greenLow: "75", greenHigh: "70" }), { "greenHigh.0": "order" }],
    ["yellow under green", typed({ greenHigh: "75", yellowHigh: "70" }), { "yellowHigh.0": "order" }],
    ["yellow without green", typed({ yellowHigh: "75" }), { "greenHigh.0": "green" }],
    ["yellow below without green", typed({ yellowLow: "60" }), { "greenLow.0": "green" }],
    ["a change without days", typed({}, { yellow: "2" }), { "rise.days": "days" }],
    ["too many days", typed({}, { yellow: "2", days: "366" }), { "rise.days": "days" }],
    ["half a day", typed({}, { yellow: "2", days: "1,5" }), { "rise.days": "days" }],
    ["days without a change", typed({}, { days: "3" }), { "rise.yellow": "amount" }],
    ["red for less than yellow", typed({}, { days: "3", yellow: "2", red: "1" }), { "rise.red": "red" }],
    ["no change at all", typed({}, { days: "3", yellow: "0" }), { "rise.yellow": "amount" }],
  ])("refuses %s, and names the field", (_name, t, want) => expect(broken(t)).toEqual(want));
  test("has words for every rule in every language", () => {
    for (const w of Object.values(planWords)) for (const say of Object.values(w.rules)) expect(say("1", "9", 1)).not.toBe("");
  });
});

test("one kind is changed, and the others stay", () => {
  const a = of(weight, [limit(null, null, 75, null)]);
  const b = of(pressure, [limit(null, null, 145, null), limit(null, null, 85, null)]);
  expect(withKind([a], b)).toEqual([a, b]);
  expect(withKind([a, b], of(weight, [limit(null, null, 76, null)]))[0]?.limits[0]?.greenHigh).toBe(76);
  expect(withKind([a, b], of(weight, [limit(null, null, null, null)]))).toEqual([b]);
});

test("two say the same whatever says nothing", () => {
  const none = of(weight, [limit(null, null, null, null)]);
  expect(alike(undefined, none)).toBe(true);
  expect(says(none)).toBe(false);
  expect(alike(of(weight, [limit(null, null, 75, null)]), of(weight, [limit(null, null, 75, null)]))).toBe(true);
  expect(alike(of(weight, [limit(null, null, 75, null)]), of(weight, [limit(null, null, 75, null)], { days: 1, yellow: 1, red: 0 }))).toBe(false);
});

test("limits are for what is a number", () => {
  const words = kind("consciousness", component({ options: [{ nn: "Vaken", nb: "Våken", en: "Alert" }] }));
  expect(limitable([weight, words]).map((k) => k.id)).toEqual(["weight"]);
});
