// Working hours as they are edited: times as fields hold them, what is wrong with them before
// anything is sent, and how they are said. Pure.

import { minutesIn, momentOf, partsOf, typedMoment } from "../../../i18n/norway";
import { date } from "../../../i18n/time";
import type { Errors } from "../../admin/draft";
import { dayAfter, fieldTime, noonOf } from "../../day";
import type { Hours } from "../../wire";
import type { MineWords } from "./i18n/words";

/** A piece of each week, or of a day that differs, as its fields hold it: "08:30". */
interface Times {
  readonly from: string;
  readonly until: string; // "00:00" is the end of the day
}
export interface Piece extends Times {
  readonly weekday: number; // 1: Monday (ISO 8601)
  readonly first: string; // "" for always
  readonly last: string;
}
export interface DayPiece extends Times {
  readonly day: string;
  readonly off: boolean;
}

/** Hours being edited. */
export interface HoursDraft extends Omit<Hours, "weekly" | "days"> {
  readonly weekly: readonly Piece[];
  readonly days: readonly DayPiece[];
}

const endOfDay = 24 * 60; // minutes

export function editable(h: Hours): HoursDraft {
  return {
    ...h,
    weekly: h.weekly.map((p) => ({ weekday: p.weekday, from: fieldTime(p.from), until: fieldTime(p.until), first: p.first, last: p.last })),
    days: h.days.map((d) => ({ day: d.day, off: d.from === 0 && d.until === 0, from: d.from === 0 && d.until === 0 ? "" : fieldTime(d.from), until: d.from === 0 && d.until === 0 ? "" : fieldTime(d.until) })),
  };
}

/** Minutes of two fields; null: one of them is no time. Midnight as an end is the end of the day. */
function minutesOf(t: Times): readonly [from: number, until: number] | null {
  const [from, until] = [minutesIn(t.from), minutesIn(t.until)];
  return from === null || until === null ? null : [from, until === 0 ? endOfDay : until];
}

/** What is sent; only of hours in which nothing is wrong. */
export function sent(d: HoursDraft): Pick<Hours, "weekly" | "days" | "holidays" | "buffer"> {
  return {
    weekly: d.weekly.map((p) => {
      const [from, until] = minutesOf(p) ?? [0, 0];
      return { weekday: p.weekday, from, until, first: p.first, last: p.last };
    }),
    days: d.days.map((p) => {
      const [from, until] = p.off ? [0, 0] : (minutesOf(p) ?? [0, 0]);
      return { day: p.day, from, until };
    }),
    holidays: d.holidays,
    buffer: d.buffer,
  };
}

/** Whether two pieces hold in the same weeks. */
const together = (a: Piece, b: Piece): boolean => !(a.last !== "" && b.first !== "" && a.last < b.first) && !(b.last !== "" && a.first !== "" && b.last < a.first);

export function faultsOf(d: HoursDraft): Errors {
  const found = new Map<string, "required" | "untilBeforeFrom" | "overlap" | "date">();
  const times = (path: string, t: Times): readonly [number, number] | null => {
    const minutes = minutesOf(t);
    if (!minutes) found.set(`${path}.${minutesIn(t.from) === null ? "from" : "until"}`, "required");
    else if (minutes[1] <= minutes[0]) found.set(`${path}.until`, "untilBeforeFrom");
    return minutes;
  };
  const weekly = d.weekly.map((p, i) => {
    if (p.first !== "" && !partsOf(p.first)) found.set(`weekly[${i}].first`, "date");
    if (p.last !== "" && (!partsOf(p.last) || (p.first !== "" && p.last < p.first))) found.set(`weekly[${i}].last`, partsOf(p.last) ? "untilBeforeFrom" : "date");
    return times(`weekly[${i}]`, p);
  });
  d.weekly.forEach((p, i) => {
    const mine = weekly[i];
    const clash = d.weekly.findIndex((q, n) => {
      const other = weekly[n];
      return n < i && q.weekday === p.weekday && mine && other && mine[0] < other[1] && other[0] < mine[1] && together(p, q);
    });
    if (clash >= 0 && !found.has(`weekly[${i}].until`)) found.set(`weekly[${i}].from`, "overlap");
  });
  d.days.forEach((p, i) => {
    if (!partsOf(p.day)) found.set(`days[${i}].day`, "date");
    else if (d.days.findIndex((q) => q.day === p.day) < i && (p.off || d.days.some((q, n) => n < i && q.day === p.day && (q.off || overlap(p, q))))) found.set(`days[${i}].day`, "overlap");
    if (!p.off) times(`days[${i}]`, p);
  });
  return found;
}

function overlap(a: Times, b: Times): boolean {
  const [x, y] = [minutesOf(a), minutesOf(b)];
  return x !== null && y !== null && x[0] < y[1] && y[0] < x[1];
}

/** A new piece on a weekday: after the last of it, or the usual hours. */
export function nextPiece(d: HoursDraft, weekday: number): Piece {
  const last = Math.max(0, ...d.weekly.filter((p) => p.weekday === weekday).map((p) => minutesOf(p)?.[1] ?? 0));
  const [from, until] = last === 0 ? [8 * 60, 15 * 60 + 30] : [Math.min(last + 30, endOfDay - 60), Math.min(last + 150, endOfDay)];
  return { weekday, from: fieldTime(from), until: fieldTime(until), first: "", last: "" };
}

/** Monday's pieces on all five working days; the week's end stays. */
export function likeMonday(d: HoursDraft): readonly Piece[] {
  const monday = d.weekly.filter((p) => p.weekday === 1);
  return [...monday, ...[2, 3, 4, 5].flatMap((weekday) => monday.map((p) => ({ ...p, weekday }))), ...d.weekly.filter((p) => p.weekday > 5)];
}

/** "08.00–15.30" as the reader's language writes times. */
export function timesSaid(w: MineWords, t: Times): string {
  const say = (field: string): string => {
    const minutes = minutesIn(field);
    return minutes === null ? "–" : w.house.clock(fieldTime(minutes).slice(0, 2), fieldTime(minutes).slice(3));
  };
  return `${say(t.from)}–${t.until === "00:00" ? w.house.clock("24", "00") : say(t.until)}`;
}

/** A piece of the week with its period, where it doesn't hold always. */
function pieceSaid(w: MineWords, p: Piece): string {
  const day = (d: string): string => (d === "" ? "" : date(w.house, noonOf(d)));
  return p.first === "" && p.last === "" ? timesSaid(w, p) : `${timesSaid(w, p)} (${w.mine.sinceUntil(day(p.first), day(p.last))})`;
}

/** The name of a weekday, 1 for Monday. */
export const weekdayName = (w: MineWords, weekday: number): string => w.house.weekday(weekday % 7);

/** A field's value in words, where another has changed it meanwhile. */
export function hoursSaid(w: MineWords, field: keyof HoursDraft, d: HoursDraft): string {
  switch (field) {
    case "weekly":
      return [1, 2, 3, 4, 5, 6, 7]
        .map((weekday) => [weekday, d.weekly.filter((p) => p.weekday === weekday)] as const)
        .filter(([, pieces]) => pieces.length > 0)
        .map(([weekday, pieces]) => `${weekdayName(w, weekday)} ${pieces.map((p) => pieceSaid(w, p)).join(" ")}`)
        .join(", ");
    case "days":
      return d.days.map((p) => `${date(w.house, noonOf(p.day))} ${p.off ? w.mine.closed.toLowerCase() : timesSaid(w, p)}`).join(", ");
    case "holidays":
      return d.holidays ? w.mine.hoursYes : w.mine.hoursNo;
    case "buffer":
      return w.mine.bufferMinutes(d.buffer);
    default:
      return String(d[field]);
  }
}

// --- Absences ---

export interface AbsenceTyped {
  readonly from: string;
  readonly until: string;
  readonly part: boolean; // only a part of the days: from one time until another
  readonly fromTime: string;
  readonly untilTime: string;
}
export type AbsenceFault = { readonly field: "from" | "until" | "fromTime" | "untilTime"; readonly rule: "date" | "time" | "left-out" | "untilBeforeFrom" | "past" };

/** When it begins and ends, whole days in Norway or from time to time; or what is wrong with it. */
export function absenceOf(typed: AbsenceTyped, now: number): { readonly starts: number; readonly ends: number } | AbsenceFault {
  if (!partsOf(typed.from)) return { field: "from", rule: "date" };
  if (!partsOf(typed.until)) return { field: "until", rule: "date" };
  if (typed.until < typed.from) return { field: "until", rule: "untilBeforeFrom" };
  if (!typed.part) {
    const ends = momentOf(dayAfter(typed.until, 1), 0);
    return ends <= now ? { field: "until", rule: "past" } : { starts: momentOf(typed.from, 0), ends };
  }
  const [from, until] = [typedMoment(typed.from, typed.fromTime), typedMoment(typed.until, typed.untilTime)];
  if (from.kind === "no-time" || from.kind === "no-day") return { field: "fromTime", rule: "time" };
  if (until.kind === "no-time" || until.kind === "no-day") return { field: "untilTime", rule: "time" };
  if (from.kind === "left-out") return { field: "fromTime", rule: "left-out" };
  if (until.kind === "left-out") return { field: "untilTime", rule: "left-out" };
  // Of a time that comes twice the earlier begins and the later ends: whoever is away in that hour, is so the whole of it.
  const starts = from.kind === "twice" ? from.at[0] : from.at;
  const ends = until.kind === "twice" ? until.at[1] : until.at;
  if (ends <= starts) return { field: "untilTime", rule: "untilBeforeFrom" };
  return ends <= now ? { field: "untilTime", rule: "past" } : { starts, ends };
}

// --- Calendars elsewhere ---

/** What of an address can be said to be wrong before it is sent. */
export const isFeedAddress = (typed: string): boolean => /^(https|webcal):\/\/[^\s/]+\.[^\s]+$/i.test(typed.trim());
