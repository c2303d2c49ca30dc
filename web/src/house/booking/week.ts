// The calendar as it is drawn: people as rows, days as columns, and where on a day's bar each
// span stands. Pure: the pages draw what this works out.

import { momentOf, wallOf, weekdayOf, type Day } from "../../i18n/norway";
import { dayAfter } from "../day";
import type { Away, Booking, BookingPerson, BusySpan, CalendarPerson, CalendarWeek } from "../wire";

/** The part of the day that bars show, in whole hours as the clock shows them. */
export interface Hours {
  readonly from: number;
  readonly until: number;
}
export const usualHours: Hours = { from: 8, until: 16 };

/** One day's bar, as moments. */
export interface Frame {
  readonly day: Day;
  readonly from: number;
  readonly until: number;
}

export const frameOf = (day: Day, hours: Hours): Frame => ({ day, from: momentOf(day, hours.from * 60), until: momentOf(day, hours.until * 60) });

/** Where something stands on a bar, in per cent of its width; null: outside. */
export interface Place {
  readonly left: number;
  readonly width: number;
}

export function placeOf(starts: number, ends: number, frame: Frame): Place | null {
  const [from, until] = [Math.max(starts, frame.from), Math.min(ends, frame.until)];
  if (until <= from) return null;
  const whole = frame.until - frame.from;
  return { left: ((from - frame.from) / whole) * 100, width: ((until - from) / whole) * 100 };
}

/** Where the hours stand on a bar: on a day whose clocks change, not where they usually do. */
export function marksOf(frame: Frame, hours: Hours, every: number): readonly { readonly hour: number; readonly left: number }[] {
  const marks = [];
  for (let hour = hours.from; hour <= hours.until; hour += every) {
    marks.push({ hour, left: ((momentOf(frame.day, hour * 60) - frame.from) / (frame.until - frame.from)) * 100 });
  }
  return marks;
}

export type BarKind = "busy" | "drive" | "call" | "held";

export interface Bar extends Place {
  readonly kind: BarKind;
}

/** How each kind of span is drawn. Another's call without a name says no more than that they are busy. */
function kindOf(span: BusySpan): BarKind {
  switch (span.kind) {
    case "call":
      return span.booking === "" ? "busy" : "call";
    case "travel":
      return "drive";
    case "held":
      return "held";
    case "away":
    case "elsewhere":
    case "closed":
      return "busy";
    default: {
      const never: never = span.kind;
      return never;
    }
  }
}

/** The bars of a day. Busy ones that meet are one, so that a week of fifty people is drawn at once. */
export function barsOf(spans: readonly BusySpan[], frame: Frame): readonly Bar[] {
  const busy: { starts: number; ends: number }[] = [];
  const others: Bar[] = [];
  for (const span of spans) {
    if (span.ends <= frame.from || span.starts >= frame.until) continue;
    const kind = kindOf(span);
    if (kind === "busy") {
      busy.push({ starts: span.starts, ends: span.ends });
      continue;
    }
    const place = placeOf(span.starts, span.ends, frame);
    if (place) others.push({ kind, ...place });
  }
  busy.sort((a, b) => a.starts - b.starts);
  const merged: { starts: number; ends: number }[] = [];
  for (const span of busy) {
    const last = merged.at(-1);
    if (last && span.starts <= last.ends) last.ends = Math.max(last.ends, span.ends);
    else merged.push({ ...span });
  }
  const grey = merged.flatMap(({ starts, ends }): Bar[] => {
    const place = placeOf(starts, ends, frame);
    return place ? [{ kind: "busy", ...place }] : [];
  });
  // What is booked lies on top of what is only busy.
  const order: Record<BarKind, number> = { busy: 0, drive: 1, held: 2, call: 3 };
  return [...grey, ...others.sort((a, b) => order[a.kind] - order[b.kind])];
}

/**
 * The busy ones as one background, and not an element each: they are four in five of all that
 * a week of fifty people has.
 */
export function greyOf(bars: readonly Bar[]): string {
  const stops = bars
    .filter((b) => b.kind === "busy")
    .flatMap(({ left, width }) => {
      const [from, until] = [left.toFixed(2), (left + width).toFixed(2)];
      return [`#0000 ${from}%`, `var(--sk-busy) ${from}% ${until}%`, `#0000 ${until}%`];
    });
  return stops.length === 0 ? "" : `linear-gradient(90deg,${stops.join(",")})`;
}

/** How an appointment looks: solid, dashed, framed, or struck. */
export type EntryState = "booked" | "proposed" | "counter" | "declined";

/** An appointment in somebody's day. */
export interface Entry {
  readonly key: string;
  readonly booking: Booking;
  readonly starts: number;
  readonly ends: number;
  readonly state: EntryState;
  readonly before: number; // minutes of travel
  readonly after: number;
}

/** The times of a booking: the one that is booked, or those that are proposed and nobody who is needed has said no to. */
export function timesOf(booking: Booking): readonly { readonly key: string; readonly starts: number; readonly ends: number; readonly state: EntryState }[] {
  if (booking.state === "cancelled") return [];
  if (booking.options.length === 0) return [{ key: booking.id, starts: booking.starts, ends: booking.ends, state: "booked" }];
  const needed = new Set(booking.people.filter((p) => p.required).map((p) => p.id));
  const open = booking.options.filter((o) => !o.answers.some((a) => a.answer === "declined" && needed.has(a.participant)));
  return open.map((o) => ({ key: `${booking.id}/${o.id}`, starts: o.starts, ends: o.ends, state: o.suggestedBy === "" ? "proposed" : "counter" }));
}

function entriesOf(booking: Booking, person: BookingPerson | null): readonly Entry[] {
  return timesOf(booking).map((time): Entry => {
    let state = time.state;
    if (state === "booked" && person?.answer === "declined") state = "declined";
    // Who needn't be there hasn't promised anything by others' booking it.
    else if (state === "booked" && person && !person.required && person.answer === "needs-action") state = "proposed";
    return { ...time, booking, state, before: person?.before ?? 0, after: person?.after ?? 0 };
  });
}

export interface Cell {
  readonly bars: readonly Bar[];
  readonly entries: readonly Entry[];
  readonly away: readonly Away[];
}

export interface Row {
  readonly person: CalendarPerson;
  readonly cells: readonly Cell[];
}

/** The rows of one organisation. */
export interface Group {
  readonly organisation: string;
  readonly name: string;
  readonly kind: CalendarPerson["organisationKind"];
  readonly rows: readonly Row[];
}

export interface Sheet {
  readonly hours: Hours;
  readonly frames: readonly Frame[];
  readonly groups: readonly Group[];
}

/** The hours that bars must show for nothing that is booked to be left out. */
export function hoursFor(week: CalendarWeek): Hours {
  let { from, until } = usualHours;
  const widen = (starts: number, ends: number): void => {
    const [a, b] = [wallOf(starts), wallOf(ends)];
    from = Math.min(from, Math.floor(a.minute / 60));
    until = Math.max(until, a.day === b.day ? Math.ceil(b.minute / 60) : 24);
  };
  const last = dayAfter(week.from, week.days);
  const within = { from: momentOf(week.from, 0), until: momentOf(last, 0) };
  for (const booking of week.bookings) {
    for (const time of timesOf(booking)) if (time.ends > within.from && time.starts < within.until) widen(time.starts, time.ends);
  }
  return { from, until };
}

/** The days that have a column: Monday to Friday, and a weekend on which something is booked. */
export function daysOf(week: CalendarWeek): readonly Day[] {
  const all = Array.from({ length: week.days }, (_, i) => dayAfter(week.from, i));
  if (week.days < 7) return all;
  const used = new Set(week.bookings.flatMap((b) => timesOf(b).map((t) => wallOf(t.starts).day)));
  return all.filter((day) => weekdayOf(day) <= 5 || used.has(day));
}

/** @param party an organisation to show alone; empty: all */
export function sheetOf(week: CalendarWeek, party: string): Sheet {
  const hours = hoursFor(week);
  const days = daysOf(week);
  const frames = days.map((day) => frameOf(day, hours));
  const dayFrames = days.map((day) => ({ from: momentOf(day, 0), until: momentOf(dayAfter(day, 1), 0) }));
  const dayOf = (ms: number): number => dayFrames.findIndex((d) => ms >= d.from && ms < d.until);

  // Each booking is looked at once, and lies ready for those who are in it.
  const entries = new Map<string, Entry[][]>(); // by person or equipment, then by day
  const put = (who: string, entry: Entry): void => {
    const day = dayOf(entry.starts);
    if (day < 0) return;
    let mine = entries.get(who);
    if (!mine) entries.set(who, (mine = days.map(() => [])));
    mine[day]?.push(entry);
  };
  for (const booking of week.bookings) {
    for (const person of booking.people) for (const entry of entriesOf(booking, person)) put(person.person, entry);
    for (const thing of booking.equipment) for (const entry of entriesOf(booking, null)) put(thing.id, entry);
  }

  const groups: { organisation: string; name: string; kind: Group["kind"]; rows: Row[] }[] = [];
  for (const person of week.people) {
    if (party !== "" && person.organisation !== party) continue;
    let group = groups.find((g) => g.organisation === person.organisation);
    if (!group) groups.push((group = { organisation: person.organisation, name: person.organisationName, kind: person.organisationKind, rows: [] }));
    const mine = entries.get(person.person);
    group.rows.push({
      person,
      cells: frames.map((frame, i): Cell => {
        const whole = dayFrames[i]!;
        return {
          bars: barsOf(person.busy, frame),
          entries: [...(mine?.[i] ?? [])].sort((a, b) => a.starts - b.starts),
          away: person.away.filter((a) => a.starts < whole.until && a.ends > whole.from),
        };
      }),
    });
  }
  return { hours, frames, groups };
}

/** A day in the list, with each time once. */
export interface ListDay {
  readonly day: Day;
  readonly entries: readonly Entry[];
}

export function listOf(week: CalendarWeek, party: string): readonly ListDay[] {
  const days = daysOf(week);
  const own = (booking: Booking): boolean => party === "" || booking.people.some((p) => p.organisation === party);
  const all = week.bookings.filter(own).flatMap((booking) => entriesOf(booking, null));
  return days.map((day) => ({ day, entries: all.filter((e) => wallOf(e.starts).day === day).sort((a, b) => a.starts - b.starts) }));
}

/** Organisations that have rows, in their order. */
export function partiesOf(people: readonly CalendarPerson[]): readonly { readonly id: string; readonly name: string }[] {
  const names = new Map(people.map((p) => [p.organisation, p.organisationName]));
  return [...names].map(([id, name]) => ({ id, name }));
}
