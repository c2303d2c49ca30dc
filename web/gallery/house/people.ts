// Who is signed in, in the gallery, and what the table of rights gives them.

import type { Act, Action, Session } from "../../src/house/wire";
import { at } from "../fixtures";

const hospital = { organisation: "hospital", organisationName: "Fjord sjukehus" };
const municipality = { organisation: "municipality", organisationName: "Fjordvik kommune" };

export const acts = {
  specialist: { ...hospital, assignment: "a1", unit: "Sårpoliklinikken", role: "specialist", title: "Overlege" },
  coordinator: { ...hospital, assignment: "a2", unit: "", role: "coordinator", title: "Koordinator" },
  administrator: { ...hospital, assignment: "a3", unit: "", role: "administrator", title: "Administrator" },
  nurse: { ...municipality, assignment: "a4", unit: "Heimetenesta aust", role: "nurse", title: "Sjukepleiar" },
  officer: { ...hospital, assignment: "a5", unit: "", role: "data-protection", title: "Personvernombod" },
} as const satisfies Record<string, Act>;

const clinician: readonly Action[] = [
  "session.read", "session.end", "patient.list", "patient.read", "patient.write", "consent.write", "emergency.open",
  "consultation.list", "consultation.read", "consultation.join", "link.replace", "link.revoke", "organisation.read",
];

// As internal/access has them; only to hide buttons by, here as on the real page.
const may: Record<keyof typeof acts, readonly Action[]> = {
  specialist: clinician,
  nurse: clinician,
  coordinator: ["session.read", "session.end", "patient.list", "patient.read", "patient.write", "consent.write", "consultation.list", "consultation.read", "link.replace", "link.revoke", "organisation.read", "staff.read"],
  administrator: [
    "session.read", "session.end", "organisation.read", "organisation.write", "organisation.create", "community.write", "agreement.write",
    "staff.read", "staff.write", "account.recover", "machine.write", "audit.export",
  ],
  officer: ["session.read", "session.end", "seen.read", "organisation.read"],
};

const names: Record<keyof typeof acts, string> = { specialist: "Tuva Ask", nurse: "Mari Bjørk", coordinator: "Siv Hassel", administrator: "Jon Furu", officer: "Liv Osp" };

/** A session of someone who has come all the way in. */
export function signedIn(as: keyof typeof acts, with_: Partial<Session> = {}): Session {
  const act: Act = acts[as];
  return {
    handle: "",
    stage: "full",
    person: { id: as, name: names[as] },
    act,
    acts: [act],
    may: [...may[as]],
    expiresAt: at(23, 0),
    language: "nn",
    ...with_,
  };
}
