// The states of what one answers, and of one's working hours.

import type { Booking, BusySpan, Colleague } from "../../src/house/wire";
import { at } from "../fixtures";
import { asked, asRead, busyOf, calendar, dayLength, with_ } from "./bookings";
import { inTurn, never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const now = at(9, 48);
const answers = "POST /bookings/{id}/answers" as const;

// --- What one answers ---

const [first, second] = asRead("mari", asked) as [Booking, Booking];
const waiting = (bookings: readonly Booking[]) => ({ now, items: bookings.map((booking) => ({ kind: "asked" as const, since: at(8, 0), booking, person: "mari", option: "", free: false, deputy: [], message: "", why: "" as const })) });
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
  "mine-answers-suggest": mine("/answers"),
  "mine-answers-suggest-empty": mine("/answers"),
  "mine-answers-deputy": mine("/answers"),
  "mine-answers-deputy-none": mine("/answers", { "GET /colleagues": { items: [] } }),
  "mine-answers-deputy-unchosen": mine("/answers"),
  "mine-answer": mine("/answers/p1"),
  "mine-answer-booked": mine("/answers/p1", { "GET /bookings/{id}": { ...booked, may: ["answer"], people: booked.people.map((p) => with_(p, { answer: p.id === "mari" ? "needs-action" : "accepted" })) } }),
  "mine-answer-cancelled": mine("/answers/p1", { "GET /bookings/{id}": { ...booked, state: "cancelled", reason: "patient", may: [] } }),
  "mine-answer-lapsed": mine("/answers/p1", { "GET /bookings/{id}": { ...first, may: [] } }),
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

export const mineStates: Readonly<Record<string, HouseState>> = { ...answerStates };
export const minePresses: Readonly<Record<string, readonly string[]>> = { ...answerPresses };
