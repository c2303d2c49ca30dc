// The states of what one answers, and of one's working hours.

import type { Absence, Booking, BusySpan, CalendarFeed, CalendarFeeds, Colleague, Hours } from "../../src/house/wire";
import { at } from "../fixtures";
import { asked, asRead, busyOf, calendar, dayLength, with_ } from "./bookings";
import { inTurn, never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const now = at(9, 48);
const answers = "POST /bookings/{id}/answers" as const;

// --- What one answers ---

const [first, second] = asRead("mari", asked) as [Booking, Booking];
const waiting = (bookings: readonly Booking[]) => ({ now, items: bookings.map((booking) => ({ kind: "asked" as const, since: at(8, 0), booking, person: "mari", option: "", free: false, deputy: [], message: "", why: "" as const, again: false })) });
/** The days of the times that are proposed: something on each, and on the second in the way. */
const busy: readonly BusySpan[] = [2, 3, 4, 5].flatMap((n) => [
  ...busyOf(n),
  { starts: at(10, 15) + n * dayLength, ends: at(10, 45) + n * dayLength, kind: "travel" as const, booking: "x" },
]);
const colleague = (person: string, name: string): Colleague => ({ person, name, role: "nurse", title: "Heimesjukepleiar", competence: "", organisation: "municipality", organisationName: "Fjordvik kommune", organisationKind: "municipality", unit: "Heimetenesta aust", actFor: false });
const colleagues = { items: [colleague("ane", "Ane Rogn"), colleague("ida", "Ida Lønn"), { ...colleague("jon", "Jon Furu"), role: "specialist" as const, organisation: "hospital" }] };
const mine = (path: string, more: Answers = {}, with2: Partial<HouseState> = {}): HouseState => ({
  path, session: signedIn("nurse"), now, ...with2,
  answers: { "GET /waiting": waiting([first, second]), "GET /bookings/{id}": first, "GET /calendar": calendar("nurse", busy), "GET /colleagues": colleagues, ...more },
});
/** The first, where I have answered some of its times. */
const answered = (...given: readonly ("accepted" | "declined" | null)[]): Booking => ({
  ...first, state: "pending",
  options: first.options.map((o, i) => ({ ...o, answers: [...o.answers, ...(given[i] ? [{ participant: "mari", answer: given[i] }] : [])] })),
});
const booked: Booking = { ...first, state: "booked", options: [], answerBy: 0, people: first.people.map((p) => with_(p, { answer: "accepted" })) };
const fell = problem("taken", { taken: [{ person: "specialist", name: "Tuva Ask", rule: "busy", starts: first.options[1]!.starts }] });

const answerStates: Readonly<Record<string, HouseState>> = {
  "mine-answers": mine("/answers"),
  "mine-answers-en": mine("/answers", {}, { language: "en" }),
  "mine-answers-empty": mine("/answers", { "GET /waiting": waiting([]) }),
  "mine-answers-loading": mine("/answers", { "GET /waiting": never }),
  "mine-answers-problem": mine("/answers", { "GET /waiting": problem("internal") }),
  "mine-answers-one-yes": mine("/answers", { [answers]: answered("accepted") }),
  "mine-answers-all-yes": mine("/answers", { [answers]: answered("accepted", "accepted", "accepted") }),
  "mine-answers-all-no": mine("/answers", { [answers]: answered("declined", "declined", "declined") }),
  "mine-answers-booked": mine("/answers", { [answers]: booked }),
  "mine-answers-taken": mine("/answers", { [answers]: inTurn(fell, answered("accepted", null, "accepted")) }),
  "mine-answers-taken-one": mine("/answers", { [answers]: fell }),
  "mine-answers-failed": mine("/answers", { [answers]: problem("busy") }),
  "mine-answers-no-day": mine("/answers", { "GET /calendar": problem("internal") }),
  "mine-answers-comment": mine("/answers"),
  "mine-answers-suggest": mine("/answers", { [answers]: { ...first, options: [...first.options, { id: "o4", starts: Date.UTC(2027, 9, 31, 1, 30), ends: Date.UTC(2027, 9, 31, 2, 0), suggestedBy: "mari", taken: false, answers: [] }] } }),
  "mine-answers-suggest-empty": mine("/answers"),
  "mine-answers-deputy": mine("/answers"),
  "mine-answers-deputy-none": mine("/answers", { "GET /colleagues": { items: [] } }),
  "mine-answers-deputy-unchosen": mine("/answers", { "POST /bookings/{id}/deputy": { ...first, mine: "", may: [], people: first.people.map((p) => (p.id === "mari" ? with_(p, { id: "ida", person: "ida", name: "Ida Lønn", deputyFor: "Mari Bjørk" }) : p)) } }),
  "mine-answer": mine("/answers/p1"),
  "mine-answer-booked": mine("/answers/p1", { "GET /bookings/{id}": { ...booked, may: ["answer"], people: booked.people.map((p) => with_(p, { answer: p.id === "mari" ? "needs-action" : "accepted" })) } }),
  "mine-answer-cancelled": mine("/answers/p1", { "GET /bookings/{id}": { ...booked, state: "cancelled", reason: "patient", may: [] } }),
  "mine-answer-lapsed": mine("/answers/p1", { "GET /bookings/{id}": { ...first, may: [] } }),
  "mine-answer-not-mine": mine("/answers/p1", { "GET /bookings/{id}": { ...first, mine: "", may: ["answer-for"] } }, { session: signedIn("coordinator") }),
  "mine-answer-unknown": mine("/answers/p1", { "GET /bookings/{id}": problem("not-found") }),
  "mine-answer-refused": mine("/answers/p1", { "GET /bookings/{id}": problem("refused", { rule: "consultation.read", organisation: "Fjord sjukehus", phone: "12 34 56 78" }) }),
};
const answerPresses: Readonly<Record<string, readonly string[]>> = {
  "mine-answers-one-yes": ["yes-p1-o1"],
  "mine-answers-all-yes": ["all-yes-p1"],
  "mine-answers-all-no": ["all-no-p1"],
  "mine-answers-booked": ["yes-p1-o1"],
  "mine-answers-taken": ["all-yes-p1"],
  "mine-answers-taken-one": ["yes-p1-o2"],
  "mine-answers-failed": ["yes-p1-o1"],
  "mine-answers-comment": ["comment-p1"],
  "mine-answers-suggest": ["suggest-p1"],
  "mine-answers-suggest-empty": ["suggest-p1", "suggest-send"],
  "mine-answers-deputy": ["deputy-p1"],
  "mine-answers-deputy-none": ["deputy-p1"],
  "mine-answers-deputy-unchosen": ["deputy-p1", "deputy-send"],
};

// --- Working hours ---

const weekly = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 8 * 60, until: weekday === 5 ? 12 * 60 : 15 * 60 + 30, first: "", last: "" }));
const hours: Hours = {
  subject: "nurse", organisation: "municipality", version: 3, own: true, holidays: false, buffer: 10,
  weekly: [...weekly, { weekday: 3, from: 18 * 60, until: 20 * 60, first: "2026-12-01", last: "2027-02-28" }],
  days: [{ day: "2026-12-23", from: 8 * 60, until: 12 * 60 }, { day: "2026-12-31", from: 0, until: 0 }],
};
const midnight = (days: number) => at(0, 0) + days * dayLength;
const away = (id: string, starts: number, ends: number, kind: Absence["kind"], met: number, cover: boolean): Absence => ({ id, person: "nurse", starts, ends, kind, met, cover });
const absences = { items: [away("a1", at(12, 0) + 2 * dayLength, at(14, 0) + 2 * dayLength, "course", 0, false), away("a2", midnight(28), midnight(41), "holiday", 3, true)] };
const feed = (id: string, host: string, more: Partial<CalendarFeed> = {}): CalendarFeed => ({ id, host, readAt: at(9, 40), busy: 12, fault: "", details: "", since: 0, ...more });
const feeds: CalendarFeeds = { out: "https://samkonsult.fjord.example/feeds/4tqk0nd1x8r2m9z7v5b3.ics", outMade: at(9, 0), in: [feed("f1", "outlook.office365.example")] };
const faults = (["unreachable", "refused", "not-found", "too-large", "not-a-calendar", "unknown-zone", "inside"] as const).map((fault, i) => feed(`f${i}`, "kalender.kommune.example", { fault, readAt: i === 6 ? 0 : at(7, 15) - dayLength, busy: i, details: fault === "unknown-zone" ? "W. Europe" : "" }));
const work = (path: string, more: Answers = {}, with2: Partial<HouseState> = {}): HouseState => ({
  path, session: signedIn("nurse"), now, ...with2,
  answers: { "GET /hours": hours, "GET /absences": absences, "GET /feeds": feeds, ...more },
});

const hourStates: Readonly<Record<string, HouseState>> = {
  "mine-hours": work("/hours"),
  "mine-hours-en": work("/hours", {}, { language: "en" }),
  "mine-hours-usual": work("/hours", { "GET /hours": { ...hours, own: false, version: 0, weekly, days: [] }, "GET /absences": { items: [] }, "GET /feeds": { out: "", outMade: 0, in: [] } }),
  "mine-hours-fed": work("/hours", { "GET /feeds": { ...feeds, out: "" } }),
  "mine-hours-loading": work("/hours", { "GET /hours": never, "GET /absences": never, "GET /feeds": never }),
  "mine-hours-failed": work("/hours", { "GET /hours": problem("internal"), "GET /absences": problem("busy"), "GET /feeds": problem("internal") }),
  "mine-hours-refused": work("/hours?subject=ane&organisation=hospital", { "GET /hours": problem("refused", { rule: "calendar.read", organisation: "Fjord sjukehus", phone: "12 34 56 78" }) }),
  "mine-hours-wrong": work("/hours", { "GET /hours": { ...hours, weekly: [...weekly, { weekday: 1, from: 15 * 60, until: 14 * 60, first: "", last: "" }, { weekday: 2, from: 9 * 60, until: 11 * 60, first: "", last: "" }], days: [] } }),
  "mine-hours-saved": work("/hours", { "PUT /hours": { ...hours, version: 4, weekly: [...hours.weekly, { weekday: 6, from: 8 * 60, until: 15 * 60 + 30, first: "", last: "" }] } }),
  "mine-hours-save-failed": work("/hours", { "PUT /hours": problem("busy") }),
  "mine-hours-conflict": work("/hours", { "PUT /hours": problem("changed"), "GET /hours": inTurn(hours, { ...hours, version: 4, buffer: 20, weekly: weekly.slice(0, 3) }) }),
  "mine-hours-of": work("/hours?subject=e1&organisation=municipality", {
    "GET /colleagues": { items: [] }, "GET /equipment": { items: [{ id: "e1", version: 1, organisation: "municipality", unit: "", name: "Nettbrett 4", kind: "tablet", active: true }] },
    "GET /organisations/{id}": problem("refused", { rule: "organisation.read" }),
  }, { session: signedIn("coordinator") }),
  "mine-hours-of-colleague": work("/hours?subject=ane&organisation=municipality", { "GET /colleagues": colleagues, "GET /equipment": { items: [] } }, { session: signedIn("coordinator") }),
  "mine-absence-add": work("/hours"),
  "mine-absence-empty": work("/hours"),
  "mine-absence-end": work("/hours"),
  "mine-absence-ended": work("/hours", { "DELETE /absences/{id}": null }),
  "mine-absence-end-failed": work("/hours", { "DELETE /absences/{id}": problem("busy") }),
  "mine-feeds-faults": work("/hours", { "GET /feeds": { ...feeds, in: faults } }),
  "mine-feeds-wrong": work("/hours", {}, { typed: { "feed-address": "kalender.ics" } }),
  "mine-feeds-inside": work("/hours", { "POST /feeds": problem("invalid", { field: "address", rule: "must not point into this network" }) }, { typed: { "feed-address": "https://intern.example/kalender.ics" } }),
  "mine-feeds-added": work("/hours", { "POST /feeds": { ...feeds, in: [...feeds.in, feed("f2", "calendar.google.example", { readAt: 0, busy: 0 })] } }, { typed: { "feed-address": "https://calendar.google.example/x.ics" } }),
  "mine-feeds-renew": work("/hours"),
  "mine-feeds-renewed": work("/hours", { "POST /feeds/out": { ...feeds, out: "https://samkonsult.fjord.example/feeds/zz81kq.ics" } }),
  "mine-feeds-remove": work("/hours"),
};
const hourPresses: Readonly<Record<string, readonly string[]>> = {
  "mine-hours-wrong": ["add-7", "save"],
  "mine-hours-saved": ["add-6", "save"],
  "mine-hours-save-failed": ["add-6", "save"],
  "mine-hours-conflict": ["add-6", "save"],
  "mine-absence-add": ["add-absence"],
  "mine-absence-empty": ["add-absence", "absence-part", "absence-save"],
  "mine-absence-end": ["end-a2"],
  "mine-absence-ended": ["end-a2", "end-a2-yes"],
  "mine-absence-end-failed": ["end-a2", "end-a2-yes"],
  "mine-feeds-wrong": ["feed-add"],
  "mine-feeds-inside": ["feed-add"],
  "mine-feeds-added": ["feed-add"],
  "mine-feeds-renew": ["feed-renew"],
  "mine-feeds-renewed": ["feed-renew", "feed-renew-yes"],
  "mine-feeds-remove": ["remove-f1"],
};

export const mineStates: Readonly<Record<string, HouseState>> = { ...answerStates, ...hourStates };
export const minePresses: Readonly<Record<string, readonly string[]>> = { ...answerPresses, ...hourPresses };
