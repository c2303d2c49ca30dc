import { expect, test } from "vitest";
import { createPictures } from "./client";

/** Photos by a service that answers so, and what it was asked with. */
function pictures(answer: () => Response | Promise<Response>) {
  const sent: { url: string; headers: Record<string, string> }[] = [];
  let out = 0;
  const fetcher = ((url: string, init?: RequestInit) => {
    sent.push({ url, headers: init?.headers as Record<string, string> });
    return Promise.resolve().then(answer);
  }) as typeof fetch;
  return { read: createPictures({ fetch: fetcher, handle: () => "h1", onSignedOut: () => out++ }), sent, signedOut: () => out };
}
const codeOf = (p: Promise<unknown>) => p.then(() => "none", (err: { code: string }) => err.code);
const problem = (code: string, status: number) => Response.json({ type: "about:blank", title: code, status, code }, { status });

test("a photo is read under the tab's session, and no secret stands in its address", async () => {
  const { read, sent } = pictures(() => new Response("pixels", { headers: { "content-type": "image/jpeg" } }));
  expect(await (await read("/patients/olav/photos/p1/thumbnail")).text()).toBe("pixels");
  expect(sent).toEqual([{ url: "/api/v1/patients/olav/photos/p1/thumbnail", headers: { "samkonsult-session": "h1" } }]);
});

test("what is no photo is no photo: a proxy's page, a refusal, a session that has ended, no network", async () => {
  expect(await codeOf(pictures(() => new Response("<html>", { headers: { "content-type": "text/html" } })).read("/x"))).toBe("unreadable");
  expect(await codeOf(pictures(() => new Response("", { status: 502 })).read("/x"))).toBe("no-network");
  expect(await codeOf(pictures(() => problem("refused", 403)).read("/x"))).toBe("refused");
  expect(await codeOf(pictures(() => Promise.reject(new TypeError("network"))).read("/x"))).toBe("no-network");
  const ended = pictures(() => problem("sign-in", 401));
  expect(await codeOf(ended.read("/x"))).toBe("sign-in");
  expect(ended.signedOut()).toBe(1);
});
