import { describe, expect, test } from "vitest";
import { momentOf } from "../../i18n/norway";
import type { Booking, BookingPerson, TimeParty, TimeReason, WaitingItem } from "../wire";
import { bookingWords } from "./i18n/words";
import { languageName, periodWords, reasonOf, shortWhen, spanOf, takenWords, titleOf, todoOf, whenOf } from "./say";

const { nn, nb, en } = bookingWords;
const at = (day: string, hour: number, minute = 0): number => momentOf(day, hour * 60 + minute);
const now = at("2026-11-23", 9, 12);
/** A line doesn't end within "kl. 10.00–10.30"; for the reader there are only spaces. */
const plain = (text: string): string => text.replaceAll("\u00a0", " ").replaceAll("\u2060", "");

describe("when something is", () => {
  test("is said with the day's name, in Norway's time", () => {
    expect(plain(whenOf(nn, Date.parse("2026-11-23T09:00Z")))).toBe("måndag 23. november kl. 10.00");
    expect(plain(spanOf(nb, at("2026-11-24", 12, 30), at("2026-11-24", 13)))).toBe("tirsdag 24. november kl. 12.30–13.00");
    expect(plain(whenOf(en, at("2026-07-01", 8)))).toBe("Wednesday 1 July at 08:00");
  });
  test.each([
    [at("2026-11-23", 10), "i dag 10.00"],
    [at("2026-11-26", 9), "torsdag 09.00"],
    [at("2026-11-30", 9), "30. nov. 09.00"], // a Monday again
    [at("2026-11-20", 9), "20. nov. 09.00"],
  ] as const)("is short where it is near", (ms, words) => expect(shortWhen(nn, ms, now)).toBe(words));
  test.each([
    ["2026-11-23", "2026-11-27", "23.–27. november 2026"],
    ["2026-11-30", "2026-12-04", "30. november–4. desember 2026"],
    ["2026-12-28", "2027-01-01", "28. desember–1. januar 2027"],
  ] as const)("%s to %s is a period", (from, until, words) => expect(periodWords(nn, from, until)).toBe(words));
});

const party = (name: string, role: TimeParty["role"], before = 0, after = 0): TimeParty => ({ person: name, name, role, free: true, before, after, day: [] });
const parties = [party("Tuva Ask", "specialist"), party("Mari Bjørk", "nurse", 25, 25), party("Olav Eik", "patient")];
const reason = (kind: TimeReason["kind"], more: Partial<TimeReason> = {}): TimeReason => ({ kind, party: -1, minutes: 0, days: 0, good: true, ...more });

describe("why a time is good", () => {
  test.each([
    [reason("all-free"), "Alle tre er ledige"],
    [reason("travel", { party: 1 }), "25 minutt køyring kvar veg"],
    [reason("deadline", { days: 3 }), "Tre dagar før fristen"],
    [reason("deadline", { days: 1 }), "Éin dag før fristen"],
    [reason("deadline", { days: 0 }), "Same dag som fristen"],
    [reason("after-deadline", { days: 2 }), "To dagar etter fristen"],
    [reason("back-to-back", { party: 0 }), "Legen har ein annan samtale rett før eller etter"],
    [reason("before-after-hours", { party: 1, minutes: 10 }), "Sjukepleiaren er ferdig 10 minutt utanfor arbeidstida"],
    [reason("optional-missing", { party: 0 }), "Tuva Ask kan ikkje"],
  ] as const)("%j: %s", (given, words) => expect(reasonOf(nn, given, parties, 3).text).toBe(words));
  test("names whom it is about where two have the same role, and both ways where they differ", () => {
    const two = [party("Mari Bjørk", "nurse", 25, 40), party("Ane Rogn", "nurse")];
    expect(reasonOf(nn, reason("back-to-back", { party: 1 }), two, 2).text).toMatch(/^Ane Rogn /);
    expect(reasonOf(nn, reason("travel", { party: 0 }), two, 2).text).toBe("25 minutt køyring før og 40 etter");
  });
  test.each([[nn, 5, 3, "Fem tider passar for alle tre"], [nn, 1, 2, "Éi tid passar for begge"], [nb, 1, 2, "Én tid passer for begge"], [en, 2, 4, "Two times suit all four"]] as const)("is counted in words", (w, n, people, words) => {
    expect(w.plan.timesFound(n, people)).toBe(words);
  });
});

const someone = (id: string, role: BookingPerson["role"], more: Partial<BookingPerson> = {}): BookingPerson => ({
  id, person: id, name: id, role, title: "", organisation: role === "patient" ? "" : "town", organisationName: role === "patient" ? "" : "Fjordvik kommune", required: true, attends: "online", before: 0, after: 0, answer: "accepted", answeredAt: 1, answeredBy: "", comment: "", deputyFor: "",
  deputyAllowed: true, readiness: { state: "tested", at: 0, minutes: 0, test: "good" }, ...more,
});
const booking = (more: Partial<Booking> = {}): Booking => ({
  id: "b", version: 1, state: "booked", starts: at("2026-11-23", 10), ends: at("2026-11-23", 10, 30), organisation: "hospital", organisationName: "", phone: "", template: "", title: "Sårkontroll", question: "", prepare: [], patient: "olav", patientName: "Olav Eik",
  people: [someone("Tuva Ask", "specialist", { organisation: "hospital" }), someone("Mari Bjørk", "nurse"), someone("Olav Eik", "patient")], equipment: [], options: [], answerBy: 0, deadline: "", interpreter: "", series: "", reason: "", words: "", madeBy: "", movedFrom: 0, mine: "", may: [], ...more,
});
const item = (kind: WaitingItem["kind"], of: Booking, more: Partial<WaitingItem> = {}): WaitingItem => ({ kind, since: now, booking: of, person: "", option: "", free: false, deputy: [], message: "", why: "", again: false, ...more });
const said = (one: WaitingItem) => {
  const todo = todoOf(nn, one, { now, own: "hospital", language: "nn", nameIn: (id) => (id === "bo" ? "Bo Lind" : "") });
  return [todo.kind, todo.title, plain(todo.text)];
};
const option = (id: string, ms: number, suggestedBy = "") => ({ id, starts: ms, ends: ms + 1, suggestedBy, taken: false, answers: [] });

describe("what waits", () => {
  test("is another time, and whether the own people are free", () => {
    const asked = booking({ options: [option("o1", at("2026-11-25", 10)), option("o2", at("2026-11-25", 14), "Mari Bjørk")] });
    expect(said(item("suggested", asked, { option: "o2", person: "Mari Bjørk", free: true }))).toEqual([
      "Ny tid føreslått", "Sårkontroll, Eik", "Fjordvik kommune vil ha onsdag 25. november kl. 14.00 i staden for kl. 10.00. Tuva Ask er ledig.",
    ]);
  });
  test("is a person who is missing, and who can take their place", () => {
    expect(said(item("missing", booking(), { person: "Mari Bjørk", deputy: ["bo"] }))).toEqual(["Manglar person", "Mari Bjørk kan ikkje i dag 10.00", "Sårkontroll, Eik treng vikar. Bo Lind er ledig."]);
    expect(said(item("missing", booking(), { person: "Mari Bjørk" }))[2]).toMatch(/Ingen med same rolle/);
  });
  test("is an answer that has not come, on which times, and for how long", () => {
    const asked = booking({ options: [option("o1", at("2026-11-24", 12, 30)), option("o2", at("2026-11-26", 9))], people: booking().people.map((p) => (p.role === "patient" ? { ...p, answer: "needs-action" as const } : p)) });
    expect(said(item("unanswered", asked, { since: now - 50 * 3_600_000 }))).toEqual([
      "Inga svar på to dagar", "Sårkontroll, Eik", "Pasienten har ikkje svart på tysdag 12.30 eller torsdag 09.00. Dei andre har sagt ja.",
    ]);
  });
  test("is who is not ready, and that the others are", () => {
    const people = booking().people.map((p) => (p.role === "nurse" ? { ...p, answer: "needs-action" as const } : p));
    expect(said(item("not-ready", booking({ people }), { person: "Mari Bjørk" }))).toEqual(["Ikkje klar", "Sårkontroll, Eik, i dag 10.00", "Mari Bjørk har ikkje stadfesta. Alle andre er klare."]);
  });
  test("names no patient and no kind for who may see neither", () => {
    expect(titleOf(nn, booking({ title: "", patientName: "" }))).toBe("Samtale");
  });
});

test("who is not free after all is named, with when and why", () => {
  expect(takenWords(nn, [{ person: "m", name: "Mari Bjørk", rule: "away", starts: at("2026-11-24", 12, 30) }]).map(plain)).toEqual(["Mari Bjørk er borte tysdag 24. november kl. 12.30."]);
});

test("a language is called by its name, and what is none by its code", () => {
  expect(languageName("en", "ar")).toBe("Arabic");
  expect(languageName("nn", "no such")).toBe("no such");
});
