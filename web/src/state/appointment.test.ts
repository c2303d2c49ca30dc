import { describe, expect, it } from "vitest";
import type { Booking, BookingOption, Invitation } from "../gen/api";
import { isAnswer } from "../gen/api";
import { booking, consultation, invited, option, person } from "../testing/fakes";
import {
  answerBody, answersByLink, answersTo, chosen, declining, knownState, latecomers, maySayLate, ownDelay, readinessBody, suggested, testResult, unanswered, viewOf, wishing,
} from "./appointment";
import { reducer } from "./reducer";
import { initialState, type AppState } from "./state";

const minute = 60_000;
const hour = 60 * minute;
const starts = consultation.starts;

const proposed = (options: BookingOption[]) => booking({ state: "proposed", options });
const late = (minutes: number) => ({ readiness: { state: "late" as const, at: 0, minutes, test: "" as const } });
const says = (participant: string, answer: "accepted" | "declined") => ({ answers: [{ participant, answer }] });

/** The greeting, opened at now, before anything of the appointment is read. */
function opened(state: Booking["state"], now: number): AppState {
  return reducer(initialState(), {
    type: "opened",
    now,
    skew: 0,
    invitation: {
      participant: "olav", name: "Olav Eik", role: "patient", title: "", organisation: "", state, consultation, opensAt: starts - 15 * minute,
      admitsItself: false, patient: "", seesRecord: false, may: [],
    },
  });
}
const read = (state: AppState, b: Booking, others: Invitation["others"] = []): AppState => reducer(state, { type: "appointment", read: { booking: b, others } });
const early = starts - 24 * hour;

it("these tests' bookings are as the service sends them", () => {
  expect(isAnswer("GET /invitation", { booking: proposed([option("a", starts)]), others: [] })).toBe(true);
});

describe("what a link shows first", () => {
  const loading = reducer(opened("booked", early), { type: "appointment-loading" });
  it("is the greeting alone for those who answer elsewhere", () => {
    expect(viewOf(opened("booked", early))).toBe("plain");
    expect(["patient", "relative", "interpreter", "nurse", "specialist", "gp"].filter((r) => answersByLink(r as "patient"))).toEqual(["patient", "relative", "interpreter"]);
  });
  it("of a booked time is whether it suits, then what can be done before", () => {
    expect(viewOf(loading)).toBe("loading");
    expect(viewOf(read(loading, booking()))).toBe("confirm");
    expect(viewOf(read(loading, booking({ people: [invited("olav", { answer: "tentative" })] })))).toBe("confirm");
    expect(viewOf(read(loading, booking({ people: [invited("olav", { answer: "accepted" })] })))).toBe("coming");
    expect(viewOf(read(loading, booking({ people: [invited("olav", { answer: "declined" })] })))).toBe("declined");
  });
  it("is joining, from a quarter of an hour before, whatever was answered or could be read", () => {
    const now = starts - 15 * minute;
    for (const state of [opened("booked", now), reducer(opened("booked", now), { type: "appointment-loading" }), reducer(opened("booked", now), { type: "appointment-failed" })]) {
      expect(["open", "plain"]).toContain(viewOf(state));
    }
    for (const answer of ["needs-action", "accepted", "declined"] as const) {
      expect(viewOf(read(opened("booked", now), booking({ people: [invited("olav", { answer })] })))).toBe("open");
    }
    expect(viewOf(read(opened("booked", now - 1), booking()))).toBe("confirm");
  });
  it("is the greeting and its button where the appointment can't be read", () => {
    expect(viewOf(reducer(loading, { type: "appointment-failed" }))).toBe("plain");
  });
  it("stays what was read when reading it anew fails", () => {
    const state = reducer(read(loading, booking()), { type: "appointment-failed" });
    expect(viewOf(state)).toBe("confirm");
    expect(state.appointment.reading).toBe("ready");
  });
  it("of times that are proposed is which of them suit, until all are answered", () => {
    const state = reducer(opened("proposed", early), { type: "appointment-loading" });
    expect(viewOf(state)).toBe("loading");
    expect(viewOf(reducer(state, { type: "appointment-failed" }))).toBe("unreadable");
    expect(viewOf(read(state, proposed([option("a", starts)])))).toBe("times");
    expect(viewOf(read(state, proposed([option("a", starts, says("olav", "declined"))])))).toBe("thanks");
    expect(viewOf(read(state, proposed([option("a", starts, says("olav", "accepted")), option("b", starts + hour, { suggestedBy: "tuva" })])))).toBe("times");
  });
  it("of what was cancelled is that, with and without the rest", () => {
    expect(viewOf(opened("cancelled", early))).toBe("cancelled");
    expect(viewOf(read(loading, booking({ state: "cancelled" })))).toBe("cancelled");
  });
  it("asks nothing of who may not answer", () => {
    expect(viewOf(read(loading, booking({ may: [] })))).toBe("coming");
    expect(viewOf(read(opened("proposed", early), { ...proposed([option("a", starts)]), may: [] }))).toBe("thanks");
  });
  it("does not interrupt who writes because the call opens", () => {
    const writing = reducer(read(loading, booking()), { type: "appointment-step", step: "suggest" });
    expect(viewOf(reducer(writing, { type: "tick", now: starts }))).toBe("suggest");
    expect(viewOf(reducer(reducer(writing, { type: "tick", now: starts }), { type: "appointment-step", step: "" }))).toBe("open");
  });
  it("of a state that is newer than the page is a consultation like any other", () => {
    expect(knownState("pending")).toBe("pending");
    expect(knownState("waitlist")).toBe("booked");
  });
});

describe("a time that is another than the link told", () => {
  const other = starts + 26 * hour;
  it("replaces it, with the old one beside, and moves when one can join", () => {
    const state = read(opened("booked", early), booking({ starts: other, ends: other + 30 * minute }));
    expect(state.appointment.movedFrom).toBe(starts);
    expect(state.invitation).toMatchObject({ opensAt: other - 15 * minute, consultation: { starts: other, ends: other + 30 * minute } });
    const again = read(state, booking({ starts: other, ends: other + 30 * minute }));
    expect(again.appointment.movedFrom).toBe(starts); // read once more, it has moved no further
    expect(again.invitation).toEqual(state.invitation);
  });
  it("before the link was opened is told as moved, until one has answered to it", () => {
    const asks = booking({ movedFrom: starts - hour });
    expect(read(opened("booked", early), asks).appointment.movedFrom).toBe(starts - hour);
    const comes = booking({ movedFrom: starts - hour, people: [invited("olav", { answer: "accepted" })] });
    expect(read(read(opened("booked", early), asks), comes).appointment.movedFrom).toBe(0);
    expect(read(opened("proposed", early), proposed([option("a", other)])).appointment.movedFrom).toBe(0);
  });
  it("that comes back to the old one has not moved", () => {
    expect(read(read(opened("booked", early), booking({ starts: other })), booking()).appointment.movedFrom).toBe(0);
  });
  it("is decided, and not moved, when it was proposed before", () => {
    const state = read(read(opened("proposed", early), proposed([option("a", other)])), booking({ starts: other }));
    expect(state.appointment).toMatchObject({ movedFrom: 0, settled: true });
    expect(state.invitation).toMatchObject({ state: "booked", opensAt: other - 15 * minute });
  });
  it("that is as it was changes nothing of the consultation", () => {
    const before = opened("booked", early);
    expect(read(before, booking({ ends: consultation.ends })).invitation?.consultation).toBe(before.invitation?.consultation);
  });
});

describe("an answer", () => {
  const options = [option("b", starts + hour), option("a", starts), option("gone", starts - hour, { taken: true })];
  it("says yes to those chosen and no to the rest, and nothing to those that are taken", () => {
    expect(answersTo(proposed(options), ["a"])).toEqual([{ option: "a", answer: "accepted" }, { option: "b", answer: "declined" }]);
  });
  it("to the booked time names no option", () => {
    expect(answersTo(booking(), ["yes"])).toEqual([{ option: "", answer: "accepted" }]);
    expect(declining(booking(), "  Etter kl. 12 ", 5)).toEqual({ answers: [{ option: "", answer: "declined" }], comment: "Etter kl. 12", starts: 5 });
  });
  it("is no longer than the service takes", () => {
    expect(declining(booking(), "a".repeat(400), 0).comment).toHaveLength(300);
    expect(answerBody({ answers: [{ option: "", answer: "accepted" }] })).toEqual({ participant: "", answers: [{ option: "", answer: "accepted" }], comment: "", starts: 0 });
  });
  it("that was given is known again, and a time of one's own suits", () => {
    const b = proposed([option("a", starts, says("olav", "accepted")), option("b", starts + hour, says("tuva", "accepted")), option("c", starts + 2 * hour, { suggestedBy: "olav" })]);
    expect(chosen(b)).toEqual(["a", "c"]);
    expect(unanswered(b).map((o) => o.id)).toEqual(["b"]);
  });
  it("is none of the times' where an interpreter is wished for, or not any more", () => {
    expect(answerBody(wishing("pl"))).toEqual({ participant: "", answers: [], comment: "", starts: 0, interpreter: "pl" });
    expect(answerBody(wishing("")).interpreter).toBe("");
  });
  it("leads back from its own page once it is taken, and keeps the page when it is not", () => {
    const asked = reducer(read(opened("booked", early), booking()), { type: "appointment-step", step: "suggest" });
    const failed = reducer(asked, { type: "appointment-saying", saying: { what: "answer", busy: false, problem: "no-network" } });
    expect(viewOf(failed)).toBe("suggest");
    const said = reducer(failed, { type: "appointment-said", booking: booking({ people: [invited("olav", { answer: "declined" })] }) });
    expect(viewOf(said)).toBe("declined");
    expect(said.appointment.saying.problem).toBe("");
  });
});

describe("a time of one's own", () => {
  const now = Date.UTC(2026, 10, 23, 9, 0);
  it("is a day and a clock in Norway, and to come", () => {
    expect(suggested("2026-11-24", "12:30", now)).toBe(Date.UTC(2026, 10, 24, 11, 30));
    expect(suggested("2026-11-23", "09:30", now)).toBe("past");
    expect(suggested("2026-11-23", "10:00", now)).toBe("past");
  });
  it("needs both or neither", () => {
    expect(suggested("", "", now)).toBe(0);
    expect(suggested("", "12:30", now)).toBe("day");
    expect(suggested("2026-11-24", "", now)).toBe("time");
    expect(suggested("tysdag", "12:30", now)).toBe("day");
  });
  it("is asked for again in the hour that is left out, and the earlier in the one that comes twice", () => {
    expect(suggested("2027-03-28", "02:30", now)).toBe("time");
    expect(suggested("2027-10-31", "02:30", now)).toBe(Date.UTC(2027, 9, 31, 0, 30));
  });
});

describe("who is late", () => {
  const two = booking({ people: [invited("mari", { role: "nurse", ...late(5) }), invited("tuva", { role: "specialist", ...late(10) }), invited("olav", late(15))] });
  it("are the others, those who are waited for longest first", () => {
    expect(latecomers(two, starts).map((l) => [l.person.id, l.minutes, l.until, l.overdue])).toEqual([
      ["tuva", 10, starts + 10 * minute, false],
      ["mari", 5, starts + 5 * minute, false],
    ]);
    expect(ownDelay(two)).toBe(15);
  });
  it("are never those whom the room has seen come, and still those whose connection went", () => {
    expect(latecomers(two, starts, [person("tuva", { id: "tuva" })]).map((l) => l.person.id)).toEqual(["mari"]);
    expect(latecomers(two, starts, [person("tuva", { id: "tuva", presence: "waiting" })]).map((l) => l.person.id)).toEqual(["mari"]);
    expect(latecomers(two, starts, [person("tuva", { id: "tuva", presence: "away" })]).map((l) => l.person.id)).toEqual(["tuva", "mari"]);
  });
  it("have no time any more once it is past", () => {
    expect(latecomers(two, starts + 5 * minute).map((l) => l.overdue)).toEqual([false, true]);
  });
  it("are nobody without an appointment, nor with no minutes", () => {
    expect(latecomers(null, starts)).toEqual([]);
    expect(latecomers(booking({ people: [invited("tuva", late(0))] }), starts)).toEqual([]);
    expect(ownDelay(booking())).toBe(0);
  });
  it("can be oneself from two hours before", () => {
    const at = (now: number) => maySayLate(read(opened("booked", now), booking()));
    expect([at(starts - 2 * hour - 1), at(starts - 2 * hour), at(starts + minute)]).toEqual([false, true, true]);
    expect(maySayLate(opened("booked", starts))).toBe(false); // nobody to say it to
  });
});

describe("what the device check tells", () => {
  const { check, camera, microphone } = initialState();
  const after = (c: Partial<typeof check>, mic: "on" | "failed" = "on", cam: "on" | "failed" = "on") =>
    testResult({ check: { ...check, ...c }, camera: { ...camera, state: cam }, microphone: { ...microphone, state: mic } });
  const network = (verdict: "poor" | "none" | "good") => ({ network: { verdict, rtt: 0, down: 0 } });
  it("is good only when all is, failed when one could not be heard, poor in between", () => {
    expect(after({ good: true })).toBe("good");
    expect(after({}, "failed")).toBe("failed");
    expect(after(network("none"))).toBe("failed");
    expect(after(network("poor"))).toBe("poor");
    expect(after({ silent: true })).toBe("poor");
    expect(after(network("good"), "on", "failed")).toBe("poor");
  });
  it("is nothing when it was left before anything was found", () => {
    expect(after({})).toBe("");
  });
  it("goes to the service without what does not belong to it", () => {
    expect(readinessBody({ state: "tested", test: "good" })).toEqual({ state: "tested", minutes: 0, test: "good" });
    expect(readinessBody({ state: "late", minutes: 10 })).toEqual({ state: "late", minutes: 10, test: "" });
    expect(readinessBody({ state: "ready" })).toEqual({ state: "ready", minutes: 0, test: "" });
  });
});
