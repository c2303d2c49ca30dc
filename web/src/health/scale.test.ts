import { describe, expect, test } from "vitest";
import { momentOf } from "../i18n/norway";
import { daysOf, nearest, scaleOf } from "./scale";

describe("a scale of round numbers", () => {
  test("holds every value with room around them", () => {
    for (const values of [[126, 148, 110, 145, 65, 86], [36.8, 39.2], [0, 3], [95], [0.02, 0.04], [2000, 150_000]]) {
      const s = scaleOf(values, 6);
      expect(s.least).toBeLessThanOrEqual(Math.min(...values));
      expect(s.most).toBeGreaterThanOrEqual(Math.max(...values));
      expect(s.ticks.length).toBeGreaterThan(1);
      expect(s.ticks.length).toBeLessThan(12);
    }
  });
  test("never goes under nought for what can't", () => expect(scaleOf([0, 10], 5).least).toBe(0));
  test("has round steps", () => expect(scaleOf([65, 148], 6).ticks).toEqual([40, 60, 80, 100, 120, 140, 160]));
});

test("months at the foot of a quarter, by Norway's days over the change of the clocks", () => {
  const at = (day: string) => momentOf(day, 0);
  expect(daysOf(at("2026-08-25"), at("2026-11-23"), 6)).toEqual([at("2026-09-01"), at("2026-10-01"), at("2026-11-01")]);
  expect(daysOf(at("2026-10-22"), at("2026-10-29"), 9)).toEqual(["23", "24", "25", "26", "27", "28"].map((d) => at(`2026-10-${d}`)));
});

test("the nearest point in time", () => {
  expect(nearest([10, 20, 40], 29)).toBe(1);
  expect(nearest([10, 20, 40], 31)).toBe(2);
  expect(nearest([], 5)).toBe(-1);
});
