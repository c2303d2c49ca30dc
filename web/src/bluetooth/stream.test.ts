import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Sample } from "../gen/protocol";
import { between, median, Minutes, Pace, type MinuteValue } from "./stream";

const start = Date.UTC(2026, 10, 23, 9, 12);
beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

describe("samples", () => {
  const sample = (kind: string, value: number): Sample => ({ type: "sample", kind, values: [value], at: Date.now() });
  it("of one a second go on at once", () => {
    const sent: Sample[] = [];
    const pace = new Pace((s) => sent.push(s));
    for (let i = 0; i < 5; i++) {
      pace.add(sample("oxygen-saturation", 90 + i));
      expect(sent.at(-1)?.values).toEqual([90 + i]);
      vi.advanceTimersByTime(1_000);
    }
  });
  it("of two devices at 50 a second are four a second in all, the latest of each kind in turn", () => {
    const sent: Sample[] = [];
    const pace = new Pace((s) => sent.push(s));
    for (let i = 0; i < 500; i++) {
      pace.add(sample("oxygen-saturation", i));
      pace.add(sample("heart-rate", i));
      vi.advanceTimersByTime(20);
    }
    expect(sent.length).toBeLessThanOrEqual(41);
    expect(sent.length).toBeGreaterThanOrEqual(40);
    for (let i = 4; i < sent.length; i++) expect(sent[i]!.kind).not.toBe(sent[i - 1]!.kind);
    // What goes on is at most one turn of the two old.
    expect(sent.at(-1)!.values[0]).toBeGreaterThan(499 - (2 * between) / 20 - 1);
  });
  it("cease when it is stopped", () => {
    const sent: Sample[] = [];
    const pace = new Pace((s) => sent.push(s));
    pace.add(sample("heart-rate", 1));
    pace.add(sample("heart-rate", 2));
    pace.stop();
    vi.advanceTimersByTime(10_000);
    expect(sent).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a whole minute", () => {
  const make = () => {
    const kept: MinuteValue[] = [];
    return { kept, minutes: new Minutes(() => Date.now(), (v) => kept.push(v)) };
  };
  /** A sample a second. */
  const run = (minutes: Minutes, values: readonly number[]) => {
    for (const v of values) {
      minutes.add("oxygen-saturation", v, Date.now());
      vi.advanceTimersByTime(1_000);
    }
  };
  it("is kept as its median, at its end, once", () => {
    const { minutes, kept } = make();
    run(minutes, [...Array(30).fill(94), ...Array(25).fill(96), ...Array(5).fill(60)] as number[]);
    expect(kept).toEqual([{ kind: "oxygen-saturation", value: 94, minute: start / 60_000, measuredAt: start + 60_000 }]);
    run(minutes, Array(60).fill(97) as number[]);
    expect(kept.map((k) => k.value)).toEqual([94, 97]);
  });
  it("is kept though the device falls silent in its last seconds", () => {
    const { minutes, kept } = make();
    run(minutes, Array(50).fill(95) as number[]);
    expect(kept).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(kept).toHaveLength(1);
  });
  it("that was none is not kept", () => {
    const { minutes, kept } = make();
    run(minutes, Array(40).fill(95) as number[]);
    vi.advanceTimersByTime(60_000);
    expect(kept).toEqual([]);
  });
  it("of two kinds is one value of each", () => {
    const { minutes, kept } = make();
    for (let i = 0; i < 60; i++) {
      minutes.add("oxygen-saturation", 95, Date.now());
      minutes.add("heart-rate", i < 30 ? 70 : 73, Date.now());
      vi.advanceTimersByTime(1_000);
    }
    expect(kept.map((k) => [k.kind, k.value])).toEqual([["oxygen-saturation", 95], ["heart-rate", 72]]); // 71.5 rounded
  });
  it("leaves no timer when it is stopped", () => {
    const { minutes, kept } = make();
    run(minutes, Array(55).fill(95) as number[]);
    minutes.stop();
    vi.advanceTimersByTime(60_000);
    expect(kept).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it.each([[[1], 1], [[3, 1, 2], 2], [[4, 1, 3, 2], 2.5]])("the median of %s is %s", (values, expected) => expect(median(values)).toBe(expected));
