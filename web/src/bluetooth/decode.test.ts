import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { float, sfloat } from "./bytes";
import { bloodPressure, glucose, heartRate, oximeterContinuous, oximeterSpot, temperature, weight } from "./decode";
import { kinds, rounded } from "./kinds";
import { messageTime as time, view as viewOf, whole } from "../testing/messages";
import type { Decoded, Mark } from "./reading";

const view = (...bytes: number[]) => viewOf(bytes);
/** Kinds with their values; or the fault. */
const said = (d: Decoded) => (d.ok ? Object.fromEntries(d.readings.map((r) => [r.kind, r.values.length === 1 ? r.values[0] : r.values])) : d.fault);
const first = (d: Decoded) => {
  if (!d.ok) throw new Error(d.fault);
  return d.readings[0]!;
};

const at = Date.UTC(2026, 10, 23, 10, 12, 30);

it("kinds, units, ranges and decimals are the service's", () => {
  const file = JSON.parse(readFileSync(new URL("../../../clinical/kinds.json", import.meta.url), "utf8")) as { id: string; components: { unit: string; least: number; most: number; decimals: number }[] }[];
  for (const [id, components] of Object.entries(kinds)) {
    const theirs = file.find((k) => k.id === id)?.components.map(({ unit, least, most, decimals }) => ({ unit, least, most, decimals }));
    expect(components, id).toEqual(theirs);
  }
});

it("rounds by what the number says, not by its nearest binary fraction", () => {
  const tenth = { unit: "Cel", least: 0, most: 100, decimals: 1 };
  expect([36.45, 36.44, 1.005, 97.25].map((v) => rounded(tenth, v))).toEqual([36.5, 36.4, 1, 97.3]);
});

describe("SFLOAT", () => {
  it.each([
    [0x0078, 120], // exponent 0
    [0xf16c, 36.4], // 364 × 10^-1
    [0xe0a0, 1.6], // 160 × 10^-2
    [0x1005, 50], // 5 × 10^1
    [0x7001, 1e7],
    [0x8001, 1e-8], // the smallest exponent, −8
    [0x0fff, -1],
    [0xf801, -204.7],
    [0x07fd, 2045], // the largest that is a number
    [0x0803, -2045], // the smallest
    [0xf7fe, 204.6], // the mantissa of +∞ with an exponent is a number
    [0x07fe, null], // +∞
    [0x07ff, null], // NaN
    [0x0800, null], // not at this resolution
    [0x0801, null], // reserved
    [0x0802, null], // −∞
  ])("%i is %s", (bits, value) => expect(sfloat(bits)).toBe(value));
});

describe("FLOAT", () => {
  it.each([
    [0xff00016c, 36.4], // 364 × 10^-1
    [0xfe000e38, 36.4], // 3640 × 10^-2
    [0x00000025, 37],
    [0x02000001, 100],
    [0x00ffffff, -1],
    [0xfeffffff, -0.01],
    [0xfb7fffff, 83.88607], // the mantissa of NaN with an exponent is a number
    [0x007ffffe, null], // +∞
    [0x007fffff, null], // NaN
    [0x00800000, null], // not at this resolution
    [0x00800001, null], // reserved
    [0x00800002, null], // −∞
  ])("%i is %s", (bits, value) => expect(float(bits)).toBe(value));
});

describe("blood pressure, 2A35", () => {
  const pressures = [0x94, 0x00, 0x56, 0x00, 0x6b, 0x00]; // 148, 86, mean 107

  it("in mmHg, with nothing else", () => {
    expect(said(bloodPressure(view(0x00, ...pressures)))).toEqual({ "blood-pressure": [148, 86] });
    expect(first(bloodPressure(view(0x00, ...pressures)))).toMatchObject({ measuredAt: null, marks: [], site: null, stored: false });
  });
  it("in kPa becomes mmHg", () => {
    // 0xF0C5: 19.7 kPa = 147.8 mmHg; 0xF073: 11.5 kPa = 86.3 mmHg; mean NaN
    expect(said(bloodPressure(view(0x01, 0xc5, 0xf0, 0x73, 0xf0, 0xff, 0x07)))).toEqual({ "blood-pressure": [148, 86] });
  });
  it("with a tenth of mmHg is rounded", () => {
    // 148.5 and 86.4
    expect(said(bloodPressure(view(0x00, 0xcd, 0xf5, 0x60, 0xf3, 0xff, 0x07)))).toEqual({ "blood-pressure": [149, 86] });
  });
  it("with time", () => expect(first(bloodPressure(view(0x02, ...pressures, ...time))).measuredAt).toBe(at));
  it("with pulse gives the pulse too", () => {
    expect(said(bloodPressure(view(0x04, ...pressures, 0x47, 0x00)))).toEqual({ "blood-pressure": [148, 86], "heart-rate": 71 });
  });
  it.each([[0xff, 0x07], [0x00, 0x08], [0xfe, 0x07], [0x02, 0x08], [0x01, 0x08], [0x00, 0x00]])("with a pulse that is no reading (%i %i) gives the pressures alone", (...pulse) => {
    expect(said(bloodPressure(view(0x04, ...pressures, ...pulse)))).toEqual({ "blood-pressure": [148, 86] });
  });
  it("passes the device's user over", () => {
    expect(said(bloodPressure(view(0x0c, ...pressures, 0x47, 0x00, 0x02)))).toEqual({ "blood-pressure": [148, 86], "heart-rate": 71 });
  });
  it.each<[string, number[], Mark[]]>([
    ["nothing", [0x00, 0x00], []],
    ["body movement", [0x01, 0x00], ["moved"]],
    ["loose cuff", [0x02, 0x00], ["cuff-loose"]],
    ["irregular pulse", [0x04, 0x00], ["irregular-pulse"]],
    ["pulse above its range", [0x08, 0x00], ["pulse-above"]],
    ["pulse below its range", [0x10, 0x00], ["pulse-below"]],
    ["a reserved pulse range", [0x18, 0x00], []],
    ["improper position", [0x20, 0x00], ["wrong-position"]],
    ["several", [0x27, 0x00], ["moved", "cuff-loose", "irregular-pulse", "wrong-position"]],
    ["reserved bits", [0xc0, 0xff], []],
  ])("with the status: %s", (_, status, marks) => expect(first(bloodPressure(view(0x10, ...pressures, ...status))).marks).toEqual(marks));
  it("with everything", () => {
    const d = bloodPressure(view(0x1e, ...pressures, ...time, 0x47, 0x00, 0x01, 0x04, 0x00));
    expect(said(d)).toEqual({ "blood-pressure": [148, 86], "heart-rate": 71 });
    expect(d.ok && d.readings.map((r) => [r.measuredAt, r.marks])).toEqual([[at, ["irregular-pulse"]], [at, ["irregular-pulse"]]]);
  });
  it.each([0x07ff, 0x0800, 0x07fe, 0x0802, 0x0801])("systolic or diastolic %i is no reading, and neither is its pulse", (special) => {
    const bytes = [special & 0xff, special >> 8];
    expect(said(bloodPressure(view(0x04, ...bytes, 0x56, 0x00, 0x6b, 0x00, 0x47, 0x00)))).toBe("no-reading");
    expect(said(bloodPressure(view(0x04, 0x94, 0x00, ...bytes, 0x6b, 0x00, 0x47, 0x00)))).toBe("no-reading");
  });
  it.each([
    ["systolic 301", [0x2d, 0x01, 0x56, 0x00]],
    ["systolic 29", [0x1d, 0x00, 0x0b, 0x00]],
    ["diastolic 9", [0x78, 0x00, 0x09, 0x00]],
    ["diastolic 201", [0x2c, 0x01, 0xc9, 0x00]],
    ["a diastolic that is the systolic", [0x78, 0x00, 0x78, 0x00]],
    ["a negative one", [0x94, 0x00, 0xff, 0x0f]],
  ])("%s is refused", (_, bytes) => expect(said(bloodPressure(view(0x00, ...bytes, 0xff, 0x07)))).toBe("impossible-value"));
  it("bears more bytes than its flags tell of", () => expect(said(bloodPressure(view(0x00, ...pressures, 0, 0, 0)))).toEqual({ "blood-pressure": [148, 86] }));
});

describe("time", () => {
  const pressures = [0x94, 0x00, 0x56, 0x00, 0x6b, 0x00];
  const of = (...t: number[]) => bloodPressure(view(0x02, ...pressures, ...t));
  it.each([
    ["year", [0x00, 0x00, 11, 23, 10, 12, 30]],
    ["month", [0xea, 0x07, 0, 23, 10, 12, 30]],
    ["day", [0xea, 0x07, 11, 0, 10, 12, 30]],
  ])("whose %s the device doesn't know is none", (_, t) => expect(first(of(...t)).measuredAt).toBeNull());
  it.each([
    ["month 13", [0xea, 0x07, 13, 23, 10, 12, 30]],
    ["31 November", [0xea, 0x07, 11, 31, 10, 12, 30]],
    ["29 February of no leap year", [0xea, 0x07, 2, 29, 10, 12, 30]],
    ["day 32", [0xea, 0x07, 12, 32, 10, 12, 30]],
    ["hour 24", [0xea, 0x07, 11, 23, 24, 12, 30]],
    ["minute 60", [0xea, 0x07, 11, 23, 10, 60, 30]],
    ["second 60", [0xea, 0x07, 11, 23, 10, 12, 60]],
    ["year 1581", [0x2d, 0x06, 11, 23, 10, 12, 30]],
    ["year 10000", [0x10, 0x27, 11, 23, 10, 12, 30]],
  ])("%s is refused", (_, t) => expect(said(of(...t))).toBe("impossible-time"));
  it("29 February of a leap year is one", () => expect(first(of(0xe8, 0x07, 2, 29, 0, 0, 0)).measuredAt).toBe(Date.UTC(2024, 1, 29)));
});

// Bits of the two status fields, of spot check and continuous alike.
const measurementStatus: [string, number, Mark[] | string][] = [
  ["measurement ongoing", 5, ["unfinished"]],
  ["early estimate", 6, ["unfinished"]],
  ["validated", 7, []],
  ["fully qualified", 8, []],
  ["from its storage", 9, []],
  ["demonstration", 10, "not-a-patient"],
  ["testing", 11, "not-a-patient"],
  ["calibrating", 12, "no-reading"],
  ["unavailable", 13, "no-reading"],
  ["questionable", 14, ["questionable"]],
  ["invalid", 15, "no-reading"],
];
const sensorStatus: [string, number, Mark[] | string][] = [
  ["extended display update", 0, []],
  ["equipment malfunction", 1, "device-fault"],
  ["signal irregularity", 2, ["poor-signal"]],
  ["inadequate signal", 3, ["poor-signal"]],
  ["poor signal", 4, ["poor-signal"]],
  ["low perfusion", 5, ["low-perfusion"]],
  ["erratic signal", 6, ["poor-signal"]],
  ["non-pulsatile signal", 7, ["poor-signal"]],
  ["questionable pulse", 8, ["questionable"]],
  ["analysis ongoing", 9, ["unfinished"]],
  ["interference", 10, ["poor-signal"]],
  ["unconnected to user", 11, "no-contact"],
  ["unknown sensor", 12, ["unknown-sensor"]],
  ["sensor displaced", 13, ["sensor-moved"]],
  ["sensor malfunctioning", 14, "device-fault"],
  ["sensor disconnected", 15, "no-contact"],
  ["a reserved bit", 16, []],
];
const le = (bits: number, size: number): number[] => Array.from({ length: size }, (_, i) => (bits >> (8 * i)) & 0xff);
const marksOrFault = (d: Decoded) => (d.ok ? d.readings[0]!.marks : d.fault);

describe("oximeter spot check, 2A5E", () => {
  const values = [0x5f, 0x00, 0x47, 0x00]; // 95 %, 71 /min
  it("gives oxygen and pulse", () => expect(said(oximeterSpot(view(0x00, ...values)))).toEqual({ "oxygen-saturation": 95, "heart-rate": 71 }));
  it("rounds to whole per cent", () => {
    // 0xF3D1: 97.7 %; 0xF2C3: 70.7 /min
    expect(said(oximeterSpot(view(0x00, 0xd1, 0xf3, 0xc3, 0xf2)))).toEqual({ "oxygen-saturation": 98, "heart-rate": 71 });
  });
  it("with time", () => expect(first(oximeterSpot(view(0x01, ...values, ...time))).measuredAt).toBe(at));
  it("with a clock that was never set has no time", () => expect(first(oximeterSpot(view(0x11, ...values, ...time))).measuredAt).toBeNull());
  it.each(measurementStatus)("with the measurement status: %s", (_, bit, result) => expect(marksOrFault(oximeterSpot(view(0x02, ...values, ...le(1 << bit, 2))))).toEqual(result));
  it.each(sensorStatus)("with the sensor status: %s", (_, bit, result) => expect(marksOrFault(oximeterSpot(view(0x04, ...values, ...le(1 << bit, 3))))).toEqual(result));
  it("from its storage says so", () => expect(first(oximeterSpot(view(0x02, ...values, 0x00, 0x02))).stored).toBe(true));
  it("with everything reads each field at its place", () => {
    // time, measurement status validated, sensor status low perfusion, PAI 1.6
    const d = oximeterSpot(view(0x0f, ...values, ...time, 0x80, 0x00, 0x20, 0x00, 0x00, 0xa0, 0xe0));
    expect(first(d)).toMatchObject({ measuredAt: at, marks: ["low-perfusion"], stored: false });
  });
  it("without one of the two gives the other", () => {
    expect(said(oximeterSpot(view(0x00, 0xff, 0x07, 0x47, 0x00)))).toEqual({ "heart-rate": 71 });
    expect(said(oximeterSpot(view(0x00, 0x5f, 0x00, 0xff, 0x07)))).toEqual({ "oxygen-saturation": 95 });
  });
  it.each([0x07ff, 0x0800, 0x07fe, 0x0802, 0x0801])("with %i for both is no reading", (s) => {
    expect(said(oximeterSpot(view(0x00, ...le(s, 2), ...le(s, 2))))).toBe("no-reading");
  });
  it("of 101 % is refused", () => expect(said(oximeterSpot(view(0x00, 0x65, 0x00, 0x47, 0x00)))).toBe("impossible-value"));
});

describe("oximeter, continuous, 2A5F", () => {
  const values = [0x5f, 0x00, 0x47, 0x00];
  const fast = [0x5a, 0x00, 0x50, 0x00]; // 90 %, 80 /min
  const slow = [0x62, 0x00, 0x3c, 0x00]; // 98 %, 60 /min
  it.each([
    ["alone", 0x00, []],
    ["with the fast pair", 0x01, fast],
    ["with the slow pair", 0x02, slow],
    ["with both", 0x03, [...fast, ...slow]],
    ["with the pulse amplitude", 0x10, [0xa0, 0xe0]],
  ])("%s is the normal pair", (_, flags, rest) => {
    expect(said(oximeterContinuous(view(flags, ...values, ...rest)))).toEqual({ "oxygen-saturation": 95, "heart-rate": 71 });
  });
  it.each(measurementStatus)("with the measurement status: %s", (_, bit, result) => expect(marksOrFault(oximeterContinuous(view(0x04, ...values, ...le(1 << bit, 2))))).toEqual(result));
  it.each(sensorStatus)("with the sensor status: %s", (_, bit, result) => expect(marksOrFault(oximeterContinuous(view(0x08, ...values, ...le(1 << bit, 3))))).toEqual(result));
  it("with everything reads each field at its place", () => {
    expect(marksOrFault(oximeterContinuous(view(0x1f, ...values, ...fast, ...slow, 0x80, 0x00, 0x20, 0x00, 0x00, 0xa0, 0xe0)))).toEqual(["low-perfusion"]);
  });
});

describe("thermometer, 2A1C", () => {
  const celsius = [0x76, 0x01, 0x00, 0xff]; // 374 × 10^-1
  it("in Celsius", () => expect(said(temperature(view(0x00, ...celsius)))).toEqual({ temperature: 37.4 }));
  it("in Fahrenheit becomes Celsius", () => {
    // 993 × 10^-1 °F = 37.388… °C
    expect(said(temperature(view(0x01, 0xe1, 0x03, 0x00, 0xff)))).toEqual({ temperature: 37.4 });
  });
  it("in hundredths is rounded to tenths", () => {
    // 3745 × 10^-2
    expect(said(temperature(view(0x00, 0xa1, 0x0e, 0x00, 0xfe)))).toEqual({ temperature: 37.5 });
  });
  it("with time", () => expect(first(temperature(view(0x02, ...celsius, ...time))).measuredAt).toBe(at));
  it.each([
    [0, null], [1, "armpit"], [2, "body"], [3, "ear"], [4, "finger"], [5, "gut"], [6, "mouth"], [7, "rectum"], [8, "toe"], [9, "eardrum"], [10, null], [255, null],
  ])("with the type %i is of: %s", (type, site) => expect(first(temperature(view(0x04, ...celsius, type))).site).toBe(site));
  it("with everything", () => expect(first(temperature(view(0x07, 0xe1, 0x03, 0x00, 0xff, ...time, 9)))).toMatchObject({ values: [37.4], measuredAt: at, site: "eardrum" }));
  it.each([0x007fffff, 0x00800000, 0x007ffffe, 0x00800002, 0x00800001])("%i is no reading, in both units", (s) => {
    expect(said(temperature(view(0x00, ...le(s, 4))))).toBe("no-reading");
    expect(said(temperature(view(0x01, ...le(s, 4))))).toBe("no-reading");
  });
  it("Fahrenheit that is not marked as such is refused", () => expect(said(temperature(view(0x00, 0xe1, 0x03, 0x00, 0xff)))).toBe("impossible-value"));
});

describe("weight, 2A9D", () => {
  it("in kilogrammes", () => expect(said(weight(view(0x00, 0xa0, 0x37)))).toEqual({ weight: 71.2 })); // 14240 × 0.005
  it("in pounds becomes kilogrammes", () => expect(said(weight(view(0x01, 0x51, 0x3d)))).toEqual({ weight: 71.2 })); // 15697 × 0.01 lb
  it("with time", () => expect(first(weight(view(0x02, 0xa0, 0x37, ...time))).measuredAt).toBe(at));
  it("with user, BMI and height reads each at its place", () => {
    expect(said(weight(view(0x0e, 0xa0, 0x37, ...time, 0x01, 0xf0, 0x00, 0x9a, 0x06)))).toEqual({ weight: 71.2 });
    expect(said(weight(view(0x04, 0xa0, 0x37, 0xff)))).toEqual({ weight: 71.2 });
  });
  it("that failed is no reading", () => {
    expect(said(weight(view(0x00, 0xff, 0xff)))).toBe("no-reading");
    expect(said(weight(view(0x01, 0xff, 0xff)))).toBe("no-reading");
  });
  it("of nobody is refused", () => expect(said(weight(view(0x00, 0x00, 0x00)))).toBe("impossible-value"));
});

describe("glucose, 2A18", () => {
  const head = [0x07, 0x00, ...time]; // record 7
  it("in mol/L becomes mmol/L", () => {
    // 0xC041: 65 × 10^-4 mol/L = 6.5 mmol/L; capillary whole blood (1) of the finger (1)
    const d = glucose(view(0x06, ...head, 0x41, 0xc0, 0x11));
    expect(said(d)).toEqual({ glucose: 6.5 });
    expect(d.sequence).toBe(7);
    expect(first(d)).toMatchObject({ measuredAt: at, site: "finger" });
  });
  it("in kg/L becomes mmol/L", () => {
    // 0xB075: 117 × 10^-5 kg/L = 117 mg/dL = 6.494 mmol/L
    expect(said(glucose(view(0x02, ...head, 0x75, 0xb0, 0x11)))).toEqual({ glucose: 6.5 });
  });
  it("counts the offset to its clock, ahead and back", () => {
    expect(first(glucose(view(0x07, ...head, 0x3c, 0x00, 0x41, 0xc0, 0x11))).measuredAt).toBe(at + 3_600_000);
    expect(first(glucose(view(0x07, ...head, 0xc4, 0xff, 0x41, 0xc0, 0x11))).measuredAt).toBe(at - 3_600_000);
  });
  it.each([[0xff, 0x7f], [0x00, 0x80]])("with an offset that is over its range has no time", (...offset) => {
    expect(first(glucose(view(0x07, ...head, ...offset, 0x41, 0xc0, 0x11))).measuredAt).toBeNull();
  });
  it.each([
    [1, "glucose"], [2, "glucose"], [3, "glucose-blood"], [4, "glucose-blood"], [5, "glucose-blood"], [6, "glucose-blood"], [7, "glucose"], [8, "glucose"], [9, "glucose"], [0, "glucose"], [15, "glucose"],
  ])("of the type %i is %s", (type, kind) => expect(first(glucose(view(0x06, ...head, 0x41, 0xc0, 0xf0 | type))).kind).toBe(kind));
  it("of interstitial fluid says so", () => expect(first(glucose(view(0x06, ...head, 0x41, 0xc0, 0xf9))).marks).toEqual(["interstitial"]));
  it.each([[0, null], [1, "finger"], [2, "other-site"], [3, "earlobe"], [15, null]])("at the location %i is of: %s", (location, site) => {
    expect(first(glucose(view(0x06, ...head, 0x41, 0xc0, (location << 4) | 1))).site).toBe(site);
  });
  it.each([0x1a, 0x41])("of a control solution (%i) is nobody's", (kind) => {
    expect(glucose(view(0x06, ...head, 0x41, 0xc0, kind))).toEqual({ ok: false, fault: "not-a-patient", sequence: 7 });
  });
  it.each<[string, number, Mark[] | string]>([
    ["battery low", 0, ["battery-low"]],
    ["sensor malfunction", 1, "device-fault"],
    ["too little blood", 2, "strip"],
    ["strip put in wrongly", 3, "strip"],
    ["wrong strip", 4, "strip"],
    ["higher than it can tell", 5, "above-range"],
    ["lower than it can tell", 6, "below-range"],
    ["too hot", 7, "device-temperature"],
    ["too cold", 8, "device-temperature"],
    ["strip pulled too soon", 9, "strip"],
    ["device fault", 10, "device-fault"],
    ["a reserved bit", 12, []],
  ])("with the status: %s", (_, bit, result) => expect(marksOrFault(glucose(view(0x0e, ...head, 0x41, 0xc0, 0x11, ...le(1 << bit, 2))))).toEqual(result));
  it("whose clock was wrong has no time", () => expect(first(glucose(view(0x0e, ...head, 0x41, 0xc0, 0x11, 0x00, 0x08))).measuredAt).toBeNull());
  it("with a context to follow is the same value", () => expect(said(glucose(view(0x16, ...head, 0x41, 0xc0, 0x11)))).toEqual({ glucose: 6.5 }));
  it("without a concentration is no reading, and keeps its number", () => expect(glucose(view(0x00, ...head))).toEqual({ ok: false, fault: "no-reading", sequence: 7 }));
  it.each([0x07ff, 0x0800, 0x07fe, 0x0802, 0x0801])("%i is no reading", (s) => expect(said(glucose(view(0x06, ...head, ...le(s, 2), 0x11)))).toBe("no-reading"));

});

describe("heart rate, 2A37", () => {
  it("in a byte, and in two", () => {
    expect(said(heartRate(view(0x00, 71)))).toEqual({ "heart-rate": 71 });
    expect(said(heartRate(view(0x01, 0x2c, 0x01)))).toEqual({ "heart-rate": 300 });
  });
  it.each([[0, 71], [1, 71], [2, "no-contact"], [3, 71]])("with the contact bits %i", (contact, result) => {
    const d = heartRate(view(contact << 1, 71));
    expect(d.ok ? d.readings[0]!.values[0] : d.fault).toBe(result);
  });
  it("passes energy and RR intervals over", () => expect(said(heartRate(view(0x18, 71, 0x10, 0x00, 0x58, 0x03, 0x60, 0x03)))).toEqual({ "heart-rate": 71 }));
  it("with half an interval is truncated", () => expect(said(heartRate(view(0x10, 71, 0x58)))).toBe("truncated"));
  it("of 0 is no reading", () => expect(said(heartRate(view(0x00, 0)))).toBe("no-reading"));
  it("of 14 is refused", () => expect(said(heartRate(view(0x00, 14)))).toBe("impossible-value"));
});

describe("a message that is cut anywhere", () => {
  it.each<[string, (v: DataView) => Decoded, readonly number[]]>([
    ["2A35", bloodPressure, whole.bloodPressure],
    ["2A5E", oximeterSpot, whole.oximeterSpot],
    ["2A5F", oximeterContinuous, whole.oximeterContinuous],
    ["2A1C", temperature, whole.temperature],
    ["2A9D", weight, whole.weight],
    ["2A18", glucose, whole.glucose],
    ["2A37", heartRate, whole.heartRate],
  ])("%s is truncated at each length, and whole at its own", (_, decode, bytes) => {
    for (let length = 0; length < bytes.length; length++) expect(said(decode(view(...bytes.slice(0, length)))), `${length} bytes`).toBe("truncated");
    expect(decode(view(...bytes)).ok).toBe(true);
  });
});
