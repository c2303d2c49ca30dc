import { describe, expect, test } from "vitest";
import type { Measurement, ServerMessage } from "../gen/protocol";
import { healthReducer, intoPanel, intoRow, noHealth, type HealthAction, type HealthState } from "./state";
import { kinds, measurement, minute, noon, panel, row } from "./testing";

const after = (state: HealthState, ...actions: HealthAction[]): HealthState => actions.reduce(healthReducer, state);
const read = (rows = [row("blood-pressure", measurement("old", { values: [142, 82], measuredAt: noon - 10 * minute, receivedAt: noon - 10 * minute })), row("temperature")]): HealthState =>
  after(noHealth, { type: "read", kinds, panel: panel(rows) });
const say = (message: ServerMessage, now = noon, at = 0): HealthAction => ({ type: "message", message, now, at, self: "tuva" });
const measured = (...measurements: Measurement[]): HealthAction => say({ type: "measured", measurements });
const rowOf = (s: HealthState, kind: string) => s.panel?.rows.find((r) => r.kind === kind);

describe("a value that comes", () => {
  test("is the latest, with the one before it, and is new", () => {
    const s = after(read(), measured(measurement("new")));
    expect(rowOf(s, "blood-pressure")).toMatchObject({ latest: { id: "new" }, before: { values: [142, 82] } });
    expect(s.fresh["blood-pressure"]).toEqual({ id: "new", until: noon + 120_000 });
    expect(s.told?.id).toBe("new");
  });
  test("twice changes nothing: by its id and version", () => {
    const once = after(read(), measured(measurement("new")));
    const twice = after(once, measured(measurement("new")));
    expect(rowOf(twice, "blood-pressure")).toEqual(rowOf(once, "blood-pressure"));
  });
  test("is new for two minutes, or until the next of its kind", () => {
    const s = after(read(), measured(measurement("new")));
    expect(after(s, { type: "tick", now: noon + 119_999, at: 0 }).fresh["blood-pressure"]?.id).toBe("new");
    expect(after(s, { type: "tick", now: noon + 120_000, at: 0 }).fresh).toEqual({});
    expect(after(s, measured(measurement("next", { measuredAt: noon + minute, receivedAt: noon }))).fresh["blood-pressure"]?.id).toBe("next");
  });
  test("measured earlier and sent later goes to its place, and is not the latest", () => {
    const s = after(read(), measured(measurement("new")), measured(measurement("late", { values: [150, 90], measuredAt: noon - 5 * minute })));
    const r = rowOf(s, "blood-pressure");
    expect(r?.latest?.id).toBe("new");
    expect(r?.before?.values).toEqual([150, 90]);
    expect(r?.recent.map((p) => p.values[0])).toEqual([142, 150, 148]);
  });
  test("keeps every row in its place; a kind without one gets it where it belongs", () => {
    const p = intoPanel(panel([row("blood-pressure"), row("temperature")]), kinds, measurement("p", { kind: "heart-rate", values: [94] }));
    expect(p.rows.map((r) => r.kind)).toEqual(["blood-pressure", "heart-rate", "temperature"]);
    const again = intoPanel(p, kinds, measurement("t", { kind: "temperature", values: [37.4] }));
    expect(again.rows.map((r) => r.kind)).toEqual(["blood-pressure", "heart-rate", "temperature"]);
  });
  test("while the panel is read is not lost", () => {
    const s = after(noHealth, measured(measurement("new")), { type: "read", kinds, panel: panel([row("blood-pressure")]) });
    expect(rowOf(s, "blood-pressure")?.latest?.id).toBe("new");
    expect(s.early).toEqual([]);
  });
  test("while the panel is read anew is not replaced by an answer that is older", () => {
    const before = read();
    const older = before.panel!;
    for (const came of [measured(measurement("new")), { type: "came", measurements: [measurement("new")], now: noon } as const]) {
      const s = after(before, { type: "reading" }, came, { type: "read", kinds, panel: older });
      expect(rowOf(s, "blood-pressure")).toMatchObject({ latest: { id: "new" }, before: { values: [142, 82] } });
      expect(s.early).toEqual([]);
      // What came before it was asked for is in the answer: the service says what is right.
      expect(rowOf(after(s, { type: "reading" }, { type: "read", kinds, panel: older }), "blood-pressure")?.latest?.id).toBe("old");
    }
  });
  test("takes away what was asked for", () => {
    const s = after(read(), say({ type: "asked", participant: "per", name: "Per Selje", what: "measurement", kind: "temperature" }));
    expect(s.asks["temperature"]?.name).toBe("Per Selje");
    expect(after(s, measured(measurement("t", { kind: "temperature", values: [37.4] }))).asks).toEqual({});
  });
});

describe("a value that was wrong", () => {
  const wrong = measurement("new", { version: 2, status: "entered-in-error", corrected: { by: "Mari Bjørk", role: "nurse", at: noon + minute, reason: "" } });
  test("stays, struck through, and is new no more", () => {
    const s = after(read(), measured(measurement("new")), measured(wrong));
    expect(rowOf(s, "blood-pressure")?.latest).toMatchObject({ id: "new", status: "entered-in-error" });
    expect(rowOf(s, "blood-pressure")?.recent.map((p) => p.values[0])).toEqual([142]);
    expect(s.fresh).toEqual({});
  });
  test("an older version of it changes nothing", () => {
    const r = intoRow(intoRow(row("blood-pressure"), wrong), measurement("new"));
    expect(r.latest?.version).toBe(2);
  });
  test("the next one counts against the last that was right", () => {
    const s = after(read(), measured(measurement("new")), measured(wrong), measured(measurement("right", { values: [146, 84], measuredAt: noon + 2 * minute })));
    expect(rowOf(s, "blood-pressure")).toMatchObject({ latest: { id: "right" }, before: { values: [142, 82] } });
  });
});

describe("pointing", () => {
  const target = { kind: "blood-pressure", measurement: "old", at: 0 };
  test("others' marks come and go, and go with the person", () => {
    const s = after(read(), say({ type: "pointed", participant: "mari", target }));
    expect(s.pointed).toEqual({ mari: target });
    expect(after(s, say({ type: "pointed", participant: "mari", target: null })).pointed).toEqual({});
    expect(after(s, say({ type: "left", participant: "mari", reason: "left" })).pointed).toEqual({});
  });
  test("one's own mark is drawn at the press, and not by the echo", () => {
    const s = after(read(), { type: "point", self: "tuva", target }, say({ type: "pointed", participant: "tuva", target: null }));
    expect(s.pointed).toEqual({ tuva: target });
  });
});

describe("a curve that runs", () => {
  const sample = (at: number, value: number) => say({ type: "sampled", participant: "mari", kind: "oxygen-saturation", values: [value], at: noon }, noon, at);
  test("keeps the last half minute, and ends 5 s after the last sample", () => {
    const s = after(read(), sample(0, 94), sample(20_000, 95), sample(31_000, 96));
    expect(s.running["oxygen-saturation"]?.points.map((p) => p.values[0])).toEqual([95, 96]);
    expect(Object.keys(after(s, { type: "tick", now: noon, at: 35_999 }).running)).toEqual(["oxygen-saturation"]);
    expect(after(s, { type: "tick", now: noon, at: 36_000 }).running).toEqual({});
  });
});

describe("the open trend", () => {
  const data = {
    kind: "blood-pressure", from: noon - 90 * 1440 * minute, until: noon, points: [{ at: noon - 10 * minute, values: [142, 82], colour: "" as const }], total: 1, out: 0, limits: null,
    set: panel().limits, week: [], mean: [], first: noon - 10 * minute,
  };
  const open = after(read(), { type: "trend", kind: "blood-pressure", period: "90" }, { type: "trend-read", kind: "blood-pressure", period: "90", data });
  test("takes a new value in, into curve and table", () => {
    const s = after(open, measured(measurement("new")));
    expect(s.trend?.data?.points.map((p) => p.values[0])).toEqual([142, 148]);
    expect(s.trend?.values.map((m) => m.id)).toEqual(["new"]);
  });
  test("takes no other kind's", () => {
    expect(after(open, measured(measurement("t", { kind: "temperature", values: [37] }))).trend).toEqual(open.trend);
  });
  test("an answer to a period that was left is thrown away", () => {
    const s = after(open, { type: "trend", kind: "blood-pressure", period: "7" }, { type: "trend-read", kind: "blood-pressure", period: "90", data: { ...data, total: 99 } });
    expect(s.trend).toMatchObject({ period: "7", reading: "loading", data: { total: 1 } });
  });
});

describe("the keypad's state", () => {
  test("is up from the start on what matters most; and nobody's who may not measure", () => {
    expect(read().typed?.kind).toBe("blood-pressure");
    expect(after(noHealth, { type: "read", kinds, panel: panel([], { mayMeasure: false }) }).typed).toBeNull();
  });
  test("a reading of the panel keeps what is typed", () => {
    const s = after(read(), { type: "key", key: "1" }, { type: "read", kinds, panel: panel([]) });
    expect(s.typed?.fields).toEqual(["1", ""]);
  });
  test("a refused value comes back to be mended", () => {
    const s = after(read(), { type: "mend", item: { key: "k", order: 1, kind: "heart-rate", values: [500], measuredAt: noon, method: "manual", device: "", state: "refused", field: "values", rule: "must be 15–300" } });
    expect(s.typed).toMatchObject({ kind: "heart-rate", fields: ["500"], mends: "k" });
  });
  test("what was saved knows its value once the service has it", () => {
    const s = after(read(), { type: "saved", key: "k", kind: "blood-pressure", values: [148, 86] }, { type: "came", measurements: [measurement("new")], keys: ["k"], now: noon });
    expect(s.saved?.measurement?.id).toBe("new");
  });
});
