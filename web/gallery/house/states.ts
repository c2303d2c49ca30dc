// The states of the house itself: the door, the role, where one is signed in. The parts' own stand in
// files beside this one, and all of them are gathered in index.ts.

import { at } from "../fixtures";
import { adminStates } from "./admin-states";
import { problem, type HouseState } from "./fake";
import { acts, signedIn } from "./people";

const many = [acts.specialist, acts.coordinator, acts.administrator];
const token = "AAAAAAAAAAAAAAAAAAAAAA";

const now = at(9, 48);
const nurse = signedIn("nurse");
const enrolment = {
  name: "Mari Bjørk", email: "mari.bjork@fjordvik.example", secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  uri: "otpauth://totp/samkonsult:mari.bjork@fjordvik.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=samkonsult",
};
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
  "house-not-found": { path: "/her/er/inga/side", session: nurse },
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
};
