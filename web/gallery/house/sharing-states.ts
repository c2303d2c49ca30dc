// States of the page on which a patient decides who sees what.

import type { PatientSharing } from "../../src/gen/api";
import { never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";
import type { Session } from "../../src/house/wire";

const at = Date.UTC(2026, 10, 23, 9, 12);
const olav: Session = { ...signedIn("nurse"), handle: "h1", person: { id: "olav", name: "Olav Eik" }, act: { assignment: "", organisation: "", organisationName: "", unit: "", role: "patient", title: "Pasient" }, acts: [], may: ["sharing.read", "sharing.write"] };
const parties = [{ party: "relatives", name: "" }, { party: "fjordvik", name: "Fjordvik kommune" }, { party: "hospital", name: "Fjord sjukehus" }];
const nothing: PatientSharing = { version: 0, rules: [], setAt: 0, setBy: "", setRole: "", parties };
const some: PatientSharing = { version: 3, rules: [{ item: "survey", party: "fjordvik", shown: false }, { item: "survey", party: "relatives", shown: true }], setAt: at - 86_400_000, setBy: "Olav Eik", setRole: "patient", parties };

const own = (sharing: PatientSharing, more: Answers = {}, with_: Partial<HouseState> = {}): HouseState => ({
  path: "/sharing", session: olav, now: at, answers: { "GET /patients/{id}/sharing": sharing, "PUT /patients/{id}/sharing": { ...sharing, version: sharing.version + 1 }, ...more }, ...with_,
});

export const sharingStates: Readonly<Record<string, HouseState>> = {
  sharing: own(nothing),
  "sharing-decided": own(some),
  "sharing-en": own(some, {}, { language: "en" }),
  "sharing-saved": own(nothing, { "PUT /patients/{id}/sharing": { ...nothing, version: 1, rules: [{ item: "plan", party: "relatives", shown: false }], setBy: "Olav Eik", setRole: "patient", setAt: at } }),
  "sharing-changed": own(some, { "PUT /patients/{id}/sharing": problem("changed") }),
  "sharing-loading": own(nothing, { "GET /patients/{id}/sharing": never }),
  "sharing-nurse": own(some, {}, { path: "/patients/olav/sharing", session: signedIn("nurse") }),
};

export const sharingPresses: Readonly<Record<string, readonly string[]>> = {
  "sharing-saved": ["sharing-plan"],
  "sharing-changed": ["sharing-plan"],
};
