import { describe, expect, test } from "vitest";
import type { Key } from "../health/typed";
import { areaOf, asLast, blankDraft, contentOf, draftFrom, draftOf, faultsOf, intoField, isBlank, measuredOn, pressed, restAsLast, sizeOf, withPart, withSign, type Draft } from "./draft";
import { assessment } from "./testing";

const typed = (keys: string, d: Draft = blankDraft): Draft => [...keys].reduce((now, key) => pressed(now, key as Key), d);
const looked: Draft = { ...blankDraft, infection: [] };

describe("the numbers", () => {
  test("are typed in a row, length, width and depth", () => {
    const d = typed("3,62,50,3");
    expect([sizeOf(d, "length"), sizeOf(d, "width"), sizeOf(d, "depth")]).toEqual([3.6, 2.5, 0.3]);
  });

  test("give the area of the ellipse as they are typed", () => {
    expect(areaOf(typed("3,6"))).toBeNull();
    expect(areaOf(typed("3,62,5"))).toBe(7.1);
    expect(areaOf({ ...typed("3,62,5"), method: "length-width" })).toBe(9);
  });

  test("that can't be are told before they are sent", () => {
    expect(faultsOf({ ...typed("104"), infection: [] })?.size).toEqual({ field: 0, rule: "range" });
    expect(faultsOf({ ...typed("25", intoField(looked, 2)), infection: [] })?.size).toEqual({ field: 2, rule: "range" });
    expect(faultsOf({ ...typed("3,62,50,3"), infection: [] })).toBeNull();
  });

  test("measured on a photo go in with their method and their photo", () => {
    const d = measuredOn(looked, "p5", { length: 3.5619, width: 2.4771, area: 7.0511 });
    expect([sizeOf(d, "length"), sizeOf(d, "width"), areaOf(d)]).toEqual([3.6, 2.5, 7.1]);
    expect(contentOf(d, 5)).toMatchObject({ photo: "p5", area: 7.1, areaMethod: "traced" });
    const lines = measuredOn(looked, "p5", { length: 3.56, width: 2.48, area: null });
    expect(contentOf(lines, 5)).toMatchObject({ photo: "p5", length: 3.6, width: 2.5, area: null, areaMethod: "ellipse" });
  });
});

describe("tissue", () => {
  const sum = (t: object) => Object.values(t).reduce((a: number, b: number) => a + b, 0);

  test("begins with the part that is told, and the rest is granulation", () => {
    expect(withPart(null, "fibrin", 25)).toEqual({ granulation: 75, epithelium: 0, fibrin: 25, necrosis: 0 });
    expect(withPart(null, "granulation", 60)).toEqual({ granulation: 60, epithelium: 40, fibrin: 0, necrosis: 0 });
  });

  test("takes what is added from the largest of the others, and gives back what is less", () => {
    const was = { granulation: 60, epithelium: 0, fibrin: 40, necrosis: 0 };
    expect(withPart(was, "necrosis", 10)).toEqual({ granulation: 50, epithelium: 0, fibrin: 40, necrosis: 10 });
    expect(withPart(was, "fibrin", 25)).toEqual({ granulation: 75, epithelium: 0, fibrin: 25, necrosis: 0 });
    expect(withPart(was, "epithelium", 100)).toEqual({ granulation: 0, epithelium: 100, fibrin: 0, necrosis: 0 });
  });

  test("always makes 100, whatever is pressed", () => {
    let t = withPart(null, "granulation", 33);
    for (const [part, percent] of [["fibrin", 47], ["necrosis", 120], ["epithelium", -5], ["granulation", 5], ["fibrin", 99]] as const) {
      t = withPart(t, part, percent);
      expect(sum(t)).toBe(100);
      expect(Object.values(t).every((v) => v >= 0)).toBe(true);
    }
  });
});

describe("signs of infection", () => {
  test("must be looked for: nobody's silence is kept as none", () => {
    expect(faultsOf(typed("3,6"))).toMatchObject({ infection: true });
    expect(faultsOf(withSign(typed("3,6"), null))).toBeNull();
  });

  test("come and go by a press, in their own order", () => {
    const d = withSign(withSign(looked, "pus"), "redness");
    expect(d.infection).toEqual(["redness", "pus"]);
    expect(withSign(d, "pus").infection).toEqual(["redness"]);
    expect(withSign(d, null).infection).toEqual([]);
  });
});

describe("as last", () => {
  const last = assessment({ length: 4.2, width: 2.8, depth: 0.4, moisture: "moderate", pain: 4 });

  test("is one group, or all that is not filled in but what is measured or asked for anew", () => {
    expect(asLast(looked, last, "moisture").moisture).toBe("moderate");
    expect(sizeOf(asLast(looked, last, "size"), "length")).toBe(4.2);
    const rest = restAsLast({ ...blankDraft, moisture: "little" }, last);
    expect(rest).toMatchObject({ moisture: "little", tissue: last.tissue, infection: [], dressing: last.dressing, pain: null });
    expect(sizeOf(rest, "length")).toBeNull();
  });
});

describe("a draft", () => {
  test("that says nothing is not saved", () => {
    expect(faultsOf(blankDraft)?.empty).toBe(true);
    expect(isBlank({ ...blankDraft, photo: "p1" })).toBe(true);
    expect(isBlank(looked)).toBe(false);
  });

  test("says no method of an area that is not known", () => {
    expect(contentOf(looked, 5)).toMatchObject({ area: null, areaMethod: "" });
  });

  test("of an assessment says the same again", () => {
    const a = assessment({});
    const { photo, at, length, width, depth, area, areaMethod, tissue, infection, moisture, edge, skin, pain, dressing, note } = a;
    expect(contentOf(draftOf(a), at)).toEqual({ photo, at, length, width, depth, area: areaMethod === "traced" ? area : null, areaMethod, tissue, infection, moisture, edge, skin, pain, dressing, note });
  });

  test("comes back out of the page's storage, and nothing else does", () => {
    const d = { ...typed("3,62,5"), infection: ["pus" as const], note: "Kanten er fin." };
    expect(draftFrom(JSON.parse(JSON.stringify(d)))).toMatchObject({ note: "Kanten er fin.", infection: ["pus"], numbers: { fields: ["3.6", "2.5", ""] } });
    expect(draftFrom({ ...d, infection: ["plague"] })).toBeNull();
    expect(draftFrom({ ...d, numbers: null })).toBeNull();
    expect(draftFrom("3,6")).toBeNull();
  });
});
