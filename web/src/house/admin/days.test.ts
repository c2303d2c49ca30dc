import { describe, expect, test } from "vitest";
import { dayOf, partsOf, standing } from "./days";

describe("a day", () => {
  test("is the one in Norway, on both sides of midnight and of summer time", () => {
    expect(dayOf(Date.UTC(2026, 10, 22, 22, 59))).toBe("2026-11-22");
    expect(dayOf(Date.UTC(2026, 10, 22, 23, 0))).toBe("2026-11-23");
    expect(dayOf(Date.UTC(2026, 6, 1, 22, 0))).toBe("2026-07-02");
  });

  test("must exist", () => {
    expect(partsOf("2026-11-23")).toEqual([2026, 10, 23]);
    expect(partsOf("2026-02-29")).toBeNull();
    expect(partsOf("")).toBeNull();
    expect(partsOf("23.11.2026")).toBeNull();
  });

  test.each([
    ["2026-11-24", "", "coming"],
    ["2026-11-23", "", "current"],
    ["2026-01-01", "2026-11-23", "current"],
    ["2026-01-01", "2026-11-22", "over"],
  ] as const)("from %s until %s is %s on 23 November", (from, until, how) => {
    expect(standing(from, until, "2026-11-23")).toBe(how);
  });
});
