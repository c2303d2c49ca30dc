import { expect, test } from "vitest";
import { writtenTime } from "./written";

const now = Date.parse("2026-03-01T08:00Z");

test.each([
  ["2026-03-02", "10:00", null, { is: "moment", at: Date.parse("2026-03-02T09:00Z") }],
  ["2026-03-29", "02:30", null, { is: "wrong", field: "time", rule: "noSuchTime" }],
  ["2026-10-25", "02:30", null, { is: "twice", first: Date.parse("2026-10-25T00:30Z"), second: Date.parse("2026-10-25T01:30Z") }],
  ["2026-10-25", "02:30", "first", { is: "moment", at: Date.parse("2026-10-25T00:30Z") }],
  ["2026-10-25", "02:30", "second", { is: "moment", at: Date.parse("2026-10-25T01:30Z") }],
  ["2026-02-28", "10:00", null, { is: "wrong", field: "time", rule: "past" }],
  ["2026-02-30", "10:00", null, { is: "wrong", field: "date", rule: "date" }],
  ["2026-03-02", "25:00", null, { is: "wrong", field: "time", rule: "time" }],
] as const)("%s %s (%s)", (day, time, which, written) => {
  expect(writtenTime(day, time, which, now)).toEqual(written);
});
