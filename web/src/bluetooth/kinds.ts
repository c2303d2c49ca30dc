// What health devices measure: of the service's kinds, those that come over Bluetooth.

export type KindId = "blood-pressure" | "heart-rate" | "oxygen-saturation" | "temperature" | "weight" | "glucose" | "glucose-blood";

/** One number of a kind, as the service has it (a test holds the two together). */
export interface Component {
  readonly unit: string; // UCUM
  readonly least: number; // of what is physically possible
  readonly most: number;
  readonly decimals: number; // at most
}

export const kinds: Readonly<Record<KindId, readonly Component[]>> = {
  "blood-pressure": [
    { unit: "mm[Hg]", least: 30, most: 300, decimals: 0 },
    { unit: "mm[Hg]", least: 10, most: 200, decimals: 0 },
  ],
  "heart-rate": [{ unit: "/min", least: 15, most: 300, decimals: 0 }],
  "oxygen-saturation": [{ unit: "%", least: 30, most: 100, decimals: 0 }],
  temperature: [{ unit: "Cel", least: 20, most: 45, decimals: 1 }],
  weight: [{ unit: "kg", least: 0.3, most: 500, decimals: 1 }],
  glucose: [{ unit: "mmol/L", least: 0.5, most: 60, decimals: 1 }],
  "glucose-blood": [{ unit: "mmol/L", least: 0.5, most: 100, decimals: 1 }],
};

/** Rounded to the component's decimals. */
export function rounded(component: Component, v: number): number {
  // By the number's text: 36.45 × 10 is 364.49999999999994. The first rounding takes that away.
  const scale = 10 ** component.decimals;
  return Math.round(Number((v * scale).toPrecision(12))) / scale;
}

/**
 * Numbers in the kind's own units, rounded; null where they can't be of a person: out of what is
 * possible, or a lower pressure that is not the lower one.
 */
export function plausible(kind: KindId, numbers: readonly number[]): readonly number[] | null {
  const values = kinds[kind].map((c, i) => rounded(c, numbers[i] ?? NaN));
  const possible = kinds[kind].every((c, i) => values[i]! >= c.least && values[i]! <= c.most);
  if (!possible || (kind === "blood-pressure" && values[1]! >= values[0]!)) return null;
  return values;
}
