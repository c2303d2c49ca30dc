import { describe, expect, test } from "vitest";
import { dayOf, minute, minuteOf, minutesIn, momentOf, momentsOf, partsOf, typedMoment, wallOf, weekdayOf } from "./norway";

const utc = (text: string): number => Date.parse(`${text}Z`);

describe("the clock on the wall in Norway", () => {
  test.each([
    ["2026-11-23", 10 * 60, ["2026-11-23T09:00"]], // winter
    ["2026-07-01", 10 * 60, ["2026-07-01T08:00"]], // summer
    ["2026-03-29", 2 * 60 + 30, []], // put forward over it
    ["2026-10-25", 2 * 60 + 30, ["2026-10-25T00:30", "2026-10-25T01:30"]], // twice
    ["2026-10-25", 3 * 60, ["2026-10-25T02:00"]],
    ["2027-03-28", 2 * 60, []],
    ["2026-12-31", 25 * 60, ["2027-01-01T00:00"]], // the next day's
  ] as const)("shows %s, minute %i, at %j", (day, at, moments) => {
    expect(momentsOf(day, at)).toEqual(moments.map(utc));
  });

  test("says what it shows at each of those moments", () => {
    expect(wallOf(utc("2026-10-25T00:30"))).toEqual(wallOf(utc("2026-10-25T01:30")));
    expect(wallOf(utc("2026-12-31T23:15"))).toEqual({ day: "2027-01-01", minute: 15 });
    expect(wallOf(utc("2026-12-31T23:00"))).toEqual({ day: "2027-01-01", minute: 0 });
  });

  test("is the same on both sides of the change", () => {
    for (const day of ["2026-10-24", "2026-10-25", "2026-10-26", "2027-03-27", "2027-03-28", "2027-03-29"]) {
      expect(momentsOf(day, 600).map(minuteOf)).toEqual([600]);
    }
  });

  test("in the hour that is left out goes on to the one after it", () => {
    expect(wallOf(momentOf("2027-03-28", 150))).toEqual({ day: "2027-03-28", minute: 210 });
    expect(wallOf(momentOf("2027-03-28", 120))).toEqual({ day: "2027-03-28", minute: 180 });
  });

  test.each([
    ["2026-11-23", 24],
    ["2026-03-29", 23],
    ["2027-03-28", 23],
    ["2026-10-25", 25],
  ] as const)("%s begins at midnight and has %i hours", (day, hours) => {
    expect(wallOf(momentOf(day, 0))).toEqual({ day, minute: 0 });
    expect((momentOf(day, 24 * 60) - momentOf(day, 0)) / (60 * minute)).toBe(hours);
  });
});

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

  test("is one of the week's, from Monday", () => {
    expect(["2026-11-23", "2026-11-29", "2026-12-31"].map(weekdayOf)).toEqual([1, 7, 4]);
  });
});

describe("a time that is typed", () => {
  test.each([
    ["08:30", 510], ["8.30", 510], ["0830", 510], ["930", 570], [" 8:30 ", 510], ["8", 480], ["14", 840], ["00:00", 0],
    ["24:00", null], ["25:00", null], ["9:60", null], ["8.3", null], ["nine", null], ["halv ni", null], ["", null],
  ])("as %j is read as people write it", (typed, at) => {
    expect(minutesIn(typed)).toBe(at);
  });

  test("is one hour before UTC in winter and two in summer", () => {
    expect(typedMoment("2026-11-24", "10:00")).toEqual({ kind: "moment", at: Date.UTC(2026, 10, 24, 9, 0) });
    expect(typedMoment("2026-07-01", "10:00")).toEqual({ kind: "moment", at: Date.UTC(2026, 6, 1, 8, 0) });
  });

  test("does not exist in the hour that summer time leaves out", () => {
    expect(typedMoment("2027-03-28", "02:30")).toEqual({ kind: "left-out" });
    expect(typedMoment("2027-03-28", "01:59").kind).toBe("moment");
    expect(typedMoment("2027-03-28", "03:00")).toEqual({ kind: "moment", at: Date.UTC(2027, 2, 28, 1, 0) });
  });

  test("exists twice in the hour that comes again, the earlier first", () => {
    expect(typedMoment("2026-10-25", "02:30")).toEqual({ kind: "twice", at: [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)] });
    expect(typedMoment("2026-10-25", "03:00").kind).toBe("moment");
  });

  test("needs a day that exists and a time of the clock", () => {
    expect(typedMoment("2026-02-29", "10:00")).toEqual({ kind: "no-day" });
    expect(typedMoment("", "10:00")).toEqual({ kind: "no-day" });
    expect(typedMoment("2026-11-24", "")).toEqual({ kind: "no-time" });
    expect(typedMoment("2026-11-24", "25:00")).toEqual({ kind: "no-time" });
  });
});
