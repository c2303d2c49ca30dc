// The desk over the real client, against a small service that keeps wounds.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ServerMessage } from "../gen/protocol";
import { createClient } from "../house/client";
import { blankDraft, pressed, withSign } from "./draft";
import { WoundDesk } from "./desk";
import { Pictures } from "./pictures";
import type { AllBegun } from "./shelf";
import { latestOf } from "./state";
import { assessment, assessments, now, photo, photos, series, wound } from "./testing";
import type { Assessment, Photo, Wound } from "./types";

// Bodies of answers are read in turns of the real event loop, which faked time doesn't wait for.
const turn = setImmediate;

/** Time passes, and what was asked meanwhile is answered. */
async function after(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  for (let i = 0; i < 12; i++) await new Promise((done) => turn(done));
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const problem = (code: string, status: number, more: object = {}): Response => json({ type: "about:blank", title: code, status, code, ...more }, status);

/** Olav's wounds. */
class Service {
  wounds: Wound[] = [wound({}), wound({ id: "w2", site: "hælen", side: "right" })];
  photos: Photo[] = [...photos];
  assessments: Assessment[] = [...assessments];
  network = true;
  refuses = "";
  readonly asked: string[] = [];
  readonly keys = new Set<string>();
  readonly bodies: unknown[] = [];

  fetch: typeof fetch = async (input, init) => {
    await Promise.resolve();
    if (!this.network) throw new TypeError("network");
    const url = String(input).replace("/api/v1/patients/olav/", "");
    const method = init?.method ?? "GET";
    this.asked.push(`${method} ${url}`);
    if (this.refuses !== "" && method !== "GET") return problem(this.refuses, this.refuses === "changed" ? 412 : 400, this.refuses === "invalid" ? { field: "content", rule: "must be a picture" } : {});
    const body = init?.body instanceof Blob ? init.body : init?.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : null;
    if (body) this.bodies.push(body);
    return this.#answer(method, url, body);
  };

  #answer(method: string, url: string, body: Blob | Record<string, unknown> | null): Response {
    if (method === "GET" && url === "wounds") return this.refuses === "refused" ? problem("refused", 403) : json({ items: this.wounds, loose: this.photos.filter((p) => p.wound === ""), mayWrite: true, maySend: true, now });
    if (method === "GET") return json(series({ wound: this.wounds.find((w) => url.endsWith(w.id))!, photos: this.photos.filter((p) => url.endsWith(p.wound) && p.wound !== ""), assessments: url.endsWith("w1") ? this.assessments : [] }));
    if (method === "POST" && url.startsWith("photos?")) {
      const query = new URLSearchParams(url.slice("photos?".length));
      const sent = photo({ id: `sent-${query.get("key")}`, wound: query.get("wound") ?? "", takenAt: now, by: "Olav Eik", role: "patient" });
      if (!this.photos.some((p) => p.id === sent.id)) this.photos = [sent, ...this.photos];
      return json(sent, 201);
    }
    const said = body as Record<string, unknown>;
    if (url.endsWith("/assessments")) {
      const { key, ...content } = said as { key: string };
      const known = this.keys.has(key);
      this.keys.add(key);
      const kept = assessment({ id: `a-${key}`, ...content });
      if (!known) this.assessments = [kept, ...this.assessments];
      return json(kept, 201);
    }
    if (url.endsWith("/correction")) {
      const id = url.split("/").at(-2)!;
      this.assessments = this.assessments.map((a) => (a.id === id ? { ...a, version: a.version + 1, status: "entered-in-error" as const } : a));
      return json(this.assessments.find((a) => a.id === id));
    }
    if (method === "POST" && url === "wounds") {
      const made = wound({ id: "w3", ...(said as Partial<Wound>), latest: null, before: null, photo: null, photoBefore: null });
      this.wounds = [made, ...this.wounds];
      return json(made, 201);
    }
    if (method === "PUT" && url.startsWith("photos/")) {
      const id = url.split("/")[1]!;
      this.photos = this.photos.map((p) => (p.id === id ? { ...p, version: p.version + 1, ...(said as Partial<Photo>) } : p));
      return json(this.photos.find((p) => p.id === id));
    }
    if (url.endsWith("/drawings")) return json(this.photos[0]);
    return problem("not-found", 404);
  }
}

let service: Service;
let desk: WoundDesk;
let kept: AllBegun;
let tell: (m: ServerMessage) => void;
let online: () => void;
let revoked: number;

function open(): void {
  let keys = 0;
  const client = createClient({ fetch: service.fetch, key: () => `request-${++keys}`, handle: () => "", onSignedOut: () => undefined, onAnswer: () => undefined });
  desk = new WoundDesk({
    client: () => Promise.resolve(client),
    pictures: new Pictures({ patient: "olav", fetch: () => Promise.resolve(new Blob(["photo"])), urls: { create: () => "blob:1", revoke: () => void revoked++ } }),
    hear: (to) => ((tell = to), () => undefined),
    patient: "olav",
    consultation: "c1",
    now: () => now,
    shelf: { load: () => kept, save: (all) => void (kept = all) },
    key: () => `key-${++keys}`,
    online: (to) => ((online = to), () => undefined),
  });
  desk.open();
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  service = new Service();
  kept = {};
  revoked = 0;
  open();
  await after(0);
});
afterEach(() => {
  desk.close();
  vi.useRealTimers();
});

const state = () => desk.state.value;
/** 3,6 × 2,5 cm and no signs of infection. */
const filled = withSign([..."3,62,5"].reduce((d, k) => pressed(d, k as "3"), blankDraft), null);

describe("reading", () => {
  test("gives the wounds, and the series of the first open one", () => {
    expect(state()).toMatchObject({ reading: "ready", chosen: "w1" });
    expect(state().series?.photos).toHaveLength(5);
  });

  test("another wound reads its own series, and never shows the first one's under its name", async () => {
    desk.choose("w2");
    expect(state().series).toBeNull();
    await after(0);
    expect(state().series?.wound.id).toBe("w2");
    expect(state().series?.photos).toEqual([]);
  });

  test("that fails keeps what is shown, and is tried again", async () => {
    service.network = false;
    tell({ type: "wounded" });
    await after(0);
    expect(state()).toMatchObject({ offline: true, reading: "ready" });
    service.network = true;
    await after(5_000);
    expect(state().offline).toBe(false);
  });

  test("that is refused shows nothing more", async () => {
    service.refuses = "refused";
    tell({ type: "wounded" });
    await after(0);
    expect(state()).toMatchObject({ reading: "refused", all: null, series: null });
  });
});

describe("what the call tells", () => {
  test("a photo stands in the series at once, and the sums are read soon", async () => {
    const fresh = photo({ id: "p6", takenAt: now });
    service.photos = [fresh, ...service.photos];
    const before = service.asked.length;
    tell({ type: "photographed", photos: [fresh] });
    expect(state().series?.photos[0]?.id).toBe("p6");
    expect(service.asked).toHaveLength(before);
    await after(400);
    expect(service.asked.slice(before)).toEqual(["GET wounds", "GET wounds/w1"]);
  });
});

describe("an assessment", () => {
  test("is kept once, rests on today's photo, and is no draft any more", async () => {
    desk.fill("w1", filled);
    expect(kept["w1"]?.draft).toEqual(filled);
    expect(desk.assess("w1")).toBe(true);
    await after(0);
    expect(state()).toMatchObject({ saving: "kept", begun: {} });
    expect(kept).toEqual({});
    expect(service.bodies.at(-1)).toMatchObject({ length: 3.6, width: 2.5, areaMethod: "ellipse", area: null, photo: "p5", consultation: "c1", infection: [] });
    expect(latestOf(state().series, null).now?.id).toBe(`a-${[...service.keys][0]}`);
  });

  test("that is not whole is not sent, and stays as it was", () => {
    const asked = service.asked.length;
    desk.fill("w1", { ...blankDraft, moisture: "little" });
    expect(desk.assess("w1")).toBe(false);
    expect(service.asked).toHaveLength(asked);
    expect(desk.draftFor("w1").moisture).toBe("little");
  });

  test("without a network waits, also over a reload, and arrives once", async () => {
    service.network = false;
    desk.fill("w1", filled);
    desk.assess("w1");
    await after(0);
    expect(state().saving).toBe("waits");
    desk.close();
    open(); // the page is loaded again
    service.network = true;
    online();
    await after(0);
    await after(5_000);
    expect(service.keys.size).toBe(1);
    expect(service.assessments.filter((a) => a.id.startsWith("a-"))).toHaveLength(1);
    expect(kept).toEqual({});
  });

  test("that the service won't have stays in the form, and is another one when it is changed", async () => {
    service.refuses = "changed";
    desk.fill("w1", filled);
    desk.assess("w1");
    await after(0);
    expect(state().saving).toBe("changed");
    expect(desk.draftFor("w1").infection).toEqual([]);
    expect(kept["w1"]?.key).toBe("");
  });

  test("that is wrong stays, and counts no more", async () => {
    expect(await settled(desk.correct("w1", assessments[0]!, null, " feil sår "))).toBe("");
    expect(service.bodies.at(-1)).toEqual({ version: 1, wrong: true, content: null, reason: "feil sår" });
    expect(state().series?.assessments[0]).toMatchObject({ id: "a5", status: "entered-in-error" });
    expect(latestOf(state().series, null).now?.id).toBe("a4");
  });
});

/** What a promise comes to while faked time stands still. */
async function settled<T>(p: Promise<T>): Promise<T> {
  await after(0);
  return p;
}

describe("a wound", () => {
  test("that is registered is the one that is shown", async () => {
    expect(await settled(desk.register({ site: " hælen ", side: "left", since: 0 }))).toBe("");
    await after(0);
    expect(service.bodies.at(-1)).toMatchObject({ site: "hælen", side: "left", since: 0 });
    expect(state().chosen).toBe("w3");
  });
});

describe("a photo", () => {
  test("keeps scale and outline, and what has not changed is not sent again", async () => {
    const scaled = photos[1]!; // it has a scale
    const asked = service.asked.length;
    expect(await settled(desk.keepMeasures(scaled, scaled.scale, [0.1, 0.1, 0.2, 0.1, 0.2, 0.2]))).toBe("");
    expect(service.asked.slice(asked).filter((a) => !a.startsWith("GET"))).toEqual(["POST photos/p4/drawings"]);
    expect(await settled(desk.keepMeasures(photos[0]!, [0.1, 0.9, 0.4, 0.9, 5], null))).toBe("");
    expect(service.bodies.at(-1)).toMatchObject({ scale: [0.1, 0.9, 0.4, 0.9, 5], wound: "w1", status: "final" });
  });

  test("that is sent twice after a broken connection is there once", async () => {
    const file = new File(["a picture"], "IMG_1.jpg", { type: "image/jpeg" });
    service.network = false;
    expect(await settled(desk.sendFile(file, "IMG_1.jpg", ""))).toBe("no-network");
    service.network = true;
    expect(await settled(desk.sendFile(file, "IMG_1.jpg", ""))).toBe("");
    expect(state().all?.loose).toHaveLength(1);
    expect(service.asked.filter((a) => a.startsWith("POST photos?"))).toHaveLength(1);
  });

  test("that is no picture is told as that", async () => {
    service.refuses = "invalid";
    expect(await settled(desk.sendFile(new Blob(["%PDF"], { type: "image/png" }), "x.png", ""))).toBe("unreadable");
  });
});

test("what is shown is given back when the page is left", async () => {
  desk.pictures.hold("p5", "image");
  await after(0);
  desk.close();
  expect(revoked).toBe(1);
});
