import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { NewMeasurements } from "../gen/api";
import type { ServerMessage } from "../gen/protocol";
import { createClient } from "../house/client";
import { isAnswer, type OperationName } from "../gen/api";
import { Desk } from "./desk";
import { kinds, measurement, noon, panel, row } from "./testing";

/** A desk in a call, before a service that keeps what it is sent; the API's client is the real one. */
function visit() {
  const asked: { method: string; path: string; body: unknown; match: string | null }[] = [];
  const said: unknown[] = [];
  const network = { there: true };
  const served = { panel: panel([row("blood-pressure", measurement("old", { values: [142, 82], measuredAt: noon - 600_000 }))]), correct: 200 };
  const ears = new Set<(m: ServerMessage) => void>();
  const fetcher = ((input: string, init: RequestInit) => {
    const url = new URL(input, "http://x");
    const path = url.pathname.replace("/api/v1", "");
    const method = init.method ?? "GET";
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : null;
    if (!network.there) return Promise.reject(new TypeError("no network"));
    asked.push({ method, path: path + url.search, body, match: new Headers(init.headers).get("if-match") });
    const json = (name: OperationName, answer: unknown, status = 200) => {
      if (status === 200) expect(isAnswer(name, answer), name).toBe(true); // the double answers as the service would
      return Promise.resolve(new Response(JSON.stringify(answer), { status, headers: { "content-type": "application/json" } }));
    };
    if (path === "/kinds") return json("GET /kinds", { items: kinds });
    if (method === "GET" && path.endsWith("/measurements")) return json("GET /patients/{id}/measurements", served.panel);
    if (method === "POST") return json("POST /patients/{id}/measurements", { items: (body as NewMeasurements).items.map((i) => ({ key: i.key, known: false, field: "", rule: "", measurement: measurement(`kept-${i.key}`, { kind: i.kind, values: i.values, measuredAt: i.measuredAt }) })) });
    if (method === "PUT") {
      if (served.correct !== 200) return json("PUT /patients/{id}/measurements/{measurement}", { type: "about:blank", title: "", status: 412, code: "changed", detail: "" }, 412);
      return json("PUT /patients/{id}/measurements/{measurement}", measurement("old", { version: 2, status: "entered-in-error", corrected: { by: "Mari Bjørk", role: "nurse", at: noon, reason: "feil arm" } }));
    }
    if (path.endsWith("/trend")) return json("GET /patients/{id}/measurements/{kind}/trend", { kind: "blood-pressure", from: 0, until: noon, points: [], total: 0, out: 0, limits: null, set: { ...served.panel.limits, kinds: [] }, week: [], mean: [], first: 5 });
    return json("GET /patients/{id}/measurements/{kind}/values", { items: [measurement("old", { values: [142, 82] })], next: "" });
  }) as typeof fetch;
  let n = 0;
  const client = createClient({ fetch: fetcher, key: () => `request-${n}`, handle: () => "", onSignedOut: () => undefined, onAnswer: () => undefined });
  const desk = new Desk({
    client: () => Promise.resolve(client),
    hear: (tell) => (ears.add(tell), () => ears.delete(tell)),
    say: (m) => (said.push(m), network.there),
    patient: "p1", consultation: "c1", self: "mari", name: "Mari Bjørk", now: () => noon,
    shelf: { load: () => Promise.resolve([]), put: () => Promise.resolve(), remove: () => Promise.resolve() },
    key: () => `key-${++n}`, online: () => () => undefined,
  });
  return { desk, asked, said, network, served, tell: (m: ServerMessage) => ears.forEach((e) => e(m)), ears };
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const type = (desk: Desk, keys: string) => [...keys].forEach((k) => desk.key(k as "1"));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the desk", () => {
  test("reads the panel, and anew after each new connection and when the limits are others", async () => {
    const v = visit();
    v.desk.open();
    await settle();
    const reads = () => v.asked.filter((a) => a.path === "/patients/p1/measurements" && a.method === "GET").length;
    expect([v.desk.state.value.reading, reads()]).toEqual(["ready", 1]);
    v.tell({ type: "limited", version: 5 });
    await settle();
    expect(reads()).toBe(2);
    v.tell({ type: "welcome" } as ServerMessage);
    await settle();
    expect(reads()).toBe(3);
    v.desk.close();
    expect(v.ears.size).toBe(0);
  });

  test("saves what is typed under a key of its own, with the consultation and the time", async () => {
    const v = visit();
    v.desk.open();
    await settle();
    type(v.desk, "14886");
    expect(v.desk.save()).toBe(true);
    await settle();
    expect(v.asked.find((a) => a.method === "POST")?.body).toMatchObject({ consultation: "c1", items: [{ key: "key-1", kind: "blood-pressure", values: [148, 86], measuredAt: noon, method: "manual" }] });
    expect(v.desk.state.value.panel?.rows[0]?.latest?.values).toEqual([148, 86]);
    expect(v.desk.state.value.typed?.fields).toEqual(["", ""]);
    v.desk.close();
  });

  test("saves nothing that is half or impossible, and says why", async () => {
    const v = visit();
    v.desk.open();
    await settle();
    type(v.desk, "148");
    expect(v.desk.save()).toBe(false);
    expect(v.desk.state.value.typed?.checked).toBe(true);
    expect(v.asked.some((a) => a.method === "POST")).toBe(false);
    v.desk.close();
  });

  test("three values without network arrive once each, in order, as they were measured", async () => {
    const v = visit();
    v.desk.open();
    await settle();
    v.network.there = false;
    for (const [kind, keys] of [["heart-rate", "94"], ["temperature", "37,4"], ["weight", "71,2"]] as const) {
      v.desk.choose(kind);
      type(v.desk, keys);
      v.desk.save();
      await settle();
    }
    expect(v.desk.state.value.unsent.map((i) => i.state)).toEqual(["waiting", "waiting", "waiting"]);
    v.network.there = true;
    v.tell({ type: "welcome" } as ServerMessage);
    await settle();
    const posts = v.asked.filter((a) => a.method === "POST").flatMap((a) => (a.body as NewMeasurements).items);
    expect(posts.map((i) => i.kind)).toEqual(["heart-rate", "temperature", "weight"]);
    expect(new Set(posts.map((i) => i.key)).size).toBe(3);
    expect(v.desk.state.value.unsent).toEqual([]);
    v.desk.close();
  });

  test("marks a value as wrong on the version that was read", async () => {
    const v = visit();
    v.desk.open();
    await settle();
    v.desk.correct(v.desk.state.value.panel!.rows[0]!.latest);
    await v.desk.markWrong(" feil arm ");
    expect(v.asked.find((a) => a.method === "PUT")).toMatchObject({ path: "/patients/p1/measurements/old", match: '"1"', body: { wrong: true, values: [], reason: "feil arm" } });
    expect(v.desk.state.value).toMatchObject({ correcting: null, panel: { rows: [{ latest: { status: "entered-in-error" } }] } });
    v.desk.close();
  });

  test("a value that somebody else has corrected meanwhile: told, and read anew", async () => {
    const v = visit();
    v.served.correct = 412;
    v.desk.open();
    await settle();
    v.desk.correct(v.desk.state.value.panel!.rows[0]!.latest);
    await v.desk.markWrong("");
    expect(v.desk.state.value.correcting).toMatchObject({ busy: false, problem: "changed" });
    v.desk.close();
  });

  test("points, and takes the mark away by pointing at the same again", async () => {
    const v = visit();
    v.desk.open();
    await settle();
    const target = { kind: "blood-pressure", measurement: "old", at: 0 };
    v.desk.point(target);
    v.desk.point(target);
    v.desk.setPointing(false); // nothing is left to take away
    expect(v.said).toEqual([{ type: "point", target }, { type: "point", target: null }]);
    v.desk.close();
  });

  test("asks, and shows that it waits only when it was said", async () => {
    const v = visit();
    v.desk.open();
    await settle();
    v.desk.ask("temperature");
    expect(v.desk.state.value.asks["temperature"]?.name).toBe("Mari Bjørk");
    v.network.there = false;
    v.desk.ask("weight");
    expect(v.desk.state.value.asks["weight"]).toBeUndefined();
    v.desk.close();
  });

  test("many values in a row ask once for sums and scores", async () => {
    const v = visit();
    v.desk.open();
    await settle();
    const before = v.asked.length;
    for (let i = 0; i < 10; i++) v.tell({ type: "measured", measurements: [measurement(`m${i}`, { measuredAt: noon + i })] });
    await settle(3_500);
    expect(v.asked.length - before).toBe(1);
    v.desk.close();
  });

  test("a panel that can't be read is tried again", async () => {
    const v = visit();
    v.network.there = false;
    v.desk.open();
    await settle();
    expect(v.desk.state.value.reading).toBe("failed");
    v.network.there = true;
    await settle(5_000);
    expect(v.desk.state.value.reading).toBe("ready");
    v.desk.close();
  });
});
