// Who is signed in, in the gallery, and what the table of rights gives them.

import { actions, table } from "../../src/gen/access";
import type { Act, Session } from "../../src/house/wire";
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
    may: actions.filter((action) => action in table[act.role]),
    expiresAt: at(23, 0),
    language: "nn",
    ...with_,
  };
}
