// Words of health devices in each language.

import type { Language } from "../../gen/protocol";
import type { KindId } from "../kinds";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";

export type DeviceWords = typeof nn;

export const deviceWords: Readonly<Record<Language, DeviceWords>> = { nn, nb, en };

// As people read them; UCUM is for machines.
const units: Readonly<Record<KindId, string>> = {
  "blood-pressure": "mmHg", "heart-rate": "/min", "oxygen-saturation": "%", temperature: "°C", weight: "kg", glucose: "mmol/L", "glucose-blood": "mmol/L",
};

/** The numbers, without their unit: "148/86", "37,4". */
export function numberText(language: Language, values: readonly number[]): string {
  const text = values.map(String).join("/");
  return language === "en" ? text : text.replaceAll(".", ",");
}

/** "148/86 mmHg", "37,4 °C" */
export const valueText = (language: Language, kind: KindId, values: readonly number[]): string => `${numberText(language, values)}\u00a0${units[kind]}`;

export const unitOf = (kind: KindId): string => units[kind];
