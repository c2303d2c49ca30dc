import { describe, expect, it } from "vitest";
import { ApiError, createApi, failureOf, invitationOf, verdict } from "./api";
import { entranceOf } from "./browser";
import { languageFrom } from "./browser-language";
import type { LinkAnswer } from "./gen/protocol";
import { createHandle } from "./handle";
import { consultation } from "./testing/fakes";

const opened = {
  me: { id: "olav", name: "Olav Eik", role: "patient", title: "Pasient", organisation: "", language: "nn" },
  state: "booked",
  consultation,
  opensAt: 1,
  admitsItself: false,
  may: ["chat"],
  now: 2,
} as const;

const noHandle = () => createHandle(undefined);
const answer: LinkAnswer = { handle: "h1", opened: { ...opened, may: ["chat"] }, code: null, signedIn: false };

const answering = (status: number, body: unknown, handle = noHandle()) => {
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const fetcher = ((url: string, init?: RequestInit) => {
    requests.push({ url, init });
    return Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status }));
  }) as typeof fetch;
  return { api: createApi(fetcher, () => 0, handle), requests };
};
const problem = (code: string, more = {}) => ({ type: "about:blank", title: "", status: 410, code, ...more });
const codeOf = (p: Promise<unknown>) => p.then(() => "none", (e: unknown) => (e instanceof ApiError ? e.code : "other"));

describe("a link", () => {
  it("is opened by its token in the body, never in an address", async () => {
    const { api, requests } = answering(200, answer);
    expect(await api.open("SECRET")).toEqual(answer);
    expect(requests[0]?.url).toBe("/api/v1/link");
    expect(requests[0]?.init).toMatchObject({ method: "POST", body: '{"token":"SECRET"}', cache: "no-store", credentials: "same-origin" });
  });
  it("that has been revoked says whom to ring", async () => {
    const { api } = answering(410, problem("link-revoked", { phone: "12 34 56 78", organisation: "Fjord sjukehus" }));
    const err = await api.open("t").catch((e: unknown) => e);
    expect(failureOf(err)).toEqual({ code: "link-revoked", phone: "12 34 56 78", organisation: "Fjord sjukehus", retry: false });
  });
  it("is not believed when the answer is of another kind", async () => {
    expect(await codeOf(answering(200, { ...answer, opened: { ...opened, me: null } }).api.open("t"))).toBe("unreadable");
    expect(await codeOf(answering(200, "<html>").api.open("t"))).toBe("unreadable");
  });
  it("behind a proxy without its server is no network, and too many are told as such", async () => {
    expect(await codeOf(answering(502, "<html>").api.open("t"))).toBe("no-network");
    expect(await codeOf(answering(429, "").api.open("t"))).toBe("too-many");
    expect(await codeOf(createApi(() => Promise.reject(new TypeError("Failed to fetch")), () => 0, noHandle()).open("t"))).toBe("no-network");
  });
});

it("asks again, once, when the network has changed under the question", async () => {
  let asked = 0;
  const fails = (times: number) => createApi(() => (++asked <= times ? Promise.reject(new TypeError("network changed")) : Promise.resolve(new Response(JSON.stringify(answer)))), () => 0, noHandle());
  expect(await fails(1).open("t")).toEqual(answer);
  expect(asked).toBe(2);
  asked = 0;
  expect(await codeOf(fails(9).open("t"))).toBe("no-network");
  expect(asked).toBe(2);
  asked = 0;
  const late = createApi(() => (asked++, Promise.reject(new DOMException("", "TimeoutError"))), () => 0, noHandle());
  expect(await codeOf(late.open("t"))).toBe("no-network");
  expect(asked).toBe(1); // ten seconds were enough
});

it("puts what a link opens into the page's shape", () => {
  expect(invitationOf({ ...opened, may: ["chat"] }, consultation)).toMatchObject({ participant: "olav", role: "patient", consultation });
});

describe("several people's sessions in one browser", () => {
  const sent = (init: RequestInit | undefined) => (init?.headers as Record<string, string>)["samkonsult-session"];
  it("are told apart by the handle of the link that was opened in this tab", async () => {
    const handle = noHandle();
    const { api, requests } = answering(200, answer, handle);
    await api.open("t");
    expect(sent(requests[0]?.init)).toBeUndefined();
    expect(handle.load()).toBe("h1");
    await api.ticket("c-1").catch(() => {});
    expect(sent(requests[1]?.init)).toBe("h1");
    expect(requests[1]?.init?.body).toBe('{"consultation":"c-1"}');
  });
  it("and an account's page speaks for the account, whatever link was open in its tab", async () => {
    const handle = noHandle();
    handle.save("h1");
    const { api, requests } = answering(200, opened, handle);
    expect(await api.consultation("c-1")).toEqual(opened);
    expect(requests[0]?.url).toBe("/api/v1/consultations/c-1");
    expect(sent(requests[0]?.init)).toBeUndefined();
  });
  it("a link that asks for a code has made none yet", async () => {
    const handle = noHandle();
    const { api } = answering(200, { ...answer, handle: "", opened: null, code: { channel: "sms", hint: "••• •• 412", expiresAt: 1, triesLeft: 5, organisation: "", phone: "" } }, handle);
    await api.open("t");
    expect(handle.load()).toBe("");
  });
});

describe("the network's verdict", () => {
  it.each([[20, 20e6, "good"], [150, 2e6, "good"], [300, 2e6, "ok"], [20, 1e6, "ok"], [500, 20e6, "poor"], [20, 3e5, "poor"]] as const)("of %i ms and %i bit/s is %s", (rtt, down, word) =>
    expect(verdict(rtt, down).verdict).toBe(word));

  /** A server whose answers take so long, in ms, in turn; "lost" never comes. */
  const slow = (...took: (number | "lost")[]) => {
    let now = 0;
    const asked: string[] = [];
    const fetcher = ((url: string) => {
      asked.push(url);
      const ms = took.shift() ?? 0;
      if (ms === "lost") return Promise.reject(new DOMException("", "TimeoutError"));
      now += ms;
      return Promise.resolve(new Response(new Uint8Array(1)));
    }) as typeof fetch;
    return { api: createApi(fetcher, () => now, noHandle()), asked };
  };

  it("takes the least of three round trips, and what the transfer took beyond it", async () => {
    const n = await slow(300, 80, 50, 90, 70, 262).api.probe();
    expect(n.rtt).toBe(50);
    expect(n.down).toBeCloseTo((256 * 1024 * 8) / 0.212, -2);
    expect(n.verdict).toBe("good");
  });
  it("does not hold up a poor network with much to fetch", async () => {
    const { api, asked } = slow(900, 300, 300, 300, 2_000);
    expect((await api.probe()).verdict).toBe("poor");
    expect(asked.at(-1)).toBe("/api/v1/probe?bytes=32768");
  });
  it("of a network too slow to measure is poor, and not none", async () => {
    expect((await slow(900, 300, 300, 300, "lost").api.probe()).verdict).toBe("poor");
    expect((await slow("lost").api.probe()).verdict).toBe("none");
  });
  it("of a server that does not answer is none", async () => {
    expect((await answering(500, "").api.probe()).verdict).toBe("none");
  });
});

describe("the browser's language", () => {
  it.each([[["nn-NO", "nb"], "nn"], [["no"], "nb"], [["nb-NO"], "nb"], [["en-GB"], "en"], [["se", "nb"], "nb"], [["de"], "nn"], [[], "nn"]] as const)("%s is %s", (wanted, language) =>
    expect(languageFrom(wanted)).toBe(language));
});

it("begins where the address says: a link, or a consultation of someone who is signed in", () => {
  expect(entranceOf("/k", "#TOKEN")).toEqual({ kind: "link", token: "TOKEN" });
  expect(entranceOf("/call/c-1", "")).toEqual({ kind: "consultation", id: "c-1" });
  expect(entranceOf("/call/..%2Fsession", "")).toEqual({ kind: "link", token: "" });
});
