import { describe, expect, test } from "vitest";
import { ApiError } from "../../client";
import type { Booking, BookingPerson, Colleague } from "../../wire";
import { answering, deputies, offersOf, outcomeOf, suggested, suggesting, takenStarts, without } from "./answers";

/** On Wednesday 25 November 2026, in Norway. */
const at = (hour: number, day = 25): number => Date.UTC(2026, 10, day, hour - 1);
const person = (id: string, role: BookingPerson["role"], more: Partial<BookingPerson> = {}): BookingPerson => ({
  id, person: `person-${id}`, name: id, role, title: "", organisation: role, organisationName: "", required: true, attends: "online", before: 0, after: 0,
  answer: "needs-action", answeredAt: 0, answeredBy: "", comment: "", deputyFor: "", deputyAllowed: true, readiness: { state: "unknown", at: 0, minutes: 0, test: "" }, ...more,
});
const option = (id: string, starts: number, answers: Booking["options"][number]["answers"] = [], more: Partial<Booking["options"][number]> = {}) => ({ id, starts, ends: starts + 1_800_000, suggestedBy: "", taken: false, answers, ...more });
const proposal = (options: Booking["options"], more: Partial<Booking> = {}): Booking => ({
  id: "p", version: 1, state: "proposed", starts: at(9), ends: at(9) + 1_800_000, organisation: "", organisationName: "", phone: "", template: "", title: "", question: "", prepare: [],
  patient: "", patientName: "", people: [person("Olav", "patient"), person("Tuva", "specialist"), person("Mari", "nurse")], equipment: [], options, answerBy: 0, deadline: "", interpreter: "",
  series: "", reason: "", words: "", madeBy: "", movedFrom: 0, mine: "Mari", may: ["answer"], ...more,
});
const three = [option("a", at(9)), option("b", at(11)), option("c", at(13))];
const none = new Set<number>();

describe("a proposal", () => {
  test("shows its times in order, with who has said yes and no, and one's own answer", () => {
    const b = proposal([option("b", at(11), [{ participant: "Olav", answer: "accepted" }, { participant: "Tuva", answer: "declined" }, { participant: "Mari", answer: "accepted" }]), option("a", at(9))]);
    expect(offersOf(b).map((o) => [o.id, o.mine, o.yes.map((p) => p.id), o.no.map((p) => p.id)])).toEqual([["a", "none", [], []], ["b", "accepted", ["Olav"], ["Tuva"]]]);
  });

  test("is answered one time at a time, or all at once without those that are gone", () => {
    const b = proposal([...three, option("d", at(15), [], { taken: true })]);
    expect(answering(b, "declined", "", none, "b").answers).toEqual([{ option: "b", answer: "declined" }]);
    expect(answering(b, "accepted", "gjerne", new Set([at(9)]))).toMatchObject({ participant: "", starts: 0, comment: "gjerne", answers: [{ option: "b" }, { option: "c" }] });
  });

  test("keeps the other times where one is taken meanwhile", () => {
    const b = proposal(three);
    const err = new ApiError("taken", { type: "", title: "", status: 409, code: "taken", taken: [{ person: "x", name: "Per Selje", rule: "busy", starts: at(11) }] } as never);
    const all = answering(b, "accepted", "", none);
    expect(takenStarts(err)).toEqual(new Set([at(11)]));
    expect(without(all, b, takenStarts(err))?.answers.map((a) => a.option)).toEqual(["a", "c"]);
    expect(without(answering(b, "accepted", "", none, "b"), b, takenStarts(err))).toBeNull();
    expect(without(all, b, none)).toBeNull(); // nothing to leave out: the same again would not help
    expect(takenStarts(new ApiError("busy", null))).toEqual(none);
  });

  test("keeps the answers that are given where another time is suggested; the rest does not suit", () => {
    const b = proposal([option("a", at(9), [{ participant: "Mari", answer: "accepted" }]), option("b", at(11))]);
    expect(suggesting(b, at(14), "")).toMatchObject({ starts: at(14), answers: [{ option: "a", answer: "accepted" }, { option: "b", answer: "declined" }] });
  });

  test("says how it stands after one's answer", () => {
    const mine = (answer: "accepted" | "declined") => [{ participant: "Mari", answer }];
    expect(outcomeOf(proposal(three))).toBe("open");
    expect(outcomeOf(proposal([option("a", at(9), mine("accepted")), option("b", at(11))]))).toBe("some");
    expect(outcomeOf(proposal([option("a", at(9), mine("accepted")), option("b", at(11), mine("declined"))]))).toBe("held");
    expect(outcomeOf(proposal([option("a", at(9), mine("declined")), option("b", at(11), [], { taken: true })]))).toBe("declined");
  });
});

describe("a booked time", () => {
  const booked = (answer: BookingPerson["answer"]): Booking => proposal([], { state: "booked", people: [person("Tuva", "specialist", { answer: "accepted" }), person("Mari", "nurse", { answer })] });

  test("is answered too: it suits, or it doesn't", () => {
    expect(offersOf(booked("needs-action")).map((o) => [o.id, o.mine, o.yes.map((p) => p.id)])).toEqual([["", "none", ["Tuva"]]]);
    expect((["needs-action", "accepted", "declined"] as const).map((answer) => outcomeOf(booked(answer)))).toEqual(["booked", "confirmed", "not-suit"]);
  });

  test("asks nothing when it is cancelled or held", () => {
    expect((["cancelled", "fulfilled"] as const).map((state) => [outcomeOf({ ...booked("accepted"), state }), offersOf({ ...booked("accepted"), state }).length])).toEqual([["cancelled", 0], ["over", 0]]);
  });
});

test("a deputy has the same role in the same organisation, and is not in it already", () => {
  const colleague = (id: string, role: Colleague["role"], organisation: string): Colleague => ({ person: `person-${id}`, name: id, role, title: "", competence: "", organisation, organisationName: "", organisationKind: "municipality", unit: "", actFor: false });
  const all = [colleague("Ane", "nurse", "nurse"), colleague("Mari", "nurse", "nurse"), colleague("Per", "gp", "nurse"), colleague("Gro", "nurse", "elsewhere")];
  expect(deputies(proposal(three), all).map((c) => c.name)).toEqual(["Ane"]);
  expect(deputies({ ...proposal(three), mine: "" }, all)).toEqual([]);
});

describe("another time", () => {
  test("is refused where it does not exist, and asked about where it comes twice", () => {
    const before = at(9, 1);
    expect(suggested("2027-03-28", "02:30", "", before)).toEqual({ fault: "left-out" });
    const autumn = Date.UTC(2026, 9, 1);
    expect(suggested("2026-10-25", "02:30", "", autumn)).toEqual({ fault: "twice" });
    expect(suggested("2026-10-25", "02:30", "first", autumn)).toEqual({ at: Date.UTC(2026, 9, 25, 0, 30) });
    expect(suggested("2026-10-25", "02:30", "second", autumn)).toEqual({ at: Date.UTC(2026, 9, 25, 1, 30) });
  });

  test("is a day, a time, and still to come", () => {
    expect([suggested("", "10:00", "", 0), suggested("2026-11-25", "", "", 0), suggested("2026-11-25", "10:00", "", at(11)), suggested("2026-11-25", "12:00", "", at(11))]).toEqual([
      { fault: "day" }, { fault: "time" }, { fault: "past" }, { at: at(12) },
    ]);
  });
});
