// What a message of a device says, before anybody has judged its time.

import type { WallTime } from "./bytes";
import type { KindId } from "./kinds";

/** Something about a reading that its reader should know; the words are in i18n. */
export type Mark =
  | "moved" | "cuff-loose" | "irregular-pulse" | "pulse-above" | "pulse-below" | "wrong-position"
  | "poor-signal" | "low-perfusion" | "questionable" | "unfinished" | "sensor-moved" | "unknown-sensor"
  | "battery-low" | "interstitial"
  /** By us: the device's clock was wrong, and the value has the time at which it came. */
  | "clock-off"
  /** By us: it is the median of a minute's samples. */
  | "median";

/** Where on the body, as the device says it. */
export type Site = "armpit" | "body" | "ear" | "finger" | "gut" | "mouth" | "rectum" | "toe" | "eardrum" | "other-site" | "earlobe";

/** A value in its kind's unit, rounded to its decimals. No characteristic tells the patient's position. */
export interface Reading {
  readonly kind: KindId;
  readonly values: readonly number[];
  readonly measuredAt: WallTime | null; // by the device's clock; null: it has not told
  readonly site: Site | null;
  readonly marks: readonly Mark[];
  /** The device says that it had kept it: it may be of another day, and of another patient. */
  readonly stored: boolean;
}

/** Why a message holds no value. */
export type Fault =
  | "truncated" // fewer bytes than its flags tell of
  | "impossible-time"
  | "impossible-value" // no person has it
  | "no-reading" // the device says that it could not measure
  | "no-contact" // the sensor is not on
  | "above-range" | "below-range" // of what the device can measure
  | "strip" // of a glucose meter: too little blood, or the strip
  | "device-temperature" // too hot or too cold to measure
  | "device-fault"
  | "not-a-patient"; // a control solution, a demonstration

export type Decoded =
  | { readonly ok: true; readonly readings: readonly Reading[]; readonly sequence: number | null }
  | { readonly ok: false; readonly fault: Fault; readonly sequence: number | null };

export const failed = (fault: Fault, sequence: number | null = null): Decoded => ({ ok: false, fault, sequence });
