// The bodies and operations of the API that signed-in people's pages use, as
// internal/httpapi/api_*.go has them.

import type { Language, Person, Problem, ProblemCode, VisitState } from "../gen/protocol";

export type { Language, Person, Problem, ProblemCode };

// ---------------------------------------------------------------- signing in

export type Role = "patient" | "relative" | "interpreter" | "specialist" | "nurse" | "gp" | "coordinator" | "administrator" | "data-protection" | "machine";

/** What the table of rights rules over (internal/access), as "patient.read". */
export type Action = string;

export interface Session {
  handle: string;
  stage: "code" | "role" | "full";
  person: { id: string; name: string };
  act: Act | null;
  acts: Act[];
  may: Action[];
  expiresAt: number; // ms since 1970, UTC
  language: Language;
}

export interface Act {
  assignment: string;
  organisation: string;
  organisationName: string;
  unit: string;
  role: Role;
  title: string;
}

export interface Sessions {
  items: SessionPlace[];
}

export interface SessionPlace {
  id: string;
  here: boolean;
  device: string;
  act: Act | null;
  signedIn: number; // ms since 1970, UTC
  lastSeen: number;
}

export interface Enrolment {
  name: string;
  email: string;
  secret: string; // base32
  uri: string; // otpauth://totp/…
}

// ---------------------------------------------------------------- the day

export interface Day {
  items: DayVisit[];
  now: number; // the server's clock, ms since 1970, UTC
}

export interface DayVisit {
  id: string;
  starts: number;
  ends: number;
  state: VisitState;
  people: Person[];
  here: number;
  /** The participant id of whoever asks; empty: has no seat there. */
  seat: string;
}

export interface NewLink {
  channel: "sms" | "email";
  hint: string;
}

// ---------------------------------------------------------------- the directory

export type OrganisationKind = "hospital" | "municipality" | "gp";

export interface Organisation {
  id: string;
  version: number;
  kind: OrganisationKind;
  name: string;
  number: string;
  phone: string;
  host: boolean;
  active: boolean;
  contacts: Contact[];
  units: Unit[];
}

export interface Contact {
  for: "clinical" | "technical" | "data-protection";
  name: string;
  phone: string;
  email: string;
}

export interface Unit {
  id: string;
  version: number;
  name: string;
  phone: string;
  active: boolean;
}

export interface Community {
  id: string;
  version: number;
  name: string;
  members: string[];
}

export interface Agreement {
  id: string;
  version: number;
  a: string;
  b: string;
  from: string; // 2026-11-23
  until: string; // or empty
  grants: Grant[];
  policy: Policy;
  papers: Paper[];
  checklist: Check[];
  inForce: boolean;
}

export interface Grant {
  to: string;
  may: ("book" | "see" | "document")[];
  actFor: boolean;
}

export interface Policy {
  identification: "link" | "code" | "recognised";
  shares: ("measurements" | "wounds" | "plan" | "questionnaires" | "summary")[];
  retentionDays: number;
}

export interface Paper {
  kind: "agreement" | "data-protection-assessment";
  reference: string;
  date: string;
}

export interface Check {
  code: "agreement" | "data-protection-assessment" | "contacts-a" | "contacts-b" | "people-a" | "people-b" | "grants" | "in-force";
  done: boolean;
}

export interface Staff {
  id: string;
  version: number;
  name: string;
  email: string;
  phone: string;
  hpr: string;
  language: Language;
  assignments: Assignment[];
  account: "none" | "invited" | "active" | "locked" | "ended";
}

export interface Assignment {
  id: string;
  organisation: string;
  unit: string;
  role: Role;
  title: string;
  competence: string;
  from: string;
  until: string;
}

export interface MachineClient {
  id: string;
  version: number;
  name: string;
  organisation: string;
  keys: string;
  scopes: Action[];
  active: boolean;
  lastUsed: number;
}

/** A page of a list. next is what to ask the next one by; empty: there is none. */
export interface Page<T> {
  items: T[];
  next: string;
}

// ---------------------------------------------------------------- patients

export interface Patient {
  id: string;
  version: number;
  name: string;
  nationalId: string;
  phone: string;
  email: string;
  language: Language;
  caredForBy: string[];
  relatives: RelatedPerson[];
  consents: PatientConsent[];
  warnings: { field: string; rule: string }[];
}

export interface RelatedPerson {
  id: string;
  name: string;
  kind: "relative" | "guardian";
  title: string;
  phone: string;
  email: string;
  language: Language;
}

export interface PatientConsent {
  organisation: string;
  relative: string;
  from: string;
  until: string;
}

export interface PatientLine {
  id: string;
  name: string;
  bornYear: number;
}

export interface SeenLine {
  at: number;
  times: number;
  name: string;
  role: Role;
  organisation: string;
  action: string;
  refused: boolean;
  by: string[];
  reason: string;
}

// ---------------------------------------------------------------- operations

interface Operation<Body, Answer, Query extends string = never> {
  body: Body;
  answer: Answer;
  query: Query;
}

type Without<T, K extends string> = { [P in keyof T as P extends K ? never : P]: T[P] };

/** What is sent of a thing that the server gives id, version and what it works out. */
type Written<T> = Without<T, "id" | "version" | "host" | "units" | "checklist" | "inForce" | "account" | "lastUsed" | "warnings">;

/** Every operation, by method and path under /api/v1. */
export interface Operations {
  "POST /session": Operation<{ email: string; password: string }, Session>;
  "POST /session/code": Operation<{ code: string }, Session>;
  "POST /session/role": Operation<{ assignment: string }, Session>;
  "GET /session": Operation<null, Session>;
  "DELETE /session": Operation<null, null>;
  "GET /sessions": Operation<null, Sessions>;
  "DELETE /sessions/{id}": Operation<null, null>;
  "DELETE /sessions": Operation<null, null>;
  "POST /enrolment": Operation<{ token: string }, Enrolment>;
  "POST /enrolment/finish": Operation<{ token: string; password: string; code: string }, Session>;
  "POST /staff/{id}/enrolment": Operation<null, NewLink | null>;

  "GET /day": Operation<null, Day, "date">;
  "POST /consultations/{consultation}/people/{participant}/link": Operation<null, NewLink>;
  "DELETE /consultations/{consultation}/people/{participant}/link": Operation<null, null>;

  "GET /organisations": Operation<null, Page<Organisation>, "cursor">;
  "POST /organisations": Operation<Written<Organisation>, Organisation>;
  "GET /organisations/{id}": Operation<null, Organisation>;
  "PUT /organisations/{id}": Operation<Written<Organisation>, Organisation>;
  "POST /organisations/{id}/units": Operation<Written<Unit>, Unit>;
  "PUT /organisations/{id}/units/{unit}": Operation<Written<Unit>, Unit>;
  "GET /communities": Operation<null, Page<Community>, "cursor">;
  "POST /communities": Operation<Written<Community>, Community>;
  "GET /communities/{id}": Operation<null, Community>;
  "PUT /communities/{id}": Operation<Written<Community>, Community>;
  "GET /agreements": Operation<null, Page<Agreement>, "cursor">;
  "POST /agreements": Operation<Written<Agreement>, Agreement>;
  "GET /agreements/{id}": Operation<null, Agreement>;
  "PUT /agreements/{id}": Operation<Written<Agreement>, Agreement>;
  "GET /staff": Operation<null, Page<Staff>, "organisation" | "cursor">;
  "POST /staff": Operation<Written<Staff>, Staff>;
  "GET /staff/{id}": Operation<null, Staff>;
  "PUT /staff/{id}": Operation<Written<Staff>, Staff>;
  "GET /machines": Operation<null, Page<MachineClient>, "cursor">;
  "POST /machines": Operation<Written<MachineClient>, MachineClient>;
  "GET /machines/{id}": Operation<null, MachineClient>;
  "PUT /machines/{id}": Operation<Written<MachineClient>, MachineClient>;

  "GET /patients": Operation<null, Page<PatientLine>, "cursor">;
  "POST /patients": Operation<Written<Patient>, Patient>;
  "POST /patients/find": Operation<{ nationalId: string }, Page<PatientLine>>;
  "GET /patients/{id}": Operation<null, Patient>;
  "PUT /patients/{id}": Operation<Written<Patient>, Patient>;
  "DELETE /patients/{id}": Operation<null, null>;
  "POST /patients/{id}/emergency": Operation<{ reason: string }, { until: number }>;

  "GET /seen": Operation<null, Page<SeenLine>, "patient" | "cursor">;
  "GET /patients/{id}/seen": Operation<null, Page<SeenLine>, "cursor">;
}

export type OperationName = keyof Operations;

/** Those that create: the client sends them with a key, so that a second try creates nothing twice. */
export const creating: ReadonlySet<OperationName> = new Set<OperationName>([
  "POST /staff/{id}/enrolment",
  "POST /consultations/{consultation}/people/{participant}/link",
  "POST /organisations",
  "POST /organisations/{id}/units",
  "POST /communities",
  "POST /agreements",
  "POST /staff",
  "POST /machines",
  "POST /patients",
  "POST /patients/{id}/emergency",
]);
