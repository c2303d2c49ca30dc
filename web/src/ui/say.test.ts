import { describe, expect, test } from "vitest";
import { call, inCall, participant } from "../../gallery/fixtures";
import { nn } from "../i18n/nn";
import type { AppState, NoticeBody } from "../state/state";
import { qualityWords, saying } from "./say";

const quiet = inCall("olav", call("olav", [participant("olav"), participant("tuva"), participant("mari")]));
const withNotices = (...bodies: NoticeBody[]): AppState => ({ ...quiet, notices: bodies.map((body, i) => ({ id: i + 1, ...body })) });
const lost = (status: AppState["connection"]["status"], online = true): AppState => ({ ...quiet, connection: { ...quiet.connection, status, online } });

describe("what the page says", () => {
  test("nothing when all is well", () => {
    expect(saying(nn, quiet)).toBeNull();
    expect(qualityWords(nn, quiet)).toBe("");
  });

  test("sound that waits for a press comes before everything", () => {
    const said = saying(nn, { ...lost("reconnecting"), soundBlocked: true, notices: [{ id: 1, kind: "muted-by", by: "Tuva Ask" }] });
    expect(said).toMatchObject({ text: nn.soundBlocked, remedy: "allow-sound" });
  });

  test("without network it says so, and not that it reconnects", () => {
    expect(saying(nn, lost("reconnecting", false))?.text).toBe(nn.offline);
    expect(saying(nn, lost("reconnecting"))?.text).toBe(nn.reconnecting);
    expect(saying(nn, lost("signal-lost"))?.text).toBe(nn.signalLost);
  });

  test("being muted by name, with the way back, outweighs one's own devices", () => {
    const said = saying(nn, withNotices({ kind: "microphone-silent" }, { kind: "muted-by", by: "Tuva Ask" }));
    expect(said).toMatchObject({ text: "Tuva Ask slo av lyden din.", remedy: "microphone-on", dismiss: 2 });
  });

  test("a notice of someone leaving is for the live region only", () => {
    expect(saying(nn, withNotices({ kind: "left", name: "Ragna Eik", reason: "left" }))).toBeNull();
  });
});

describe("how the connections carry, in words", () => {
  const of = (...people: Parameters<typeof participant>[]) => qualityWords(nn, inCall("olav", call("olav", people.map((p) => participant(...p)))));

  test("names the one who struggles, and what is done", () => {
    expect(of(["olav"], ["ragna", { quality: "audio-only" }])).toBe("Ragna har dårleg nett. Vi held lyden, biletet kjem att.");
    expect(of(["olav"], ["mari", { presence: "away", quality: "lost" }])).toBe("Sjukepleiar Bjørk mista nettet. Plassen står open, og vi koplar til att.");
  });

  test("says nothing of one who is away to the server, and still seen", () => {
    const theCall = call("olav", [participant("olav"), participant("mari", { presence: "away" })], { health: { "mari-camera": "live" } });
    expect(qualityWords(nn, inCall("olav", theCall))).toBe("");
    expect(qualityWords(nn, inCall("olav", { ...theCall, health: {} }))).toContain("Sjukepleiar Bjørk mista nettet");
  });

  test("one's own poor network comes before the others'", () => {
    expect(of(["olav", { quality: "poor" }], ["ragna", { quality: "audio-only" }])).toBe(nn.ownPoor);
  });

  test("two are named together", () => {
    expect(of(["olav"], ["ragna", { quality: "poor" }], ["tuva", { quality: "poor" }])).toContain("Ragna og Lege Ask");
  });

  test("someone in the waiting room is nobody's quality", () => {
    expect(of(["tuva"], ["olav", { presence: "waiting", quality: "lost" }])).toBe("");
  });
});

