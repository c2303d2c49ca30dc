import { describe, expect, test } from "vitest";
import { fieldTime, minuteOf, minutesIn, momentsOf, startOf, typedMoment } from "./norway";

describe("a time that is typed, in Norway", () => {
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

  test("is read as people write it", () => {
    expect(["08:30", "8.30", "0830", " 8:30 "].map(minutesIn)).toEqual([510, 510, 510, 510]);
    expect(["", "8", "24:00", "08:60", "halv ni"].map(minutesIn)).toEqual([null, null, null, null, null]);
  });
});

describe("the clock on the wall in Norway", () => {
  test("is the same on both sides of the change", () => {
    for (const day of ["2026-10-24", "2026-10-25", "2026-10-26", "2027-03-27", "2027-03-28", "2027-03-29"]) {
      expect(momentsOf(day, 600).map(minuteOf)).toEqual([600]);
    }
  });

  test("begins each day at midnight, also the days of 23 and 25 hours", () => {
    const hours = (from: string, to: string): number => (startOf(to) - startOf(from)) / 3_600_000;
    expect([hours("2026-11-23", "2026-11-24"), hours("2026-10-25", "2026-10-26"), hours("2027-03-28", "2027-03-29")]).toEqual([24, 25, 23]);
  });

  test("stands in a field as the browser has it, the end of the day as midnight", () => {
    expect([fieldTime(480), fieldTime(1439), fieldTime(1440), fieldTime(0)]).toEqual(["08:00", "23:59", "00:00", "00:00"]);
  });
});
