// What is measured of the two patients that the demo has, and a service that answers with it: the
// gallery draws the measurements by their own desk, which asks this one instead of the real one.

import type { KeptMeasurements, KindLimits, MeasurementPanel, MeasurementRow, NEWS2, NewMeasurements, PatientLimits, Trend, TrendPoint } from "../src/gen/api";
import type { Measurement, Permission, ServerMessage } from "../src/gen/protocol";
import { ApiError, type Client } from "../src/house/client";
import { kind, kinds } from "../src/health/testing";
import { zoneOf } from "../src/health/zone";
import type { AppState } from "../src/state/state";
import { at, call, inCall, on, participant, type Who } from "./fixtures";
import { answerWounds, woundFixtures, type WoundsServed } from "./wounds";

const open = { greenLow: null, greenHigh: null, yellowLow: null, yellowHigh: null };
const still = { days: 0, yellow: 0, red: 0 };
const limit = (kind: string, ...limits: KindLimits["limits"]): KindLimits => ({ kind, limits, rise: still, fall: still });

/** Olav's limits follow his plan. */
const olavLimits: PatientLimits = {
  version: 4, planVersion: 4, scaleTwo: false, setAt: on("2026-10-02", 9, 0), setBy: "Per Selje", setRole: "gp",
  kinds: [
    limit("blood-pressure", { greenLow: 110, greenHigh: 145, yellowLow: 90, yellowHigh: 180 }, { greenLow: 65, greenHigh: 85, yellowLow: 50, yellowHigh: 110 }),
    limit("glucose", { greenLow: 4, greenHigh: 10, yellowLow: 3, yellowHigh: 15 }),
    { ...limit("weight", open), fall: { days: 30, yellow: 1.5, red: 4 } },
    limit("heart-rate", { greenLow: 55, greenHigh: 95, yellowLow: 40, yellowHigh: 130 }),
    limit("oxygen-saturation", { greenLow: 92, greenHigh: null, yellowLow: 88, yellowHigh: null }),
    limit("respiratory-rate", { greenLow: 12, greenHigh: 20, yellowLow: 8, yellowHigh: 25 }),
    limit("temperature", { greenLow: 36, greenHigh: 37.8, yellowLow: 35, yellowHigh: 39 }),
  ],
};
const noLimits: PatientLimits = { version: 0, planVersion: 0, scaleTwo: false, setAt: 0, setBy: "", setRole: "", kinds: [] };

const ofKind = (limits: PatientLimits, id: string) => limits.kinds.find((k) => k.kind === id);

function measurement(id: string, what: string, values: number[], when: number, limits: PatientLimits, earlier: readonly TrendPoint[], with_: Partial<Measurement> = {}): Measurement {
  return {
    id, version: 1, kind: what, values, status: "final", measuredAt: when, receivedAt: when + 1_000, method: "device", device: "A&D UA-651", by: "Mari Bjørk", role: "nurse",
    site: "", position: "", note: "", zone: zoneOf(kind(what), ofKind(limits, what), values, when, earlier), ...with_,
  };
}

/** Values from home, some days apart, in order of time. */
function earlier(what: string, limits: PatientLimits, values: readonly number[][], until: number): TrendPoint[] {
  return values.map((v, i) => {
    const when = until - (values.length - i) * 2.7 * 86_400_000;
    const colour = zoneOf(kind(what), ofKind(limits, what), v, when, []).colour;
    return { at: when, values: v, colour: colour === "" ? "" : (colour as TrendPoint["colour"]) };
  });
}

function row(what: string, limits: PatientLimits, before: readonly number[][], latest: Measurement | null): MeasurementRow {
  const recent = earlier(what, limits, before, at(8, 10));
  return {
    kind: what, latest, before: recent.at(-1) ?? null,
    recent: latest && latest.status !== "entered-in-error" ? [...recent, { at: latest.measuredAt, values: latest.values, colour: (latest.zone.colour || "") as TrendPoint["colour"] }] : recent,
  };
}

const pressures = [[139, 82], [140, 83], [138, 81], [141, 84], [139, 80], [142, 83], [140, 82], [142, 82]];
const one = (...values: number[]): number[][] => values.map((v) => [v]);

function measured(what: string, values: number[], when: number, before: readonly number[][], with_: Partial<Measurement> = {}): MeasurementRow {
  return row(what, olavLimits, before, measurement(`m-${what}`, what, values, when, olavLimits, earlier(what, olavLimits, before, at(8, 10)), with_));
}

const byHand = { method: "manual", device: "" };

export const olavRows: readonly MeasurementRow[] = [
  measured("blood-pressure", [148, 86], at(10, 11), pressures),
  measured("glucose", [16.2], at(10, 8), one(8.9, 9.6, 10.2, 9.4, 11.1, 10.7, 12, 11.8)),
  measured("weight", [71.2], at(9, 58), one(73, 73.1, 72.8, 72.9, 72.4, 72.2, 72, 71.8), byHand),
  measured("heart-rate", [94], at(10, 11), one(82, 84, 81, 85, 87, 84, 86, 86)),
  measured("oxygen-saturation", [95], at(10, 6), one(96, 95, 96, 96, 95, 96, 95, 95)),
  measured("respiratory-rate", [18], at(10, 4), one(17, 16, 17, 18, 17, 17, 18, 16), byHand),
  measured("temperature", [37.4], at(10, 2), one(36.9, 37, 36.8, 37.1, 37, 37, 37.2, 37.1)),
];

const part = (what: string, points: number, values: number[], when: number) => ({ kind: what, points, values, at: when });
const news: NEWS2 = {
  total: 2, risk: "low", scale: 1, missing: [], from: at(10, 2), until: at(10, 11),
  parts: [
    part("respiratory-rate", 0, [18], at(10, 4)), part("oxygen-saturation", 1, [95], at(10, 6)), part("oxygen-given", 0, [0], at(10, 4)), part("blood-pressure", 0, [148, 86], at(10, 11)),
    part("heart-rate", 1, [94], at(10, 11)), part("consciousness", 0, [0], at(10, 4)), part("temperature", 0, [37.4], at(10, 2)),
  ],
};
const newsMissing: NEWS2 = { ...news, total: 0, risk: "", missing: ["respiratory-rate", "consciousness"], parts: news.parts.filter((p) => p.kind !== "respiratory-rate" && p.kind !== "consciousness") };

const panelOf = (rows: readonly MeasurementRow[], with_: Partial<MeasurementPanel> = {}): MeasurementPanel => ({
  rows: [...rows], news2: null, limits: olavLimits, mayMeasure: true, maySetLimits: false, hidden: false, now: at(10, 12), ...with_,
});

/** Silje, mental health: what her questionnaires gave, and sleep weighs in by weight alone. */
const siljeRows: readonly MeasurementRow[] = [
  row("weight", noLimits, one(64, 63.8, 63.9, 63.5, 63.2), measurement("s-weight", "weight", [63], at(9, 50), noLimits, [], { by: "Silje Moen", role: "patient", method: "reported", device: "" })),
  row("heart-rate", noLimits, one(72, 70, 75, 74), measurement("s-pulse", "heart-rate", [71], at(9, 52), noLimits, [])),
  row("phq-9", noLimits, one(19, 17, 18, 15, 14, 13), measurement("s-phq", "phq-9", [11], on("2026-11-20", 19, 40), noLimits, [], { by: "Silje Moen", role: "patient", method: "calculated", device: "" })),
  row("gad-7", noLimits, one(14, 13, 12, 12, 10), measurement("s-gad", "gad-7", [9], on("2026-11-20", 19, 46), noLimits, [], { by: "Silje Moen", role: "patient", method: "calculated", device: "" })),
  row("who-5", noLimits, one(28, 32, 36, 40, 44), measurement("s-who", "who-5", [52], on("2026-11-20", 19, 50), noLimits, [], { by: "Silje Moen", role: "patient", method: "calculated", device: "" })),
];

/** A number between 0 and 1 that is the same each time. */
const chance = (n: number): number => {
  const x = Math.sin(n * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
};

/** A trend over so many days, so many values, that ends with the latest. */
function trend(what: string, days: number, count: number): Trend {
  const latest = olavRows.find((r) => r.kind === what)?.latest;
  const until = at(10, 12);
  const from = until - days * 86_400_000;
  const level: Record<string, number[]> = { "blood-pressure": [138, 81], glucose: [9.4], weight: [72.6] };
  const middle = level[what] ?? latest?.values ?? [1];
  const points: TrendPoint[] = Array.from({ length: count }, (_, i) => {
    const f = i / count;
    const wave = Math.cos(f * Math.PI * 2);
    const values = middle.map((m, c) => {
      const places = 10 ** (kind(what).components[c]?.decimals ?? 0);
      return Math.round((m + wave * m * (c === 0 ? 0.055 : 0.035) + (chance(i * 7 + c) - 0.5) * m * 0.07) * places) / places;
    });
    const when = from + f * (until - from) + chance(i) * 5 * 3_600_000;
    const colour = zoneOf(kind(what), ofKind(olavLimits, what), values, when, []).colour;
    return { at: Math.min(when, until - 3_600_000), values, colour: colour as TrendPoint["colour"] };
  });
  if (latest) points.push({ at: latest.measuredAt, values: latest.values, colour: (latest.zone.colour || "") as TrendPoint["colour"] });
  const limits = ofKind(olavLimits, what) ?? null;
  const out = points.filter((p) => p.colour === "yellow" || p.colour === "red").length;
  const mean = (of: readonly TrendPoint[]) => middle.map((_, c) => of.reduce((sum, p) => sum + p.values[c]!, 0) / Math.max(1, of.length));
  return { kind: what, from, until, points, total: points.length, out, limits, set: { ...olavLimits, kinds: [] }, week: mean(points.slice(-3)), mean: mean(points), first: from };
}

function valuesOf(what: string, t: Trend): Measurement[] {
  return t.points
    .map((p, i) => {
      const latest = olavRows.find((r) => r.kind === what)?.latest;
      if (latest && p.at === latest.measuredAt) return latest;
      const nurse = chance(i * 3) > 0.7;
      return measurement(`v-${what}-${i}`, what, p.values, p.at, olavLimits, [], nurse ? {} : { by: "Olav Eik", role: "patient", method: "device" });
    })
    .map((m, i) => (i === 27 ? { ...m, version: 2, status: "entered-in-error", corrected: { by: "Mari Bjørk", role: "nurse", at: m.measuredAt + 240_000, reason: "feil pasient" } } : m))
    .reverse();
}

/** What a state's service answers, and what is said in the call. */
export interface Served {
  readonly panel: MeasurementPanel | "never" | "no-network" | "refused";
  readonly points?: number; // of the trend
  readonly posts?: "offline" | "refused"; // what becomes of a value that is entered; else it is kept
  readonly say?: readonly ServerMessage[];
  readonly again?: boolean; // said again each second: a curve that runs
  readonly wounds?: WoundsServed;
}

/** The service as far as measurements go. */
export function service(served: Served): () => Promise<Client> {
  const answer = async (name: string, asked: { path?: Record<string, string>; query?: Record<string, string>; body?: unknown } = {}): Promise<unknown> => {
    switch (name) {
      case "GET /kinds":
        return { items: kinds };
      case "GET /patients/{id}/measurements":
        if (served.panel === "never") return new Promise(() => undefined);
        if (served.panel === "no-network" || served.panel === "refused") throw new ApiError(served.panel, null);
        return served.panel;
      case "GET /patients/{id}/measurements/{kind}/trend": {
        const days = Math.min(365, Math.round((Number(asked.query?.["until"]) - Number(asked.query?.["from"])) / 86_400_000));
        if (served.points === 0) return { ...trend(asked.path?.["kind"] ?? "", days, 0), points: [], total: 0, out: 0, week: [], mean: [] };
        return trend(asked.path?.["kind"] ?? "", days, served.points ?? 32);
      }
      case "GET /patients/{id}/measurements/{kind}/values":
        return { items: valuesOf(asked.path?.["kind"] ?? "", trend(asked.path?.["kind"] ?? "", 90, 32)), next: "" };
      case "POST /patients/{id}/measurements": {
        if (served.posts === "offline") throw new ApiError("no-network", null);
        const body = asked.body as NewMeasurements;
        const items = body.items.map((i) =>
          served.posts === "refused"
            ? { key: i.key, measurement: null, known: false, field: "measuredAt", rule: "kan ikkje vere i framtida" }
            : { key: i.key, measurement: measurement(`k-${i.key}`, i.kind, i.values, i.measuredAt, olavLimits, [], byHand), known: false, field: "", rule: "" },
        );
        return { items } satisfies KeptMeasurements;
      }
      default:
        if (served.wounds) return answerWounds(served.wounds, name, asked);
        throw new ApiError("no-network", null);
    }
  };
  return () => Promise.resolve(answer as unknown as Client);
}

const may: Partial<Record<Who, readonly Permission[]>> = {
  tuva: ["admit", "confirm", "mute", "remove", "lock", "end", "second", "chat", "see", "ask"],
  mari: ["admit", "confirm", "second", "chat", "see", "measure"],
  olav: ["chat", "see"],
  ragna: ["chat", "see"],
};

const present: Readonly<Record<string, Parameters<typeof call>[1]>> = {
  tuva: [participant("olav", { beside: [{ name: "Inga Eik", role: "kone" }] }), participant("mari", { media: { microphone: true, camera: true, second: "camera" } }), participant("ragna", { quality: "audio-only" }), participant("tuva")],
  mari: [participant("mari"), participant("tuva"), participant("ragna", { quality: "audio-only" })],
  olav: [participant("olav"), participant("tuva"), participant("mari"), participant("ragna", { quality: "audio-only" })],
  ragna: [participant("ragna"), participant("tuva"), participant("mari"), participant("olav")],
};

/** In the call with measurements; each state has a patient of its own, so that no value waits for another's. */
function inCallWith(who: Who, name: string, served: Served, with_: Partial<AppState> = {}, rights: readonly Permission[] = []): AppState {
  // The nurse films the wound, where there is one.
  const there = (present[who] ?? []).map((p) => (served.wounds && who === "mari" && p.id === "mari" ? { ...p, media: { ...p.media, second: "camera" as const } } : p));
  const theCall = call(who, there, { may: [...(may[who] ?? []), ...rights, ...(served.wounds ? (["see-wounds", "read-plan"] as const) : [])], speaking: [who === "tuva" ? "olav" : "tuva"], ...(who === "tuva" && rights.includes("draw") ? { chosen: { participant: "mari", source: "second" } as const } : {}) });
  const state = inCall(who, theCall, with_);
  return {
    ...state,
    skew: at(10, 12) - Date.now(),
    beside: who === "mari" ? [{ name: "Olav Eik", role: "Pasient" }, { name: "Inga Eik", role: "Kone, utanfor biletet" }] : [],
    invitation: { ...state.invitation!, patient: name },
  };
}

const fresh: ServerMessage = { type: "measured", measurements: [{ ...olavRows[0]!.latest!, receivedAt: at(10, 12) }] };
const beforeFresh = olavRows.map((r) => (r.kind === "blood-pressure" ? { ...r, latest: null, recent: r.recent.slice(0, -1) } : r));
const noneMeasured = (what: string): MeasurementRow => ({ kind: what, latest: null, before: null, recent: [] });
const wrongRow = measured("temperature", [34.7], at(10, 13), one(36.9, 37, 36.8), { status: "entered-in-error", version: 2, corrected: { by: "Mari Bjørk", role: "nurse", at: at(10, 14), reason: "" } });
const odd: readonly MeasurementRow[] = [
  ...olavRows.slice(0, 2).map((r) => ({ ...r })),
  { ...olavRows[2]!, before: { at: at(8, 0), values: [71.2], colour: "" } },
  { ...row("peak-flow", noLimits, [], measurement("m-pef", "peak-flow", [420], at(9, 55), noLimits, [], byHand)) },
  wrongRow,
  noneMeasured("respiratory-rate"),
  measured("oxygen-given", [0], at(10, 4), []),
  measured("consciousness", [0], at(10, 4), []),
];
const said: readonly ServerMessage[] = [{ type: "asked", participant: "tuva", name: "Tuva Ask", what: "measurement", kind: "respiratory-rate" }];
const pointed: readonly ServerMessage[] = [
  { type: "pointed", participant: "mari", target: { kind: "glucose", measurement: "m-glucose", at: 0 } },
  { type: "pointed", participant: "mari", target: { kind: "blood-pressure", measurement: "", at: at(10, 12) - 42 * 86_400_000, value: 131 } },
];
const samples: readonly ServerMessage[] = [
  { type: "sampled", participant: "mari", kind: "oxygen-saturation", values: [95], at: at(10, 12) },
  { type: "sampled", participant: "mari", kind: "heart-rate", values: [71], at: at(10, 12) },
];
const inEntry = olavRows.filter((r) => r.kind !== "weight").map((r) => (r.kind === "blood-pressure" ? { ...r, latest: { ...measurement("m-last", "blood-pressure", [142, 82], on("2026-11-20", 7, 55), olavLimits, []) } } : r));
const entryPanel = panelOf([...inEntry, noneMeasured("weight")]);
const patientPanel = panelOf(olavRows, { mayMeasure: false });

/** What is drawn, stopped, asked for and shown. */
const second = { photo: "", participant: "mari", source: "second" };
const onPhoto = { photo: "p5", participant: "", source: "" };
const stroke = (participant: string, surface: typeof second, shape: string, colour: string, points: number[]): ServerMessage => ({
  type: "drawn", participant, surface, stroke: `${participant}-1`, shape, colour, points, done: true, gone: false,
});
const edge = [0.36, 0.42, 0.4, 0.36, 0.47, 0.34, 0.54, 0.37, 0.58, 0.45, 0.55, 0.54, 0.47, 0.58, 0.39, 0.54, 0.36, 0.47, 0.36, 0.42];
const frozen: ServerMessage = { type: "frozen", by: "tuva", participant: "mari", source: "second", frozen: true };
const strokes: readonly ServerMessage[] = [frozen, stroke("tuva", second, "line", "blue", edge), stroke("mari", second, "arrow", "yellow", [0.72, 0.7, 0.6, 0.56])];
const shownPhoto: readonly ServerMessage[] = [{ type: "shown", participant: "tuva", photo: "p5" }, stroke("tuva", onPhoto, "arrow", "white", [0.7, 0.25, 0.56, 0.42])];
const askFor = (what: "still" | "light"): readonly ServerMessage[] => [{ type: "asked", participant: "tuva", name: "Tuva Ask", what, kind: "" }];
const draws: readonly Permission[] = ["draw", "see-wounds"];
const takes: readonly Permission[] = ["draw", "measure", "see-wounds"];

interface HealthFixture {
  readonly rights?: readonly Permission[];
  readonly who: Who;
  readonly served: Served;
  readonly press?: readonly string[];
  readonly with?: Partial<AppState>;
}

const full = panelOf(olavRows, { news2: news });
const staffOnly = { ...full, mayMeasure: false };
const offline = { connection: { status: "signal-lost", since: 0, attempt: 1, online: false, rtt: 0, loss: 0 } } as const;
const bloodPressure = ["pad-1", "pad-4", "pad-8", "pad-8", "pad-6"];

const fixtures: Readonly<Record<string, HealthFixture>> = {
  "call-health-specialist": { who: "tuva", served: { panel: { ...panelOf(beforeFresh, { news2: news }), mayMeasure: false }, say: [fresh] } },
  "call-health-points": { who: "tuva", served: { panel: staffOnly }, press: ["news2-points"] },
  "call-health-hidden": { who: "tuva", served: { panel: panelOf(olavRows.slice(0, 3), { hidden: true }) } },
  "call-health-missing": { who: "tuva", served: { panel: panelOf(olavRows, { news2: newsMissing }) } },
  "call-health-asklist": { who: "tuva", served: { panel: staffOnly }, press: ["measurement-ask"] },
  "call-health-odd": { who: "tuva", served: { panel: panelOf(odd), say: said } },
  "call-health-pointed": { who: "tuva", served: { panel: staffOnly, say: pointed.slice(0, 1) }, press: ["point", "measurement"] },
  "call-health-running": { who: "tuva", served: { panel: staffOnly, say: samples, again: true } },
  "call-health-mental": { who: "tuva", served: { panel: panelOf(siljeRows, { limits: noLimits, mayMeasure: false }) } },
  "call-health-empty": { who: "tuva", served: { panel: panelOf([], { limits: noLimits, mayMeasure: false }) } },
  "call-health-loading": { who: "tuva", served: { panel: "never" } },
  "call-health-failed": { who: "tuva", served: { panel: "no-network" } },
  "call-health-refused": { who: "tuva", served: { panel: "refused" } },
  "call-health-en": { who: "tuva", served: { panel: staffOnly }, with: { language: "en" } },
  "call-health-nb": { who: "tuva", served: { panel: staffOnly }, with: { language: "nb" } },
  "call-health-trend": { who: "tuva", served: { panel: staffOnly }, press: ["measurement"] },
  "call-health-trend-table": { who: "tuva", served: { panel: staffOnly }, press: ["measurement", "view-table"] },
  "call-health-trend-many": { who: "tuva", served: { panel: staffOnly, points: 600 }, press: ["measurement", "period-365"] },
  "call-health-trend-pointed": { who: "tuva", served: { panel: staffOnly, say: pointed.slice(1) }, press: ["measurement"] },
  "call-health-trend-empty": { who: "tuva", served: { panel: staffOnly, points: 0 }, press: ["measurement", "period-7"] },
  "call-health-nurse": { who: "mari", served: { panel: entryPanel } },
  "call-health-nurse-typed": { who: "mari", served: { panel: entryPanel }, press: bloodPressure },
  "call-health-nurse-range": { who: "mari", served: { panel: entryPanel }, press: ["pad-1", "pad-4", "pad-8", "pad-5", "measurement-add"] },
  "call-health-nurse-temperature": { who: "mari", served: { panel: entryPanel }, press: ["kind-temperature", "pad-3", "pad-8", "pad-comma", "pad-2"] },
  "call-health-nurse-others": { who: "mari", served: { panel: entryPanel }, press: ["kind-others"] },
  "call-health-nurse-oxygen": { who: "mari", served: { panel: entryPanel }, press: ["kind-others", "kind-oxygen-given", "air"] },
  "call-health-nurse-consciousness": { who: "mari", served: { panel: entryPanel }, press: ["kind-others", "kind-consciousness", "option-0"] },
  "call-health-nurse-saved": { who: "mari", served: { panel: entryPanel }, press: [...bloodPressure, "measurement-add"] },
  "call-health-nurse-offline": { who: "mari", served: { panel: entryPanel, posts: "offline" }, press: [...bloodPressure, "measurement-add", "kind-weight", "pad-7", "pad-1", "measurement-add"], with: offline },
  "call-health-nurse-refused": { who: "mari", served: { panel: entryPanel, posts: "refused" }, press: [...bloodPressure, "measurement-add"] },
  "call-health-nurse-asked": { who: "mari", served: { panel: entryPanel, say: said } },
  "call-health-nurse-list": { who: "mari", served: { panel: full }, press: ["kind-others", "entry-list"] },
  "call-health-nurse-trend": { who: "mari", served: { panel: full }, press: ["kind-others", "entry-list", "measurement"] },
  "call-health-nurse-wrong": { who: "mari", served: { panel: full }, press: ["kind-others", "entry-list", "measurement", "view-table", "wrong"] },
  "call-health-patient": { who: "olav", served: { panel: { ...patientPanel, rows: beforeFresh as MeasurementRow[] }, say: [fresh] } },
  "call-health-patient-open": { who: "olav", served: { panel: patientPanel }, press: ["tab-measurements"] },
  ...Object.fromEntries(
    Object.entries(woundFixtures).map(([name, f]) => [
      name,
      { who: f.who, served: { panel: f.who === "mari" ? entryPanel : staffOnly, wounds: f.served }, press: ["tab-wound", ...(f.press ?? [])], ...(f.with ? { with: f.with } : {}) },
    ]),
  ),
  "call-draw-specialist": { who: "tuva", rights: draws, served: { panel: staffOnly, say: strokes }, press: ["draw"] },
  "call-draw-shown": { who: "tuva", rights: draws, served: { panel: staffOnly, say: shownPhoto } },
  "call-draw-shown-drawing": { who: "tuva", rights: draws, served: { panel: staffOnly, say: shownPhoto }, press: ["draw"] },
  "call-draw-shown-patient": { who: "olav", rights: ["see-wounds"], served: { panel: patientPanel, say: shownPhoto } },
  "call-still-asked": { who: "mari", rights: takes, served: { panel: entryPanel, say: askFor("still") } },
  "call-still-no-camera": { who: "mari", rights: takes, served: { panel: entryPanel, say: askFor("still") }, press: ["still-take"] },
  "call-still-light": { who: "mari", rights: takes, served: { panel: entryPanel, say: askFor("light") } },
  "call-health-relative-en": { who: "ragna", served: { panel: patientPanel }, press: ["tab-measurements"], with: { language: "en" } },
};

export const healthStates: Readonly<Record<string, AppState>> = Object.fromEntries(Object.entries(fixtures).map(([name, f]) => [name, inCallWith(f.who, name, f.served, f.with, f.rights)]));
export const healthPresses: Readonly<Record<string, readonly string[]>> = Object.fromEntries(Object.entries(fixtures).flatMap(([name, f]) => (f.press ? [[name, f.press]] : [])));
export const healthServed: Readonly<Record<string, Served>> = Object.fromEntries(Object.entries(fixtures).map(([name, f]) => [name, f.served]));

/** Tells what is said in the call; again each second where it runs. */
export function hearing(served: Served): (tell: (m: ServerMessage) => void) => () => void {
  return (tell) => {
    const all = () => served.say?.forEach(tell);
    const first = setTimeout(all);
    const again = served.again ? setInterval(all, 1_000) : undefined;
    return () => {
      clearTimeout(first);
      clearInterval(again);
    };
  };
}

/** What stands on the page once everything has been read. */
export const healthReady = '[data-testid="measurements"], [data-testid="measurements-loading"].sk-late, [data-testid="measurements-failed"], [data-testid="measurements-refused"], [data-testid="entry"], .sk-ownline';
