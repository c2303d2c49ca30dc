import { describe, expect, test } from "vitest";
import { dayAfter, noonOf } from "./day";

describe("a day", () => {
  test("goes over the ends of months and years", () => {
    expect(dayAfter("2026-11-30", 1)).toBe("2026-12-01");
    expect(dayAfter("2027-01-01", -1)).toBe("2026-12-31");
    expect(dayAfter("2028-02-28", 1)).toBe("2028-02-29");
  });

  test("has its noon on that day, where the reader is", () => {
    expect(new Date(noonOf("2026-11-23")).getDate()).toBe(23);
  });
});
