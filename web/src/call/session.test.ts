import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ServerMessage } from "../gen/protocol";
import type { Action } from "../state/state";
import { FakePath, FakeSeats, FakeSocket, person, welcome } from "../testing/fakes";
import { Session } from "./session";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const people = [person("olav"), person("tuva")];

function start() {
  const sockets: FakeSocket[] = [];
  const paths: FakePath[] = [];
  const shown: string[] = [];
  const messages: ServerMessage[] = [];
  const actions: Action[] = [];
  const seats = new FakeSeats();
  const over: unknown[] = [];
  const failed: unknown[] = [];
  let tickets = 0;
  let noTicket: Error | null = null;
  const session = new Session({
    connect: () => {
      const s = new FakeSocket();
      sockets.push(s);
      return s;
    },
    newPath: (onState) => {
      const p = new FakePath(`path ${paths.length + 1}`, onState);
      paths.push(p);
      return p;
    },
    ticket: () => (noTicket ? Promise.reject(noTicket) : Promise.resolve(`ticket ${++tickets}`)),
    media: () => ({ microphone: true, camera: true, second: "" }),
    wanted: () => ({ microphone: true, camera: true, second: "" }),
    track: () => null,
    store: seats,
    dispatch: (a) => actions.push(a),
    message: (m) => messages.push(m),
    shown: (p) => shown.push((p as FakePath).name),
    measured: () => {},
    over: (o) => over.push(o),
    failed: (f) => failed.push(f),
    random: () => 1,
  });
  return {
    session, sockets, paths, shown, messages, seats, over, failed,
    last: () => sockets.at(-1)!,
    path: () => paths.at(-1)!,
    status: () => actions.filter((a) => a.type === "connection").at(-1)?.status,
    statuses: () => actions.flatMap((a) => (a.type === "connection" ? [a.status] : [])).filter((x, i, all) => x !== all[i - 1]),
    refuseTickets: (err: Error | null) => (noTicket = err),
  };
}

/** In the call, with sound and picture. */
async function joined() {
  const s = start();
  s.session.join();
  await wait(0);
  s.last().open().say(welcome("olav", people));
  await wait(0);
  s.path().connect();
  await wait(1_000);
  expect(s.status()).toBe("ok");
  return s;
}

describe("joining", () => {
  it("says hello with ticket and offer, and takes the answer", async () => {
    const s = await joined();
    expect(s.sockets[0]!.hello).toEqual({
      type: "hello", version: 1, ticket: "ticket 1", offer: "offer of path 1", media: { microphone: true, camera: true, second: "" },
    });
    expect(s.paths[0]!.answerSdp).toBe("answer");
    expect(s.shown).toEqual(["path 1"]);
    expect(s.seats.load("c-1")).toMatchObject({ token: "token-1", epoch: 1 });
  });

  it("uses the socket and the offer that were warmed", async () => {
    const s = start();
    s.session.warm();
    s.last().open();
    await wait(3_000);
    s.session.join();
    await wait(0);
    expect(s.sockets).toHaveLength(1);
    expect(s.paths).toHaveLength(1);
    expect(s.last().hello?.ticket).toBe("ticket 1");
  });

  it("opens another socket when the warmed one has been closed meanwhile", async () => {
    const s = start();
    s.session.warm();
    s.last().open().shut(4400);
    s.session.join();
    await wait(0);
    expect(s.sockets).toHaveLength(2);
    s.last().open();
    expect(s.last().hello?.offer).toBe("offer of path 1");
  });

  it("fetches another ticket when one has been refused, and gives up at the third", async () => {
    const s = start();
    s.session.join();
    for (let i = 0; i < 3; i++) {
      await wait(1_000);
      s.last().open().say({ type: "error", code: "ticket", rule: "", re: "hello", fatal: true }).shut(4403);
    }
    expect(s.sockets.map((k) => k.hello?.ticket)).toEqual(["ticket 1", "ticket 2", "ticket 3"]);
    expect(s.failed).toEqual(["server"]);
  });

  it("tells why a ticket is not to be had", async () => {
    const s = start();
    const why = new Error("revoked");
    s.refuseTickets(why);
    s.session.join();
    await wait(0);
    expect(s.failed).toEqual([why]);
    expect(s.last().closed).toBe(true);
  });

  it.each([["version", "version"], ["locked", "locked"], ["full", "full"], ["offer", "unsupported"]] as const)("stops at %s", async (code, failure) => {
    const s = start();
    s.session.join();
    await wait(0);
    s.last().open().say({ type: "error", code, rule: "", re: "hello", fatal: true }).shut(4403);
    expect(s.failed).toEqual([failure]);
    await wait(60_000);
    expect(s.sockets).toHaveLength(1);
  });

  it("calls it no network when nobody answers", async () => {
    const s = start();
    s.session.join();
    await wait(60_000);
    expect(s.failed).toEqual(["no-network"]);
    expect(s.sockets.every((k) => k.closed)).toBe(true);
  });

  it("sends little in the waiting room, all in the call, and then what is asked for", async () => {
    const s = start();
    s.session.join();
    await wait(0);
    s.last().open().say(welcome("olav", people, { presence: "waiting" }));
    await wait(0);
    expect(s.path().layers.get("camera")?.rids).toEqual(["q"]);
    s.last().say({ type: "admitted", by: "Tuva Ask", room: welcome("olav", people).room });
    expect(s.path().layers.get("camera")?.rids).toEqual(["q", "h", "f"]);
    s.last().say({ type: "send", source: "camera", rids: ["q", "h"], codec: "VP8" });
    expect(s.path().layers.get("camera")).toEqual({ rids: ["q", "h"], codec: "VP8" });
    expect(s.messages.map((m) => m.type)).toEqual(["welcome", "admitted"]);
  });
});

describe("a lost websocket", () => {
  it("is taken up again without touching the media, and is not mentioned before 2 s", async () => {
    const s = await joined();
    s.last().shut();
    await wait(200);
    expect(s.sockets).toHaveLength(2);
    expect(s.status()).toBe("ok");
    s.last().open();
    expect(s.last().hello).toEqual({ type: "hello", version: 1, resume: { token: "token-1", epoch: 1 }, media: { microphone: true, camera: true, second: "" } });
    s.last().say(welcome("olav", people, { epoch: 2, resumeToken: "token-2", answer: "" }));
    await wait(1_000);
    expect(s.paths).toHaveLength(1);
    expect(s.status()).toBe("ok");
    expect(s.seats.load("c-1")).toMatchObject({ token: "token-2", epoch: 2 });
  });

  it("is said after 2 s, while sound and picture run", async () => {
    const s = await joined();
    s.last().shut();
    await wait(2_600);
    expect(s.status()).toBe("signal-lost");
    s.last().open().say(welcome("olav", people, { epoch: 2, answer: "" }));
    await wait(500);
    expect(s.status()).toBe("ok");
  });

  it("is noticed without a word from the network, by the missing pong", async () => {
    const s = await joined();
    await wait(14_000);
    expect(s.sockets[0]!.of("ping").length).toBeGreaterThan(1);
    expect(s.sockets[0]!.of("ping").at(-1)?.received).toBeGreaterThan(0);
    expect(s.sockets[0]!.closed).toBe(true);
    expect(s.sockets.length).toBeGreaterThan(1);
  });

  it("stays as long as pongs come", async () => {
    const s = await joined();
    for (let i = 0; i < 12; i++) {
      await wait(5_000);
      s.last().say({ type: "pong", n: i });
    }
    expect(s.sockets).toHaveLength(1);
  });

  it("is tried again more and more seldom, and at once when the network is back", async () => {
    const s = await joined();
    s.last().shut();
    const at: number[] = [];
    for (let t = 0; t < 30_000; t += 50) {
      await wait(50);
      if (!s.last().closed) {
        at.push(t);
        s.last().shut();
      }
    }
    const gaps = at.slice(1).map((t, i) => t - at[i]!);
    expect(gaps.every((g, i) => i === 0 || g >= gaps[i - 1]! - 50)).toBe(true);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_050);
    const before = s.sockets.length;
    s.session.nudge();
    expect(s.sockets.length).toBe(before + 1);
    s.last().open().say(welcome("olav", people, { epoch: 2, answer: "" }));
    s.last().shut();
    await wait(200); // as quick as the first time
    expect(s.sockets.length).toBe(before + 2);
  });

  it("brings an offer when the server says that the media is gone too", async () => {
    const s = await joined();
    s.last().shut();
    await wait(200);
    s.last().open().say({ type: "error", code: "offer-required", rule: "", re: "hello", fatal: true }).shut(4403);
    await wait(0);
    s.last().open();
    expect(s.last().hello).toMatchObject({ resume: { token: "token-1", epoch: 1 }, offer: "offer of path 2" });
  });

  it("by a server that has lost the media is taken up with an offer at once, whatever the page believes", async () => {
    const s = await joined();
    s.last().say({ type: "error", code: "offer-required", rule: "", fatal: true }).shut(4403);
    await wait(700); // the next look finds packets that came late
    s.last().open();
    await wait(0);
    expect(s.sockets).toHaveLength(2);
    expect(s.last().hello).toMatchObject({ resume: { epoch: 1 }, offer: "offer of path 2" });
    s.last().say(welcome("olav", people, { epoch: 2 }));
    await wait(0);
    s.path().connect();
    await wait(1_000);
    expect(s.shown).toEqual(["path 1", "path 2"]);
    expect(s.status()).toBe("ok");
  });

  it("waits as long as a server that restarts asks for, and up to as much again", async () => {
    const s = await joined();
    s.last().say({ type: "closing", retryAfter: 3_000 });
    expect(s.status()).toBe("server-closing");
    s.last().shut(4503);
    await wait(5_900);
    expect(s.sockets).toHaveLength(1);
    await wait(200);
    expect(s.sockets).toHaveLength(2);
  });

  it("is over when the place is no longer kept", async () => {
    const s = await joined();
    for (let t = 0; t < 80_000; t += 500) {
      s.last().shut();
      await wait(500);
    }
    expect(s.over).toEqual([{ reason: "lost", by: "", retry: true }]);
    expect(s.seats.load("c-1")).toBeNull();
  });
});

describe("a refused token", () => {
  it("within the window is answered with a fresh ticket, once", async () => {
    const s = await joined();
    s.last().shut();
    await wait(200);
    const refuse = () => s.last().open().say({ type: "error", code: "resume", rule: "", re: "hello", fatal: true }).shut(4403);
    refuse();
    await wait(0);
    s.last().open();
    expect(s.last().hello).toMatchObject({ ticket: "ticket 2", offer: "offer of path 2" });
    expect(s.last().hello).not.toHaveProperty("resume");
    s.last().shut();
    await wait(5_000);
    refuse();
    expect(s.over).toMatchObject([{ reason: "lost" }]);
  });
});

describe("a silent media path", () => {
  it("is said after 2 s and replaced after 3 s beside the old one, which stays until the new one carries", async () => {
    const s = await joined();
    const socket = s.last();
    s.path().fallSilent();
    await wait(1_500);
    socket.say({ type: "pong", n: 1 }); // the websocket lives
    await wait(1_000);
    expect(s.status()).toBe("reconnecting");
    const next = s.last();
    expect(next).not.toBe(socket);
    next.open(); // beforehand
    await wait(400);
    expect(next.hello).toBeUndefined();
    await wait(600);
    expect(s.paths).toHaveLength(2);
    expect(next.hello).toMatchObject({ resume: { epoch: 1 }, offer: "offer of path 2" });
    // The server ends the old connection for the new one's sake: no reason to stop.
    socket.say({ type: "ended", reason: "replaced" }).shut(4409);
    expect(s.over).toEqual([]);
    next.say(welcome("olav", people, { epoch: 2 }));
    await wait(500);
    expect(s.paths[0]!.state).not.toBe("closed");
    expect(s.shown).toEqual(["path 1"]);
    s.paths[1]!.connect();
    await wait(1_000);
    expect(s.shown).toEqual(["path 1", "path 2"]);
    expect(s.paths[0]!.state).toBe("closed");
    expect(s.status()).toBe("ok");
  });

  it("that the browser gives up is replaced at once", async () => {
    const s = await joined();
    s.path().state = "failed";
    s.path().onState();
    await wait(0);
    expect(s.paths).toHaveLength(2);
  });

  it("and a websocket that does not answer are two proofs: both are taken up again without more waiting", async () => {
    const s = await joined();
    s.path().fallSilent();
    await wait(2_600); // asked at 1 s, given up 1.5 s later
    expect(s.sockets[0]!.closed).toBe(true);
    await wait(300);
    s.last().open();
    await wait(0);
    expect(s.last().hello).toMatchObject({ resume: { epoch: 1 }, offer: "offer of path 2" });
  });

  it("does not trust a socket that has been opening since before the network was lost", async () => {
    const s = await joined();
    s.path().fallSilent();
    await wait(1_500);
    s.sockets[0]!.say({ type: "pong", n: 1 });
    await wait(600);
    const warmed = s.last();
    await wait(1_500);
    expect(warmed.closed).toBe(true);
    expect(s.last()).not.toBe(warmed);
  });

  it("is replaced by one that was made in the network of now, not in the lost one", async () => {
    const s = await joined();
    s.path().fallSilent();
    await wait(8_000);
    expect(s.paths).toHaveLength(2);
    s.session.changed(); // the browser says that it is online
    await wait(0);
    expect(s.paths.map((p) => p.state)).toEqual(["connected", "closed", "new"]);
    s.last().open();
    await wait(0);
    expect(s.last().hello?.offer).toBe("offer of path 3");
  });

  it("that comes back before the server was asked is kept", async () => {
    const s = await joined();
    s.path().fallSilent();
    await wait(1_500);
    s.sockets[0]!.say({ type: "pong", n: 1 });
    await wait(2_000);
    expect(s.paths).toHaveLength(2);
    s.paths[0]!.carries = true; // the new socket is still opening
    await wait(600);
    expect(s.paths[1]!.state).toBe("closed");
    expect(s.last().closed).toBe(true);
    expect(s.sockets[0]!.closed).toBe(false);
    await wait(2_000);
    expect(s.shown).toEqual(["path 1"]);
    expect(s.status()).toBe("ok");
  });

  it("whose successor never carries gets another successor", async () => {
    const s = await joined();
    s.path().fallSilent();
    s.last().say({ type: "send", source: "camera", rids: ["q"], codec: "VP8" });
    await wait(4_600);
    s.last().open().say(welcome("olav", people, { epoch: 2 }));
    expect(s.sockets[0]!.closed).toBe(true); // one connection at a time
    expect(s.path().layers.get("camera")?.rids).toEqual(["q", "h", "f"]); // nothing has been asked of this one
    for (let i = 0; i < 20; i++) {
      await wait(500);
      s.last().say({ type: "pong", n: i });
    }
    expect(s.paths.length).toBe(3);
    s.last().open().say(welcome("olav", people, { epoch: 3 }));
    await wait(0);
    s.path().connect();
    await wait(1_000);
    expect(s.status()).toBe("ok");
    expect(s.paths.filter((p) => p.state !== "closed")).toHaveLength(1);
  });

  it("and a lost websocket together are healed by one new connection", async () => {
    const s = await joined();
    s.path().fallSilent();
    s.last().shut();
    for (let t = 0; t < 20_000; t += 500) {
      await wait(500);
      if (s.last().readyState === 0) s.last().shut();
    }
    expect(s.status()).toBe("reconnecting");
    s.session.nudge();
    await wait(0);
    s.last().open();
    expect(s.last().hello).toMatchObject({ resume: { epoch: 1 } });
    expect(s.last().hello?.offer).toBeDefined();
    s.last().say(welcome("olav", people, { epoch: 2 }));
    await wait(0);
    s.path().connect();
    await wait(1_000);
    expect(s.status()).toBe("ok");
    expect(s.paths.filter((p) => p.state !== "closed")).toHaveLength(1);
  });

  it("over TCP is left for UDP when the network is another, without a word to the person", async () => {
    const s = await joined();
    s.path().tcp = true;
    await wait(500);
    s.session.nudge();
    expect(s.paths).toHaveLength(1); // the same network: it would only be TCP again
    s.session.changed();
    await wait(700);
    s.last().open();
    expect(s.last().hello).toMatchObject({ resume: { epoch: 1 }, offer: "offer of path 2" });
    s.sockets[0]!.say({ type: "ended", reason: "replaced" }).shut(4409);
    s.last().say(welcome("olav", people, { epoch: 2 }));
    await wait(0);
    s.path().connect();
    await wait(600);
    expect(s.shown).toEqual(["path 1", "path 2"]);
    expect(s.statuses()).toEqual(["connecting", "ok"]);
  });

  it("over TCP goes on when the other network lets no second connection through", async () => {
    const s = await joined();
    s.path().tcp = true;
    await wait(500);
    s.session.changed();
    await wait(0);
    s.sockets[0]!.say({ type: "pong", n: 1 }); // the old one lives
    s.last().shut();
    await wait(3_000);
    expect(s.sockets).toHaveLength(2);
    expect(s.paths.map((p) => p.state)).toEqual(["connected", "closed"]);
    expect(s.statuses()).toEqual(["connecting", "ok"]);
  });

  it("with an answer that can't be used is replaced", async () => {
    const s = start();
    s.session.join();
    await wait(0);
    s.path().refuses = true;
    s.last().open().say(welcome("olav", people));
    await wait(1_100);
    expect(s.paths.length).toBe(2);
  });
});

describe("the end", () => {
  it.each([
    ["removed", 4403, false],
    ["refused", 4403, false],
    ["ended", 4410, false],
    ["replaced", 4409, true],
  ] as const)("by %s is final: nothing is tried again, and all is let go", async (reason, code, retry) => {
    const s = await joined();
    s.last().say({ type: "ended", reason, by: "Tuva Ask" }).shut(code);
    expect(s.over).toEqual([{ reason, by: "Tuva Ask", retry }]);
    expect(s.seats.load("c-1")).toBeNull();
    expect(s.path().state).toBe("closed");
    await wait(60_000);
    expect(s.sockets).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("by leaving tells the server first", async () => {
    const s = await joined();
    s.session.leave();
    expect(s.last().of("leave")).toHaveLength(1);
    expect(s.last().closed).toBe(true);
    expect(s.over).toMatchObject([{ reason: "left" }]);
    expect(s.path().state).not.toBe("closed"); // or the server would take it as lost before it reads of the leave
    await wait(0);
    expect(s.path().state).toBe("closed");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("by leaving lets the path go also when the server is gone", async () => {
    const s = await joined();
    s.last().deaf = true;
    s.session.leave();
    await wait(2_000);
    expect(s.path().state).toBe("closed");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("by closing the page keeps the seat for a reload", async () => {
    const s = await joined();
    s.session.close();
    expect(s.over).toEqual([]);
    expect(s.seats.load("c-1")).not.toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a reload", () => {
  it("resumes the seat with a fresh offer", async () => {
    const s = start();
    s.session.resume({ consultation: "c-1", token: "t", epoch: 7, window: 60_000, at: Date.now() - 2_000, media: { microphone: true, camera: true, second: "" } });
    await wait(0);
    s.last().open();
    expect(s.last().hello).toMatchObject({ resume: { token: "t", epoch: 7 }, offer: "offer of path 1" });
  });
});

describe("a wire", () => {
  it("passes over what it does not know, and over what can't be read", async () => {
    const s = await joined();
    for (const raw of ["", "{", "null", "[]", '{"type":"weather","sun":true}', '{"type":"joined"}', '{"type":"chatted","message":{}}']) s.last().sayRaw(raw);
    await wait(500);
    expect(s.status()).toBe("ok");
    expect(s.messages.map((m) => m.type)).toEqual(["welcome"]);
  });

  it("asks for a newer page when it can't read its welcome", async () => {
    const s = start();
    s.session.join();
    await wait(0);
    s.last().open().sayRaw('{"type":"welcome","version":2}');
    expect(s.failed).toEqual(["version"]);
  });
});
