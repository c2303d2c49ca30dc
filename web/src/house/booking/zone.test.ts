import { describe, expect, test } from "vitest";
import { daysBetween, minute, minuteFrom, mondayOf, momentOf, momentsOf, wallOf, weekOf, weekdayOf } from "./zone";

const utc = (text: string): number => Date.parse(`${text}Z`);

describe("Norway's clock", () => {
  test.each([
    ["2026-11-23", 10 * 60, ["2026-11-23T09:00"]], // winter
    ["2026-07-01", 10 * 60, ["2026-07-01T08:00"]], // summer
    ["2026-03-29", 2 * 60 + 30, []], // put forward over it
    ["2026-10-25", 2 * 60 + 30, ["2026-10-25T00:30", "2026-10-25T01:30"]], // twice
    ["2026-10-25", 3 * 60, ["2026-10-25T02:00"]],
    ["2027-03-28", 2 * 60, []],
  ] as const)("shows %s, minute %i, at %j", (day, at, moments) => {
    expect(momentsOf(day, at)).toEqual(moments.map(utc));
  });

  test("says what it shows at each of those moments", () => {
    expect(wallOf(utc("2026-10-25T00:30"))).toEqual(wallOf(utc("2026-10-25T01:30")));
    expect(wallOf(utc("2026-12-31T23:15"))).toEqual({ day: "2027-01-01", minute: 15 });
  });

  test.each([
    ["2026-11-23", 24],
    ["2026-03-29", 23],
    ["2026-10-25", 25],
  ] as const)("%s has %i hours", (day, hours) => {
    expect((momentOf(day, 24 * 60) - momentOf(day, 0)) / (60 * minute)).toBe(hours);
  });
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
  test("counts days over the change of the clocks", () => expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2));
});

describe("a time that is typed", () => {
  test.each([["09:30", 570], ["9.30", 570], ["14", 840], ["24:00", null], ["9:60", null], ["nine", null], ["", null]])("%s", (typed, at) => {
    expect(minuteFrom(typed)).toBe(at);
  });
});
