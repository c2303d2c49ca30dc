// How the day's page says whom and what. Pure.

import { dayOf } from "../../i18n/norway";
import { capital, clock, date } from "../../i18n/time";
import type { IconName } from "../../ui/icon";
import { dayAfter } from "../day";
import type { Booking, BookingPerson } from "../wire";
import { aboutOf, beginsAt, byLink, comesAt, othersOf, selfIn, type Stage } from "./board";
import type { VisitWords } from "./i18n/words";

/** A name; whoever may not see it sees what the person is there as. */
export function called(w: VisitWords, person: BookingPerson | undefined): string {
  if (!person) return "";
  return person.name !== "" ? person.name : person.title !== "" ? person.title : capital(w.house.role(person.role));
}

/** "lege Tuva Ask", "Ragna Eik, dotter": as one speaks of them within a sentence. */
export function mentioned(w: VisitWords, person: BookingPerson): string {
  if (person.name === "") return called(w, person);
  if (person.role === "relative") return person.title === "" ? person.name : `${person.name}, ${person.title.toLowerCase()}`;
  return person.role === "patient" ? person.name : `${w.house.role(person.role)} ${person.name}`;
}

/** "Lege Tuva Ask": the same where it begins a line. */
export const introduced = (w: VisitWords, person: BookingPerson): string => capital(mentioned(w, person));

/** "Kl. 10.00 hos Olav Eik", "Kl. 10.00 med Olav Eik"; where somebody is late, the new time. */
export function headline(w: VisitWords, b: Booking): string {
  const about = aboutOf(b);
  const name = called(w, about);
  const who = name === "" ? "" : selfIn(b)?.attends === "visit" && about?.role === "patient" && about.name !== "" ? w.own.atPatients(name) : w.house.withWhom(name);
  return `${w.house.visitAt(clock(w.house, beginsAt(b)))} ${who}`.trim();
}

/** "Samtale med Fjord sjukehus": the other organisations, or the title where one sees it. */
export function about(w: VisitWords, b: Booking): string {
  if (b.title !== "") return b.title;
  const own = selfIn(b)?.organisation ?? "";
  const others = [...new Set(b.people.filter((p) => !byLink(p) && p.organisation !== own && p.organisationName !== "").map((p) => p.organisationName))];
  return others.length === 0 ? w.own.call : w.own.callWith(others.join(", "));
}

/** The others by name, for a line of the day. */
export const companions = (w: VisitWords, b: Booking): string =>
  othersOf(b)
    .map((p) => called(w, p))
    .join(", ");

export interface Said {
  readonly text: string;
  readonly icon: IconName;
  readonly look?: "ready" | "new";
}

/** How ready somebody is. Green only where nothing more is to be done. */
export function readinessOf(w: VisitWords, b: Booking, person: BookingPerson): Said {
  const { state, test } = person.readiness;
  switch (state) {
    case "late":
      return { text: person.readiness.minutes > 0 ? w.own.comesAt(clock(w.house, comesAt(b, person))) : w.own.readiness.late, icon: "clock" };
    case "tested":
      if (test === "failed") return { text: w.own.failedTest, icon: "info" };
      if (test === "poor") return { text: w.own.poorTest, icon: "net" };
      return { text: byLink(person) ? w.own.readiness.tested : w.own.staffReady, icon: "check", look: "ready" };
    case "waiting":
    case "here":
      return { text: w.own.readiness[state], icon: "check", look: "ready" };
    case "left":
      return { text: w.own.readiness.left, icon: "leave" };
    case "unknown":
    case "not-opened":
    case "opened":
    case "on-the-way":
      return { text: w.own.readiness[state], icon: "clock" };
    default: {
      const never: never = state;
      return never;
    }
  }
}

/** How far a consultation has come. */
export function stageSaid(w: VisitWords, stage: Stage, next: boolean): Said {
  const text = w.own.stages[stage];
  if (next && stage !== "running") return { text: w.own.next, icon: "cam", look: "new" };
  switch (stage) {
    case "done":
      return { text, icon: "check", look: "ready" };
    case "running":
      return { text, icon: "cam", look: "ready" };
    case "open":
      return { text, icon: "unlock", look: "new" };
    case "planned":
      return { text, icon: "cam" };
    case "proposed":
    case "past":
      return { text, icon: "clock" };
    case "cancelled":
    case "noshow":
      return { text, icon: "x" };
    default: {
      const never: never = stage;
      return never;
    }
  }
}

/** "i dag kl. 10.00", "i morgon kl. 10.00", "onsdag 25. november kl. 10.00" */
export function whenSaid(w: VisitWords, at: number, now: number): string {
  const day = dayOf(at);
  const today = dayOf(now);
  const name = day === today ? w.house.today.toLowerCase() : day === dayAfter(today, 1) ? w.own.tomorrow : date(w.house, at);
  return `${name} ${w.house.at(clock(w.house, at))}`;
}

/** "Den neste er i morgon kl. 10.00, med Olav Eik." */
export function headlineOf(w: VisitWords, b: Booking, now: number): string {
  const name = called(w, aboutOf(b));
  return w.own.emptyNext(whenSaid(w, b.starts, now), name === "" ? "" : w.own.with(name));
}
