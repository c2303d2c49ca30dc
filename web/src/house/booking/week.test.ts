import { describe, expect, test } from "vitest";
import { momentOf } from "../../i18n/norway";
import type { Booking, BookingOption, BookingPerson, BusySpan, CalendarPerson, CalendarWeek } from "../wire";
import { barsOf, daysOf, frameOf, greyOf, hoursFor, listOf, marksOf, partiesOf, placeOf, sheetOf, timesOf, usualHours } from "./week";

const monday = "2026-11-23";
const at = (day: string, time: string): number => {
  const [hour, minute] = time.split(".").map(Number);
  return momentOf(day, hour! * 60 + minute!);
};
const frame = frameOf(monday, usualHours);
const span = (kind: BusySpan["kind"], from: string, until: string, booking = ""): BusySpan => ({ kind, starts: at(monday, from), ends: at(monday, until), booking });

describe("a span on the day's bar", () => {
  test.each([
    ["10.00", "10.30", { left: 25, width: 6.25 }],
    ["8.00", "16.00", { left: 0, width: 100 }],
    ["6.00", "9.00", { left: 0, width: 12.5 }], // begun before
    ["15.00", "18.00", { left: 87.5, width: 12.5 }],
    ["6.00", "8.00", null],
    ["16.00", "17.00", null],
  ] as const)("%s–%s stands at %j", (from, until, place) => {
    expect(placeOf(at(monday, from), at(monday, until), frame)).toEqual(place);
  });

  test.each([
    ["2026-03-29", 23],
    ["2026-10-25", 25],
    [monday, 24],
  ] as const)("is to scale also on %s, which has %i hours", (day, hours) => {
    const whole = frameOf(day, { from: 0, until: 24 });
    expect(placeOf(at(day, "12.00"), at(day, "13.00"), whole)?.width).toBeCloseTo(100 / hours, 10);
    // Noon is where it is on that day, and its mark with it.
    const noon = placeOf(at(day, "12.00"), at(day, "13.00"), whole)?.left;
    expect(marksOf(whole, { from: 0, until: 24 }, 12).map((m) => m.left)).toEqual([0, noon, 100]);
  });

  test("of working hours is the same width on a day whose clocks change at night", () => {
    const sunday = frameOf("2026-10-25", usualHours);
    expect(placeOf(at("2026-10-25", "10.00"), at("2026-10-25", "10.30"), sunday)).toEqual({ left: 25, width: 6.25 });
  });
});

describe("a day's bars", () => {
  test("join what is busy, and lay what is booked on top", () => {
    const bars = barsOf([span("call", "10.00", "10.30", "b"), span("elsewhere", "8.00", "9.00"), span("travel", "9.30", "10.00", "b"), span("closed", "9.00", "9.30"), span("held", "14.00", "15.00", "c")], frame);
    expect(bars.map((b) => [b.kind, b.left, b.width])).toEqual([["busy", 0, 18.75], ["drive", 18.75, 6.25], ["held", 75, 12.5], ["call", 25, 6.25]]);
  });
  test("are busy in one background, and nothing where nobody is", () => {
    expect(greyOf(barsOf([span("elsewhere", "8.00", "9.00"), span("away", "12.00", "16.00"), span("travel", "9.00", "9.30", "b")], frame))).toBe(
      "linear-gradient(90deg,#0000 0.00%,var(--sk-busy) 0.00% 12.50%,#0000 12.50%,#0000 50.00%,var(--sk-busy) 50.00% 100.00%,#0000 100.00%)",
    );
    expect(greyOf([])).toBe("");
  });
  test("show another's call without a name as no more than busy", () => {
    expect(barsOf([span("call", "10.00", "11.00")], frame).map((b) => b.kind)).toEqual(["busy"]);
  });
});

const person = (id: string, more: Partial<BookingPerson> = {}): BookingPerson => ({
  id: `p-${id}`, person: id, name: id, role: "nurse", title: "", organisation: id === "tuva" ? "hospital" : "town", organisationName: "", required: true, attends: "online", before: 0, after: 0, answer: "accepted", answeredAt: 0, answeredBy: "", comment: "", deputyFor: "",
  deputyAllowed: true, readiness: { state: "unknown", at: 0, minutes: 0, test: "" }, ...more,
});
const booking = (more: Partial<Booking>): Booking => ({
  id: "b", version: 1, state: "booked", starts: at(monday, "10.00"), ends: at(monday, "10.30"), organisation: "", organisationName: "", phone: "", template: "", title: "", question: "", prepare: [], patient: "", patientName: "", people: [person("tuva"), person("mari")], equipment: [], options: [],
  answerBy: 0, deadline: "", interpreter: "", series: "", reason: "", words: "", madeBy: "", movedFrom: 0, mine: "", may: [], ...more,
});
const option = (id: string, day: string, more: Partial<BookingOption> = {}): BookingOption => ({ id, starts: at(day, "10.00"), ends: at(day, "10.30"), suggestedBy: "", taken: false, answers: [], ...more });
const row = (id: string, organisation: string): CalendarPerson => ({ person: id, name: id, role: "nurse", title: "", organisation, organisationName: organisation.toUpperCase(), organisationKind: "hospital", unit: "", busy: [], away: [] });
const week = (bookings: Booking[], people = [row("tuva", "hospital"), row("jon", "hospital"), row("mari", "town")]): CalendarWeek => ({ from: monday, days: 7, people, bookings, holidays: [], more: 0, now: 0 });

describe("an appointment's times", () => {
  test("are all that are proposed but those that somebody who is needed has said no to", () => {
    const declined = option("o1", monday, { answers: [{ participant: "p-mari", answer: "declined" }] });
    const asked = booking({ state: "pending", options: [declined, option("o2", "2026-11-25", { suggestedBy: "p-mari" }), option("o3", "2026-11-26")] });
    expect(timesOf(asked).map((t) => [t.key, t.state])).toEqual([["b/o2", "counter"], ["b/o3", "proposed"]]);
    const may = { ...asked, people: [person("tuva"), person("mari", { required: false })] };
    expect(timesOf(may)).toHaveLength(3);
  });
  test("are none once it is cancelled", () => expect(timesOf(booking({ state: "cancelled" }))).toEqual([]));
});

describe("the week", () => {
  test("puts each in the rows of those who are in it, on its day, with their own driving", () => {
    const sheet = sheetOf(week([booking({ people: [person("tuva"), person("mari", { before: 25, after: 40 })] })]), "");
    expect(sheet.groups.map((g) => [g.name, g.rows.map((r) => r.cells.map((c) => c.entries.length))])).toEqual([
      ["HOSPITAL", [[1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]],
      ["TOWN", [[1, 0, 0, 0, 0]]],
    ]);
    expect(sheet.groups[1]?.rows[0]?.cells[0]?.entries[0]).toMatchObject({ before: 25, after: 40, state: "booked" });
  });
  test("shows a booked time as proposed to who may be there and has not answered, and as refused by who said no", () => {
    const sheet = sheetOf(week([booking({ people: [person("tuva", { required: false, answer: "needs-action" }), person("jon", { answer: "needs-action" }), person("mari", { answer: "declined" })] })]), "");
    expect(sheet.groups.flatMap((g) => g.rows.map((r) => r.cells[0]?.entries[0]?.state))).toEqual(["proposed", "booked", "declined"]);
  });
  test("shows equipment in its own row", () => {
    const sheet = sheetOf(week([booking({ equipment: [{ id: "kit", name: "Kit" }] })], [row("kit", "town")]), "");
    expect(sheet.groups[0]?.rows[0]?.cells[0]?.entries).toHaveLength(1);
  });
  test("of one party has its rows alone", () => {
    expect(sheetOf(week([]), "town").groups.map((g) => g.organisation)).toEqual(["town"]);
    expect(partiesOf(week([]).people)).toEqual([{ id: "hospital", name: "HOSPITAL" }, { id: "town", name: "TOWN" }]);
  });
  test("has the weekend only when something is booked then", () => {
    expect(daysOf(week([]))).toHaveLength(5);
    expect(daysOf(week([booking({ starts: at("2026-11-29", "10.00"), ends: at("2026-11-29", "11.00") })]))).toEqual(["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-29"]);
  });
  test("shows more hours where something is booked outside of the usual", () => {
    expect(hoursFor(week([booking({})]))).toEqual(usualHours);
    expect(hoursFor(week([booking({ starts: at(monday, "6.45"), ends: at(monday, "7.15") }), booking({ starts: at(monday, "17.00"), ends: at(monday, "17.20") })]))).toEqual({ from: 6, until: 18 });
    expect(hoursFor(week([booking({ starts: at(monday, "23.30"), ends: at("2026-11-24", "0.15") })])).until).toBe(24);
    // What is proposed in another week widens nothing here.
    expect(hoursFor(week([booking({ options: [option("o", monday), { ...option("p", "2026-12-01"), starts: at("2026-12-01", "6.00"), ends: at("2026-12-01", "6.30") }] })]))).toEqual(usualHours);
  });
});

describe("the list", () => {
  test("has each time once, by day and time, also for one party", () => {
    const all = week([booking({ id: "late", starts: at(monday, "14.00"), ends: at(monday, "14.30") }), booking({}), booking({ id: "other", people: [person("tuva")] })]);
    expect(listOf(all, "")[0]?.entries.map((e) => e.booking.id)).toEqual(["b", "other", "late"]);
    expect(listOf(all, "town")[0]?.entries.map((e) => e.booking.id)).toEqual(["b", "late"]);
  });
});
