// What the day's page works out of the day's visits. Pure.

import type { Person } from "../gen/protocol";
import { partsOf, type Day } from "./admin/days";
import type { DayVisit } from "./wire";

/** The day so many days later, or earlier. */
export function dayAfter(day: Day, by: number): Day {
  const [year, month, date] = partsOf(day) ?? [1970, 0, 1];
  return new Date(Date.UTC(year, month, date + by)).toISOString().slice(0, 10);
}

/** A moment in the middle of the day, where the reader is; to write its date by. */
export function noonOf(day: Day): number {
  const [year, month, date] = partsOf(day) ?? [1970, 0, 1];
  return new Date(year, month, date, 12).getTime();
}

/** Whom the visit is about: the patient; where none is invited, the first. */
export function aboutOf(visit: Pick<DayVisit, "people">): Person | undefined {
  return visit.people.find((p) => p.role === "patient") ?? visit.people[0];
}

/** The others who are invited, without oneself. */
export function othersOf(visit: Pick<DayVisit, "people" | "seat">): readonly Person[] {
  const about = aboutOf(visit);
  return visit.people.filter((p) => p !== about && p.id !== visit.seat);
}

/** The visit that the one who asks is to go to now or next: one under way, else one that is open, else the first to come. */
export function nextOf(visits: readonly DayVisit[]): DayVisit | undefined {
  const own = [...visits].filter((v) => v.seat !== "" && v.state !== "ended").sort((a, b) => a.starts - b.starts);
  return own.find((v) => v.state === "running") ?? own.find((v) => v.state === "open") ?? own[0];
}

/** Whether the person comes by a personal link, and not with an account. */
export function byLink(person: Pick<Person, "role">): boolean {
  return person.role === "patient" || person.role === "relative" || person.role === "interpreter";
}
