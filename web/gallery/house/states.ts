// The states of the house itself: the door, the role, the day, where one is signed in. The parts' own stand in
// files beside this one, and all of them are gathered in index.ts.

import type { Person } from "../../src/gen/protocol";
import type { DayVisit } from "../../src/house/wire";
import { at } from "../fixtures";
import { adminStates } from "./admin-states";
import { never, problem, type HouseState } from "./fake";
import { acts, signedIn } from "./people";

const many = [acts.specialist, acts.coordinator, acts.administrator];
const token = "AAAAAAAAAAAAAAAAAAAAAA";

const person = (id: string, name: string, role: Person["role"], title: string, organisation = ""): Person => ({ id, name, role, title, organisation });
const tuva = person("tuva", "Tuva Ask", "specialist", "Overlege", "Fjord sjukehus");
const mari = person("mari", "Mari Bjørk", "nurse", "Sjukepleiar", "Fjordvik kommune");
const olav = person("olav", "Olav Eik", "patient", "Pasient");
const ragna = person("ragna", "Ragna Eik", "relative", "Dotter");

const visit = (id: string, hour: number, minute: number, state: DayVisit["state"], people: readonly Person[], here = 0): DayVisit => ({
  id, starts: at(hour, minute), ends: at(hour, minute + 30), state, people: [...people], here, seat: "",
});
const visits: readonly DayVisit[] = [
  visit("c1", 8, 30, "ended", [person("gerd", "Gerd Alm", "patient", "Pasient"), tuva, mari]),
  visit("c2", 10, 0, "open", [olav, tuva, mari, ragna]),
  visit("c3", 9, 30, "running", [person("nils", "Nils Or", "patient", "Pasient"), person("jon", "Jon Furu", "specialist", "Lege", "Fjord sjukehus"), person("ane", "Ane Rogn", "nurse", "Sjukepleiar", "Fjordvik kommune")], 2),
  visit("c4", 13, 0, "planned", [person("else", "Else Barlind", "patient", "Pasient"), tuva, person("amina", "Amina Vik", "interpreter", "Tolk", "Tolketenesta")]),
  visit("c5", 14, 15, "planned", [person("turid", "Turid Hegg-Solbakken Kristoffersen", "patient", "Pasient"), person("liv", "Liv Osp", "specialist", "Psykologspesialist", "Fjord sjukehus")]),
];
/** The day as someone sees it who has a seat in the visits that they are invited to. */
const dayOf = (who: string, now: number) => ({ now, items: visits.map((v) => ({ ...v, seat: v.people.some((p) => p.id === who) ? who : "" })) });

const now = at(9, 48);
const nurse = signedIn("nurse");
const day = (as: Parameters<typeof signedIn>[0], who: string, with_: Partial<HouseState> = {}): HouseState => ({
  path: "/", session: signedIn(as), now, ...with_, answers: { "GET /day": dayOf(who, now), ...with_.answers },
});
const enrolment = {
  name: "Mari Bjørk", email: "mari.bjork@fjordvik.example", secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  uri: "otpauth://totp/samkonsult:mari.bjork@fjordvik.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=samkonsult",
};
const newLink = "POST /consultations/{consultation}/people/{participant}/link" as const;

/** Someone whose session ends while something is typed and not saved. */
const typing = adminStates["admin-organisation-lost"]!;

export const ownStates: Readonly<Record<string, HouseState>> = {
  "house-sign-in": { path: "/", session: null },
  "house-sign-in-en": { path: "/", session: null, language: "en" },
  "house-sign-in-empty": { path: "/", session: null },
  "house-sign-in-wrong": { path: "/", session: null, answers: { "POST /session": problem("sign-in-wrong") }, typed: { email: "tuva@fjord.example", password: "gal hest" } },
  "house-sign-in-locked": { path: "/", session: null, answers: { "POST /session": problem("locked", { retryAfter: 240_000 }) }, typed: { email: "tuva@fjord.example", password: "gal hest" } },
  "house-ended": { path: "/sessions", session: signedIn("nurse"), answers: { "GET /sessions": problem("sign-in") } },
  "house-held": { ...typing, answers: { ...typing.answers, "PUT /organisations/{id}": problem("sign-in"), ...(typing.session ? { "POST /session": typing.session } : {}) } },
  "house-unsaved": { ...typing, path: "/admin/organisations/municipality" },
  "house-failed": { path: "/", session: null, answers: { "GET /session": problem("internal") } },
  "house-code": { path: "/", session: signedIn("specialist", { stage: "code", act: null }) },
  "house-code-wrong": { path: "/", session: signedIn("specialist", { stage: "code", act: null }), answers: { "POST /session/code": problem("sign-in-wrong") }, typed: { code: "123 456" } },
  "house-role": { path: "/", session: signedIn("specialist", { stage: "role", act: null, acts: many }) },
  "house-role-switch": { path: "/role", session: signedIn("specialist", { acts: many }) },
  "house-role-none": { path: "/", session: signedIn("specialist", { stage: "role", act: null, acts: [] }) },
  "house-enrol": { path: `/enrol#${token}`, session: null, answers: { "POST /enrolment": enrolment }, typed: { password: "gul hest" } },
  "house-enrol-wrong": {
    path: `/enrol#${token}`, session: null, typed: { password: "sommar2026sommar", code: "123 456" },
    answers: { "POST /enrolment": enrolment, "POST /enrolment/finish": problem("invalid", { field: "password", rule: "must not be one of the most common" }) },
  },
  "house-enrol-closed": { path: `/enrol#${token}`, session: null, answers: { "POST /enrolment": problem("link-unknown") } },
  "house-enrol-cut": { path: "/enrol#AAAA", session: null },
  "house-day-nurse": day("nurse", "mari"),
  "house-day-specialist": day("specialist", "tuva", { session: signedIn("specialist", { acts: many }) }),
  "house-day-menu": day("specialist", "tuva", { session: signedIn("specialist", { acts: many }) }),
  "house-day-coordinator": day("coordinator", "siv"),
  "house-day-people": day("coordinator", "siv"),
  "house-day-new-link": day("coordinator", "siv"),
  "house-day-new-link-sent": day("coordinator", "siv", { answers: { [newLink]: { channel: "sms", hint: "••• •• 412" } } }),
  "house-day-new-link-failed": day("coordinator", "siv", { answers: { [newLink]: problem("busy") } }),
  "house-day-planned": day("nurse", "else", { answers: { "GET /day": { now, items: visits.filter((v) => v.id === "c4").map((v) => ({ ...v, seat: "tuva" })) } } }),
  "house-day-empty": day("coordinator", "siv", { answers: { "GET /day": { now, items: [] } } }),
  "house-day-other": day("coordinator", "siv", { path: "/?date=2026-11-25", answers: { "GET /day": { now, items: [] } } }),
  "house-day-loading": { path: "/", session: nurse, now, answers: { "GET /day": never } },
  "house-day-failed": { path: "/", session: nurse, now, answers: { "GET /day": problem("internal") } },
  "house-day-refused": { path: "/", session: signedIn("coordinator"), now, answers: { "GET /day": problem("refused", { rule: "consultation.list", organisation: "Fjord sjukehus", phone: "12 34 56 78" }) } },
  "house-day-nameless": day("administrator", "jon", {
    answers: { "GET /day": { now, items: visits.map((v) => ({ ...v, seat: "", people: v.people.map((p) => (p.role === "patient" ? { ...p, name: "" } : p)) })) } },
  }),
  "house-day-en": day("specialist", "tuva", { language: "en" }),
  "house-not-found": { path: "/her/er/inga/side", session: nurse },
  "house-signed-out": { path: "/", session: nurse, now, answers: { "GET /day": dayOf("mari", now), "DELETE /session": null } },
  "house-sessions": {
    path: "/sessions",
    session: signedIn("specialist", { acts: many }),
    now,
    answers: {
      "GET /sessions": {
        items: [
          { id: "s1", here: true, device: "firefox/windows", act: acts.specialist, signedIn: at(7, 52), lastSeen: now },
          { id: "s2", here: false, device: "safari/ios", act: acts.specialist, signedIn: at(7, 10) - 24 * 3_600_000, lastSeen: at(7, 31) },
          { id: "s3", here: false, device: "other/linux", act: acts.coordinator, signedIn: at(7, 10), lastSeen: at(7, 31) },
        ],
      },
    },
  },
  "house-sessions-one": {
    path: "/sessions", session: nurse, now,
    answers: { "GET /sessions": { items: [{ id: "s1", here: true, device: "chrome/android", act: acts.nurse, signedIn: at(7, 52), lastSeen: now }] } },
  },
};

/** What is pressed after the page is drawn, by data-testid. */
export const ownPresses: Readonly<Record<string, readonly string[]>> = {
  "house-sign-in-empty": ["sign-in-go"],
  "house-sign-in-wrong": ["sign-in-go"],
  "house-sign-in-locked": ["sign-in-go"],
  "house-code-wrong": ["code-go"],
  "house-enrol-wrong": ["enrol-go"],
  "house-held": ["save"],
  "house-unsaved": ["brand"],
  "house-day-menu": ["me"],
  "house-day-people": ["visit-c2"],
  "house-day-new-link": ["visit-c2", "new-link-olav"],
  "house-day-new-link-sent": ["visit-c2", "new-link-olav", "new-link-send"],
  "house-day-new-link-failed": ["visit-c2", "new-link-olav", "new-link-send"],
  "house-signed-out": ["me", "sign-out"],
};
