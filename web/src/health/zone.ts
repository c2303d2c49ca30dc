// Where a value lies for this patient: worked out here only while it is typed, for the answer is
// the service's. The same rules as clinical's: on a limit is within it; the worse colour counts. Pure.

import type { KindLimit, KindLimits, MeasuredKind, PatientLimits, TrendPoint } from "../gen/api";
import type { Crossing, Language, Zone } from "../gen/protocol";
import { number, unitOf } from "./kinds";

export type Colour = "" | "green" | "yellow" | "red";

export const limitsOf = (limits: PatientLimits | undefined, kind: string): KindLimits | undefined => limits?.kinds.find((k) => k.kind === kind);

const none = (l: KindLimit): boolean => l.greenLow === null && l.greenHigh === null && l.yellowLow === null && l.yellowHigh === null;

/** One number against its limits. */
function crossing(l: KindLimit, v: number): { colour: "yellow" | "red"; side: "over" | "under"; limit: number } | null {
  if (l.yellowHigh !== null && v > l.yellowHigh) return { colour: "red", side: "over", limit: l.yellowHigh };
  if (l.yellowLow !== null && v < l.yellowLow) return { colour: "red", side: "under", limit: l.yellowLow };
  if (l.greenHigh !== null && v > l.greenHigh) return { colour: "yellow", side: "over", limit: l.greenHigh };
  if (l.greenLow !== null && v < l.greenLow) return { colour: "yellow", side: "under", limit: l.greenLow };
  return null;
}

const day = 86_400_000; // ms

/** The zone of values by a patient's limits, with what has changed since earlier ones. */
export function zoneOf(kind: MeasuredKind, of: KindLimits | undefined, values: readonly number[], at: number, before: readonly TrendPoint[]): Zone {
  if (!of) return { colour: "", crossed: [] };
  const found: { yellow: Crossing[]; red: Crossing[] } = { yellow: [], red: [] };
  let limited = false;
  of.limits.forEach((l, i) => {
    const v = values[i];
    if (v === undefined || none(l)) return;
    limited = true;
    const c = crossing(l, v);
    if (c) found[c.colour].push({ component: kind.components[i]?.id ?? "", side: c.side, limit: c.limit, by: 0, days: 0 });
  });
  const [now] = values;
  for (const [side, change] of [["rise", of.rise], ["fall", of.fall]] as const) {
    if (change.days === 0 || now === undefined) continue;
    limited = true;
    const places = 10 ** (kind.components[0]?.decimals ?? 0);
    const moved = before
      .filter((p) => p.at >= at - change.days * day && p.at <= at && p.values[0] !== undefined)
      .map((p) => Math.round((side === "rise" ? now - p.values[0]! : p.values[0]! - now) * places) / places);
    const by = Math.max(0, ...moved);
    const colour = change.red > 0 && by >= change.red ? "red" : change.yellow > 0 && by >= change.yellow ? "yellow" : null;
    if (colour) found[colour].push({ component: kind.components[0]?.id ?? "", side, limit: change[colour], by, days: change.days });
  }
  if (found.red.length > 0) return { colour: "red", crossed: found.red };
  if (found.yellow.length > 0) return { colour: "yellow", crossed: found.yellow };
  return { colour: limited ? "green" : "", crossed: [] };
}

export interface ZoneWords {
  readonly colour: Readonly<Record<"green" | "yellow" | "red", string>>;
  readonly over: (limit: string) => string;
  readonly under: (limit: string) => string;
  readonly rise: (by: string) => string;
  readonly fall: (by: string) => string;
}

export const isColour = (c: string): c is "green" | "yellow" | "red" => c === "green" || c === "yellow" || c === "red";

/**
 * "Gul: over 145/85", "Raud: over 15,0", "Gul: ned 1,8 kg", "Grøn". Of two numbers that are both
 * on the same side, both limits stand; of one, its own with the number's name.
 */
export function zoneText(w: ZoneWords, kind: MeasuredKind | undefined, zone: Zone, language: Language, name: (component: string) => string): string {
  if (!isColour(zone.colour)) return "";
  const head = w.colour[zone.colour];
  if (!kind || zone.crossed.length === 0) return head;
  const decimals = (component: string) => kind.components.find((c) => c.id === component)?.decimals ?? 0;
  const limit = (c: Crossing) => number(c.limit, decimals(c.component), language);
  const sides = zone.crossed.filter((c) => c.side === "over" || c.side === "under");
  const [one] = sides;
  const parts: string[] = [];
  if (one && sides.length > 1 && sides.every((c) => c.side === one.side)) {
    parts.push(one.side === "over" ? w.over(sides.map(limit).join("/")) : w.under(sides.map(limit).join("/")));
  } else {
    for (const c of sides) {
      const said = c.side === "over" ? w.over(limit(c)) : w.under(limit(c));
      parts.push(c.component === "" ? said : `${name(c.component).toLowerCase()} ${said}`);
    }
  }
  for (const c of zone.crossed) {
    const unit = unitOf(kind.components[0]?.unit ?? "");
    const by = number(c.by, decimals(c.component), language) + (unit === "" ? "" : `\u00a0${unit}`);
    if (c.side === "rise") parts.push(w.rise(by));
    else if (c.side === "fall") parts.push(w.fall(by));
  }
  return `${head}: ${parts.join(", ")}`;
}
