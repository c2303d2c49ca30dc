// The states of who has seen what: the patient's own, by link, and the data protection officer's.

import type { EmergencyLine, SeenLine, Session } from "../../src/house/wire";
import { at } from "../fixtures";
import { inTurn, never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const day = 86_400_000; // ms
const line = (change: Partial<SeenLine>): SeenLine => ({
  at: at(9, 30), times: 1, name: "Mari Bjørk", role: "nurse", organisation: "Fjordvik kommune", action: "patient.read", refused: false, by: ["same-organisation"], reason: "", ...change,
});
const lines: readonly SeenLine[] = [
  line({ at: at(9, 40), name: "Olav Eik", role: "patient", organisation: "", action: "seen.read", by: ["self"], times: 2 }),
  line({ times: 3 }),
  line({ at: at(8, 15), name: "Tuva Ask", role: "specialist", organisation: "Fjord sjukehus", by: ["agreement", "consent"] }),
  line({ at: at(2, 10) - day, name: "Jon Furu", role: "specialist", organisation: "Fjord sjukehus", by: ["emergency"] }),
  line({ at: at(2, 9) - day, name: "Jon Furu", role: "specialist", organisation: "Fjord sjukehus", action: "emergency.open", by: [], reason: "Funnen medvitslaus heime, ukjende medisinar" }),
  line({ at: at(14, 0) - 3 * day, name: "Turid Hegg-Solbakken Kristoffersen", role: "coordinator", organisation: "Fjord sjukehus", refused: true, by: [] }),
  line({ at: at(13, 5) - 3 * day, name: "Ragna Eik", role: "relative", organisation: "", by: ["relative", "consent"] }),
  line({ at: at(12, 0) - 20 * day, name: "", by: ["same-organisation"], action: "patient.write" }),
  line({ at: at(11, 0) - 400 * day, name: "", role: "machine", organisation: "Fjord sjukehus" }),
];
const some = { items: [...lines], next: "" };
const byLink: Session = { ...signedIn("nurse"), handle: "h1", person: { id: "olav", name: "Olav Eik" }, act: { assignment: "", organisation: "", organisationName: "", unit: "", role: "patient", title: "Pasient" }, acts: [], may: ["seen.read"] };
const patient = (answers: HouseState["answers"], with_: Partial<HouseState> = {}): HouseState => ({ path: "/seen", session: byLink, now: at(9, 48), ...(answers ? { answers } : {}), ...with_ });
const opened = (change: Partial<EmergencyLine>): EmergencyLine => ({
  at: at(2, 9), name: "Jon Furu", role: "specialist", organisation: "Fjord sjukehus", patient: "olav", reason: "Funnen medvitslaus heime, ukjende medisinar", ...change,
});
const emergencies = {
  next: "",
  items: [
    opened({}),
    opened({ at: at(23, 50) - day, name: "Mari Bjørk", role: "nurse", organisation: "Fjordvik kommune", patient: "kari", reason: "Pårørande ringde: ho svarar ikkje, og vi veit ikkje kva ho bruker av medisinar. Legevakta er på veg" }),
    opened({ at: at(4, 12) - 3 * day, patient: "", reason: "" }),
    opened({ at: at(11, 0) - 12 * day, name: "", patient: "gerd" }),
    opened({ at: at(10, 0) - 28 * day, patient: "nils", reason: "Akutt forverring, ingen pårørande å nå" }),
  ],
};
const officer = (path: string, with_: Partial<HouseState> = {}): HouseState => ({
  path, session: signedIn("officer"), now: at(9, 48), ...with_, answers: { "GET /patients/{patient}/seen": some, "GET /emergencies": emergencies, ...with_.answers },
});
const number = { nationalId: "159154 10038" };
const foundOlav: Answers = { "POST /seen/find": { items: [{ patient: "olav", version: 4 }] } };
const erase = (answers: Answers = foundOlav, with_: Partial<HouseState> = {}): HouseState => officer("/seen/olav/erase", { answers, typed: number, ...with_ });
const relative: Session = { ...byLink, person: { id: "ragna", name: "Ragna Eik" }, act: { assignment: "", organisation: "", organisationName: "", unit: "", role: "relative", title: "Dotter" } };

export const seenStates: Readonly<Record<string, HouseState>> = {
  "seen-patient": patient({ "GET /seen": some }),
  "seen-patient-nb": patient({ "GET /seen": some }, { language: "nb" }),
  "seen-patient-en": patient({ "GET /seen": some }, { language: "en" }),
  "seen-patient-none": patient({ "GET /seen": { items: [], next: "" } }),
  "seen-patient-loading": patient({ "GET /seen": never }),
  "seen-patient-failed": patient({ "GET /seen": problem("internal") }),
  "seen-patient-older": patient({ "GET /seen": inTurn<"GET /seen">({ items: lines.slice(0, 3), next: "more" }, { items: lines.slice(3), next: "" }) }),
  "seen-officer": officer("/seen"),
  "seen-officer-en": officer("/seen", { language: "en" }),
  "seen-officer-none": officer("/seen", { answers: { "GET /emergencies": { items: [], next: "" } } }),
  "seen-officer-loading": officer("/seen", { answers: { "GET /emergencies": never } }),
  "seen-officer-failed": officer("/seen", { answers: { "GET /emergencies": problem("internal") } }),
  "seen-officer-older": officer("/seen", { answers: { "GET /emergencies": inTurn<"GET /emergencies">({ items: emergencies.items.slice(0, 2), next: "more" }, { items: emergencies.items.slice(2), next: "" }) } }),
  "seen-officer-wrong": officer("/seen", { typed: { nationalId: "1591541003" } }),
  "seen-officer-not-found": officer("/seen", { typed: number, answers: { "POST /seen/find": problem("refused", { rule: "seen.read" }) } }),
  "seen-officer-several": officer("/seen", { typed: number, answers: { "POST /seen/find": { items: [{ patient: "olav", version: 4 }, { patient: "olav2", version: 1 }] } } }),
  "seen-officer-found": officer("/seen", { typed: number, answers: foundOlav }),
  "seen-officer-patient": officer("/seen/olav"),
  "seen-officer-refused": officer("/seen/other", { answers: { "GET /patients/{patient}/seen": problem("refused", { rule: "seen.read", organisation: "Fjord sjukehus", phone: "12 34 56 78" }) } }),
  "seen-relative": patient({ "GET /seen": some }, { session: relative }),
  "seen-relative-refused": patient({ "GET /seen": problem("refused", { rule: "seen.read" }) }, { session: relative }),
  "seen-erase": officer("/seen/olav/erase"),
  "seen-erase-en": officer("/seen/olav/erase", { language: "en" }),
  "seen-erase-wrong": erase({}, { typed: { nationalId: "159154" } }),
  "seen-erase-not-theirs": erase({ "POST /seen/find": { items: [{ patient: "kari", version: 2 }] } }),
  "seen-erase-sure": erase(),
  "seen-erase-done": erase({ ...foundOlav, "DELETE /patients/{id}": null }),
  "seen-erase-others": erase({ ...foundOlav, "DELETE /patients/{id}": problem("invalid", { field: "caredForBy", rule: "must be your own organisation alone" }) }),
  "seen-erase-changed": erase({ ...foundOlav, "DELETE /patients/{id}": problem("changed") }),
};

export const seenPresses: Readonly<Record<string, readonly string[]>> = {
  "seen-patient-older": ["older"],
  "seen-officer-older": ["older"],
  "seen-officer-wrong": ["find-record"],
  "seen-officer-not-found": ["find-record"],
  "seen-officer-several": ["find-record"],
  "seen-officer-found": ["find-record"],
  "seen-erase-wrong": ["erase-go-on"],
  "seen-erase-not-theirs": ["erase-go-on"],
  "seen-erase-sure": ["erase-go-on"],
  "seen-erase-done": ["erase-go-on", "erase"],
  "seen-erase-others": ["erase-go-on", "erase"],
  "seen-erase-changed": ["erase-go-on", "erase"],
};
