// The characteristics that devices measure by.

import { bloodPressure, glucose, heartRate, oximeterContinuous, oximeterSpot, temperature, weight } from "./decode";
import { uuidOf, type HealthService } from "./gatt";
import type { Decoded } from "./reading";

export interface Measure {
  readonly uuid: string;
  readonly service: HealthService;
  readonly decode: (view: DataView) => Decoded;
  /** It sends all the time: samples that are shown, and of which some are kept. */
  readonly runs: boolean;
}

const measure = (assigned: number, service: HealthService, decode: Measure["decode"], runs = false): Measure => ({ uuid: uuidOf(assigned), service, decode, runs });

export const measures: readonly Measure[] = [
  measure(0x2a35, "bloodPressure", bloodPressure),
  measure(0x2a5e, "oximeter", oximeterSpot),
  measure(0x2a5f, "oximeter", oximeterContinuous, true),
  measure(0x2a1c, "thermometer", temperature),
  measure(0x2a9d, "weight", weight),
  measure(0x2a18, "glucose", glucose),
  measure(0x2a37, "heartRate", heartRate, true),
];
