import { describe, expect, it } from "vitest";
import { ApiError, createApi, failureOf, invitationOf, verdict } from "./api";
import { languageFrom } from "./browser";
import { consultation } from "./testing/fakes";

const opened = {
  me: { id: "olav", name: "Olav Eik", kind: "participant", role: "patient", title: "Pasient", organisation: "", language: "nn" },
  consultation,
  opensAt: 1,
  admitsItself: false,
  may: ["chat"],
  today: [],
  now: 2,
} as const;

const answering = (status: number, body: unknown) => {
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const fetcher = ((url: string, init?: RequestInit) => {
    requests.push({ url, init });
    return Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status }));
  }) as typeof fetch;
  return { api: createApi(fetcher, () => 0), requests };
};
const problem = (code: string, more = {}) => ({ type: "about:blank", title: "", status: 410, code, ...more });
const codeOf = (p: Promise<unknown>) => p.then(() => "none", (e: unknown) => (e instanceof ApiError ? e.code : "other"));

describe("a link", () => {
  it("is opened by its token in the body, never in an address", async () => {
    const { api, requests } = answering(200, opened);
    expect(await api.open("SECRET")).toEqual(opened);
    expect(requests[0]?.url).toBe("/api/v1/link");
    expect(requests[0]?.init).toMatchObject({ method: "POST", body: '{"token":"SECRET"}', cache: "no-store", credentials: "omit" });
  });
  it("that has been revoked says whom to ring", async () => {
    const { api } = answering(410, problem("link-revoked", { phone: "12 34 56 78", organisation: "Fjord sjukehus" }));
    const err = await api.open("t").catch((e: unknown) => e);
    expect(failureOf(err)).toEqual({ code: "link-revoked", phone: "12 34 56 78", organisation: "Fjord sjukehus", retry: false });
  });
  it("is not believed when the answer is of another kind", async () => {
    expect(await codeOf(answering(200, { ...opened, me: null }).api.open("t"))).toBe("unreadable");
    expect(await codeOf(answering(200, "<html>").api.open("t"))).toBe("unreadable");
  });
  it("behind a proxy without its server is no network, and too many are told as such", async () => {
    expect(await codeOf(answering(502, "<html>").api.open("t"))).toBe("no-network");
    expect(await codeOf(answering(429, "").api.open("t"))).toBe("too-many");
    expect(await codeOf(createApi(() => Promise.reject(new TypeError("Failed to fetch")), () => 0).open("t"))).toBe("no-network");
  });
});

it("asks again, once, when the network has changed under the question", async () => {
  let asked = 0;
  const fails = (times: number) => createApi(() => (++asked <= times ? Promise.reject(new TypeError("network changed")) : Promise.resolve(new Response(JSON.stringify(opened)))), () => 0);
  expect(await fails(1).open("t")).toEqual(opened);
  expect(asked).toBe(2);
  asked = 0;
  expect(await codeOf(fails(9).open("t"))).toBe("no-network");
  expect(asked).toBe(2);
  asked = 0;
  const late = createApi(() => (asked++, Promise.reject(new DOMException("", "TimeoutError"))), () => 0);
  expect(await codeOf(late.open("t"))).toBe("no-network");
  expect(asked).toBe(1); // ten seconds were enough
});

it("puts what a link opens into the page's shape", () => {
  expect(invitationOf({ ...opened, may: ["chat"], today: [] })).toMatchObject({ kind: "participant", participant: "olav", role: "patient" });
  const coordinator = { ...opened, me: { id: "k", name: "Kari", kind: "coordinator", title: "", organisation: "", language: "nb" }, consultation: null, may: [], today: [] } as const;
  expect(invitationOf({ ...coordinator, may: [], today: [] })).toMatchObject({ kind: "coordinator", participant: "", role: "coordinator" });
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
    return { api: createApi(fetcher, () => now), asked };
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
