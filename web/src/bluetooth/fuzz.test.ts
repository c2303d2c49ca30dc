// Whatever a device sends: no throw, no NaN, and no value that the service would refuse.

import { expect, it } from "vitest";
import { bloodPressure, glucose, heartRate, oximeterContinuous, oximeterSpot, temperature, weight } from "./decode";
import { kinds, rounded } from "./kinds";
import { view, whole } from "../testing/messages";
import { readAnswer } from "./records";

const rounds = 150_000;

/** mulberry32: the same numbers on each run. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const decoders = { bloodPressure, oximeterSpot, oximeterContinuous, temperature, weight, glucose, heartRate };

it(`bears ${rounds} random messages`, { timeout: 60_000 }, () => {
  const next = random(20261130);
  const byte = () => Math.floor(next() * 256);
  const real: readonly (readonly number[])[] = Object.values(whole);
  /** Noise, or a real message in which some bytes are others and some are missing. */
  const message = (): number[] => {
    if (next() < 0.5) return Array.from({ length: Math.floor(next() * 24) }, byte);
    const bytes = [...real[Math.floor(next() * real.length)]!];
    for (let n = Math.floor(next() * 4); n > 0; n--) bytes[Math.floor(next() * bytes.length)] = byte();
    return next() < 0.2 ? bytes.slice(0, Math.floor(next() * bytes.length)) : bytes;
  };
  const seen = new Map<string, number>();
  for (let i = 0; i < rounds; i++) {
    const bytes = message();
    const at = view(bytes);
    for (const [name, decode] of Object.entries(decoders)) {
      const d = decode(at);
      seen.set(`${name} ${d.ok ? "read" : d.fault}`, (seen.get(`${name} ${d.ok ? "read" : d.fault}`) ?? 0) + 1);
      if (!d.ok) continue;
      for (const r of d.readings) {
        const wrong = r.values.length !== kinds[r.kind].length || kinds[r.kind].some((c, n) => !(r.values[n]! >= c.least && r.values[n]! <= c.most) || rounded(c, r.values[n]!) !== r.values[n]);
        const untimed = r.measuredAt !== null && !Number.isFinite(r.measuredAt);
        if (wrong || untimed) expect.fail(`${name} of ${[...bytes].join(" ")}: ${JSON.stringify(r)}`);
      }
    }
    readAnswer(at);
  }
  // The noise has been everywhere: each decoder has read some, and refused some as cut.
  for (const name of Object.keys(decoders)) {
    expect(seen.get(`${name} read`) ?? 0, name).toBeGreaterThan(1000);
    expect(seen.get(`${name} truncated`) ?? 0, name).toBeGreaterThan(1000);
  }
});
