import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LineWish } from "../gen/protocol";
import { Health } from "./health";
import { backoff, PathWatch } from "./heal";
import { scaleFor, speechAnswer } from "./sdp";
import { createSeatStore, type Seat } from "./seat";
import { Wishes } from "./wishes";

describe("a path", () => {
  /** Looks every 500 ms from 0; counts: what the counter shows at each look. */
  const run = (counts: (number | null)[], state: "connecting" | "connected" | "disconnected" | "failed" = "connected") => {
    const w = new PathWatch(0);
    return counts.map((c, i) => w.look((i + 1) * 500, c, state));
  };

  it("carries while its counter moves", () => {
    expect(run([1, 2, 3, 4])).toEqual(["carrying", "carrying", "carrying", "carrying"]);
  });
  it("is silent after 2 s and dead after 3 s without a packet", () => {
    expect(run([1, 1, 1, 1, 1, 1, 1])).toEqual(["carrying", "carrying", "carrying", "carrying", "silent", "silent", "dead"]);
  });
  it("comes back by one packet", () => {
    expect(run([1, 1, 1, 1, 1, 2]).at(-1)).toBe("carrying");
  });
  it("gets 8 s to connect, also when packets of the handshake come", () => {
    const verdicts = run(Array.from({ length: 16 }, (_, i) => i), "connecting");
    expect(verdicts.slice(0, 15).every((v) => v === "starting")).toBe(true);
    expect(verdicts[15]).toBe("dead");
  });
  it("is dead at once when the browser has given it up", () => {
    expect(run([1], "failed")).toEqual(["dead"]);
  });
  it("that the browser calls disconnected lives while packets come, and is dead when none have for 2 s", () => {
    const w = new PathWatch(0);
    expect(w.look(500, 1, "connected")).toBe("carrying");
    expect(w.look(1000, 2, "disconnected")).toBe("carrying");
    expect(w.look(2500, 2, "disconnected")).toBe("carrying");
    expect(w.look(3000, 2, "disconnected")).toBe("dead");
  });
  it("is not blamed for a page that slept", () => {
    const w = new PathWatch(0);
    w.look(500, 1, "connected");
    expect(w.look(60_000, 1, "connected")).toBe("carrying");
    expect(w.look(62_000, 1, "connected")).toBe("silent");
  });
  it("of a browser that counts nothing is believed", () => {
    expect(run([null, null, null, null, null, null])).not.toContain("silent");
  });
});

describe("back-off", () => {
  it("doubles from 0.2 s to 5 s, and lies between half and whole of it", () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((n) => backoff(n, () => 1))).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
    expect(backoff(3, () => 0)).toBe(800);
  });
});

describe("lines", () => {
  const lines = [{ mid: "10", participant: "tuva", source: "camera" as const }];
  const measure = (frames: number, packets = 0, lost = 0) => ({ received: 1, rtt: 0, tcp: false, packets, lost, frames: { "10": frames } });

  it("have no health before their first picture, are live while it moves, and stalled after 2 s", () => {
    const h = new Health();
    expect(h.look(0, measure(0), lines).health).toEqual({});
    expect(h.look(1000, measure(5), lines).health).toEqual({ "10": "live" });
    expect(h.look(2500, measure(5), lines).health).toEqual({ "10": "live" });
    expect(h.look(3000, measure(5), lines).health).toEqual({ "10": "stalled" });
    expect(h.look(3500, measure(6), lines).health).toEqual({ "10": "live" });
  });
  it("do not inherit the picture of the one who had the line before", () => {
    const h = new Health();
    h.look(0, measure(5), lines);
    const other = [{ ...lines[0]!, participant: "mari" }];
    expect(h.look(1000, measure(9), other).health).toEqual({});
    expect(h.look(2000, measure(10), other).health).toEqual({ "10": "live" });
  });
  it("count what was lost over the last seconds, not since the start", () => {
    const h = new Health();
    h.look(0, measure(0, 0, 0), lines);
    expect(h.look(1000, measure(0, 90, 10), lines).loss).toBe(0.1);
    expect(h.look(7000, measure(0, 1000, 10), lines).loss).toBe(0);
  });
});

describe("the answer", () => {
  const sdp = [
    "v=0", "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=0", "a=recvonly",
    "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=rtpmap:96 VP8/90000", "",
  ].join("\r\n");
  it("makes Opus mend losses and rest in silence", () => {
    expect(speechAnswer(sdp)).toContain("a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n");
  });
  it("gets the line where the server wrote none", () => {
    const bare = sdp.replace(/a=fmtp[^\r]*\r\n/, "");
    expect(speechAnswer(bare)).toContain("a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\na=recvonly");
  });
  it("is otherwise untouched", () => {
    const same = (s: string) => s.split("\r\n").filter((l) => !l.startsWith("a=fmtp:111"));
    expect(same(speechAnswer(sdp))).toEqual(same(sdp));
    const video = "v=0\r\nm=video 9 x 96\r\na=rtpmap:96 VP8/90000\r\n";
    expect(speechAnswer(video)).toBe(video);
  });
});

it("layers follow the camera's size", () => {
  expect(scaleFor(1280, 720)).toEqual({ q: 4, h: 2, f: 1 });
  expect(scaleFor(720, 1280)).toEqual({ q: 4, h: 2, f: 1 });
  expect(scaleFor(640, 480)).toEqual({ q: 2, h: 1, f: null });
  expect(scaleFor(320, 240)).toEqual({ q: 1, h: null, f: null });
  expect(scaleFor(0, 0)).toEqual({ q: 4, h: 2, f: 1 }); // not known yet
});

describe("wishes", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const wish = (mid: string, width: number, visible = true): LineWish => ({ mid, visible, width, height: 9, chosen: false });
  const start = () => {
    const sent: LineWish[][] = [];
    let up = true;
    const w = new Wishes((lines) => {
      if (up) sent.push(lines);
      return up;
    });
    return { w, sent, online: (on: boolean) => (up = on) };
  };

  it("are said at once, then at most every 250 ms, the last one winning", () => {
    const { w, sent } = start();
    w.set([wish("10", 100)]);
    w.set([wish("10", 200)]);
    w.set([wish("10", 300), wish("11", 50)]);
    expect(sent).toEqual([[wish("10", 100)]]);
    vi.advanceTimersByTime(249);
    expect(sent).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sent[1]).toEqual([wish("10", 300), wish("11", 50)]);
  });
  it("are not repeated, nor is the size of what nobody sees", () => {
    const { w, sent } = start();
    w.set([wish("10", 100), wish("11", 10, false)]);
    vi.advanceTimersByTime(1000);
    w.set([wish("10", 100), wish("11", 20, false)]);
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(1);
  });
  it("are kept while there is no connection and said whole to the next one", () => {
    const { w, sent, online } = start();
    w.set([wish("10", 100)]);
    online(false);
    vi.advanceTimersByTime(1000);
    w.set([wish("11", 100)]);
    online(true);
    w.renew();
    expect(sent[1]).toEqual([wish("10", 100), wish("11", 100)]);
  });
});

describe("the seat in session storage", () => {
  const memory = () => {
    const map = new Map<string, string>();
    return { getItem: (k: string) => map.get(k) ?? null, setItem: (k: string, v: string) => void map.set(k, v), removeItem: (k: string) => void map.delete(k) } as unknown as Storage;
  };
  const seat: Seat = { consultation: "c-1", token: "t", epoch: 3, window: 60_000, at: 1, media: { microphone: true, camera: false, second: "" } };
  it("is found by its consultation alone, and is gone when cleared", () => {
    const store = createSeatStore(memory());
    store.save(seat);
    expect(store.load("c-1")).toEqual(seat);
    expect(store.load("c-2")).toBeNull();
    store.clear("c-1");
    expect(store.load("c-1")).toBeNull();
  });
  it("that can't be read is no seat", () => {
    const storage = memory();
    for (const bad of ["{", "null", "1", '{"consultation":"c-1"}', JSON.stringify({ ...seat, media: null }), JSON.stringify({ ...seat, epoch: "3" })]) {
      storage.setItem("samkonsult.seat.c-1", bad);
      expect(createSeatStore(storage).load("c-1"), bad).toBeNull();
    }
  });
  it("is done without where the browser keeps nothing", () => {
    const store = createSeatStore(undefined);
    store.save(seat);
    expect(store.load("c-1")).toBeNull();
  });
});
