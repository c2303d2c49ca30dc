import { describe, expect, test } from "vitest";
import type { Booking, BookingPerson, BusySpan, Readiness } from "../wire";
import { awaited, barOf, beginsAt, byLink, closed, comesAt, coming, inTheWay, latecomers, nextOf, othersOf, prepared, rowsOf, selfIn, stageOf } from "./board";
import { visitWords } from "./i18n/words";
import { called, headline, introduced, readinessOf, whenSaid } from "./said";

const w = visitWords.nn;
/** On Monday 23 November 2026, in Norway: UTC+1. */
const at = (hour: number, minute = 0, day = 23): number => Date.UTC(2026, 10, day, hour - 1, minute);

const person = (id: string, role: BookingPerson["role"], more: Partial<BookingPerson> = {}): BookingPerson => ({
  id, person: id, name: id, role, title: "", organisation: "", organisationName: "", required: true, attends: "online", before: 0, after: 0,
  answer: "accepted", answeredAt: 0, answeredBy: "", comment: "", deputyFor: "", deputyAllowed: false, readiness: readiness("unknown"), ...more,
});
const readiness = (state: Readiness["state"], minutes = 0): Readiness => ({ state, at: 0, minutes, test: "" });
const olav = person("Olav", "patient");
const tuva = person("Tuva", "specialist");
const mari = person("Mari", "nurse", { attends: "visit", before: 25, after: 25 });
const booking = (id: string, starts: number, more: Partial<Booking> = {}): Booking => ({
  id, version: 1, state: "booked", starts, ends: starts + 30 * 60_000, organisation: "", organisationName: "", phone: "", template: "", title: "", question: "", prepare: [],
  patient: "Olav", patientName: "Olav", people: [olav, tuva, mari], equipment: [], options: [], answerBy: 0, deadline: "", interpreter: "", series: "", reason: "", words: "", madeBy: "", movedFrom: 0, mine: "Mari", may: [], ...more,
});
const withReady = (b: Booking, id: string, state: Readiness): Booking => ({ ...b, people: b.people.map((p) => (p.id === id ? { ...p, readiness: state } : p)) });
const said = (rows: ReturnType<typeof rowsOf>): string[] => rows.map((r) => (r.kind === "visit" ? r.booking.id : r.kind === "drive" ? `drive ${r.minutes}` : r.why));

describe("a consultation", () => {
  const ten = booking("ten", at(10));

  test("opens a quarter of an hour before its time, and is past half an hour after its end unless somebody is there", () => {
    expect([at(9, 44), at(9, 45), at(10, 59), at(11, 0)].map((now) => stageOf(ten, now))).toEqual(["planned", "open", "open", "past"]);
    expect(stageOf(withReady(ten, "Tuva", readiness("here")), at(12))).toBe("running");
  });

  test("is over when it was held, cancelled, or nobody came", () => {
    const stages = (["fulfilled", "cancelled", "noshow"] as const).map((state) => stageOf({ ...ten, state }, at(10)));
    expect(stages).toEqual(["done", "cancelled", "noshow"]);
    expect(stages.every(closed)).toBe(true);
  });

  test("that is next is the one under way, then the open one, then the first to come, and one's own", () => {
    const [first, later] = [booking("first", at(11)), booking("later", at(14))];
    const running = withReady(booking("running", at(9)), "Olav", readiness("here"));
    expect(nextOf([later, first, ten, running], at(9, 50))?.id).toBe("running");
    expect(nextOf([later, first, ten], at(9, 50))?.id).toBe("ten");
    expect(nextOf([later, first], at(9, 50))?.id).toBe("first");
    expect(nextOf([{ ...first, mine: "" }, { ...later, state: "cancelled" }], at(9, 50))).toBeUndefined();
    expect(nextOf([{ ...first, people: [olav, tuva, { ...mari, answer: "declined" }] }], at(9, 50))).toBeUndefined();
  });

  test("waits for all but oneself, and but the patient whom one is at home with", () => {
    expect(awaited(ten).map((p) => p.id)).toEqual(["Tuva"]);
    expect(awaited({ ...ten, mine: "Tuva" }).map((p) => p.id)).toEqual(["Olav", "Mari"]);
    expect(othersOf(ten).map((p) => p.id)).toEqual(["Tuva"]);
  });

  test("tells of those who treat and are late, and when they come", () => {
    const late = withReady(withReady(ten, "Tuva", readiness("late", 15)), "Mari", readiness("late", 5));
    expect(latecomers(late).map((p) => p.id)).toEqual(["Tuva"]);
    expect(comesAt(late, late.people[1]!)).toBe(at(10, 15));
    expect(latecomers(withReady(ten, "Tuva", readiness("late", 0)))).toEqual([]);
  });

  test("begins as late as the latest of those who treat and are required, oneself with them", () => {
    expect(beginsAt(ten)).toBe(at(10));
    expect(beginsAt(withReady(withReady(ten, "Tuva", readiness("late", 15)), "Mari", readiness("late", 5)))).toBe(at(10, 15));
    expect(beginsAt(withReady(ten, "Olav", readiness("late", 30)))).toBe(at(10));
    const optional = { ...ten, people: [olav, { ...tuva, required: false, readiness: readiness("late", 20) }, mari] };
    expect([beginsAt(optional), latecomers(optional).length]).toEqual([at(10), 0]);
    expect(headline(w, withReady(ten, "Mari", readiness("late", 10)))).toMatch(/^Kl\. \d\d\.10 hos Olav$/);
  });

  test("asks of each role its own", () => {
    const b = { ...ten, prepare: [{ for: "nurse" as const, what: "Vekt" }, { for: "patient" as const, what: "Medisinar" }] };
    expect(prepared(b, "nurse")).toEqual({ mine: [{ for: "nurse", what: "Vekt" }], others: [{ for: "patient", what: "Medisinar" }] });
  });

  test("is opened by links for those who have no account", () => {
    expect((["patient", "relative", "interpreter", "nurse", "gp", "specialist"] as const).filter((role) => byLink({ role }))).toEqual(["patient", "relative", "interpreter"]);
  });
});

describe("the lines of a day", () => {
  test("have the driving before and after each visit", () => {
    expect(said(rowsOf("2026-11-23", [booking("ten", at(10))], [], at(8)))).toEqual(["drive 25", "ten", "drive 25"]);
  });

  test("have one way between two visits where the way back meets the way out, the longer of the two", () => {
    const near = booking("near", at(11), { people: [olav, { ...mari, before: 40, after: 0 }] });
    expect(said(rowsOf("2026-11-23", [booking("ten", at(10)), near], [], at(8)))).toEqual(["drive 25", "ten", "drive 40", "near"]);
    const far = booking("far", at(15), { people: [olav, { ...mari, before: 40, after: 0 }] });
    expect(said(rowsOf("2026-11-23", [booking("ten", at(10)), far], [], at(8)))).toEqual(["drive 25", "ten", "drive 25", "drive 40", "far"]);
  });

  test("have no driving to what is cancelled, proposed or others'", () => {
    const others = booking("others", at(9), { mine: "" });
    const cancelled = booking("cancelled", at(11), { state: "cancelled" });
    expect(said(rowsOf("2026-11-23", [others, cancelled], [], at(8)))).toEqual(["others", "cancelled"]);
  });

  test("have a proposal at each of its times that day, and what is held for it once", () => {
    const option = (id: string, starts: number, taken = false) => ({ id, starts, ends: starts + 1_800_000, suggestedBy: "", taken, answers: [] });
    const proposal = booking("proposal", at(9), { state: "proposed", options: [option("a", at(9)), option("b", at(13)), option("c", at(14), true), option("d", at(9, 0, 24))] });
    const held: BusySpan = { starts: at(9), ends: at(9, 30), kind: "held", booking: "proposal" };
    expect(said(rowsOf("2026-11-23", [proposal], [held, { ...held, booking: "hidden" }], at(8)))).toEqual(["proposal", "held", "proposal"]);
  });

  test("have what else one is busy with, also what began the day before, and not the next day's", () => {
    const span = (kind: BusySpan["kind"], starts: number, ends: number): BusySpan => ({ kind, starts, ends, booking: "" });
    const busy = [span("away", at(8, 0, 22), at(9)), span("elsewhere", at(11), at(12)), span("closed", at(0), at(8)), span("call", at(10), at(11)), span("away", at(24), at(26))];
    expect(said(rowsOf("2026-11-23", [], busy, at(8)))).toEqual(["away", "elsewhere"]);
  });

  test("to come leave out days without anything, and what is cancelled", () => {
    const days = ["2026-11-24", "2026-11-25", "2026-11-26"];
    const groups = coming(days, [booking("a", at(10, 0, 24)), booking("b", at(10, 0, 25), { state: "cancelled" }), booking("c", at(9, 0, 26), { mine: "" })], at(8));
    expect(groups.map((g) => [g.day, said(g.rows)])).toEqual([["2026-11-24", ["drive 25", "a", "drive 25"]], ["2026-11-26", ["c"]]]);
  });
});

describe("a bar of the day", () => {
  const half = (hour: number) => ({ starts: at(hour), ends: at(hour, 30) });

  test("goes from eight to sixteen, to scale", () => {
    const bar = barOf("2026-11-23", [{ ...half(8), kind: "call", booking: "" }], half(12));
    expect(bar).toEqual({ hours: [8, 16], pieces: [{ kind: "call", from: 0, width: 6.25 }, { kind: "here", from: 50, width: 6.25 }] });
  });

  test("is longer where what is proposed lies outside, and leaves out closed hours and other days", () => {
    const bar = barOf("2026-11-23", [{ starts: at(0), ends: at(8), kind: "closed", booking: "" }, { ...half(8), starts: at(8, 0, 24), ends: at(9, 0, 24), kind: "call", booking: "" }], half(19));
    expect(bar.hours).toEqual([8, 20]);
    expect(bar.pieces.map((p) => p.kind)).toEqual(["here"]);
  });

  test("cuts what goes over midnight at the day", () => {
    expect(barOf("2026-11-23", [{ starts: at(0), ends: at(24), kind: "away", booking: "" }], half(9)).pieces[0]).toEqual({ kind: "away", from: 0, width: 100 });
  });

  test("meets what is in the way, but not what is held for the very proposal", () => {
    const held: BusySpan = { ...half(12), kind: "held", booking: "this" };
    expect(inTheWay([held, { ...half(12), kind: "travel", booking: "other" }, { ...half(13), kind: "call", booking: "x" }], half(12), "this").map((s) => s.kind)).toEqual(["travel"]);
  });
});

describe("what the day says", () => {
  test("is whom one is with, by name, or as what where the name is not for the reader", () => {
    const ten = booking("ten", at(10));
    expect(headline(w, ten)).toMatch(/ hos Olav$/);
    expect(headline(w, { ...ten, mine: "Tuva" })).toMatch(/ med Olav$/);
    expect(headline(w, { ...ten, people: [{ ...olav, name: "" }, mari] })).toMatch(/ med Pasient$/);
    expect(called(w, { ...tuva, name: "", title: "Overlege" })).toBe("Overlege");
    expect([introduced(w, tuva), introduced(w, person("Ragna", "relative", { title: "Dotter" })), introduced(w, olav)]).toEqual(["Lege Tuva", "Ragna, dotter", "Olav"]);
  });

  test("is green only for who is ready or here, and late has its time and no colour", () => {
    const ten = booking("ten", at(10));
    const look = (state: Readiness["state"], test: Readiness["test"] = "") => readinessOf(w, ten, { ...tuva, readiness: { ...readiness(state, 20), test } });
    expect((["tested", "waiting", "here"] as const).map((state) => look(state).look)).toEqual(["ready", "ready", "ready"]);
    expect((["unknown", "not-opened", "opened", "on-the-way", "late", "left"] as const).map((state) => look(state).look)).toEqual(Array(6).fill(undefined));
    expect([look("tested", "failed").text, look("tested", "poor").text]).toEqual(["Utstyret verkar ikkje", "Dårleg nett"]);
    expect(look("late").text).toMatch(/^Kjem kl\. \d\d\.20$/);
  });

  test("is today's and tomorrow's by those words", () => {
    expect([at(10), at(10, 0, 24), at(10, 0, 25)].map((t) => whenSaid(w, t, at(8)).replace(/ kl.*/, ""))).toEqual(["i dag", "i morgon", "onsdag 25. november"]);
  });

  test("has no self where one has no part", () => {
    expect(selfIn(booking("x", at(10), { mine: "" }))).toBeUndefined();
  });
});
