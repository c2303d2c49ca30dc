// The states of wounds on their pages: for who treats, and the patient's own.

import type { PatientWounds, WoundSeries } from "../../src/gen/api";
import type { Session } from "../../src/house/wire";
import { assessment, photo } from "../../src/wound/testing";
import { at } from "../fixtures";
import { allOf, first, firstSeen, larger, none, several, whole, withWrong, woundPicture } from "../wounds";
import { never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const answers = (all: PatientWounds, series: WoundSeries = whole, more: Answers = {}): Answers => ({ "GET /patients/{id}/wounds": all, "GET /patients/{id}/wounds/{wound}": series, ...more });
const staff = (all: PatientWounds, series: WoundSeries = whole, more: Answers = {}, with_: Partial<HouseState> = {}): HouseState => ({
  path: "/patients/olav/wounds", session: signedIn("specialist"), now: at(10, 12), pictures: woundPicture, answers: answers(all, series, more), ...with_,
});

const olav: Session = { ...signedIn("nurse"), handle: "h1", person: { id: "olav", name: "Olav Eik" }, act: { assignment: "", organisation: "", organisationName: "", unit: "", role: "patient", title: "Pasient" }, acts: [], may: ["wound.read", "photo.send"] };
const ragna: Session = { ...olav, person: { id: "ragna", name: "Ragna Eik" }, act: { ...olav.act!, role: "relative", title: "Dotter" }, may: ["wound.read"] };
const mine = (all: PatientWounds): PatientWounds => ({ ...all, mayWrite: false });
const own = (all: PatientWounds, series: WoundSeries = whole, more: Answers = {}, with_: Partial<HouseState> = {}): HouseState => ({
  path: "/wound", session: olav, now: at(10, 12), pictures: woundPicture, answers: answers(mine(all), series, more), ...with_,
});
const sent = photo({ id: "p6", wound: "", by: "Olav Eik", role: "patient", askedBy: "" });

export const woundStates: Readonly<Record<string, HouseState>> = {
  "wound-page": staff(allOf()),
  "wound-page-several": staff(several),
  "wound-page-wrong": staff(allOf(), withWrong),
  "wound-page-table": staff(allOf(), withWrong),
  "wound-page-photo": staff(allOf()),
  "wound-page-photo-gone": staff(allOf(), { ...whole, photos: [photo({ id: "gone" }), ...whole.photos.slice(1)] }),
  "wound-page-measure": staff(allOf()),
  "wound-page-compare": staff(allOf()),
  "wound-page-assess": staff(allOf()),
  "wound-page-correct": staff(allOf()),
  "wound-page-correct-changed": staff(allOf(), whole, { "POST /patients/{id}/wounds/{wound}/assessments/{assessment}/correction": problem("changed") }),
  "wound-page-close": staff(allOf()),
  "wound-page-change": staff(allOf()),
  "wound-page-none": staff(none),
  "wound-page-loading": staff(allOf(), whole, { "GET /patients/{id}/wounds": never }),
  "wound-page-failed": staff(allOf(), whole, { "GET /patients/{id}/wounds": problem("internal") }),
  "wound-page-refused": staff(allOf(), whole, { "GET /patients/{id}/wounds": problem("refused", { rule: "wound.read", organisation: "Fjordvik kommune", phone: "12345678" }) }),
  "wound-page-en": staff(allOf(), whole, {}, { language: "en" }),
  "wound-own": own(allOf()),
  "wound-own-larger": own(allOf({ items: [larger], loose: [sent] }), { ...whole, assessments: [assessment({})] }),
  "wound-own-first": own(allOf({ items: [firstSeen] }), first),
  "wound-own-several": own(several),
  "wound-own-photo": own(allOf()),
  "wound-own-none": own(none),
  "wound-own-failed": own(allOf(), whole, { "GET /patients/{id}/wounds": problem("internal") }),
  "wound-own-nb": own(allOf(), whole, {}, { language: "nb" }),
  "wound-relative": own(allOf({ maySend: false }), whole, {}, { session: ragna, path: "/wound?patient=olav" }),
  "wound-relative-nobody": own(allOf(), whole, {}, { session: ragna }),
};

export const woundPresses: Readonly<Record<string, readonly string[]>> = {
  "wound-page-table": ["wound-view-table"],
  "wound-page-photo": ["open-p5"],
  "wound-page-photo-gone": ["open-gone"],
  "wound-page-measure": ["open-p5", "measure-photo"],
  "wound-page-compare": ["compare", "pair-over"],
  "wound-page-assess": ["assess"],
  "wound-page-correct": ["wound-view-table", "correct-a4"],
  "wound-page-correct-changed": ["wound-view-table", "correct-a4", "correct-save"],
  "wound-page-close": ["wound-close"],
  "wound-page-change": ["wound-change"],
  "wound-own-photo": ["open-p5"],
};
