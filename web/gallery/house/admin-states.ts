// The states of administration and patients.

import type { Agreement, Check, Contact, MachineClient, Organisation, Patient, PatientLine, Staff } from "../../src/house/wire";
import { at } from "../fixtures";
import { inTurn, never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const contact = (kind: Contact["for"], name: string, phone: string): Contact => ({ for: kind, name, phone, email: `${name.split(" ")[0]?.toLowerCase()}@eksempel.no` });
const hospital: Organisation = {
  id: "hospital", version: 3, kind: "hospital", name: "Fjord sjukehus", number: "983974678", phone: "+4712345678", host: true, active: true,
  contacts: [contact("clinical", "Tuva Ask", "+4755001122"), contact("technical", "Jon Furu", "+4755001123"), contact("data-protection", "Liv Osp", "+4755001124")],
  units: [
    { id: "u1", version: 1, name: "Sårpoliklinikken", phone: "+4755001130", active: true, contact: "", deputy: "" },
    { id: "u2", version: 1, name: "Psykisk helse, vaksne", phone: "", active: true, contact: "", deputy: "" },
  ],
};
const town: Organisation = { ...hospital, id: "municipality", kind: "municipality", name: "Fjordvik kommune", number: "", phone: "+4755220000", host: false, contacts: [contact("clinical", "Mari Bjørk", "+4755220011")], units: [] };
const office: Organisation = { ...hospital, id: "gp", kind: "gp", name: "Fjordvik legekontor", host: false, contacts: [], units: [] };
const organisations = [hospital, town, office];

const codes: readonly Check["code"][] = ["agreement", "data-protection-assessment", "contacts-a", "contacts-b", "people-a", "people-b", "grants", "in-force"];
const agreement = (missing: readonly Check["code"][]): Agreement => ({
  id: "g1", version: 2, a: "hospital", b: "municipality", from: "2026-11-01", until: "",
  grants: [
    { to: "hospital", may: ["book", "see", "document"], actFor: false },
    { to: "municipality", may: ["book", "see"], actFor: false },
  ],
  policy: { identification: "code", shares: ["measurements", "wounds", "plan", "summary"], retentionDays: 90 },
  papers: [{ kind: "agreement", reference: "Sak 2026/1234", date: "2026-10-15" }],
  checklist: codes.map((code) => ({ code, done: !missing.includes(code) })), inForce: true,
});
const unready = agreement(["data-protection-assessment", "contacts-b", "people-b"]);

const person = (id: string, name: string, organisation: string, role: Staff["assignments"][number]["role"], title: string, account: Staff["account"]): Staff => ({
  id, version: 1, name, email: `${name.split(" ")[0]?.toLowerCase()}@eksempel.no`, phone: "+4790000000", hpr: role === "coordinator" ? "" : "9144889", language: "nn", account, warnings: [],
  assignments: [{ id: `${id}-1`, organisation, unit: organisation === "hospital" ? "u1" : "", role, title, competence: role === "specialist" ? "Sårbehandling" : "", from: "2026-01-01", until: "" }],
});
const staff = [
  person("tuva", "Tuva Ask", "hospital", "specialist", "Overlege", "active"),
  person("siv", "Siv Hassel", "hospital", "coordinator", "Koordinator", "active"),
  person("mari", "Mari Bjørk", "municipality", "nurse", "Heimesjukepleiar", "invited"),
  person("ane", "Ane Rogn", "municipality", "nurse", "Heimesjukepleiar", "none"),
];
const first = ["Ingrid", "Kåre", "Åse", "Øyvind", "Solveig", "Nils", "Turid", "Bjarne", "Oddny", "Leif"];
const last = ["Alm", "Barlind", "Eik", "Furu", "Gran", "Hassel", "Lønn", "Or", "Pil", "Selje"];
const many = first.flatMap((f, i) => last.slice(0, 4).map((l, n) => person(`p${i}${n}`, `${f} ${l}`, n % 2 === 0 ? "hospital" : "municipality", "nurse", "Sjukepleiar", n === 3 ? "invited" : "active")));

const page = <T>(items: readonly T[]): { items: T[]; next: string } => ({ items: [...items], next: "" });
const directory: Answers = {
  "GET /organisations": page(organisations), "GET /agreements": page([unready]), "GET /staff": page(staff),
  "GET /organisations/{id}": town, "GET /agreements/{id}": unready, "GET /staff/{id}": staff[2]!,
};
const admin = (path: string, answers: Answers = {}, with_: Partial<HouseState> = {}): HouseState => ({ path, session: signedIn("administrator"), now: at(9, 48), ...with_, answers: { ...directory, ...answers } });
const ready: Answers = { "GET /organisations": page([hospital, { ...town, contacts: hospital.contacts }]), "GET /agreements": page([agreement([])]), "GET /staff": page(staff.slice(0, 2)) };

const machine: MachineClient = {
  id: "klient-7f3a91", version: 1, name: "Journalsystemet", organisation: "hospital", keys: '{"keys":[{"kty":"EC","crv":"P-256","kid":"2026","x":"…","y":"…"}]}',
  scopes: ["consultation.list", "patient.read"], active: true, lastUsed: at(7, 12),
};
const community = { id: "h1", version: 1, name: "Helsefellesskapet i Fjord", members: ["hospital", "municipality", "gp"] };

const patient: Patient = {
  id: "olav", version: 4, name: "Olav Eik", nationalId: "15915410038", phone: "+4790000412", email: "", language: "nn", caredForBy: ["hospital", "municipality"],
  relatives: [{ id: "ragna", name: "Ragna Eik", kind: "relative", title: "Dotter", phone: "+4790000413", email: "ragna@eksempel.no", language: "nb" }],
  consents: [
    { organisation: "", relative: "ragna", from: "2026-10-01", until: "" },
    { organisation: "gp", relative: "", from: "2025-01-01", until: "2025-12-31" },
  ],
  warnings: [],
};
const patientLines: readonly PatientLine[] = Array.from({ length: 100 }, (_, i) => ({ id: `x${i}`, name: `${first[i % 10]} ${last[Math.floor(i / 10)]}`, bornYear: 1934 + ((i * 7) % 70) }));
const patients = (path: string, answers: Answers = {}, with_: Partial<HouseState> = {}): HouseState => ({
  path, session: signedIn("nurse"), now: at(9, 48), ...with_,
  answers: { "GET /organisations": page(organisations), "GET /patients": page(patientLines), "GET /patients/{id}": patient, ...answers },
});
const changed = problem("changed");
const refused = problem("refused", { rule: "patient.read", organisation: "Fjordvik kommune", phone: "55 22 00 00" });

export const adminStates: Readonly<Record<string, HouseState>> = {
  "admin-overview": admin("/admin"),
  "admin-overview-en": admin("/admin", {}, { language: "en" }),
  "admin-overview-ready": admin("/admin", ready),
  "admin-overview-loading": admin("/admin", { "GET /staff": never }),
  "admin-overview-failed": admin("/admin", { "GET /staff": problem("internal") }),
  "admin-pair-who": admin("/admin/new-pair"),
  "admin-pair-who-new": admin("/admin/new-pair?b=new"),
  "admin-pair-who-wrong": admin("/admin/new-pair?b=new", {}, { typed: { phone: "12" } }),
  "admin-pair-contacts": admin("/admin/new-pair/contacts?a=hospital&b=municipality"),
  "admin-pair-agreement": admin("/admin/new-pair/agreement?a=hospital&b=gp"),
  "admin-pair-people": admin("/admin/new-pair/people?a=hospital&b=municipality"),
  "admin-pair-check": admin("/admin/new-pair/check?a=hospital&b=municipality"),
  "admin-pair-ready": admin("/admin/new-pair/check?a=hospital&b=municipality", ready),
  "admin-organisations": admin("/admin/organisations"),
  "admin-organisations-empty": admin("/admin/organisations", { "GET /organisations": page([]) }),
  "admin-organisation": admin("/admin/organisations/hospital", { "GET /organisations/{id}": hospital }),
  "admin-organisation-unit": admin("/admin/organisations/hospital", { "GET /organisations/{id}": hospital }),
  "admin-organisation-wrong": admin("/admin/organisations/municipality", {}, { typed: { name: "", phone: "55 22" } }),
  "admin-organisation-conflict": admin(
    "/admin/organisations/municipality",
    { "PUT /organisations/{id}": changed, "GET /organisations/{id}": inTurn<"GET /organisations/{id}">(town, { ...town, version: 4, phone: "+4755221111", number: "974760673" }) },
    { typed: { phone: "55 22 00 99" } },
  ),
  "admin-organisation-lost": admin("/admin/organisations/municipality", { "PUT /organisations/{id}": problem("internal") }, { typed: { name: "Fjordvik" } }),
  "admin-agreements": admin("/admin/agreements"),
  "admin-agreements-empty": admin("/admin/agreements", { "GET /agreements": page([]) }),
  "admin-agreement": admin("/admin/agreements/g1"),
  "admin-agreement-nb": admin("/admin/agreements/g1", {}, { language: "nb" }),
  "admin-agreement-refused": admin("/admin/agreements/g1", { "GET /agreements/{id}": problem("refused", { rule: "organisation.read", organisation: "Fjord sjukehus", phone: "12 34 56 78" }) }),
  "admin-staff": admin("/admin/staff", { "GET /staff": page(many) }),
  "admin-staff-none": admin("/admin/staff", { "GET /staff": page(many) }, { typed: { search: "xyz" } }),
  "admin-staff-member": admin("/admin/staff/mari"),
  "admin-staff-invite": admin("/admin/staff/mari"),
  "admin-staff-sent": admin("/admin/staff/mari", { "POST /staff/{id}/enrolment": { channel: "email", hint: "m•••@eksempel.no" } }),
  "admin-staff-new": admin("/admin/staff/new?organisation=municipality", {}, { typed: { name: "Bo Lind" } }),
  "admin-communities": admin("/admin/communities", { "GET /communities": page([community]) }),
  "admin-communities-empty": admin("/admin/communities", { "GET /communities": page([]) }),
  "admin-community": admin("/admin/communities/h1", { "GET /communities/{id}": community }),
  "admin-machines": admin("/admin/machines", { "GET /machines": inTurn<"GET /machines">(page([machine, { ...machine, id: "k2", name: "Romsystemet", active: false, lastUsed: 0 }]), page([])) }),
  "admin-machine": admin("/admin/machines/k", { "GET /machines/{id}": machine }),
  "admin-machine-wrong": admin("/admin/machines/new", {}, { typed: { name: "Journalsystemet", keys: "min private nøkkel" } }),
  patients: patients("/patients"),
  "patients-found": patients("/patients", {}, { typed: { search: "ås bar" } }),
  "patients-find": patients("/patients"),
  "patients-empty": patients("/patients", { "GET /patients": page([]) }),
  "patients-not-found": patients("/patients?find", { "POST /patients/find": refused }, { typed: { nationalId: "159154 10038" } }),
  "patient-new": patients("/patients/new"),
  "patient-wrong": patients("/patients/new", {}, { typed: { nationalId: "1591541", phone: "12" } }),
  patient: patients("/patients/olav"),
  "patient-doubtful": patients("/patients/olav", {}, { typed: { nationalId: "159154 10039" } }),
  "patient-conflict": patients("/patients/olav", { "PUT /patients/{id}": changed, "GET /patients/{id}": inTurn<"GET /patients/{id}">(patient, { ...patient, version: 5, phone: "+4790000999" }) }, { typed: { phone: "90 00 04 15" } }),
  "patient-read-only": patients("/patients/olav?emergency", { "GET /patients/{id}": { ...patient, caredForBy: ["hospital"] } }),
  "patient-refused": patients("/patients/olav", { "GET /patients/{id}": refused }),
  "patient-emergency": patients("/patients/olav", { "GET /patients/{id}": refused }),
  "patient-emergency-short": patients("/patients/olav", { "GET /patients/{id}": refused }),
};

/** What is pressed after the page is drawn, by data-testid. */
export const adminPresses: Readonly<Record<string, readonly string[]>> = {
  "admin-pair-who-wrong": ["save"],
  "admin-organisation-unit": ["unit-u1"],
  "admin-organisation-wrong": ["save"],
  "admin-organisation-conflict": ["save"],
  "admin-organisation-lost": ["save"],
  "admin-staff-invite": ["invite"],
  "admin-staff-sent": ["invite", "invite-send"],
  "admin-machine-wrong": ["save"],
  "patients-not-found": ["find"],
  "patients-find": ["find-open"],
  "patient-wrong": ["save"],
  "patient-conflict": ["save"],
  "patient-emergency": ["emergency"],
  "patient-emergency-short": ["emergency", "open"],
};
