// What the day's page works out of bookings: how far each has come, which is next, who is
// ready, and what stands between them: driving, and what one is busy with otherwise. Pure.

import { dayOf, minuteOf, type Day } from "../../i18n/norway";
import type { Booking, BookingPerson, BusySpan, Preparation } from "../wire";

const minute = 60_000; // ms
const opensEarly = 15 * minute; // the waiting room takes people in from then on (scheduling)
const afterwards = 30 * minute; // until when one that nobody has ended may still begin

/** How far one has come. past: its time is over and nobody has ended it. */
export type Stage = "proposed" | "planned" | "open" | "running" | "done" | "past" | "noshow" | "cancelled";

export function stageOf(b: Booking, now: number): Stage {
  switch (b.state) {
    case "proposed":
    case "pending":
      return "proposed";
    case "cancelled":
      return "cancelled";
    case "noshow":
      return "noshow";
    case "fulfilled":
      return "done";
    case "booked":
    case "arrived":
      if (b.people.some((p) => p.readiness.state === "here")) return "running";
      if (now >= b.ends + afterwards) return "past";
      return now >= b.starts - opensEarly ? "open" : "planned";
    default: {
      const never: never = b.state;
      return never;
    }
  }
}

/** Nobody goes there any more. */
export const closed = (stage: Stage): boolean => stage === "done" || stage === "past" || stage === "noshow" || stage === "cancelled";

/** Oneself in it; undefined: one has no part in it. */
export const selfIn = (b: Booking): BookingPerson | undefined => b.people.find((p) => p.id === b.mine);

/** Whom it is about: the patient; where none is invited, the first. */
export const aboutOf = (b: Booking): BookingPerson | undefined => b.people.find((p) => p.role === "patient") ?? b.people[0];

/** The others, without oneself and without whom one is at home with or has beside: they come along. */
export function awaited(b: Booking): readonly BookingPerson[] {
  const self = selfIn(b);
  const about = aboutOf(b);
  return b.people.filter((p) => p.id !== b.mine && !(p === about && self?.attends === "visit"));
}

/** The others, without oneself and without whom it is about. */
export const othersOf = (b: Booking): readonly BookingPerson[] => b.people.filter((p) => p !== aboutOf(b) && p.id !== b.mine);

/** Whether the person comes by a personal link, and not with an account. */
export const byLink = (person: Pick<BookingPerson, "role">): boolean => person.role === "patient" || person.role === "relative" || person.role === "interpreter";

/** The one that oneself is to go to now or next: one under way, else one that is open, else the first to come. */
export function nextOf(bookings: readonly Booking[], now: number): Booking | undefined {
  const own = bookings.filter((b) => b.mine !== "" && selfIn(b)?.answer !== "declined").sort((a, b) => a.starts - b.starts);
  const at = (stage: Stage): Booking | undefined => own.find((b) => stageOf(b, now) === stage);
  return at("running") ?? at("open") ?? at("planned");
}

/** When somebody who is late comes. */
export const comesAt = (b: Booking, person: BookingPerson): number => b.starts + person.readiness.minutes * minute;

/** Who treats, and is so late that the others should know; oneself apart. */
export const latecomers = (b: Booking): readonly BookingPerson[] =>
  b.people.filter((p) => p.id !== b.mine && !byLink(p) && p.required && p.readiness.state === "late" && p.readiness.minutes > 0);

/** When it begins after all: as late as the latest of those who treat and are required, oneself with them. */
export const beginsAt = (b: Booking): number =>
  b.starts + Math.max(0, ...b.people.filter((p) => !byLink(p) && p.required && p.readiness.state === "late").map((p) => p.readiness.minutes)) * minute;

/** What is asked of a role, and of the others. */
export function prepared(b: Booking, role: string): { readonly mine: readonly Preparation[]; readonly others: readonly Preparation[] } {
  return { mine: b.prepare.filter((p) => p.for === role), others: b.prepare.filter((p) => p.for !== role) };
}

/** A line of the day. */
export type Row =
  | { readonly kind: "visit"; readonly key: string; readonly starts: number; readonly ends: number; readonly booking: Booking; readonly stage: Stage }
  | { readonly kind: "drive"; readonly key: string; readonly starts: number; readonly minutes: number }
  | { readonly kind: "busy"; readonly key: string; readonly starts: number; readonly ends: number; readonly why: "away" | "elsewhere" | "held"; readonly booking: string };

/**
 * The lines of a day by time: its bookings, proposed ones at each of their times, one's own
 * driving between them, and what else one is busy with.
 */
export function rowsOf(day: Day, bookings: readonly Booking[], busy: readonly BusySpan[], now: number): readonly Row[] {
  const visits: (Row & { kind: "visit" })[] = bookings.flatMap((booking) => {
    const stage = stageOf(booking, now);
    const times = stage === "proposed" ? booking.options.filter((o) => !o.taken) : [{ id: "", starts: booking.starts, ends: booking.ends }];
    return times
      .filter((t) => dayOf(t.starts) === day)
      .map((t) => ({ kind: "visit" as const, key: `${booking.id} ${t.id}`, starts: t.starts, ends: t.ends, booking, stage }));
  });
  const shown = new Set(visits.map((v) => v.booking.id));
  const others: Row[] = busy.flatMap((span, i) => {
    if (span.kind !== "away" && span.kind !== "elsewhere" && span.kind !== "held") return [];
    if (span.kind === "held" && shown.has(span.booking)) return []; // it stands there already
    if (dayOf(span.starts) > day || dayOf(span.ends - 1) < day) return [];
    return [{ kind: "busy" as const, key: `busy ${i}`, starts: span.starts, ends: span.ends, why: span.kind, booking: span.booking }];
  });
  return [...visits, ...drives(visits), ...others].sort((a, b) => a.starts - b.starts || rank(a) - rank(b));
}

const rank = (row: Row): number => (row.kind === "drive" ? 0 : row.kind === "visit" ? 1 : 2);

/** One's own driving to and from the visits; where the way from one meets the way to the next, it is one way, the longer of the two. */
function drives(visits: readonly (Row & { kind: "visit" })[]): (Row & { kind: "drive" })[] {
  const own = visits.filter((v) => selfIn(v.booking) !== undefined && v.stage !== "cancelled" && v.stage !== "proposed").sort((a, b) => a.starts - b.starts);
  const trip = (key: string, starts: number, minutes: number): (Row & { kind: "drive" })[] => (minutes > 0 ? [{ kind: "drive", key: `drive ${key}`, starts, minutes }] : []);
  return own.flatMap((visit, i) => {
    const [last, next] = [own[i - 1], own[i + 1]];
    const before = selfIn(visit.booking)?.before ?? 0;
    const after = selfIn(visit.booking)?.after ?? 0;
    const meets = (from: typeof visit, to: typeof visit): boolean => {
      const [back, out] = [selfIn(from.booking)?.after ?? 0, selfIn(to.booking)?.before ?? 0];
      return back > 0 && out > 0 && from.ends + back * minute >= to.starts - out * minute;
    };
    const joined = next !== undefined && meets(visit, next);
    const way = Math.max(after, joined ? (selfIn(next.booking)?.before ?? 0) : 0);
    return [
      ...(last !== undefined && meets(last, visit) ? [] : trip(`${visit.key} to`, visit.starts - before * minute, before)),
      ...trip(`${visit.key} from`, visit.ends, way),
    ];
  });
}

/** The days to come that have something, each with its lines. */
export function coming(days: readonly Day[], bookings: readonly Booking[], now: number): readonly { readonly day: Day; readonly rows: readonly Row[] }[] {
  return days.map((day) => ({ day, rows: rowsOf(day, bookings.filter((b) => b.state !== "cancelled"), [], now) })).filter(({ rows }) => rows.length > 0);
}

/** A piece of a bar of the day, in per cent of its width. */
export interface Piece {
  readonly kind: BusySpan["kind"] | "here";
  readonly from: number;
  readonly width: number;
}

/** Hours that a bar shows: the day's, and more where something lies outside. */
export function hoursOf(day: Day, spans: readonly { readonly starts: number; readonly ends: number }[]): readonly [from: number, until: number] {
  const within = spans.map((s) => minutesWithin(day, s)).filter((s) => s !== null);
  const from = Math.min(8 * 60, ...within.map(([a]) => a));
  const until = Math.max(16 * 60, ...within.map(([, b]) => b));
  return [Math.floor(from / 60), Math.ceil(until / 60)];
}

/** From and until, in minutes of the day, of what of a span lies in it; null: nothing does. */
function minutesWithin(day: Day, span: { readonly starts: number; readonly ends: number }): readonly [number, number] | null {
  const [first, last] = [dayOf(span.starts), dayOf(span.ends - 1)];
  if (first > day || last < day || span.ends <= span.starts) return null;
  return [first < day ? 0 : minuteOf(span.starts), last > day ? 24 * 60 : minuteOf(span.ends - 1) + 1];
}

/** A bar of one's day with what is proposed in it. */
export function barOf(day: Day, busy: readonly BusySpan[], here: { readonly starts: number; readonly ends: number }): { readonly hours: readonly [number, number]; readonly pieces: readonly Piece[] } {
  const own = busy.filter((span) => span.kind !== "closed");
  const hours = hoursOf(day, [here]);
  const [from, until] = [hours[0] * 60, hours[1] * 60];
  const piece = (kind: Piece["kind"], span: { readonly starts: number; readonly ends: number }): Piece[] => {
    const within = minutesWithin(day, span);
    if (within === null) return [];
    const [a, b] = [Math.max(within[0], from), Math.min(within[1], until)];
    return b <= a ? [] : [{ kind, from: ((a - from) / (until - from)) * 100, width: ((b - a) / (until - from)) * 100 }];
  };
  return { hours, pieces: [...own.flatMap((span) => piece(span.kind, span)), ...piece("here", here)] };
}

/** What one is busy with that a proposed time meets; driving and what is held count, closed hours are told apart. */
export const inTheWay = (busy: readonly BusySpan[], at: { readonly starts: number; readonly ends: number }, booking: string): readonly BusySpan[] =>
  busy.filter((span) => span.starts < at.ends && span.ends > at.starts && !(span.booking !== "" && span.booking === booking));
