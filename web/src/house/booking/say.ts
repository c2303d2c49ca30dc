// Sentences about bookings: when, with whom, and what waits. Pure; the words are the
// dictionary's.

import { interpreterLanguage } from "../../i18n/interpreters";
import { minute, partsOf, wallOf, weekdayOf, type Day } from "../../i18n/norway";
import { capital } from "../../i18n/time";
import type { Language } from "../../gen/protocol";
import type { IconName } from "../../ui/icon";
import { daysBetween } from "../day";
import type { Booking, BookingOption, BookingPerson, TakenBy, TimeParty, TimeReason, WaitingItem } from "../wire";
import type { BookingWords } from "./i18n/words";

const two = (n: number): string => String(n).padStart(2, "0");

/** "10.00", in Norway. */
export function clockOf(w: BookingWords, ms: number): string {
  const { minute: m } = wallOf(ms);
  return minuteWords(w, m);
}

/** "10.00", of a minute of the day. */
export const minuteWords = (w: BookingWords, m: number): string => w.clock(two(Math.floor(m / 60)), two(m % 60));

/** "tysdag 24. november" */
export function dayWords(w: BookingWords, day: Day): string {
  const [, month, date] = partsOf(day) ?? [1970, 0, 1];
  return w.date(w.weekday(weekdayOf(day) % 7), date, w.month(month));
}

/** "24. nov." */
export function dayShort(w: BookingWords, day: Day): string {
  const [, month, date] = partsOf(day) ?? [1970, 0, 1];
  return w.dayShort(date, w.monthShort(month));
}

/** "23.–27. november 2026" */
export function periodWords(w: BookingWords, from: Day, until: Day): string {
  const [, month, date] = partsOf(from) ?? [1970, 0, 1];
  const [year, lastMonth, lastDate] = partsOf(until) ?? [1970, 0, 1];
  const end = w.dayShort(lastDate, w.month(lastMonth));
  return w.period(month === lastMonth ? w.dayOnly(date) : w.dayShort(date, w.month(month)), end, year);
}

/** "kl. 12.30", which a line doesn't end within. */
export const atOf = (w: BookingWords, ms: number): string => w.at(clockOf(w, ms)).replaceAll(" ", "\u00a0");

/** "tysdag 24. november kl. 12.30" */
export const whenOf = (w: BookingWords, ms: number): string => `${dayWords(w, wallOf(ms).day)} ${atOf(w, ms)}`;

/** "tysdag 24. november kl. 12.30–13.00" */
export const spanOf = (w: BookingWords, starts: number, ends: number): string => `${dayWords(w, wallOf(starts).day)} ${w.atSpan(clockOf(w, starts), clockOf(w, ends)).replaceAll(" ", "\u00a0").replace("–", "\u2060–\u2060")}`;

/** "tysdag 12.30"; where that could be another week's, the date stands too; today "i dag 10.00". */
export function shortWhen(w: BookingWords, ms: number, now: number): string {
  const { day } = wallOf(ms);
  const away = daysBetween(wallOf(now).day, day);
  if (away === 0) return w.todayAt(clockOf(w, ms));
  if (away > 0 && away < 7) return `${w.weekday(weekdayOf(day) % 7)} ${clockOf(w, ms)}`;
  return `${dayShort(w, day)} ${clockOf(w, ms)}`;
}

/** "30 minutt" */
export const lengthOf = (w: BookingWords, starts: number, ends: number): string => w.minutes(Math.round((ends - starts) / minute));

export const lastName = (name: string): string => name.trim().split(/\s+/).at(-1) ?? "";

/** Whom the booking is about, by last name; what it is about for who may not see that. */
export const shortAbout = (w: BookingWords, booking: Booking): string => lastName(booking.patientName) || booking.title || w.aCall;

/** "Sårkontroll, Alm" */
export const titleOf = (w: BookingWords, booking: Booking): string => [booking.title || w.aCall, lastName(booking.patientName)].filter((part) => part !== "").join(", ");

/** Name, or for who may not see it, what they are there as. */
export const nameOf = (w: BookingWords, person: Pick<BookingPerson, "name" | "title" | "role">): string => person.name || person.title || capital(w.theRole(person.role));

/** Within a sentence: the patient by role, which is what a coordinator calls them; others by name. */
export const calledOf = (w: BookingWords, person: BookingPerson): string => (person.role === "patient" || person.name === "" ? w.theRole(person.role) : person.name);

/** "polsk": also of those that the browser has no name for. */
export const languageName = (language: Language, code: string): string => interpreterLanguage(language, code).name;

export interface Line {
  readonly icon: IconName;
  readonly text: string;
}

/** A party as the subject of a sentence: by role, or by name where two have the same one. */
export function subjectOf(w: BookingWords, party: Pick<TimeParty, "role" | "name">, all: readonly Pick<TimeParty, "role" | "name">[]): string {
  const alone = all.filter((p) => p.role === party.role).length === 1;
  return alone || party.name === "" ? capital(w.theRole(party.role)) : party.name;
}

/** One reason for the place that a time has in the list. */
export function reasonOf(w: BookingWords, reason: TimeReason, parties: readonly TimeParty[], required: number): Line {
  const party = parties[reason.party];
  const who = party ? subjectOf(w, party, parties) : "";
  const icon: IconName = reason.good ? "check" : "clock";
  const why = w.plan.why;
  switch (reason.kind) {
    case "all-free":
      return { icon: "check", text: why.allFree(required) };
    case "optional-missing":
      return { icon: "x", text: why.optionalMissing(party?.name || who) };
    case "travel":
      if (party && party.before + party.after > 0) {
        return { icon: "car", text: party.before === party.after ? why.travelEach(party.before) : why.travelBoth(party.before, party.after) };
      }
      return { icon: "car", text: why.travel(reason.minutes) };
    case "deadline":
      return { icon: reason.days > 0 ? "check" : "clock", text: why.deadline(reason.days) };
    case "after-deadline":
      return { icon, text: why.afterDeadline(reason.days) };
    case "back-to-back":
      return { icon, text: why.backToBack(who) };
    case "before-after-hours":
      return { icon, text: why.hours(who, reason.minutes) };
    case "tentative":
      return { icon, text: why.tentative(who) };
    case "soon":
      return { icon, text: why.soon };
    default: {
      const never: never = reason.kind;
      return never;
    }
  }
}

/** Something that waits, in words. */
export interface Todo extends Line {
  readonly kind: string;
  readonly title: string;
}

const todoIcons: Readonly<Record<WaitingItem["kind"], IconName>> = {
  asked: "clock", suggested: "swap", declined: "x", missing: "user", unanswered: "clock", lapsed: "clock", "not-ready": "clock", undelivered: "send", interpreter: "globe",
};

export const optionOf = (item: WaitingItem): BookingOption | undefined => item.booking.options.find((o) => o.id === item.option);
export const personOf = (item: WaitingItem): BookingPerson | undefined => item.booking.people.find((p) => p.id === item.person);

/** @param own the organisation whose coordinator reads @param nameIn the name of a colleague */
export function todoOf(w: BookingWords, item: WaitingItem, of: { readonly now: number; readonly own: string; readonly language: Language; readonly nameIn: (person: string) => string }): Todo {
  const { booking } = item;
  const t = w.todo;
  const person = personOf(item);
  const who = person ? capital(calledOf(w, person)) : "";
  const kind = item.kind === "unanswered" ? t.unanswered(Math.floor((of.now - item.since) / (24 * 60 * minute))) : t.kind[item.kind];
  const todo = (title: string, ...text: readonly string[]): Todo => ({ icon: todoIcons[item.kind], kind, title, text: text.filter((part) => part !== "").join(" ") });
  const title = titleOf(w, booking);
  switch (item.kind) {
    case "suggested": {
      const option = optionOf(item);
      const by = booking.people.find((p) => p.id === option?.suggestedBy);
      const from = by ? by.organisationName || capital(calledOf(w, by)) : who;
      const others = booking.options.filter((o) => o.id !== item.option && o.suggestedBy === "");
      const [one] = others;
      const when = option ? whenOf(w, option.starts) : "";
      const sameDay = others.length === 1 && one && option && wallOf(one.starts).day === wallOf(option.starts).day;
      const instead = sameDay ? atOf(w, one.starts) : w.list(others.map((o) => shortWhen(w, o.starts, of.now)), w.or);
      const ours = booking.people.filter((p) => p.organisation === of.own);
      const free = item.free ? (ours.length === 1 && ours[0]?.name ? t.isFree(ours[0].name) : t.oursFree) : t.oursBusy;
      return todo(title, instead === "" ? t.wants(from, when) : t.wantsInstead(from, when, instead), free);
    }
    case "missing": {
      const deputy = item.deputy.map(of.nameIn).find((name) => name !== "");
      return todo(t.cannot(who, shortWhen(w, booking.starts, of.now)), t.needsDeputy(title), deputy ? t.isFree(deputy) : t.noDeputy);
    }
    case "unanswered": {
      const times = booking.options.length > 0 ? booking.options.map((o) => o.starts) : [booking.starts];
      const missing = person ? [person] : booking.people.filter((p) => p.required && p.answer === "needs-action");
      const others = booking.people.filter((p) => p.required && !missing.includes(p));
      const yes = others.length > 0 && others.every((p) => p.answer === "accepted");
      const names = w.list(missing.map((p) => calledOf(w, p)), w.and);
      return todo(title, t.notAnswered(capital(names), w.list(times.map((ms) => shortWhen(w, ms, of.now)), w.or)), yes ? t.othersYes : "");
    }
    case "declined":
      return todo(title, t.saidNo(who, shortWhen(w, booking.starts, of.now)), person?.comment ? t.quote(person.comment) : "");
    case "lapsed":
      return todo(title, t.lapsedText);
    case "not-ready": {
      const failed = person?.readiness.test === "failed";
      const text = failed ? t.testFailed(who) : person?.answer === "needs-action" ? t.notConfirmed(who) : t.notOpened(who);
      const ready = (p: BookingPerson): boolean => p.answer === "accepted" && p.readiness.state !== "not-opened" && p.readiness.test !== "failed";
      return todo(`${title}, ${shortWhen(w, booking.starts, of.now)}`, text, booking.people.every((p) => p === person || ready(p)) ? t.othersReady : "");
    }
    case "undelivered":
      return todo(title, t.notReached(who), t.why(item.why));
    case "interpreter":
      return todo(`${title}, ${shortWhen(w, booking.starts, of.now)}`, t.interpreterText(languageName(of.language, booking.interpreter)));
    case "asked":
      return todo(title, capital(w.list((booking.options.length > 0 ? booking.options.map((o) => o.starts) : [booking.starts]).map((ms) => shortWhen(w, ms, of.now)), w.or)));
    default: {
      const never: never = item.kind;
      return never;
    }
  }
}

/** Who is not free after all, a sentence each. */
export const takenWords = (w: BookingWords, taken: readonly TakenBy[]): readonly string[] => taken.map((by) => w.plan.takenText(by.name, whenOf(w, by.starts), by.rule));

/** A party that is asked for, within a sentence: by name where it has one. */
export const calledRole = (w: BookingWords, role: BookingPerson["role"], name: string): string => (role === "patient" || name === "" ? w.theRole(role) : name);
