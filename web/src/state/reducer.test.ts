import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isServerMessage, type ChatMessage, type ServerMessage } from "../gen/protocol";
import { consultation, linesOf, person, welcome } from "../testing/fakes";
import { reducer } from "./reducer";
import { initialState, type Action, type AppState } from "./state";
import { tiles } from "./view";

const after = (state: AppState, ...actions: Action[]) => actions.reduce(reducer, freeze(state));
const told = (state: AppState, ...messages: ServerMessage[]) =>
  messages.reduce((s, message) => reducer(freeze(s), { type: "message", message, at: 1000 }), state);

/** A reducer that changes what it was given fails here. */
function freeze<T>(x: T): T {
  if (typeof x === "object" && x !== null && !Object.isFrozen(x)) {
    Object.freeze(x);
    for (const v of Object.values(x)) freeze(v);
  }
  return x;
}

const tuva = person("tuva");
const mari = person("mari");
const olav = person("olav");
const ragna = person("ragna");
const inCall = told(initialState(), welcome("olav", [tuva, olav]));
const chat = (id: string, from: string, text = "Hei"): ChatMessage => ({ id, from, name: from, text, at: 5 });

describe("Go's examples", () => {
  const folder = new URL("../../../signaling/protocol/testdata/", import.meta.url);
  const files = readdirSync(folder).filter((n) => n.endsWith(".json"));
  const examples = files
    .map((n) => JSON.parse(readFileSync(new URL(n, folder), "utf8")) as { from: string; type: string; good?: { why: string; message: unknown }[] })
    .filter((e) => e.from === "server")
    .flatMap((e) => (e.good ?? []).map((g) => ({ ...g, type: e.type })));

  it("are there for every message of the server", () => {
    const types = new Set(examples.map((e) => e.type));
    for (const t of ["welcome", "admitted", "joined", "updated", "left", "lines", "speaking", "chatted", "muted", "locked", "send", "pong", "ended", "closing", "error"]) {
      expect(types).toContain(t);
    }
  });
  for (const { type, why, message } of examples) {
    it(`leave a state that can be drawn: ${type}, ${why}`, () => {
      if (!isServerMessage(message)) throw new Error("the example does not pass the check");
      for (const before of [initialState(), inCall, told(initialState(), welcome("p-tuva", [person("p-tuva", { role: "specialist" })]))]) {
        const state = told(before, message);
        expect(() => tiles(state)).not.toThrow();
        expect(state.page === "call" || state.page === "waiting").toBe(state.call !== null);
        if (message.type === "welcome") expect(state.call?.participants).toHaveLength(message.room.participants.length);
        if (message.type === "ended" && before.call) expect(state.over?.reason).toBe(message.reason);
      }
    });
  }
});

describe("a welcome", () => {
  it("leads into the call, or into the waiting room", () => {
    expect(inCall.page).toBe("call");
    const waiting = told(initialState(), welcome("olav", [person("olav", { presence: "waiting" }), tuva], { presence: "waiting" }));
    expect(waiting.page).toBe("waiting");
    expect(waiting.call?.presence).toBe("waiting");
  });

  it("sets the clock by the server", () => {
    const state = told(initialState(), welcome("olav", [olav], { now: 61_000 }));
    expect(state.skew).toBe(60_000);
    expect(state.now).toBe(61_000);
  });

  it("after a resume keeps the chosen picture, the order of tiles and unsent chat", () => {
    const chosen = { participant: "mari", source: "camera" } as const;
    const before = after(
      told(initialState(), welcome("olav", [tuva, mari, olav])),
      { type: "choose", picture: chosen },
      { type: "chat-sent", id: "a", text: "Hei", at: 1 },
      { type: "chat-sent", id: "b", text: "Er du der?", at: 2 },
    );
    // The server's list comes in another order, with one that was journaled before the line broke.
    const room = { ...welcome("olav", [olav, ragna, mari, tuva]).room, chat: [chat("a", "olav"), chat("m", "mari")] };
    const state = told(before, welcome("olav", [], { epoch: 2, room }));
    expect(state.call?.participants.map((p) => p.id)).toEqual(["tuva", "mari", "olav", "ragna"]);
    expect(state.call?.chosen).toEqual(chosen);
    expect(state.call?.chat.map((m) => [m.id, m.pending])).toEqual([["a", false], ["m", false], ["b", true]]);
    expect(state.call?.unread).toBe(1);
  });

  it("to another seat starts afresh", () => {
    const before = after(inCall, { type: "choose", picture: { participant: "tuva", source: "camera" } });
    expect(told(before, welcome("ragna", [ragna, tuva])).call?.chosen).toBeNull();
  });

  it("of a late joiner counts the chat so far as read", () => {
    const room = { ...welcome("olav", [tuva, olav]).room, chat: [chat("1", "tuva"), chat("2", "tuva"), chat("2", "tuva")] };
    const state = told(initialState(), welcome("olav", [], { room }));
    expect(state.call?.chat).toHaveLength(2);
    expect(state.call?.unread).toBe(0);
  });
});

describe("the waiting room", () => {
  it("opens by one message, with what is in the call then", () => {
    const waiting = told(initialState(), welcome("olav", [person("olav", { presence: "waiting" }), tuva], { presence: "waiting" }));
    const { room } = welcome("olav", [tuva, mari, olav]);
    const state = told(waiting, { type: "admitted", by: "Tuva Ask", room });
    expect(state.page).toBe("call");
    expect(state.call?.presence).toBe("here");
    expect(state.call?.admittedBy).toBe("Tuva Ask");
    expect(state.call?.lines).toEqual(linesOf("olav", [tuva, mari, olav]));
  });

  it("is seen by those who admit, and someone let in keeps the one entry", () => {
    const state = told(inCall, { type: "joined", participant: person("ragna", { presence: "waiting" }) });
    expect(state.call?.participants.find((p) => p.id === "ragna")?.presence).toBe("waiting");
    const admitted = told(state, { type: "updated", participant: ragna });
    expect(admitted.call?.participants.filter((p) => p.id === "ragna")).toEqual([ragna]);
  });

  it("is left without a word in the call", () => {
    const state = told(inCall, { type: "joined", participant: person("ragna", { presence: "waiting" }) });
    expect(told(state, { type: "left", participant: "ragna", reason: "refused" }).notices).toEqual([]);
  });
});

describe("participants", () => {
  it("stand where they stood when they change", () => {
    const state = told(inCall, { type: "joined", participant: mari }, { type: "updated", participant: person("tuva", { hand: true }) });
    expect(state.call?.participants.map((p) => p.id)).toEqual(["tuva", "olav", "mari"]);
  });

  it("may be told of in any order", () => {
    const state = told(
      inCall,
      { type: "updated", participant: mari }, // before joined
      { type: "joined", participant: person("mari", { hand: true }) },
      { type: "left", participant: "nobody", reason: "left" },
    );
    expect(state.call?.participants.filter((p) => p.id === "mari")).toEqual([person("mari", { hand: true })]);
  });

  it("take their lines, their voice and the choice of their picture with them", () => {
    const before = after(told(inCall, { type: "speaking", participants: ["tuva"] }), { type: "choose", picture: { participant: "tuva", source: "camera" } });
    const state = told(before, { type: "left", participant: "tuva", reason: "lost" });
    expect(state.call).toMatchObject({ lines: [], speaking: [], chosen: null });
    expect(state.notices).toMatchObject([{ kind: "left", name: "Tuva Ask", reason: "lost" }]);
  });

  it("who stop their second picture lose its choice, and keep their camera's", () => {
    const filming = person("mari", { media: { microphone: true, camera: true, second: "camera" } });
    const state = told(inCall, { type: "joined", participant: filming });
    const second = after(state, { type: "choose", picture: { participant: "mari", source: "second" } });
    expect(told(second, { type: "updated", participant: mari }).call?.chosen).toBeNull();
    const camera = after(state, { type: "choose", picture: { participant: "mari", source: "camera" } });
    expect(told(camera, { type: "updated", participant: mari }).call?.chosen).not.toBeNull();
  });

  it("do not include oneself among those who leave", () => {
    expect(told(inCall, { type: "left", participant: "olav", reason: "left" }).call?.participants).toHaveLength(2);
  });
});

describe("lines", () => {
  it("keep what is known of a picture that stays, and forget it when another comes on the line", () => {
    const healthy = after(inCall, { type: "path", rtt: 20, loss: 0, health: { "10": "live" } });
    expect(told(healthy, { type: "lines", lines: linesOf("olav", [tuva, mari, olav]) }).call?.health).toEqual({ "10": "live" });
    const moved = [{ mid: "10", participant: "mari", source: "camera" as const }];
    expect(told(healthy, { type: "lines", lines: moved }).call?.health).toEqual({});
  });
});

describe("chat", () => {
  it("shows an own line at once, and once when the journal has it", () => {
    const sent = after(inCall, { type: "chat-sent", id: "a", text: "Hei", at: 1 });
    expect(sent.call?.chat).toMatchObject([{ id: "a", own: true, pending: true, name: "Olav Eik" }]);
    const acknowledged = told(sent, { type: "chatted", message: chat("a", "olav") }, { type: "chatted", message: chat("a", "olav") });
    expect(acknowledged.call?.chat).toMatchObject([{ id: "a", own: true, pending: false, at: 5 }]);
    expect(acknowledged.call?.unread).toBe(0);
  });

  it("does not take another's line with the same id for one's own", () => {
    const sent = after(inCall, { type: "chat-sent", id: "a", text: "Hei", at: 1 });
    const state = told(sent, { type: "chatted", message: chat("a", "tuva") });
    expect(state.call?.chat.map((m) => [m.from, m.pending])).toEqual([["tuva", false], ["olav", true]]);
  });

  it("counts what is unread, each line once, and none while it is open", () => {
    const two = told(inCall, { type: "chatted", message: chat("1", "tuva") }, { type: "chatted", message: chat("1", "tuva") }, { type: "chatted", message: chat("2", "tuva") });
    expect(two.call?.unread).toBe(2);
    const open = after(two, { type: "chat-open", open: true });
    expect(open.call?.unread).toBe(0);
    expect(told(open, { type: "chatted", message: chat("3", "tuva") }).call?.unread).toBe(0);
    expect(told(after(open, { type: "chat-open", open: false }), { type: "chatted", message: chat("4", "tuva") }).call?.unread).toBe(1);
  });
});

describe("being muted by another", () => {
  const muted = told(after(inCall, { type: "running", device: "microphone", id: "m", label: "M" }), { type: "muted", by: "Tuva Ask" });
  it("switches the microphone off and says by whom", () => {
    expect(muted.microphone.wanted).toBe(false);
    expect(muted.notices).toMatchObject([{ kind: "muted-by", by: "Tuva Ask" }]);
  });
  it("is forgotten when the person switches it on again", () => {
    expect(after(muted, { type: "wanted", device: "microphone", on: true }).notices).toEqual([]);
  });
});

describe("the end", () => {
  it("keeps nothing of the call, and says whether there is a way back", () => {
    const removed = told(inCall, { type: "ended", reason: "removed", by: "Tuva Ask" });
    expect(removed).toMatchObject({ page: "over", call: null, notices: [], over: { reason: "removed", by: "Tuva Ask", retry: false } });
    expect(told(inCall, { type: "ended", reason: "left" }).over?.retry).toBe(true);
  });
  it("makes late messages harmless", () => {
    const over = told(inCall, { type: "ended", reason: "ended" });
    expect(told(over, { type: "joined", participant: mari }, { type: "chatted", message: chat("1", "tuva") })).toBe(over);
  });
});

describe("the device check", () => {
  const ready: Action[] = [
    { type: "check", testing: false },
    { type: "running", device: "camera", id: "c", label: "C" },
    { type: "running", device: "microphone", id: "m", label: "M" },
    { type: "heard" },
    { type: "network", network: { verdict: "ok", rtt: 90, down: 3e6 } },
  ];
  it("is good when camera, microphone with sound, and network all are, in any order", () => {
    expect(after(initialState(), ...ready).check.good).toBe(true);
    expect(after(initialState(), ready[0]!, ...ready.slice(1).reverse()).check.good).toBe(true);
    for (let i = 1; i < ready.length; i++) expect(after(initialState(), ...ready.filter((_, j) => j !== i)).check.good, JSON.stringify(ready[i])).toBe(false);
  });
  it("stops counting down when something fails, and when the person asks for it", () => {
    const counting = after(initialState(), ...ready, { type: "countdown", seconds: 2 });
    expect(counting.check.countdown).toBe(2);
    expect(after(counting, { type: "device-failed", device: "camera", failure: "in-use" }).check).toMatchObject({ good: false, countdown: null });
    expect(after(counting, { type: "stay" }).check).toMatchObject({ good: true, stayed: true, countdown: null });
  });
  it("is not good on a poor network", () => {
    expect(after(initialState(), ...ready, { type: "network", network: { verdict: "poor", rtt: 700, down: 1e5 } }).check.good).toBe(false);
  });
});

describe("notices", () => {
  it("of the same kind are one, with a new number so that it is read again", () => {
    const once = after(inCall, { type: "notice", notice: { kind: "talking-while-muted" } });
    const twice = after(once, { type: "notice", notice: { kind: "talking-while-muted" } });
    expect(twice.notices).toHaveLength(1);
    expect(twice.notices[0]?.id).toBeGreaterThan(once.notices[0]!.id);
  });
  it("of two devices are two, and go when the device runs again", () => {
    const both = after(inCall, { type: "interrupted", device: "camera", on: true }, { type: "interrupted", device: "microphone", on: true });
    expect(both.notices).toHaveLength(2);
    expect(after(both, { type: "interrupted", device: "camera", on: false }).notices).toMatchObject([{ device: "microphone" }]);
  });
  it("tell of a refused order, not of one that is sent again or was the page's own", () => {
    expect(told(inCall, { type: "error", code: "not-found", rule: "", re: "want", fatal: false }).notices).toEqual([]);
    expect(told(inCall, { type: "error", code: "forbidden", rule: "", re: "mute", fatal: false }).notices).toMatchObject([{ kind: "not-allowed", re: "mute" }]);
    expect(told(inCall, { type: "error", code: "rate", rule: "", re: "chat", fatal: false }).notices).toEqual([]);
  });
});

it("knows the consultation it was welcomed to", () => expect(inCall.call?.consultation).toEqual(consultation));
