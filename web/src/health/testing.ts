// Kinds, limits and values for tests: the kinds are the service's own file. For tests alone.

import kindsOfService from "../../../clinical/kinds.json";
import type { KindLimits, MeasuredKind, MeasurementPanel, MeasurementRow } from "../gen/api";
import type { Measurement } from "../gen/protocol";

export const kinds: readonly MeasuredKind[] = kindsOfService.map((k) => ({
  id: k.id, loinc: k.loinc[0] ?? "", words: k.words, category: k.category as MeasuredKind["category"], from: (k as { from?: string }).from ?? "",
  components: k.components.map((c) => ({
    id: c.id, unit: c.unit, least: c.least, most: c.most, decimals: c.decimals,
    words: (c as { words?: MeasuredKind["words"] }).words ?? { nn: "", nb: "", en: "" }, options: (c as { options?: MeasuredKind["words"][] }).options ?? [],
  })),
}));

export function kind(id: string): MeasuredKind {
  const found = kinds.find((k) => k.id === id);
  if (!found) throw new Error(`no kind called ${id}`);
  return found;
}

const still = { days: 0, yellow: 0, red: 0 };
export const limits = (id: string, ...of: KindLimits["limits"]): KindLimits => ({ kind: id, limits: of, rise: still, fall: still });
export const bloodPressureLimits = limits("blood-pressure", { greenLow: 110, greenHigh: 145, yellowLow: 90, yellowHigh: 180 }, { greenLow: 65, greenHigh: 85, yellowLow: 50, yellowHigh: 110 });

export const noon = 1_795_345_200_000; // ms
export const minute = 60_000; // ms

export function measurement(id: string, with_: Partial<Measurement> = {}): Measurement {
  return {
    id, version: 1, kind: "blood-pressure", values: [148, 86], status: "final", measuredAt: noon, receivedAt: noon + 500, method: "manual", device: "", by: "Mari Bjørk", role: "nurse",
    site: "", position: "", note: "", zone: { colour: "", crossed: [] }, ...with_,
  };
}

export const row = (kindId: string, latest: Measurement | null = null): MeasurementRow => ({
  kind: kindId, latest, before: null, recent: latest ? [{ at: latest.measuredAt, values: latest.values, colour: "" }] : [],
});

export function panel(rows: MeasurementRow[] = [], with_: Partial<MeasurementPanel> = {}): MeasurementPanel {
  return {
    rows, news2: null, mayMeasure: true, maySetLimits: false, hidden: false, now: noon,
    limits: { version: 1, kinds: [bloodPressureLimits], planVersion: 0, scaleTwo: false, setAt: 0, setBy: "Per Selje", setRole: "gp" }, ...with_,
  };
}
