// What pages say of people and organisations, out of what the service answers.

import { partsOf, type Day } from "../../i18n/norway";
import { standing } from "./days";
import type { AdminWords } from "./i18n/words";
import { capital } from "../../i18n/time";
import type { Contact, Organisation, Staff } from "../wire";

/** "23. november 2026"; what is no date is said as it stands. */
export function dayWords(w: AdminWords, day: Day): string {
  const parts = partsOf(day);
  return parts ? w.day(parts[2], w.month(parts[1]), parts[0]) : day;
}

/** "23. november 2026 – inntil vidare" */
export function periodWords(w: AdminWords, from: Day, until: Day): string {
  return w.form.period(dayWords(w, from), until === "" ? w.form.forNow : dayWords(w, until));
}

/** The name of an organisation; of one that the reader may not see, that it is another. */
export function nameIn(w: AdminWords, organisations: readonly Organisation[]): (id: string) => string {
  const names = new Map(organisations.map((o) => [o.id, o.name]));
  return (id) => names.get(id) ?? w.form.otherOrganisation;
}

export const contactKinds = ["clinical", "technical", "data-protection"] as const satisfies readonly Contact["for"][];

/** The kinds of contact that an organisation lacks: without a name, and a way to reach it, nobody can ask. */
export function missingContacts(organisation: Pick<Organisation, "contacts">): Contact["for"][] {
  const reachable = (c: Contact): boolean => c.name.trim() !== "" && (c.phone.trim() !== "" || c.email.trim() !== "");
  return contactKinds.filter((kind) => !organisation.contacts.some((c) => c.for === kind && reachable(c)));
}

/** A member of staff's titles and organisations, those that are over left out: "Overlege, Fjord sjukehus". */
export function worksAs(w: AdminWords, staff: Staff, name: (organisation: string) => string, today: Day): string {
  const current = staff.assignments.filter((a) => standing(a.from, a.until, today) !== "over");
  return current.map((a) => w.staff.rolesOf(a.title || capital(w.role(a.role)), name(a.organisation))).join(" · ");
}

/** Whether a member of staff is in force anywhere, or will be. */
export const works = (staff: Staff, today: Day): boolean => staff.assignments.some((a) => standing(a.from, a.until, today) !== "over");

/** Compares names as a Norwegian does: å is the last letter, and capitals don't count. */
export const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] => {
  const collator = new Intl.Collator("nb");
  return [...items].sort((a, b) => collator.compare(a.name, b.name));
};

/** Whether every word that is sought begins some word of the name. */
export function matches(name: string, query: string): boolean {
  const words = name.toLocaleLowerCase("nb").split(/[\s-]+/);
  return query
    .toLocaleLowerCase("nb")
    .split(/\s+/)
    .every((sought) => words.some((word) => word.startsWith(sought)));
}
