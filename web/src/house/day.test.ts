import { describe, expect, test } from "vitest";
import { dayOf, weekdayOf } from "../i18n/norway";
import { dayAfter, daysBetween, fieldTime, mondayOf, noonOf, weekOf } from "./day";

describe("a day", () => {
  test("goes over the ends of months and years", () => {
    expect(dayAfter("2026-11-30", 1)).toBe("2026-12-01");
    expect(dayAfter("2027-01-01", -1)).toBe("2026-12-31");
    expect(dayAfter("2028-02-28", 1)).toBe("2028-02-29");
  });

  test("has its noon on that day in Norway, also when the clocks are changed", () => {
    expect(noonOf("2026-11-23")).toBe(Date.UTC(2026, 10, 23, 11));
    expect(noonOf("2026-07-01")).toBe(Date.UTC(2026, 6, 1, 10));
    for (const day of ["2026-10-25", "2027-03-28"]) expect(dayOf(noonOf(day))).toBe(day);
  });

  test("is counted over the change of the clocks", () => expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2));
});

describe("the calendar's weeks", () => {
  test.each([
    ["2026-11-23", 1, "2026-11-23", 48],
    ["2026-11-29", 7, "2026-11-23", 48],
    ["2026-12-31", 4, "2026-12-28", 53],
    ["2027-01-03", 7, "2026-12-28", 53],
    ["2027-01-04", 1, "2027-01-04", 1],
  ] as const)("%s is day %i of the week that begins %s, number %i", (day, weekday, monday, week) => {
    expect([weekdayOf(day), mondayOf(day), weekOf(day)]).toEqual([weekday, monday, week]);
  });
});

test("a time stands in a field as the browser has it, the end of the day as midnight", () => {
  expect([fieldTime(480), fieldTime(1439), fieldTime(1440), fieldTime(0)]).toEqual(["08:00", "23:59", "00:00", "00:00"]);
});
