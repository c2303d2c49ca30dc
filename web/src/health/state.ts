// What the page knows of a patient's measurements, as one immutable value, and everything that can
// happen to it. The panel, the trend and the entry draw from it alone. Pure: no clock, no I/O.

import type { MeasuredKind, MeasurementPanel, MeasurementRow, Trend, TrendPoint } from "../gen/api";
import type { Measurement, ServerMessage, Target } from "../gen/protocol";
import { entryOrder, kindOf } from "./kinds";
import type { Unsent } from "./queue";
import { blank, press, type Key, type Typed } from "./typed";
import { isColour } from "./zone";

export type Period = "7" | "30" | "90" | "365" | "all";
export const periods: readonly Period[] = ["7", "30", "90", "365", "all"];

/** A trend that is open beside the picture. */
export interface OpenTrend {
  readonly kind: string;
  readonly period: Period;
  readonly view: "chart" | "table";
  readonly reading: "loading" | "ready" | "failed";
  readonly data: Trend | null; // of the period before, while the next one is read
  readonly values: readonly Measurement[]; // the newest first, for the table; as far as read
  readonly next: string; // cursor; empty: that was all
  readonly more: boolean; // more of them are being read
}

/** A curve that runs: what a device measures now. */
export interface Running {
  readonly participant: string;
  readonly points: readonly { readonly at: number; readonly values: readonly number[] }[]; // at: the page's clock when they came, ms
}

/** A change to a value that is being made. */
export interface Correcting {
  readonly measurement: Measurement;
  readonly busy: boolean;
  readonly problem: "" | "no-network" | "changed" | "refused" | "server";
}

/** What was saved last. */
export interface Saved {
  readonly key: string;
  readonly kind: string;
  readonly values: readonly number[];
  readonly measurement: Measurement | null; // once the service has it
}

export interface HealthState {
  readonly reading: "loading" | "ready" | "failed" | "refused";
  readonly kinds: readonly MeasuredKind[];
  readonly panel: MeasurementPanel | null;
  readonly asking: boolean; // the panel is being read, for the first time or anew
  readonly early: readonly Measurement[]; // came meanwhile
  readonly fresh: Readonly<Record<string, { readonly id: string; readonly until: number }>>; // by kind; until: service's clock, ms
  readonly told: Measurement | null; // the latest news, for who listens to the page
  readonly asks: Readonly<Record<string, { readonly name: string; readonly at: number }>>; // by kind: who waits for it
  readonly pointed: Readonly<Record<string, Target>>; // by participant, oneself included
  readonly pointing: boolean; // a press points, and opens nothing
  readonly running: Readonly<Record<string, Running>>; // by kind
  readonly unsent: readonly Unsent[];
  readonly trend: OpenTrend | null;
  readonly typed: Typed | null;
  readonly saved: Saved | null; // what was saved last, until the next is typed
  readonly correcting: Correcting | null;
}

export const noHealth: HealthState = {
  reading: "loading", kinds: [], panel: null, asking: true, early: [], fresh: {}, told: null, asks: {}, pointed: {}, pointing: false, running: {}, unsent: [],
  trend: null, typed: null, saved: null, correcting: null,
};

export type HealthAction =
  | { readonly type: "read"; readonly kinds: readonly MeasuredKind[]; readonly panel: MeasurementPanel }
  | { readonly type: "unread"; readonly why: "failed" | "refused" }
  | { readonly type: "reading" }
  | { readonly type: "message"; readonly message: ServerMessage; readonly now: number; readonly at: number; readonly self: string } // now: service's clock; at: page's
  | { readonly type: "came"; readonly measurements: readonly Measurement[]; readonly now: number; readonly keys?: readonly string[] } // the answer to one's own, with the key of each
  | { readonly type: "tick"; readonly now: number; readonly at: number }
  | { readonly type: "unsent"; readonly items: readonly Unsent[] }
  | { readonly type: "asked"; readonly kind: string; readonly name: string; readonly now: number }
  | { readonly type: "point"; readonly self: string; readonly target: Target | null }
  | { readonly type: "pointing"; readonly on: boolean }
  | { readonly type: "trend"; readonly kind: string; readonly period: Period }
  | { readonly type: "trend-view"; readonly view: OpenTrend["view"] }
  | { readonly type: "trend-read"; readonly kind: string; readonly period: Period; readonly data: Trend }
  | { readonly type: "trend-unread"; readonly kind: string; readonly period: Period }
  | { readonly type: "values"; readonly kind: string; readonly items: readonly Measurement[]; readonly next: string; readonly more: boolean }
  | { readonly type: "values-reading" }
  | { readonly type: "trend-closed" }
  | { readonly type: "choose"; readonly kind: string }
  | { readonly type: "key"; readonly key: Key }
  | { readonly type: "field"; readonly field: number }
  | { readonly type: "put"; readonly fields: readonly string[] }
  | { readonly type: "checked" }
  | { readonly type: "saved"; readonly key: string; readonly kind: string; readonly values: readonly number[] }
  | { readonly type: "mend"; readonly item: Unsent }
  | { readonly type: "correcting"; readonly correcting: Correcting | null };

const newFor = 120_000; // ms that a value is marked as new
const runsFor = 5_000; // ms after its last sample that a curve ends
const runsBack = 30_000; // ms of a running curve that are shown
const recent = 12;

const pointOf = (m: Measurement): TrendPoint => ({ at: m.measuredAt, values: m.values, colour: isColour(m.zone.colour) ? m.zone.colour : "" });
const wrong = (m: Measurement): boolean => m.status === "entered-in-error";

/** A row with a value that has come. The same value in the same version changes nothing. */
export function intoRow(row: MeasurementRow, m: Measurement): MeasurementRow {
  const { latest } = row;
  if (latest?.id === m.id) {
    if (m.version <= latest.version) return row;
    // What was corrected is drawn anew, a wrong one too: it stays, struck through, until the panel is read again.
    const others = row.recent.filter((p) => p.at !== latest.measuredAt);
    return { ...row, latest: m, recent: wrong(m) ? others : [...others, pointOf(m)] };
  }
  // A wrong one that this page never saw right is shown as what it is only where nothing else stands.
  if (wrong(m)) return { ...row, latest: latest ?? m, recent: row.recent.filter((p) => p.at !== m.measuredAt) };
  if (latest && !wrong(latest) && m.measuredAt < latest.measuredAt) {
    // Measured earlier and sent later: into its place, and never as the latest.
    if (row.recent.some((p) => p.at === m.measuredAt)) return row;
    const before = row.before && row.before.at >= m.measuredAt ? row.before : pointOf(m);
    return { ...row, before, recent: [...row.recent, pointOf(m)].sort((a, b) => a.at - b.at).slice(-recent) };
  }
  const before = latest && !wrong(latest) ? pointOf(latest) : row.before;
  return { ...row, latest: m, before, recent: [...row.recent, pointOf(m)].slice(-recent) };
}

/** The panel with a value that has come; a kind that had no row gets one at its place, and no row moves. */
export function intoPanel(panel: MeasurementPanel, kinds: readonly MeasuredKind[], m: Measurement): MeasurementPanel {
  if (panel.rows.some((r) => r.kind === m.kind)) {
    return { ...panel, rows: panel.rows.map((r) => (r.kind === m.kind ? intoRow(r, m) : r)) };
  }
  const place = (kind: string): number => kinds.findIndex((k) => k.id === kind);
  const row = intoRow({ kind: m.kind, latest: null, before: null, recent: [] }, m);
  const at = panel.rows.findIndex((r) => place(r.kind) > place(m.kind));
  return { ...panel, rows: at < 0 ? [...panel.rows, row] : [...panel.rows.slice(0, at), row, ...panel.rows.slice(at)] };
}

/** The open trend with a value that has come. */
function intoTrend(trend: OpenTrend, m: Measurement): OpenTrend {
  if (trend.kind !== m.kind) return trend;
  const known = trend.values.find((v) => v.id === m.id);
  if (known && known.version >= m.version) return trend;
  const values = known
    ? trend.values.map((v) => (v.id === m.id ? m : v))
    : [...trend.values, m].sort((a, b) => b.measuredAt - a.measuredAt || (a.id < b.id ? 1 : -1));
  if (!trend.data) return { ...trend, values };
  const others = known ? trend.data.points.filter((p) => p.at !== known.measuredAt) : trend.data.points;
  const there = trend.data.points.some((p) => p.at === m.measuredAt) && !known;
  const points = wrong(m) || there ? others : [...others, pointOf(m)].sort((a, b) => a.at - b.at);
  const until = Math.max(trend.data.until, m.measuredAt);
  return { ...trend, values, data: { ...trend.data, points, until } }; // sums are the service's to say: it is asked soon
}

const without = <V>(of: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> => {
  if (!(key in of)) return of;
  const { [key]: _, ...rest } = of;
  return rest;
};

function withMeasured(state: HealthState, all: readonly Measurement[], now: number, early: boolean): HealthState {
  let next = state;
  for (const m of all) {
    const was = next.panel?.rows.find((r) => r.kind === m.kind)?.latest;
    const panel = next.panel && intoPanel(next.panel, next.kinds, m);
    const is = panel?.rows.find((r) => r.kind === m.kind)?.latest;
    const news = is?.id === m.id && was !== is && !wrong(m) && now - m.receivedAt < newFor;
    next = {
      ...next,
      panel,
      trend: next.trend && intoTrend(next.trend, m),
      fresh: news ? { ...next.fresh, [m.kind]: { id: m.id, until: now + newFor } } : wrong(m) && next.fresh[m.kind]?.id === m.id ? without(next.fresh, m.kind) : next.fresh,
      told: news ? m : next.told,
      asks: wrong(m) ? next.asks : without(next.asks, m.kind),
    };
  }
  return early ? { ...next, early: [...next.early, ...all] } : next;
}

function withMessage(state: HealthState, m: ServerMessage, now: number, at: number, self: string): HealthState {
  switch (m.type) {
    case "measured":
      return withMeasured(state, m.measurements, now, state.asking);
    case "pointed":
      if (m.participant === self) return state; // one's own mark is drawn at the press
      return { ...state, pointed: m.target ? { ...state.pointed, [m.participant]: m.target } : without(state.pointed, m.participant) };
    case "left":
      return { ...state, pointed: without(state.pointed, m.participant) };
    case "sampled": {
      const before = state.running[m.kind];
      const points = [...(before?.participant === m.participant ? before.points : []), { at, values: m.values }].filter((p) => p.at > at - runsBack);
      return { ...state, running: { ...state.running, [m.kind]: { participant: m.participant, points } } };
    }
    case "asked":
      return m.what === "measurement" ? { ...state, asks: { ...state.asks, [m.kind]: { name: m.name, at: now } } } : state;
    case "welcome":
      return { ...state, pointed: {} }; // kept nowhere: whoever still points says so again
    default:
      return state;
  }
}

export function healthReducer(state: HealthState, action: HealthAction): HealthState {
  switch (action.type) {
    case "reading":
      // What has come until now is in the answer that is asked for.
      return { ...state, reading: state.panel ? state.reading : "loading", asking: true, early: [] };
    case "read": {
      const typed = state.typed ?? firstTyped(action.kinds, action.panel);
      const read: HealthState = { ...state, reading: "ready", kinds: action.kinds, panel: action.panel, typed, asking: false, early: [] };
      // Said in the call while the answer was on its way: newer than the answer, or in it already.
      return withMeasured(read, state.early, action.panel.now, false);
    }
    case "unread":
      return { ...state, asking: false, early: [], reading: state.panel && action.why === "failed" ? "ready" : action.why, panel: action.why === "refused" ? null : state.panel };
    case "message":
      return withMessage(state, action.message, action.now, action.at, action.self);
    case "came": {
      const next = withMeasured(state, action.measurements, action.now, state.asking);
      const measurement = next.saved && action.measurements[action.keys?.indexOf(next.saved.key) ?? -1];
      return measurement && next.saved ? { ...next, saved: { ...next.saved, measurement } } : next;
    }
    case "tick": {
      const fresh = Object.entries(state.fresh).filter(([, f]) => f.until > action.now);
      const running = Object.entries(state.running).filter(([, r]) => (r.points.at(-1)?.at ?? 0) > action.at - runsFor);
      const same = fresh.length === Object.keys(state.fresh).length && running.length === Object.keys(state.running).length;
      return same ? state : { ...state, fresh: Object.fromEntries(fresh), running: Object.fromEntries(running) };
    }
    case "unsent":
      return { ...state, unsent: action.items };
    case "asked":
      return { ...state, asks: { ...state.asks, [action.kind]: { name: action.name, at: action.now } } };
    case "point":
      return { ...state, pointed: action.target ? { ...state.pointed, [action.self]: action.target } : without(state.pointed, action.self) };
    case "pointing":
      return { ...state, pointing: action.on };

    case "trend": {
      const open = state.trend?.kind === action.kind ? state.trend : null;
      return {
        ...state,
        correcting: null,
        trend: open ? { ...open, period: action.period, reading: "loading" } : { kind: action.kind, period: action.period, view: "chart", reading: "loading", data: null, values: [], next: "", more: false },
      };
    }
    case "trend-view":
      return state.trend ? { ...state, trend: { ...state.trend, view: action.view } } : state;
    case "trend-read":
      if (state.trend?.kind !== action.kind || state.trend.period !== action.period) return state; // another was opened meanwhile
      return { ...state, trend: { ...state.trend, reading: "ready", data: action.data } };
    case "trend-unread":
      if (state.trend?.kind !== action.kind || state.trend.period !== action.period) return state;
      return { ...state, trend: { ...state.trend, reading: "failed" } };
    case "values-reading":
      return state.trend ? { ...state, trend: { ...state.trend, more: true } } : state;
    case "values": {
      if (state.trend?.kind !== action.kind) return state;
      const here = action.more ? state.trend.values : [];
      const ids = new Set(here.map((m) => m.id));
      return { ...state, trend: { ...state.trend, values: [...here, ...action.items.filter((m) => !ids.has(m.id))], next: action.next, more: false } };
    }
    case "trend-closed":
      return { ...state, trend: null, correcting: null };

    case "choose": {
      const kind = kindOf(state.kinds, action.kind);
      return kind ? { ...state, typed: blank(kind), saved: null } : state;
    }
    case "key": {
      const kind = state.typed && kindOf(state.kinds, state.typed.kind);
      return kind && state.typed ? { ...state, typed: press(kind, state.typed, action.key), saved: null } : state;
    }
    case "field":
      return state.typed ? { ...state, typed: { ...state.typed, active: action.field } } : state;
    case "put":
      return state.typed ? { ...state, typed: { ...state.typed, fields: action.fields, checked: false }, saved: null } : state;
    case "checked":
      return state.typed ? { ...state, typed: { ...state.typed, checked: true } } : state;
    case "saved": {
      const kind = kindOf(state.kinds, action.kind);
      return { ...state, typed: kind ? blank(kind) : null, saved: { key: action.key, kind: action.kind, values: action.values, measurement: null } };
    }
    case "mend": {
      const kind = kindOf(state.kinds, action.item.kind);
      if (!kind) return state;
      return { ...state, saved: null, typed: { ...blank(kind), fields: action.item.values.map(String), checked: true, mends: action.item.key } };
    }
    case "correcting":
      return { ...state, correcting: action.correcting };
    default: {
      const unknown: never = action;
      return unknown;
    }
  }
}

/** The keypad is up from the start, on what is measured first. */
function firstTyped(kinds: readonly MeasuredKind[], panel: MeasurementPanel): Typed | null {
  const [kind] = entryOrder(kinds, panel.rows.map((r) => r.kind));
  return kind && panel.mayMeasure ? blank(kind) : null;
}
