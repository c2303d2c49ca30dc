import { describe, expect, test } from "vitest";
import { across, areaBy, areaWithin, closes, corners, ellipse, laidOver, lengthOf, moved, numbersOf, pixelsPerCm, pointsOf, thinned, type Point } from "./measure";

const photo = { width: 4000, height: 3000 }; // px

/** A rectangle on the photo, in its pixels. */
const rectangle = (x: number, y: number, w: number, h: number): readonly Point[] =>
  [[x, y], [x + w, y], [x + w, y + h], [x, y + h]].map(([a, b]) => ({ x: a! / photo.width, y: b! / photo.height }));

describe("the scale", () => {
  test("is the pixels between two points on the ruler, by what it says", () => {
    expect(pixelsPerCm(photo, { x: 0.1, y: 0.9 }, { x: 0.35, y: 0.9 }, 5)).toBeCloseTo(200);
    expect(pixelsPerCm(photo, { x: 0.1, y: 0.1 }, { x: 0.1, y: 0.2 }, 1)).toBeCloseTo(300); // upright, by the height
  });

  test("is none of points that lie on each other, and of no distance", () => {
    expect(pixelsPerCm(photo, { x: 0.1, y: 0.9 }, { x: 0.1, y: 0.9 }, 5)).toBe(0);
    expect(pixelsPerCm(photo, { x: 0.1, y: 0.9 }, { x: 0.35, y: 0.9 }, 0)).toBe(0);
  });

  test("gives lines their length, aslant too", () => {
    expect(lengthOf(photo, 200, { x: 0, y: 0 }, { x: 600 / 4000, y: 800 / 3000 })).toBeCloseTo(5);
  });
});

describe("an outline", () => {
  const outline = rectangle(1000, 1000, 800, 600);

  test("has the area that the shoelace formula gives, whichever way it is drawn", () => {
    expect(areaWithin(photo, 200, outline)).toBeCloseTo(12); // 4 × 3 cm
    expect(areaWithin(photo, 200, [...outline].reverse())).toBeCloseTo(12);
  });

  test("has no area without a scale, or of two points", () => {
    expect(areaWithin(photo, 0, outline)).toBe(0);
    expect(areaWithin(photo, 200, outline.slice(0, 2))).toBe(0);
  });

  test("is as long as its longest line, and as wide as it is square to that", () => {
    const { length, width } = across(photo, 200, outline);
    expect(length).toBeCloseTo(5); // the diagonal of 4 × 3
    expect(width).toBeCloseTo((2 * 4 * 3) / 5);
  });

  test("of an ellipse along two lines is as long and wide as they, and has nearly its area", () => {
    const at = (x: number, y: number): Point => ({ x: x / photo.width, y: y / photo.height });
    const round = ellipse(photo, [at(1200, 1000), at(2000, 1600)], [at(1600, 1200), at(1600, 1600)], 90);
    const { length, width } = across(photo, 200, round);
    expect(length).toBeCloseTo(5, 1);
    expect(width).toBeCloseTo(2, 1);
    expect(areaWithin(photo, 200, round)).toBeCloseTo(areaBy("ellipse", 5, 2)!, 1);
  });

  test("keeps its shape with fewer corners", () => {
    const round = ellipse(photo, [{ x: 0.3, y: 0.5 }, { x: 0.7, y: 0.5 }], [{ x: 0.5, y: 0.4 }, { x: 0.5, y: 0.6 }], 300);
    const few = corners(round, 16);
    expect(few).toHaveLength(16);
    expect(areaWithin(photo, 200, few) / areaWithin(photo, 200, round)).toBeGreaterThan(0.96);
  });

  test("is none when it was a touch by mistake", () => {
    expect(closes(ellipse(photo, [{ x: 0.3, y: 0.5 }, { x: 0.7, y: 0.5 }], [{ x: 0.5, y: 0.4 }, { x: 0.5, y: 0.6 }]))).toBe(true);
    expect(closes([{ x: 0.3, y: 0.3 }])).toBe(false);
    expect(closes(Array.from({ length: 30 }, (_, i) => ({ x: 0.3 + i / 100, y: 0.3 })))).toBe(false); // a line
  });
});

describe("areas by length and width", () => {
  test("are of the ellipse or of the rectangle, and of nothing else", () => {
    expect(areaBy("ellipse", 3.6, 2.5)).toBeCloseTo(7.07, 2);
    expect(areaBy("length-width", 3.6, 2.5)).toBeCloseTo(9);
    expect(areaBy("traced", 3.6, 2.5)).toBeNull();
    expect(areaBy("ellipse", null, 2.5)).toBeNull();
  });
});

describe("points", () => {
  test("are x and y by turns, and come back as they were", () => {
    expect(pointsOf([0.1, 0.2, 0.3, 0.4, 0.5])).toEqual([{ x: 0.1, y: 0.2 }, { x: 0.3, y: 0.4 }]);
    expect(numbersOf([{ x: 0.12345678, y: 1 }])).toEqual([0.1235, 1]);
  });

  test("that add nothing to a traced line are left out, and never more than the service takes stay", () => {
    expect(thinned([{ x: 0.1, y: 0.1 }, { x: 0.1001, y: 0.1 }, { x: 0.2, y: 0.1 }])).toHaveLength(2);
    const long = Array.from({ length: 5_000 }, (_, i) => ({ x: (i % 100) / 100, y: Math.floor(i / 100) / 50 }));
    expect(thinned(long).length).toBeLessThanOrEqual(1_000);
  });

  test("move by the arrows, farther with Shift, and never out of the picture", () => {
    expect(moved({ x: 0.5, y: 0.5 }, "ArrowRight", false)).toEqual({ x: 0.5025, y: 0.5 });
    expect(moved({ x: 0.5, y: 0.5 }, "ArrowUp", true)).toEqual({ x: 0.5, y: 0.48 });
    expect(moved({ x: 0, y: 0.5 }, "ArrowLeft", true)).toEqual({ x: 0, y: 0.5 });
    expect(moved({ x: 0.5, y: 0.5 }, "Tab", false)).toBeNull();
  });
});

describe("two photos over each other", () => {
  const measured = (perCm: number, outline: readonly Point[]) => ({ ...photo, pixelsPerCm: perCm, drawings: [{ shape: "outline", points: numbersOf(outline) }] });

  test("have the wound on the wound, and a cm as long in both", () => {
    const laid = laidOver(measured(200, rectangle(1000, 1000, 800, 600)), measured(100, rectangle(2000, 1500, 400, 300)));
    expect(laid?.scale).toBeCloseTo(0.5);
    // The earlier's middle, 1400 and 1300 px, comes to lie on 2200 and 1650 px.
    expect(laid!.x + (1400 / 4000) * laid!.scale).toBeCloseTo(2200 / 4000, 3);
    expect(laid!.y + (1300 / 3000) * laid!.scale).toBeCloseTo(1650 / 3000, 3);
  });

  test("lie edge to edge where one of them has no scale or outline", () => {
    expect(laidOver(measured(0, rectangle(1000, 1000, 800, 600)), measured(100, rectangle(2000, 1500, 400, 300)))).toBeNull();
    expect(laidOver({ ...photo, pixelsPerCm: 100, drawings: [] }, measured(100, rectangle(2000, 1500, 400, 300)))).toBeNull();
  });
});
