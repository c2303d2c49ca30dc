// The messages of health devices as values: pure functions over their bytes. Fields and flags are
// those of the GATT Specification Supplement; bits that it reserves are ignored, and so is what
// stands behind the last field that the flags tell of.
//
// Our own and no library: those for it are of one device (ble-glucose), untended for years and
// blind to special values (web-bluetooth), or in other languages.

import { Bytes, type ReadTime, type WallTime } from "./bytes";
import { plausible, type KindId } from "./kinds";
import { failed, type Decoded, type Fault, type Mark, type Reading, type Site } from "./reading";

const bit = (flags: number, n: number): boolean => (flags & (1 << n)) !== 0;
const anyOf = (flags: number, ...bits: number[]): boolean => bits.some((n) => bit(flags, n));

const minute = 60_000; // ms
// The same factors as the service's (UCUM; molar mass of glucose 180.156 g/mol).
const mmHgOfKPa = 1000 / 133.322387415;
const kgOfPound = 0.45359237;
const mmolOfKg = 1e6 / 180.156; // per litre

/** What one message says of its values, its time and itself. */
interface Message {
  /** Numbers by kind, in the kind's unit; null: the device has no reading of it. */
  readonly values: readonly (readonly [kind: KindId, numbers: readonly (number | null)[]])[];
  readonly time: ReadTime | null; // null: it has no such field
  readonly site?: Site | null;
  readonly marks?: readonly Mark[];
  readonly stored?: boolean;
  readonly sequence?: number;
}

/** The readings of a message whose bytes were all there. */
function readings(m: Message): Decoded {
  const sequence = m.sequence ?? null;
  if (m.time === "impossible") return failed("impossible-time", sequence);
  const measuredAt: WallTime | null = m.time === "unknown" ? null : m.time;
  const found: Reading[] = [];
  for (const [kind, numbers] of m.values) {
    if (!numbers.every((n) => n !== null)) continue;
    const values = plausible(kind, numbers);
    if (!values) return failed("impossible-value", sequence);
    found.push({ kind, values, measuredAt, site: m.site ?? null, marks: m.marks ?? [], stored: m.stored ?? false });
  }
  return found.length > 0 ? { ok: true, readings: found, sequence } : failed("no-reading", sequence);
}

/** Devices that have no pulse to tell write 0 as well as NaN. */
const pulseOf = (v: number | null): readonly [KindId, readonly (number | null)[]] => ["heart-rate", [v === 0 ? null : v]];

/** Blood Pressure Measurement, 0x2A35. */
export function bloodPressure(view: DataView): Decoded {
  const bytes = new Bytes(view);
  const flags = bytes.u8();
  const pressures = [bytes.sfloat(), bytes.sfloat()];
  bytes.sfloat(); // the mean: calculated differently by each maker
  const time = bit(flags, 1) ? bytes.time() : null;
  const pulse = bit(flags, 2) ? bytes.sfloat() : null;
  if (bit(flags, 3)) bytes.u8(); // the device's own number of its user: nobody's identity
  const status = bit(flags, 4) ? bytes.u16() : 0;
  if (bytes.short) return failed("truncated");

  const marks: Mark[] = [];
  if (bit(status, 0)) marks.push("moved");
  if (bit(status, 1)) marks.push("cuff-loose");
  if (bit(status, 2)) marks.push("irregular-pulse");
  const range = (status >> 3) & 3;
  if (range === 1) marks.push("pulse-above");
  if (range === 2) marks.push("pulse-below");
  if (bit(status, 5)) marks.push("wrong-position");

  if (pressures.includes(null)) return failed("no-reading"); // a pulse of a measurement that failed is none
  const factor = bit(flags, 0) ? mmHgOfKPa : 1;
  return readings({ values: [["blood-pressure", pressures.map((p) => (p ?? 0) * factor)], pulseOf(pulse)], time, marks });
}

/** What an oximeter's two status fields say: why there is no value, or what to know of it. */
function oximeterStatus(measurement: number, sensor: number): { fault: Fault | null; marks: Mark[]; stored: boolean } {
  const stored = bit(measurement, 9);
  const none = (fault: Fault) => ({ fault, marks: [], stored });
  if (anyOf(measurement, 10, 11)) return none("not-a-patient"); // demonstration, testing
  if (anyOf(sensor, 11, 15)) return none("no-contact"); // unconnected to user, disconnected
  if (anyOf(sensor, 1, 14)) return none("device-fault"); // equipment or sensor malfunctioning
  if (anyOf(measurement, 12, 13, 15)) return none("no-reading"); // calibrating, unavailable, invalid
  const marks: Mark[] = [];
  if (anyOf(measurement, 5, 6) || bit(sensor, 9)) marks.push("unfinished"); // ongoing, early estimate, analysis ongoing
  if (bit(measurement, 14) || bit(sensor, 8)) marks.push("questionable");
  if (anyOf(sensor, 2, 3, 4, 6, 7, 10)) marks.push("poor-signal"); // irregular, inadequate, poor, erratic, non-pulsatile, disturbed
  if (bit(sensor, 5)) marks.push("low-perfusion");
  if (bit(sensor, 12)) marks.push("unknown-sensor");
  if (bit(sensor, 13)) marks.push("sensor-moved");
  return { fault: null, marks, stored };
}

/** PLX Spot-check Measurement, 0x2A5E. */
export function oximeterSpot(view: DataView): Decoded {
  const bytes = new Bytes(view);
  const flags = bytes.u8();
  const [oxygen, pulse] = [bytes.sfloat(), bytes.sfloat()];
  const time = bit(flags, 0) ? bytes.time() : null;
  const measurement = bit(flags, 1) ? bytes.u16() : 0;
  const sensor = bit(flags, 2) ? bytes.u24() : 0;
  if (bit(flags, 3)) bytes.sfloat(); // pulse amplitude index
  if (bytes.short) return failed("truncated");
  const { fault, marks, stored } = oximeterStatus(measurement, sensor);
  if (fault) return failed(fault);
  const unset = bit(flags, 4); // its clock was never set: the time counts from where it was switched on
  return readings({ values: [["oxygen-saturation", [oxygen]], pulseOf(pulse)], time: unset ? null : time, marks, stored });
}

/** PLX Continuous Measurement, 0x2A5F. */
export function oximeterContinuous(view: DataView): Decoded {
  const bytes = new Bytes(view);
  const flags = bytes.u8();
  const [oxygen, pulse] = [bytes.sfloat(), bytes.sfloat()];
  if (bit(flags, 0)) bytes.u32(); // the fast pair; the normal one is what is shown everywhere else
  if (bit(flags, 1)) bytes.u32(); // the slow pair
  const measurement = bit(flags, 2) ? bytes.u16() : 0;
  const sensor = bit(flags, 3) ? bytes.u24() : 0;
  if (bit(flags, 4)) bytes.sfloat();
  if (bytes.short) return failed("truncated");
  const { fault, marks, stored } = oximeterStatus(measurement, sensor);
  if (fault) return failed(fault);
  return readings({ values: [["oxygen-saturation", [oxygen]], pulseOf(pulse)], time: null, marks, stored });
}

// Temperature Type, 0x2A1D.
const temperatureSites: readonly (Site | null)[] = [null, "armpit", "body", "ear", "finger", "gut", "mouth", "rectum", "toe", "eardrum"];

/** Temperature Measurement, 0x2A1C. */
export function temperature(view: DataView): Decoded {
  const bytes = new Bytes(view);
  const flags = bytes.u8();
  const degrees = bytes.float();
  const time = bit(flags, 1) ? bytes.time() : null;
  const site = bit(flags, 2) ? (temperatureSites[bytes.u8()] ?? null) : null;
  if (bytes.short) return failed("truncated");
  const celsius = degrees !== null && bit(flags, 0) ? ((degrees - 32) * 5) / 9 : degrees;
  return readings({ values: [["temperature", [celsius]]], time, site });
}

/** Weight Measurement, 0x2A9D. */
export function weight(view: DataView): Decoded {
  const bytes = new Bytes(view);
  const flags = bytes.u8();
  const raw = bytes.u16();
  const time = bit(flags, 1) ? bytes.time() : null;
  if (bit(flags, 2)) bytes.u8(); // the scale's own number of its user
  if (bit(flags, 3)) bytes.u32(); // BMI and height: out of what somebody typed once
  if (bytes.short) return failed("truncated");
  if (raw === 0xffff) return failed("no-reading"); // "Measurement Unsuccessful"
  const kg = bit(flags, 0) ? (raw / 100) * kgOfPound : (raw * 5) / 1000;
  return readings({ values: [["weight", [kg]]], time });
}

// Sample Location of the Glucose Measurement; 4 is a control solution.
const glucoseSites: Readonly<Record<number, Site>> = { 1: "finger", 2: "other-site", 3: "earlobe" };
const control = { type: 10, location: 4 };
const interstitial = 9;
// Drawn from a vein or an artery; of what is undetermined a meter takes capillary blood.
const drawn: ReadonlySet<number> = new Set([3, 4, 5, 6]);

/** The Sensor Status Annunciation's reason for no value. */
function glucoseFault(status: number): Fault | null {
  if (anyOf(status, 1, 10)) return "device-fault";
  if (anyOf(status, 2, 3, 4, 9)) return "strip"; // too little blood, put in wrongly, of a wrong type, pulled too soon
  if (bit(status, 5)) return "above-range";
  if (bit(status, 6)) return "below-range";
  if (anyOf(status, 7, 8)) return "device-temperature";
  return null;
}

/** Glucose Measurement, 0x2A18. Its context (0x2A34) comes by itself and tells of meals and medicines. */
export function glucose(view: DataView): Decoded {
  const bytes = new Bytes(view);
  const flags = bytes.u8();
  const sequence = bytes.u16();
  const base = bytes.time();
  const offset = bit(flags, 0) ? bytes.s16() : 0; // minutes, by which its user has set the clock since
  const concentration = bit(flags, 1) ? bytes.sfloat() : null;
  const kind = bit(flags, 1) ? bytes.u8() : 0;
  const status = bit(flags, 3) ? bytes.u16() : 0;
  if (bytes.short) return failed("truncated"); // its sequence may be half a number

  const type = kind & 0x0f;
  const location = kind >> 4;
  if (type === control.type || location === control.location) return failed("not-a-patient", sequence);
  const fault = glucoseFault(status);
  if (fault) return failed(fault, sequence);

  const marks: Mark[] = [];
  if (bit(status, 0)) marks.push("battery-low");
  if (type === interstitial) marks.push("interstitial");
  // 0x7FFF and 0x8000: the offset is larger than it can tell; bit 11: its clock has been wrong.
  const untimed = offset === 0x7fff || offset === -0x8000 || bit(status, 11);
  const time = typeof base !== "number" ? base : untimed ? "unknown" : base + offset * minute;
  const factor = bit(flags, 2) ? 1000 : mmolOfKg;
  return readings({
    values: [[drawn.has(type) ? "glucose-blood" : "glucose", [concentration === null ? null : concentration * factor]]],
    time, site: glucoseSites[location] ?? null, marks, sequence,
  });
}

/** Heart Rate Measurement, 0x2A37. */
export function heartRate(view: DataView): Decoded {
  const bytes = new Bytes(view);
  const flags = bytes.u8();
  const rate = bit(flags, 0) ? bytes.u16() : bytes.u8();
  if (bit(flags, 3)) bytes.u16(); // energy
  if (bit(flags, 4)) while (bytes.left > 0) bytes.u16(); // RR intervals, as many as there is room for
  if (bytes.short) return failed("truncated");
  if (((flags >> 1) & 3) === 2) return failed("no-contact"); // contact can be told, and there is none
  return readings({ values: [pulseOf(rate)], time: null });
}
