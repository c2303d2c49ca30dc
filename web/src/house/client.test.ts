import { describe, expect, test } from "vitest";
import { ApiError, createClient } from "./client";
import type { Patient, Session } from "./wire";

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const json = (status: number, body: unknown): Response => new Response(body === null ? null : JSON.stringify(body), { status });
const problem = (status: number, code: string, more: object = {}): Response => json(status, { type: "about:blank", title: code, status, code, ...more });
const broken = (): never => {
  throw new TypeError("Failed to fetch");
};
const session: Session = { handle: "", stage: "role", person: { id: "mari", name: "Mari Bjørk" }, act: null, acts: [], may: [], expiresAt: 0, language: "nn" };
const patient: Patient = { id: "p1", version: 1, name: "Olav Eik", nationalId: "", phone: "", email: "", language: "nn", caredForBy: ["o1"], relatives: [], consents: [], warnings: [] };
const day = { items: [], now: 0 };

/** A client whose requests are answered in turn; the last answer is given from then on. */
function client(handle: string, ...answers: (() => Response)[]) {
  const sent: Sent[] = [];
  let signedOut = 0;
  let keys = 0;
  const api = createClient({
    fetch: (url, init) => {
      sent.push({ url: String(url), method: init?.method ?? "", headers: init?.headers as Record<string, string>, body: init?.body ? JSON.parse(String(init.body)) : null });
      return Promise.resolve().then(answers[Math.min(sent.length, answers.length) - 1] ?? broken);
    },
    key: () => `key-${++keys}`,
    handle: () => handle,
    onSignedOut: () => signedOut++,
    onAnswer: () => undefined,
  });
  return { api, sent, signedOut: () => signedOut };
}

const codeOf = async (asked: Promise<unknown>): Promise<unknown> => asked.then(() => "none", (err: unknown) => (err instanceof ApiError ? err.code : err));

describe("a request", () => {
  test("goes to its address, with what belongs there", async () => {
    const { api, sent } = client("", () => json(200, patient), () => json(200, day));
    await api("GET /patients/{id}", { path: { id: "p/1" } });
    await api("GET /day", { query: { date: "2026-11-24" } });
    await api("GET /day", { query: { date: "" } });
    expect(sent.map((s) => s.url)).toEqual(["/api/v1/patients/p%2F1", "/api/v1/day?date=2026-11-24", "/api/v1/day"]);
  });

  test("speaks for the account unless the tab has a link's session", async () => {
    const account = client("", () => json(200, session));
    const link = client("h1", () => json(200, session));
    await account.api("GET /session");
    await link.api("GET /session");
    expect(account.sent[0]?.headers["samkonsult-session"]).toBeUndefined();
    expect(link.sent[0]?.headers["samkonsult-session"]).toBe("h1");
  });

  test("that changes something carries the version it was made on", async () => {
    const { api, sent } = client("", () => json(200, patient));
    await api("PUT /patients/{id}", { path: { id: "p1" }, version: 7, body: patient });
    expect(sent[0]?.headers["if-match"]).toBe('"7"');
  });

  test("without an answer body is none", async () => {
    const { api } = client("", () => json(204, null));
    expect(await api("DELETE /session")).toBeNull();
  });
});

describe("creating", () => {
  test("is tried again with the same key when the connection breaks, and creates nothing twice", async () => {
    const { api, sent } = client("", broken, broken, () => json(200, patient));
    expect(await codeOf(api("POST /patients", { body: patient }))).toBe("no-network");
    await api("POST /patients", { body: patient });
    expect(sent.map((s) => s.headers["idempotency-key"])).toEqual(['"key-1"', '"key-1"', '"key-1"']);
  });

  test("the same once more, after an answer, is another one", async () => {
    const { api, sent } = client("", () => json(200, patient));
    await api("POST /patients", { body: patient });
    await api("POST /patients", { body: patient });
    expect(sent.map((s) => s.headers["idempotency-key"])).toEqual(['"key-1"', '"key-2"']);
  });

  test("a body that was found wrong may be sent anew under another key", async () => {
    const { api, sent } = client("", () => problem(422, "invalid", { field: "name" }), () => json(200, patient));
    await codeOf(api("POST /patients", { body: patient }));
    await api("POST /patients", { body: patient });
    expect(sent.map((s) => s.headers["idempotency-key"])).toEqual(['"key-1"', '"key-2"']);
  });

  test("one that is still under way keeps its key", async () => {
    const { api, sent } = client("", () => problem(409, "under-way"), () => json(200, patient));
    await codeOf(api("POST /patients", { body: patient }));
    await api("POST /patients", { body: patient });
    expect(sent[1]?.headers["idempotency-key"]).toBe('"key-1"');
  });
});

describe("what goes wrong", () => {
  test("on the way: reading is tried once more, changing and signing in are not", async () => {
    const { api, sent } = client("", broken);
    expect(await codeOf(api("GET /day"))).toBe("no-network");
    expect(sent).toHaveLength(2);
    expect(await codeOf(api("PUT /patients/{id}", { path: { id: "p1" }, version: 1, body: patient }))).toBe("no-network");
    expect(await codeOf(api("POST /session", { body: { email: "a@b", password: "x" } }))).toBe("no-network");
    expect(sent).toHaveLength(4);
  });

  test.each([
    [() => problem(403, "refused"), "refused"],
    [() => new Response("<html>", { status: 502 }), "no-network"],
    [() => new Response("<html>", { status: 429 }), "too-many"],
    [() => new Response("<html>", { status: 404 }), "unreadable"],
    [() => new Response("<html>", { status: 200 }), "unreadable"],
    [() => json(200, { ...session, may: "patient.read" }), "unreadable"],
  ] as const)("answer %# is %s", async (answer, code) => {
    const { api } = client("", answer);
    expect(await codeOf(api("POST /session/code", { body: { code: "123456" } }))).toBe(code);
  });

  test("nobody signed in is told once, and a wrong password is not that", async () => {
    const out = client("", () => problem(401, "sign-in"));
    expect(await codeOf(out.api("GET /day"))).toBe("sign-in");
    expect(out.signedOut()).toBe(1);
    const wrong = client("", () => problem(401, "sign-in-wrong"));
    await codeOf(wrong.api("POST /session", { body: { email: "a@b", password: "x" } }));
    expect(wrong.signedOut()).toBe(0);
  });
});
