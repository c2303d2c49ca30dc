// The states of one's own day: what specialist, nurse and coordinator see first, and the days to come.

import type { Booking } from "../../src/house/wire";
import { at } from "../fixtures";
import { ahead, asked, asRead, booking, busyOf, calendar, dayLength, monday, olavs, ready, who, with_ } from "./bookings";
import { inTurn, never, problem, type Answers, type HouseState } from "./fake";
import { acts, signedIn } from "./people";

const now = at(9, 48);
const many = [acts.specialist, acts.coordinator, acts.administrator];
const newLink = "POST /consultations/{consultation}/people/{participant}/link" as const;
const readiness = "POST /consultations/{id}/readiness" as const;

const list = (items: readonly Booking[]) => ({ items: [...items], skipped: [], now });
const nothingAsked: Answers = { "GET /waiting": { items: [], now } };
/** A state of the day, as someone sees it who has a part in what they are invited to. */
const day = (as: Parameters<typeof signedIn>[0], by: string, with2: Partial<HouseState> = {}, bookings: readonly Booking[] = monday): HouseState => ({
  path: "/", session: signedIn(as), now, ...with2,
  answers: { ...nothingAsked, "GET /bookings": list(asRead(by, bookings)), "GET /calendar": calendar(as, as === "nurse" ? busyOf() : []), ...with2.answers },
});
const two = { "GET /waiting": { now, items: asRead("mari", asked).map((b) => ({ kind: "asked" as const, since: at(8, 0), booking: b, person: "mari", option: "", free: false, deputy: [], message: "", why: "" as const, again: false })) } } satisfies Answers;

/** Olav's consultation where somebody's readiness is another. */
const olavsWith = (id: string, state: Parameters<typeof ready>[0], more: Parameters<typeof ready>[1] = {}): Booking => ({ ...olavs, mine: "mari", people: olavs.people.map((p) => (p.id === id ? with_(p, { readiness: ready(state, more) }) : p)) });
const mondayWith = (b: Booking): readonly Booking[] => monday.map((one) => (one.id === b.id ? b : one));

export const visitStates: Readonly<Record<string, HouseState>> = {
  "house-day-nurse": day("nurse", "mari"),
  "house-day-asked": day("nurse", "mari", { answers: two }),
  "house-day-specialist": day("specialist", "tuva", { session: signedIn("specialist", { acts: many }) }),
  "house-day-prepare": day("specialist", "tuva"),
  "house-day-menu": day("specialist", "tuva", { session: signedIn("specialist", { acts: many }), answers: two }),
  "house-day-everyone": day("specialist", "tuva", { path: "/?all=1" }),
  "house-day-coordinator": day("coordinator", "siv"),
  "house-day-people": day("coordinator", "siv"),
  "house-day-new-link": day("coordinator", "siv"),
  "house-day-new-link-sent": day("coordinator", "siv", { answers: { [newLink]: { channel: "sms", hint: "••• •• 412" } } }),
  "house-day-new-link-failed": day("coordinator", "siv", { answers: { [newLink]: problem("busy") } }),
  "house-day-planned": day("nurse", "mari", {}, monday.filter((b) => b.id === "c4")),
  "house-day-running": day("nurse", "mari", {}, mondayWith(olavsWith("tuva", "here"))),
  "house-day-doctor-late": day("nurse", "mari", {}, mondayWith(olavsWith("tuva", "late", { minutes: 15 }))),
  "house-day-on-the-way": day("nurse", "mari", { answers: { [readiness]: olavsWith("mari", "on-the-way") } }),
  "house-day-late": day("nurse", "mari"),
  "house-day-late-told": day("nurse", "mari", { answers: { [readiness]: olavsWith("mari", "late", { minutes: 10 }) } }),
  "house-day-late-undone": day("nurse", "mari", { answers: { [readiness]: inTurn(olavsWith("mari", "late", { minutes: 10 }), olavsWith("mari", "tested", { test: "good" })) } }),
  "house-day-late-failed": day("nurse", "mari", { answers: { [readiness]: problem("busy") } }),
  "house-day-no-calendar": day("nurse", "mari", { answers: { "GET /calendar": problem("internal") } }),
  "house-day-empty": day("coordinator", "siv", {}, []),
  "house-day-empty-next": day("nurse", "mari", { answers: { "GET /calendar": calendar("nurse", []), "GET /bookings": inTurn(list([]), list(asRead("mari", ahead))) } }),
  "house-day-empty-none": day("nurse", "mari", { answers: { "GET /calendar": calendar("nurse", []) } }, []),
  "house-day-other": day("coordinator", "siv", { path: "/?date=2026-11-25" }, []),
  "house-day-loading": { path: "/", session: signedIn("nurse"), now, answers: { ...nothingAsked, "GET /bookings": never } },
  "house-day-failed": { path: "/", session: signedIn("nurse"), now, answers: { ...nothingAsked, "GET /bookings": problem("internal") } },
  "house-day-refused": { path: "/", session: signedIn("coordinator"), now, answers: { ...nothingAsked, "GET /bookings": problem("refused", { rule: "consultation.list", organisation: "Fjord sjukehus", phone: "12 34 56 78" }) } },
  "house-day-nameless": day("administrator", "jon-admin", {}, monday.map((b) => ({ ...b, title: "", people: b.people.map((p) => (p.role === "patient" ? { ...p, name: "" } : p)) }))),
  "house-day-en": day("specialist", "tuva", { language: "en" }),
  "house-signed-out": day("nurse", "mari", { answers: { "DELETE /session": null } }),

  "house-coming": day("nurse", "mari", { path: "/coming" }, ahead),
  "house-coming-coordinator": day("coordinator", "siv", { path: "/coming" }, [...ahead, booking("d4", at(10, 0) + 4 * dayLength, [who.nils, who.jon, who.ane])]),
  "house-coming-empty": day("nurse", "mari", { path: "/coming" }, []),
  "house-coming-loading": day("nurse", "mari", { path: "/coming", answers: { "GET /bookings": never } }),
  "house-coming-failed": day("nurse", "mari", { path: "/coming", answers: { "GET /bookings": problem("busy") } }),
};

export const visitPresses: Readonly<Record<string, readonly string[]>> = {
  "house-day-menu": ["me"],
  "house-day-prepare": ["visit-c2"],
  "house-day-people": ["visit-c2"],
  "house-day-new-link": ["visit-c2", "new-link-olav"],
  "house-day-new-link-sent": ["visit-c2", "new-link-olav", "new-link-send"],
  "house-day-new-link-failed": ["visit-c2", "new-link-olav", "new-link-send"],
  "house-day-on-the-way": ["on-the-way"],
  "house-day-late": ["late"],
  "house-day-late-told": ["late", "late-10"],
  "house-day-late-undone": ["late", "late-10", "not-late"],
  "house-day-late-failed": ["late", "late-10"],
  "house-signed-out": ["me", "sign-out"],
};
