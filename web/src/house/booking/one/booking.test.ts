import { describe, expect, test } from "vitest";
import type { Booking, BookingPerson } from "../../wire";
import { answerTo, answersFor, searchFor, unanswered } from "./booking";

const person = (id: string, role: BookingPerson["role"], answer: BookingPerson["answer"] = "needs-action"): BookingPerson => ({
  id, person: `person-${id}`, name: id, role, title: "", organisation: "", organisationName: "", required: true, attends: "online", before: 0, after: 0, answer, answeredAt: 0, answeredBy: "", comment: "", deputyFor: "", deputyAllowed: true,
  readiness: { state: "unknown", at: 0, minutes: 0, test: "" },
});
const base: Booking = {
  id: "b", version: 1, state: "pending", starts: 0, ends: 30 * 60_000, organisation: "", organisationName: "", phone: "", template: "", title: "", question: "", prepare: [], patient: "", patientName: "", equipment: [{ id: "kit", name: "Kit" }], answerBy: 0, deadline: "2026-11-27", interpreter: "",
  series: "", reason: "", words: "", madeBy: "", movedFrom: 0, mine: "", may: [], people: [person("tuva", "specialist"), person("mari", "nurse"), person("olav", "patient")],
  options: [
    { id: "o1", starts: 0, ends: 1, suggestedBy: "", taken: false, answers: [{ participant: "tuva", answer: "accepted" }, { participant: "mari", answer: "declined" }] },
    { id: "o2", starts: 2, ends: 3, suggestedBy: "mari", taken: false, answers: [{ participant: "tuva", answer: "tentative" }] },
  ],
};

describe("who has not answered", () => {
  test("is who lacks an answer to any time that still stands; who suggested a time wants it", () => {
    expect(answerTo(base, "mari", "o2")).toBe("accepted");
    expect(unanswered(base).map((p) => p.id)).toEqual(["olav"]);
  });
  test("is nobody's matter once a time is taken, or it is over", () => {
    expect(unanswered({ ...base, options: base.options.map((o) => ({ ...o, taken: true })) })).toEqual([]);
    expect(unanswered({ ...base, options: [], state: "cancelled" })).toEqual([]);
  });
  test("is by the booked time where one is booked", () => {
    expect(unanswered({ ...base, state: "booked", options: [], people: [person("tuva", "specialist", "accepted"), person("olav", "patient")] }).map((p) => p.id)).toEqual(["olav"]);
  });
});

test("one answers for one's own people, and for patients where one's own house invites", () => {
  const of = (own: string, organisation: string, inviter = "hospital"): boolean => answersFor({ organisation: inviter, may: ["answer-for"] }, { organisation }, own);
  expect([of("hospital", "hospital"), of("hospital", ""), of("hospital", "municipality")]).toEqual([true, true, false]);
  expect([of("municipality", "municipality"), of("municipality", "")]).toEqual([true, false]);
  expect(answersFor({ organisation: "hospital", may: [] }, { organisation: "hospital" }, "hospital")).toBe(false);
});

test("another time is looked for with the same people and equipment, and the booking in nobody's way", () => {
  expect(searchFor(base, 20)).toMatchObject({ not: "b", minutes: 30, deadline: "2026-11-27", equipment: ["kit"], parties: [{ person: "person-tuva" }, { person: "person-mari" }, { person: "person-olav" }] });
});
