// What the page can say to be wrong before anything is sent. The service has the last word;
// these only spare a round trip, so they let through what they are not sure of.

import { partsOf } from "../../i18n/norway";
import type { Assignment, Contact } from "../wire";
import type { Errors, Rule } from "./draft";

export type Found = readonly [field: string, rule: Rule];

export const found = (...rules: readonly (readonly Found[])[]): Errors => new Map(rules.flat());

const when = (broken: boolean, field: string, rule: Rule): Found[] => (broken ? [[field, rule]] : []);

export const required = (field: string, value: string): Found[] => when(value.trim() === "", field, "required");

/** RFC 5321 leaves more open than anyone uses: something, @, something with a dot. */
export const email = (field: string, value: string): Found[] => when(value.trim() !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()), field, "email");

/** Eight digits as in Norway, or E.164 (ITU-T): + and at most fifteen. */
export const phone = (field: string, value: string): Found[] => when(value.trim() !== "" && !/^(\d{8}|(\+|00)\d{7,15})$/.test(value.replace(/[\s().-]/g, "")), field, "phone");

/** A number that somebody answers may be a short one, as 116117. */
export const ring = (field: string, value: string): Found[] => (/^\d{3,6}$/.test(value.replace(/\s/g, "")) ? [] : phone(field, value));

export const digits = (field: string, value: string, least: number, most: number, rule: Rule): Found[] => {
  const typed = value.replace(/\s/g, "");
  return when(typed !== "" && !(/^\d+$/.test(typed) && typed.length >= least && typed.length <= most), field, rule);
};

/** A day that exists. */
export const day = (field: string, value: string): Found[] => when(partsOf(value) === null, field, "date");

/** A first day that exists, and a last one that is empty or not before it. */
export function period(prefix: string, from: string, until: string): Found[] {
  const days = [...day(`${prefix}from`, from), ...(until === "" ? [] : day(`${prefix}until`, until))];
  return days.length > 0 ? days : when(until !== "" && until < from, `${prefix}until`, "untilBeforeFrom");
}

/** Whether nothing has been written about a contact: it is not sent then. */
export const blank = (c: Contact): boolean => [c.name, c.phone, c.email].every((part) => part.trim() === "");

export const contacts = (list: readonly Contact[]): Found[] =>
  list.flatMap((c, i) =>
    blank(c) ? [] : [...required(`contacts[${i}].name`, c.name), ...ring(`contacts[${i}].phone`, c.phone), ...email(`contacts[${i}].email`, c.email)],
  );

export const assignments = (list: readonly Assignment[]): Found[] =>
  list.flatMap((a, i) => [
    ...when(a.organisation === "", `assignments[${i}].organisation`, "required"),
    ...required(`assignments[${i}].title`, a.title),
    ...period(`assignments[${i}].`, a.from, a.until),
  ]);

/**
 * The place in the form of what the service calls name[i], where the form's list has places
 * that are not sent.
 */
export function relocated<T>(field: string, name: string, list: readonly T[], sent: (item: T) => boolean): string {
  const m = new RegExp(`^${name}\\[(\\d+)\\](.*)$`).exec(field);
  if (!m) return field;
  const places = list.flatMap((item, i) => (sent(item) ? [i] : []));
  return `${name}[${places[Number(m[1])] ?? m[1]}]${m[2]}`;
}
