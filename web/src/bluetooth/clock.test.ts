import { describe, expect, it } from "vitest";
import { judge, momentOfWall, tolerance, type Arrival } from "./clock";

const minute = 60_000;
// 23 November 2026 10:12:30 in Norway, which is 09:12:30 UTC.
const now = Date.UTC(2026, 10, 23, 9, 12, 30);
const wallNow = Date.UTC(2026, 10, 23, 10, 12, 30);
const arrival = (change: Partial<Arrival>): Arrival => ({ wall: wallNow, stored: false, received: now, chosen: now - 10 * minute, ahead: null, ...change });

describe("a device's time", () => {
  it("is what the clock on the wall shows in Norway, in winter and in summer", () => {
    expect(momentOfWall(wallNow, now)).toBe(now);
    expect(momentOfWall(Date.UTC(2026, 6, 1, 12, 0, 5), now)).toBe(Date.UTC(2026, 6, 1, 10, 0, 5));
  });
  it("that comes twice is the one nearer to now", () => {
    const twice = Date.UTC(2026, 9, 25, 2, 30); // summer time ends at 03:00
    const [first, second] = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)];
    expect(momentOfWall(twice, first + minute)).toBe(first);
    expect(momentOfWall(twice, second + minute)).toBe(second);
  });
  it("that doesn't exist is read as if the clocks had not been put forward", () => {
    expect(momentOfWall(Date.UTC(2026, 2, 29, 2, 30), now)).toBe(Date.UTC(2026, 2, 29, 1, 30));
  });
});

describe("a reading", () => {
  it("without a time is of now", () => expect(judge(arrival({ wall: null }))).toEqual({ fresh: true, measuredAt: now, clockOff: false }));
  it("without a time, that the device had kept, has none", () => expect(judge(arrival({ wall: null, stored: true }))).toEqual({ fresh: false, measuredAt: null, clockOff: false }));
  it("measured since the device was chosen has the device's time", () => {
    expect(judge(arrival({ wall: wallNow - 3 * minute }))).toEqual({ fresh: true, measuredAt: now - 3 * minute, clockOff: false });
  });
  it("is never of the future: a clock a little ahead is now", () => {
    expect(judge(arrival({ wall: wallNow + tolerance }))).toEqual({ fresh: true, measuredAt: now, clockOff: false });
  });
  it("of before the device was chosen is offered with its own time", () => {
    expect(judge(arrival({ wall: wallNow - 12 * minute }))).toMatchObject({ fresh: true });
    expect(judge(arrival({ wall: wallNow - 12 * minute - 1000 }))).toEqual({ fresh: false, measuredAt: now - 12 * minute - 1000, clockOff: false });
  });
  it("of the future is offered without a time", () => {
    expect(judge(arrival({ wall: wallNow + tolerance + 1000 }))).toEqual({ fresh: false, measuredAt: null, clockOff: true });
  });
  it("that the device had kept is offered, also when it is of now", () => expect(judge(arrival({ stored: true }))).toMatchObject({ fresh: false, measuredAt: now }));

  const hour = 60 * minute;
  it.each([hour, -hour, 6 * 365 * 24 * hour])("by a clock that is known to be off by %i is of when it came", (ahead) => {
    expect(judge(arrival({ wall: wallNow + ahead - minute, ahead }))).toEqual({ fresh: true, measuredAt: now, clockOff: true });
  });
  it("of yesterday by a clock that is known to be off is offered with the time put right", () => {
    expect(judge(arrival({ wall: wallNow + hour - 24 * hour, ahead: hour }))).toEqual({ fresh: false, measuredAt: now - 24 * hour, clockOff: true });
  });
  it("by a clock that is off by no more than two minutes has the device's time", () => {
    expect(judge(arrival({ wall: wallNow - tolerance, ahead: -tolerance }))).toEqual({ fresh: true, measuredAt: now - tolerance, clockOff: false });
    expect(judge(arrival({ wall: wallNow - tolerance - 1000, ahead: -tolerance - 1000 }))).toEqual({ fresh: true, measuredAt: now, clockOff: true });
  });
});
