import { describe, expect, test } from "vitest";
import type { Hours } from "../../wire";
import { absenceOf, editable, faultsOf, hoursSaid, isFeedAddress, likeMonday, nextPiece, sent, type HoursDraft, type Piece } from "./hours";
import { mineWords } from "./i18n/words";
import { finishedTime, shownTime } from "./time-field";

const w = mineWords.nn;
const hours: Hours = {
  subject: "mari", organisation: "k", version: 4, own: true, holidays: false, buffer: 10,
  weekly: [{ weekday: 1, from: 480, until: 930, first: "", last: "" }, { weekday: 3, from: 780, until: 1440, first: "", last: "2026-12-31" }],
  days: [{ day: "2026-12-23", from: 480, until: 720 }, { day: "2026-12-24", from: 0, until: 0 }],
};
const piece = (weekday: number, from: string, until: string, first = "", last = ""): Piece => ({ weekday, from, until, first, last });
const draft = (weekly: readonly Piece[], days: HoursDraft["days"] = []): HoursDraft => ({ ...editable(hours), weekly, days });

describe("working hours", () => {
  test("come back as they were read: midnight as an end, and closed days", () => {
    expect(editable(hours).weekly[1]).toMatchObject({ from: "13:00", until: "00:00" });
    expect(editable(hours).days[1]).toEqual({ day: "2026-12-24", off: true, from: "", until: "" });
    const { weekly, days, holidays, buffer } = hours;
    expect(sent(editable(hours))).toEqual({ weekly, days, holidays, buffer });
  });

  test("need a beginning and an end after it", () => {
    expect([...faultsOf(draft([piece(1, "", "15:00"), piece(2, "08:00", ""), piece(3, "12:00", "12:00"), piece(4, "22:00", "00:00")]))]).toEqual([
      ["weekly[0].from", "required"], ["weekly[1].until", "required"], ["weekly[2].until", "untilBeforeFrom"],
    ]);
  });

  test("may have several pieces a day, not over one another", () => {
    expect(faultsOf(draft([piece(1, "08:00", "12:00"), piece(1, "12:00", "15:00"), piece(2, "11:00", "13:00")])).size).toBe(0);
    expect([...faultsOf(draft([piece(1, "08:00", "12:00"), piece(1, "11:30", "15:00")]))]).toEqual([["weekly[1].from", "overlap"]]);
  });

  test("may be over one another in weeks that don't meet", () => {
    expect(faultsOf(draft([piece(1, "08:00", "12:00", "", "2026-12-31"), piece(1, "08:00", "15:00", "2027-01-01", "")])).size).toBe(0);
    expect([...faultsOf(draft([piece(1, "08:00", "12:00", "2026-02-30", ""), piece(2, "08:00", "12:00", "2026-12-31", "2026-12-01")]))]).toEqual([
      ["weekly[0].first", "date"], ["weekly[1].last", "untilBeforeFrom"],
    ]);
  });

  test("of a day that differs need a day that exists, once, unless in pieces", () => {
    const day = (d: string, off: boolean, from = "", until = "") => ({ day: d, off, from, until });
    expect([...faultsOf(draft([], [day("", false, "08:00", "12:00"), day("2026-12-24", true), day("2026-12-24", false, "08:00", "10:00")]))]).toEqual([["days[0].day", "date"], ["days[2].day", "overlap"]]);
    expect(faultsOf(draft([], [day("2026-12-24", false, "08:00", "10:00"), day("2026-12-24", false, "12:00", "14:00")])).size).toBe(0);
  });

  test("begin with the usual ones, then after a break, never past midnight", () => {
    expect(nextPiece(draft([]), 2)).toEqual(piece(2, "08:00", "15:30"));
    expect(nextPiece(draft([piece(2, "08:00", "12:00")]), 2)).toEqual(piece(2, "12:30", "14:30"));
expect(nextPiece(draft([piece(2, "08:00", "22:30")]), 2)).toEqual(piece(2, "23:00", "00:00"));
  });

  test("of Monday go for the working week, and the week's end stays", () => {
    expect(likeMonday(draft([piece(1, "08:00", "15:00"), piece(3, "10:00", "11:00"), piece(6, "10:00", "12:00")])).map((p) => [p.weekday, p.from])).toEqual([
      [1, "08:00"], [2, "08:00"], [3, "08:00"], [4, "08:00"], [5, "08:00"], [6, "10:00"],
    ]);
  });

  test("are said where another has changed them", () => {
    const d = editable(hours);
    expect(hoursSaid(w, "weekly", d)).toBe("måndag 08.00–15.30, onsdag 13.00–24.00 (til torsdag 31. desember)");
    expect(hoursSaid(w, "days", d)).toBe("onsdag 23. desember 08.00–12.00, torsdag 24. desember ikkje på arbeid");
    expect([hoursSaid(w, "holidays", d), hoursSaid(w, "buffer", d)]).toEqual(["Nei", "10 minutt"]);
  });
});

describe("an absence", () => {
  const now = Date.UTC(2026, 10, 23, 8);
  const typed = { from: "2026-12-21", until: "2026-12-22", part: false, fromTime: "", untilTime: "" };

  test("of whole days goes from midnight to midnight in Norway", () => {
    expect(absenceOf(typed, now)).toEqual({ starts: Date.UTC(2026, 11, 20, 23), ends: Date.UTC(2026, 11, 22, 23) });
  });

  test("of a part goes from time to time, over the whole of an hour that comes twice", () => {
    expect(absenceOf({ ...typed, until: "2026-12-21", part: true, fromTime: "12:00", untilTime: "14:00" }, now)).toEqual({ starts: Date.UTC(2026, 11, 21, 11), ends: Date.UTC(2026, 11, 21, 13) });
    const night = { from: "2026-10-25", until: "2026-10-25", part: true, fromTime: "02:15", untilTime: "02:30" };
    expect(absenceOf(night, 0)).toEqual({ starts: Date.UTC(2026, 9, 25, 0, 15), ends: Date.UTC(2026, 9, 25, 1, 30) });
  });

  test("is refused at the field that is wrong", () => {
    expect(absenceOf({ ...typed, from: "" }, now)).toEqual({ field: "from", rule: "date" });
    expect(absenceOf({ ...typed, until: "2026-12-20" }, now)).toEqual({ field: "until", rule: "untilBeforeFrom" });
    expect(absenceOf({ ...typed, from: "2026-11-01", until: "2026-11-02" }, now)).toEqual({ field: "until", rule: "past" });
    expect(absenceOf({ ...typed, part: true }, now)).toEqual({ field: "fromTime", rule: "time" });
    expect(absenceOf({ from: "2027-03-28", until: "2027-03-28", part: true, fromTime: "02:30", untilTime: "04:00" }, now)).toEqual({ field: "fromTime", rule: "left-out" });
    expect(absenceOf({ ...typed, until: "2026-12-21", part: true, fromTime: "14:00", untilTime: "12:00" }, now)).toEqual({ field: "untilTime", rule: "untilBeforeFrom" });
  });
});

test("a calendar's address is https or webcal, with a host", () => {
  expect(["https://outlook.example/x.ics", "webcal://a.no/b", "http://a.no/b.ics", "kalender.ics", "https://localhost", ""].map(isFeedAddress)).toEqual([true, true, false, false, false, false]);
});

test("a time is shown as the reader's language writes it, and what is being typed as it stands", () => {
  expect(["08:30", "8.3", "830", ""].map((value) => shownTime(w, value))).toEqual(["08.30", "8.3", "830", ""]);
  expect(shownTime(mineWords.en, "08:30")).toBe("08:30");
  expect(["830", "8.30", " 0830", "8.3", "25.00", ""].map(finishedTime)).toEqual(["08:30", "08:30", "08:30", "8.3", "25.00", ""]);
});
