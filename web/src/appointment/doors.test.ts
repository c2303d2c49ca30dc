import { describe, expect, it } from "vitest";
import { createHandle } from "../handle";
import { createClient, createPictures } from "../house/client";
import { problemOf } from "./answering";
import { createDoors } from "./doors";

interface Sent {
  readonly url: string;
  readonly init: RequestInit | undefined;
}

function doors(answer: () => Response | Promise<Response>, load = () => Promise.resolve(createClient)) {
  const sent: Sent[] = [];
  const handle = createHandle(undefined);
  handle.save("h1");
  let keys = 0;
  const fetcher = ((url: string, init?: RequestInit) => {
    sent.push({ url, init });
    return Promise.resolve(answer());
  }) as typeof fetch;
  return { doors: createDoors({ fetch: fetcher, handle, key: () => `key-${++keys}`, load, loadPictures: () => Promise.resolve(createPictures) }), sent };
}
const header = (s: Sent | undefined, name: string) => (s?.init?.headers as Record<string, string> | undefined)?.[name];
const body = { participant: "", answers: [{ option: "a", answer: "accepted" as const }], comment: "", starts: 0, interpreter: "" };
const problemIn = (p: Promise<unknown>) => p.then(() => "none", problemOf);

describe("the doors of an appointment", () => {
  it("speak for the link's session, and an answer with a key that creates once", async () => {
    const { doors: d, sent } = doors(() => Response.json({ type: "about:blank", title: "", status: 409, code: "taken", taken: [] }, { status: 409 }));
    expect(await problemIn(d.answer("b/1", body))).toBe("taken");
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe("/api/v1/bookings/b%2F1/answers");
    expect(header(sent[0], "samkonsult-session")).toBe("h1");
    expect(header(sent[0], "idempotency-key")).toBe('"key-1"');
    expect(JSON.parse(String(sent[0]?.init?.body))).toEqual(body);
  });
  it("are not believed when the answer is of another kind", async () => {
    expect(await problemIn(doors(() => Response.json({ booking: {}, others: [] })).doors.read())).toBe("server");
  });
  it("load their checks at the first question, and again when they could not be loaded", async () => {
    let loaded = 0;
    const { doors: d, sent } = doors(
      () => Response.json({}, { status: 503 }),
      () => (++loaded === 1 ? Promise.reject(new TypeError("Failed to fetch dynamically imported module")) : Promise.resolve(createClient)),
    );
    expect(loaded).toBe(0);
    expect(await problemIn(d.read())).toBe("no-network");
    expect(sent).toHaveLength(0);
    expect(await problemIn(d.read())).toBe("no-network"); // 503: the service is not there
    await problemIn(d.read());
    expect(loaded).toBe(2);
  });
});

describe("the calendar's file", () => {
  const file = (type: string, status = 200) => doors(() => new Response("BEGIN:VCALENDAR", { status, headers: { "content-type": type } }));
  it("is fetched with the session in a header, and never by an address that opens something", async () => {
    const { doors: d, sent } = file("text/calendar; charset=utf-8");
    expect(await (await d.calendar("c1")).text()).toBe("BEGIN:VCALENDAR");
    expect(sent[0]?.url).toBe("/api/v1/consultations/c1/calendar.ics");
    expect(header(sent[0], "samkonsult-session")).toBe("h1");
  });
  it("is not taken from a proxy's page, from an error, nor from nowhere", async () => {
    expect(await problemIn(file("text/html").doors.calendar("c1"))).toBe("server");
    expect(await problemIn(file("text/calendar", 500).doors.calendar("c1"))).toBe("server");
    expect(await problemIn(doors(() => Promise.reject(new TypeError("Failed to fetch"))).doors.calendar("c1"))).toBe("no-network");
  });
});

it("what the page says of an error is what can be done about it", () => {
  const of = (code: string) => problemOf(Object.assign(new Error(), { code }));
  expect(["no-network", "taken", "changed", "refused", "consultation-ended", "too-many", "under-way", "internal", "invalid"].map(of)).toEqual([
    "no-network", "taken", "taken", "gone", "gone", "too-many", "too-many", "server", "server",
  ]);
  expect(problemOf("nothing")).toBe("server");
});
