// The states of the coordinator's pages: the calendar, a new consultation, one booking, equipment.

import type { Booking, BookingPerson, BookingTemplate, CommonTime, CommonTimes, EquipmentList, Interpreter, Patient, TemplateParty, TimeParty, TimeReason, Waiting, WaitingItem } from "../../src/house/wire";
import { alm, booking, bookings, colleagues, eik, fifty, hegg, monday, now, on, party, patient, people, spansOf, waitingItems, week } from "./booking-people";
import { never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const waiting = (items: readonly WaitingItem[]): Waiting => ({ items: [...items], now });
const calendar: Answers = { "GET /calendar": week(), "GET /waiting": waiting(waitingItems) };
const siv = (path: string, answers: Answers = {}, with_: Partial<HouseState> = {}): HouseState => ({ path, session: signedIn("coordinator"), now, ...with_, answers: { ...calendar, ...answers } });

const day = week({ days: 1, people: people.map((p) => ({ ...p, busy: p.busy.filter((b) => b.starts < on(1, "0.00")), away: [] })), bookings: bookings.filter((b) => b.starts < on(1, "0.00")) });
const others: readonly WaitingItem[] = [
  { kind: "declined", since: now, booking: { ...bookings.find((b) => b.id === "pil")!, people: [party("jon"), party("ane", { answer: "declined", comment: "Har fått ferie den dagen." }), patient("Åse Pil")] }, person: "p-ane", option: "", free: false, deputy: [], message: "", why: "", again: false },
  { kind: "lapsed", since: now, booking: booking("gran", "Turid Gran", "Fyrste samtale", on(2, "9.00"), 30, [party("jon"), party("ane")]), person: "", option: "", free: false, deputy: [], message: "", why: "", again: false },
  { kind: "undelivered", since: now, booking: alm, person: "p-ingrid-alm", option: "", free: false, deputy: [], message: "m1", why: "no-address", again: false },
  { kind: "undelivered", since: now, booking: eik, person: "p-olav-eik", option: "", free: false, deputy: [], message: "m2", why: "gave-up", again: true },
  { kind: "interpreter", since: now, booking: { ...eik, interpreter: "ar" }, person: "", option: "", free: false, deputy: [], message: "", why: "", again: false },
  { kind: "missing", since: now, booking: booking("gran", "Turid Gran", "Sårkontroll", on(3, "10.00"), 30, [party("jon"), party("ane")]), person: "p-ane", option: "", free: false, deputy: [], message: "", why: "", again: false },
  { kind: "asked", since: now, booking: { ...alm, mine: "p-tuva" }, person: "p-tuva", option: "", free: false, deputy: [], message: "", why: "", again: false },
];

const seat = (role: TemplateParty["role"], organisation: TemplateParty["organisation"], more: Partial<TemplateParty> = {}): TemplateParty => ({ role, organisation, required: true, attends: "online", deputyAllowed: true, ...more });
const templates: readonly BookingTemplate[] = [
  { id: "wound", name: "Sårkontroll", about: "Spesialist på video, sjukepleiar heime hos pasienten", title: "Sårkontroll", question: "Korleis gror såret, og kva skal vi gjere vidare?", minutes: 30, prepare: [{ for: "nurse", what: "Skiftesett, måleband og lys" }, { for: "specialist", what: "Bilete frå førre kontroll" }, { for: "patient", what: "Lista over medisinar" }],
    parties: [seat("specialist", "hospital"), seat("nurse", "municipality", { attends: "visit" }), seat("patient", "")] },
  { id: "first", name: "Fyrste samtale", about: "Ny pasient, alle partar", title: "Fyrste samtale", question: "", minutes: 45, prepare: [], parties: [seat("specialist", "hospital"), seat("nurse", "municipality"), seat("gp", "gp", { required: false }), seat("patient", "")] },
  { id: "discharge", name: "Utskriving", about: "Planen før pasienten kjem heim", title: "Utskriving", question: "", minutes: 30, prepare: [], parties: [seat("specialist", "hospital"), seat("nurse", "municipality"), seat("gp", "gp"), seat("patient", "", { attends: "beside" })] },
  { id: "team", name: "Tverrfagleg møte", about: "Utan pasient", title: "Tverrfagleg møte", question: "", minutes: 30, prepare: [], parties: [seat("specialist", "hospital"), seat("nurse", "municipality"), seat("gp", "gp")] },
];
const record: Patient = {
  id: "person-alm", version: 1, name: "Ingrid Alm", nationalId: "", phone: "", email: "", language: "nn", caredForBy: ["hospital"], consents: [], warnings: [],
  relatives: [{ id: "kari", name: "Kari Alm", kind: "relative", title: "Dotter", phone: "", email: "", language: "nn" }],
};
const lines = ["Ingrid Alm", "Leif Asp", "Kåre Barlind", "Olav Eik", "Nils Hegg", "Oddny Lønn", "Gerd Or", "Åse Pil"].map((name, i) => ({ id: i === 0 ? "person-alm" : `p${i}`, name, bornYear: 1938 + i }));
const lane = (weekday: number, who: string, busy: string, more: Partial<TimeParty> = {}): TimeParty => {
  const c = colleagues.find((x) => x.person === who);
  return { person: who, name: c?.name ?? "Ingrid Alm", role: c?.role ?? "patient", free: true, before: 0, after: 0, day: spansOf(busy, weekday), ...more };
};
const time = (weekday: number, at: string, reasons: readonly TimeReason[], before: number, after: number, more: readonly TimeParty[] = []): CommonTime => ({
  starts: on(weekday, at), ends: on(weekday, at) + 30 * 60_000, reasons: [...reasons],
  parties: [lane(weekday, "tuva", "8.00-10.00 14.00-16.00"), lane(weekday, "mari", "8.00-11.30", { before, after }), lane(weekday, "alm", "8.00-9.30"), ...more],
});
const why = (kind: TimeReason["kind"], more: Partial<TimeReason> = {}): TimeReason => ({ kind, party: -1, minutes: 0, days: 0, good: true, ...more });
const five: CommonTimes = {
  free: 5, faults: [], nearly: [{ starts: on(0, "14.30"), minutes: 20, without: -1 }],
  items: [
    time(1, "12.30", [why("all-free"), why("travel", { party: 1, minutes: 15 }), why("deadline", { days: 3 })], 15, 25),
    time(3, "9.00", [why("all-free"), why("travel", { party: 1, minutes: 50, good: false })], 25, 25),
    time(2, "14.30", [why("all-free"), why("travel", { party: 1, good: false }), why("before-after-hours", { party: 1, minutes: 10, good: false })], 25, 25),
    time(1, "13.30", [why("all-free"), why("back-to-back", { party: 0, good: false })], 25, 25),
    time(4, "12.30", [why("all-free"), why("deadline", { days: 0, good: false })], 25, 25),
  ],
};
const interpreters: Interpreter[] = [
  { id: "amina", version: 1, name: "Amina Vik", phone: "40000101", email: "", language: "nn", speaks: ["so", "ar"], active: true },
  { id: "ewa", version: 1, name: "Ewa Nowak", phone: "40000102", email: "", language: "nb", speaks: ["pl"], active: true },
];
const planning: Answers = {
  "GET /booking-templates": { items: [...templates] }, "GET /colleagues": { items: [...colleagues] }, "GET /patients": { items: lines, next: "" }, "GET /patients/{id}": record,
  "GET /interpreters": { items: interpreters, next: "" }, "GET /equipment": { items: [] }, "POST /times": five, "GET /bookings/{id}": alm, "POST /bookings": { items: [alm], skipped: [], now },
};
const kit: EquipmentList = { items: [{ id: "e1", version: 1, organisation: "municipality", unit: "", name: "Nettbrettkoffert 1", kind: "tablet", active: true }, { id: "e2", version: 2, organisation: "municipality", unit: "", name: "Hovudkamera", kind: "head-camera", active: true }] };
const plan = (answers: Answers = {}, with_: Partial<HouseState> = {}): HouseState => siv("/calendar/new?from=alm", { ...planning, ...answers }, with_);
const none: CommonTimes = { items: [], free: 0, nearly: [{ starts: on(1, "12.30"), minutes: 30, without: 1 }], faults: [{ party: 1, rule: "away" }] };

const may: Booking["may"] = ["answer-for", "move", "cancel", "deputy", "people", "remind", "link"];
const one = (b: Booking, query = "", answers: Answers = {}, with_: Partial<HouseState> = {}): HouseState => siv(`/bookings/${b.id}${query}`, {
  ...planning, "GET /bookings/{id}": b, "PUT /bookings/{id}/time": b, "PUT /bookings/{id}/people": b, "POST /bookings/{id}/deputy": b, "POST /bookings/{id}/remind": b, "POST /bookings/{id}/noshow": { ...b, state: "noshow", may: [] },
  "POST /bookings/{id}/cancel": { ...b, state: "cancelled", reason: "staff", may: [] }, ...answers,
}, with_);
const ready = (b: Booking, states: Readonly<Record<string, BookingPerson["readiness"]>>): Booking => ({ ...b, people: b.people.map((p) => ({ ...p, readiness: states[p.id] ?? p.readiness })) });
const at = (state: BookingPerson["readiness"]["state"], more: Partial<BookingPerson["readiness"]> = {}): BookingPerson["readiness"] => ({ state, at: now, minutes: 0, test: "", ...more });
const board = ready(eik, { "p-olav-eik": at("waiting", { test: "good" }), "p-mari": at("late", { minutes: 10 }), "p-tuva": at("here"), "p-per": at("unknown") });
const almPatient = "p-ingrid-alm";
const moved = { ...alm, options: [], state: "booked" as const, starts: on(3, "9.00"), ends: on(3, "9.30"), people: alm.people.map((p) => ({ ...p, answer: "accepted" as const, ...(p.id === almPatient ? { answeredBy: "Siv Hassel", answeredAt: now } : {}) })) };

export const bookingStates: Readonly<Record<string, HouseState>> = {
  "calendar-week": siv("/calendar"),
  "calendar-week-nb": siv("/calendar", {}, { language: "nb" }),
  "calendar-week-en": siv("/calendar", {}, { language: "en" }),
  "calendar-week-party": siv("/calendar?party=municipality"),
  "calendar-week-empty": siv("/calendar", { "GET /calendar": week({ bookings: [], people: people.map((p) => ({ ...p, busy: [], away: [] })) }) }),
  "calendar-week-nobody": siv("/calendar", { "GET /calendar": week({ bookings: [], people: [] }), "GET /waiting": waiting([]) }),
  "calendar-week-loading": siv("/calendar", { "GET /calendar": never, "GET /waiting": never }),
  "calendar-week-failed": siv("/calendar", { "GET /calendar": problem("internal"), "GET /waiting": problem("internal") }),
  "calendar-week-refused": siv("/calendar", { "GET /calendar": problem("refused", { rule: "calendar.read", organisation: "Fjord sjukehus", phone: "12 34 56 78" }), "GET /waiting": waiting([]) }),
  "calendar-week-fifty": siv("/calendar", { "GET /calendar": fifty() }),
  "calendar-week-christmas": siv("/calendar?date=2026-12-21", {
    "GET /calendar": week({ from: "2026-12-21", bookings: [], people: people.map((p) => ({ ...p, busy: [], away: [] })), holidays: [{ day: "2026-12-25", name: "christmas" }, { day: "2026-12-26", name: "boxing" }] }),
  }),
  "calendar-week-long": siv("/calendar", {
    "GET /calendar": week({ bookings: [...bookings, booking("late", "Bjarne Solbakken-Kristoffersen", "Tverrfagleg møte", on(5, "17.00"), 60, [party("tuva"), party("mari")]), booking("none", "", "", on(0, "14.30"), 30, [party("tuva")])] }),
  }),
  "calendar-panel-empty": siv("/calendar", { "GET /waiting": waiting([]) }),
  "calendar-panel-others": siv("/calendar", { "GET /waiting": waiting(others) }),
  "calendar-week-more": siv("/calendar", { "GET /calendar": week({ more: 12 }) }),
  "calendar-panel-again": siv("/calendar", { "GET /waiting": waiting(others), "POST /bookings/{id}/messages/{message}/again": eik }),
  "calendar-panel-failed": siv("/calendar", { "POST /bookings/{id}/remind": problem("busy") }),
  "calendar-panel-done": siv("/calendar", { "POST /bookings/{id}/answers": { ...hegg, state: "booked", options: [] } }),
  "calendar-day": siv(`/calendar?view=day&date=${monday}`, { "GET /calendar": day }),
  "calendar-day-change": siv("/calendar?view=day&date=2026-10-25", { "GET /calendar": { ...day, from: "2026-10-25", bookings: [], people: people.map((p) => ({ ...p, busy: [], away: [] })) } }),
  "plan-what": siv("/calendar/new", planning),
  "plan-what-wrong": siv("/calendar/new", planning),
  "plan-what-open": siv("/calendar/new", { ...planning, "GET /equipment": kit, "GET /colleagues": { items: colleagues.map((c) => ({ ...c, actFor: c.organisation === "gp" })) } }, { typed: { patient: "o" } }),
  "plan-what-filled": plan({ "GET /equipment": kit }),
  "plan-what-patient": siv("/calendar/new?patient=person-alm", planning),
  "plan-interpreter": plan({ "GET /bookings/{id}": { ...alm, interpreter: "ar" } }),
  "plan-interpreter-new": plan({ "GET /bookings/{id}": { ...alm, interpreter: "ar" } }),
  "plan-interpreter-failed": plan({ "GET /bookings/{id}": { ...alm, interpreter: "ar" }, "GET /interpreters": problem("internal") }),
  "plan-what-en": plan({}, { language: "en" }),
  "plan-loading": siv("/calendar/new", { ...planning, "GET /colleagues": never }),
  "plan-failed": siv("/calendar/new", { ...planning, "GET /colleagues": problem("internal") }),
  "plan-times": plan(),
  "plan-times-nb": plan({}, { language: "nb" }),
  "plan-times-en": plan({}, { language: "en" }),
  "plan-times-none": plan({ "POST /times": none }),
  "plan-times-searching": plan({ "POST /times": never }),
  "plan-times-failed": plan({ "POST /times": problem("internal") }),
  "plan-times-hand": plan({ "POST /times": none }, { now: Date.parse("2026-10-20T08:00Z") }),
  "plan-prepare": plan(),
  "plan-send": plan(),
  "plan-send-book": plan(),
  "plan-send-taken": plan({ "POST /bookings": problem("taken", { taken: [{ person: "mari", name: "Mari Bjørk", rule: "busy", starts: on(1, "12.30") }] }) }),
  "plan-send-refused": plan({ "POST /bookings": problem("refused", { rule: "consultation.book", organisation: "Fjord sjukehus", phone: "12 34 56 78" }) }),
  "plan-sent": plan(),
  "plan-sent-series": plan({ "POST /bookings": { items: [0, 1, 2].map((i) => ({ ...eik, id: `s${i}`, starts: eik.starts + i * 14 * 86_400_000, ends: eik.ends + i * 14 * 86_400_000 })), skipped: [{ starts: on(2, "10.00"), rule: "holiday", person: "" }], now } }),
  "booking-proposed": one(alm),
  "booking-proposed-en": one(alm, "", {}, { language: "en" }),
  "booking-suggested": one(hegg),
  "booking-booked": one(eik),
  "booking-booked-nb": one(eik, "", {}, { language: "nb" }),
  "booking-board": one({ ...board, may }),
  "booking-failed-test": one(ready(eik, { "p-olav-eik": at("opened", { test: "failed" }) })),
  "booking-arrived": one({ ...board, state: "arrived", may: ["link"] }),
  "booking-fulfilled": one({ ...eik, state: "fulfilled", may: [] }),
  "booking-over": one({ ...eik, may: ["noshow"] }, "", {}, { now: on(0, "10.45") }),
  "booking-cancelled": one({ ...eik, state: "cancelled", reason: "staff", words: "Lege Ask er sjuk. Vi foreslår nye tider.", may: [] }),
  "booking-noshow": one({ ...eik, state: "noshow", reason: "no-show", may: [] }),
  "booking-everything": one({ ...eik, interpreter: "ar", deadline: "2026-11-27", series: "s1", equipment: [{ id: "e1", name: "Nettbrettkoffert 1" }], people: eik.people.map((p) => (p.id === "p-mari" ? { ...p, deputyFor: "Ane Rogn", comment: "Kjem rett frå eit anna besøk." } : p)) }),
  "booking-stranger": one({ ...eik, title: "", patient: "", patientName: "", question: "", people: eik.people.map((p) => (p.role === "patient" ? { ...p, name: "" } : p)), may: ["answer-for"] }),
  "booking-loading": one(eik, "", { "GET /bookings/{id}": never }),
  "booking-not-found": one(eik, "", { "GET /bookings/{id}": problem("not-found") }),
  "booking-answer": one(alm, `?answer=${almPatient}`),
  "booking-answered": one(alm, `?answer=${almPatient}`, { "POST /bookings/{id}/answers": moved }),
  "booking-answer-changed": one(alm, `?answer=${almPatient}`, { "POST /bookings/{id}/answers": problem("changed") }),
  "booking-move": one(eik, "?find"),
  "booking-move-none": one(eik, "?find", { "POST /times": none }),
  "booking-move-taken": one(eik, "?find", { "PUT /bookings/{id}/time": problem("taken", { taken: [{ person: "tuva", name: "Tuva Ask", rule: "elsewhere", starts: on(1, "12.30") }] }) }),
  "booking-deputy": one(eik, "?deputy=p-mari"),
  "booking-people": one(alm, "?people"),
  "booking-people-interpreter": one({ ...eik, interpreter: "ar" }, "?people"),
  "booking-cancel": one({ ...eik, series: "s1" }),
  "booking-cancel-refused": one(eik, "", { "POST /bookings/{id}/cancel": problem("refused", { rule: "consultation.book", organisation: "Fjord sjukehus" }) }),
  equipment: siv("/equipment", { "GET /equipment": { items: kit.items.map((e, i) => ({ ...e, organisation: "hospital", active: i === 0 })) } }),
  "equipment-en": siv("/equipment", { "GET /equipment": kit }, { language: "en" }),
  "equipment-none": siv("/equipment", { "GET /equipment": { items: [] } }),
  "equipment-new-wrong": siv("/equipment", { "GET /equipment": kit }),
  "equipment-failed": siv("/equipment", { "GET /equipment": problem("internal") }),
  "calendar-list": siv("/calendar?view=list"),
  "calendar-list-empty": siv("/calendar?view=list", { "GET /calendar": week({ bookings: [] }) }),
};

const toTimes = ["go-on"];
const toSend = ["go-on", "go-on", "go-on"];

export const bookingPresses: Readonly<Record<string, readonly string[]>> = {
  "booking-answered": [`accepted-o2`, "panel-go"],
  "booking-answer-changed": [`accepted-o2`, "panel-go"],
  "booking-move-taken": ["slot-2026-11-24-750", "panel-go"],
  "booking-over": ["noshow"],
  "booking-cancel": ["cancel", "reason-staff"],
  "booking-cancel-refused": ["cancel", "reason-other", "panel-go"],
  "calendar-panel-again": ["todo-undelivered-eik"],
  "plan-interpreter-new": ["interpreter-new", "new-interpreter-add"],
  "booking-people-interpreter": ["interpreter-new"],
  "equipment-new-wrong": ["add-equipment", "equipment-save"],
  "plan-what-wrong": ["go-on"],
  "plan-times": toTimes,
  "plan-times-nb": toTimes,
  "plan-times-en": toTimes,
  "plan-times-none": toTimes,
  "plan-times-searching": toTimes,
  "plan-times-failed": toTimes,
  "plan-times-hand": [...toTimes, "by-hand", "hand-add"],
  "plan-prepare": ["go-on", "go-on"],
  "plan-send": toSend,
  "plan-send-book": [...toSend, "mode-book", "repeat"],
  "plan-send-taken": [...toSend, "send"],
  "plan-send-refused": [...toSend, "send"],
  "plan-sent": [...toSend, "send"],
  "plan-sent-series": [...toSend, "mode-book", "send"],
  "calendar-panel-failed": ["todo-not-ready-eik"],
  "calendar-panel-done": ["todo-suggested-hegg"],
};
