// The states of who has seen what: the patient's own, by link, and the data protection officer's.

import type { SeenLine, Session } from "../../src/house/wire";
import { at } from "../fixtures";
import { inTurn, never, problem, type HouseState } from "./fake";
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
const officer = (path: string, with_: Partial<HouseState> = {}): HouseState => ({ path, session: signedIn("officer"), now: at(9, 48), answers: { "GET /patients/{patient}/seen": some }, ...with_ });

export const seenStates: Readonly<Record<string, HouseState>> = {
  "seen-patient": patient({ "GET /seen": some }),
  "seen-patient-nb": patient({ "GET /seen": some }, { language: "nb" }),
  "seen-patient-en": patient({ "GET /seen": some }, { language: "en" }),
  "seen-patient-none": patient({ "GET /seen": { items: [], next: "" } }),
  "seen-patient-loading": patient({ "GET /seen": never }),
  "seen-patient-failed": patient({ "GET /seen": problem("internal") }),
  "seen-patient-older": patient({ "GET /seen": inTurn<"GET /seen">({ items: lines.slice(0, 3), next: "more" }, { items: lines.slice(3), next: "" }) }),
  "seen-officer": officer("/seen"),
  "seen-officer-wrong": officer("/seen", { typed: { id: "15915410038" } }),
  "seen-officer-patient": officer("/seen/olav"),
  "seen-officer-refused": officer("/seen/other", { answers: { "GET /patients/{patient}/seen": problem("refused", { rule: "seen.read", organisation: "Fjord sjukehus", phone: "12 34 56 78" }) } }),
};

export const seenPresses: Readonly<Record<string, readonly string[]>> = {
  "seen-patient-older": ["older"],
  "seen-officer-wrong": ["show-seen"],
};
