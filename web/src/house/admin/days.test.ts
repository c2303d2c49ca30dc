import { describe, expect, test } from "vitest";
import { standing } from "./days";

describe("a stretch of days", () => {
  test.each([
    ["2026-11-24", "", "coming"],
    ["2026-11-23", "", "current"],
    ["2026-01-01", "2026-11-23", "current"],
    ["2026-01-01", "2026-11-22", "over"],
  ] as const)("from %s until %s is %s on 23 November", (from, until, how) => {
    expect(standing(from, until, "2026-11-23")).toBe(how);
  });
});
