// The chart's arithmetic: where numbers and moments lie, and what stands at the edges. Pure.
//
// Drawn by our own SVG and not by a library: the service thins a trend to 600 points, which a path
// draws in a few milliseconds; every mark is an element that the theme's colours and 200 % text
// reach; and nothing is loaded for it.

import { counted, dayOf, momentOf, partsOf } from "../i18n/norway";

export interface Scale {
  readonly least: number;
  readonly most: number;
  readonly ticks: readonly number[];
}

/** A scale of round numbers around the values, in so many steps or fewer. */
export function scaleOf(values: readonly number[], steps: number): Scale {
  if (values.length === 0) return { least: 0, most: 1, ticks: [0, 1] };
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || Math.abs(high) * 0.1 || 1) * 0.08;
  const rough = (high - low + 2 * room) / Math.max(1, steps);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10) * power;
  const least = Math.floor((low - room) / step) * step;
  const most = Math.ceil((high + room) / step) * step;
  const n = Math.round((most - least) / step);
  const round = (v: number) => Number(v.toFixed(6)); // 0.1+0.2 is 0.3 at the edge
  return { least: round(Math.max(least, low >= 0 ? 0 : least)), most: round(most), ticks: Array.from({ length: n + 1 }, (_, i) => round(least + i * step)).filter((t) => low < 0 || t >= 0) };
}

const day = 86_400_000; // ms

/** Days at the foot of the chart: the first of months over a long time, else some days. */
export function daysOf(from: number, until: number, most: number): readonly number[] {
  const span = (until - from) / day;
  if (span > 45) {
    const out: number[] = [];
    const [year, month] = partsOf(dayOf(from)) ?? [1970, 0];
    const months = Math.ceil(span / 30.4);
    const every = Math.max(1, Math.ceil(months / most));
    for (let i = 1; i <= months + 1; i += every) {
      const at = momentOf(dayOf(Date.UTC(year, month + i, 1, 12)), 0);
      if (at > from && at < until) out.push(at);
    }
    return out;
  }
  const every = Math.max(1, Math.ceil(span / most));
  const start = counted(dayOf(from)) + day;
  const out: number[] = [];
  for (let i = 0; i < span; i += every) {
    const at = momentOf(dayOf(start + i * day + day / 2), 0);
    if (at > from && at < until) out.push(at);
  }
  return out;
}

/** The point nearest to a place, by its time; -1: there is none. */
export function nearest(times: readonly number[], at: number): number {
  let best = -1;
  times.forEach((t, i) => {
    if (best < 0 || Math.abs(t - at) < Math.abs((times[best] ?? 0) - at)) best = i;
  });
  return best;
}
