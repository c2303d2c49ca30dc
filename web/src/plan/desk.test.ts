// The desk over the real client, against a small service that keeps a plan by the domain's rules.

import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { KindLimits, PatientPlan, PatientPlans } from "../gen/api";
import { createClient } from "../house/client";
import { Desk } from "./desk";
import { fieldNames, fieldOf, latestOf, type FieldName } from "./fields";
import type { Holder, Holds } from "./holds";
import type { Kept } from "./writing";

// Bodies of answers are read in turns of the real event loop, which faked time doesn't wait for.
const turn = setImmediate;

/** Time passes, and what was asked meanwhile is answered. */
async function after(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  for (let i = 0; i < 12; i++) await new Promise((done) => turn(done));
}

const names: Readonly<Record<string, string>> = { mari: "Mari Bjørk", tuva: "Tuva Ask" };

/** One patient's plan, for as many as read it. */
class Service {
  draft: PatientPlan = {
    version: 1, revision: 0, state: "draft", limits: [], madeAt: 0, madeBy: "", madeByRole: "",
    parties: [{ role: "nurse", organisationName: "", by: "", at: 0, mine: true }],
    fields: fieldNames.map((field) => ({ field, text: "", revision: 0, by: "", byRole: "", at: 0, beside: [] })),
  };
  network = true;
  refuses = false;
  /** Holds answers up until it is called. */
  gate: Promise<void> = Promise.resolve();
  readonly asked: string[] = [];
  #tell = new Set<() => void>();
  #ids = 0;

  planned = (tell: () => void): (() => void) => {
    this.#tell.add(tell);
    return () => this.#tell.delete(tell);
  };

  fetch(self: string): typeof fetch {
    return async (input, init) => {
      await Promise.resolve();
      if (!this.network) throw new TypeError("network");
      const url = String(input).replace("/api/v1/patients/olav/plan", "");
      this.asked.push(`${init?.method} ${url}`);
      if (this.refuses && url !== "/api/v1/kinds") return this.#problem("refused", 403);
      const body: unknown = init?.body ? JSON.parse(String(init.body)) : null;
      const version = Number(new Headers(init?.headers).get("if-match")?.replaceAll('"', "") ?? "0");
      const answer = this.#answer(init?.method ?? "GET", url, self, version, body);
      await this.gate;
      return answer;
    };
  }

  #problem(code: string, status: number): Response {
    return new Response(JSON.stringify({ type: "about:blank", title: code, status, code }), { status, headers: { "content-type": "application/problem+json" } });
  }

  #json(body: unknown): Response {
    return new Response(JSON.stringify(body), { status: 200, headers: { "content-type": "application/json" } });
  }

  #changed(): Response {
    this.draft = { ...this.draft, revision: this.draft.revision + 1 };
    const answer = this.#json(this.draft);
    for (const tell of this.#tell) tell();
    return answer;
  }

  #answer(method: string, url: string, self: string, base: number, body: unknown): Response {
    if (url === "/api/v1/kinds") return this.#json({ items: [] });
    if (method === "GET") return this.#json({ draft: this.draft, active: null, earlier: [], mayWrite: true, mayApprove: true, maySetLimits: true, now: 0 } satisfies PatientPlans);
    if (url === "/limits") {
      if (base !== this.draft.revision) return this.#problem("changed", 412);
      this.draft = { ...this.draft, limits: (body as { kinds: KindLimits[] }).kinds };
      return this.#changed();
    }
    if (url === "/approval") {
      if ((body as { revision: number }).revision !== this.draft.revision) return this.#problem("changed", 412);
      this.draft = { ...this.draft, parties: this.draft.parties.map((p) => ({ ...p, by: names[self]!, at: 1 })) };
      return this.#changed();
    }
    const [, , name, , beside] = url.split("/") as [string, string, FieldName, string?, string?];
    const at = this.draft.fields.findIndex((f) => f.field === name);
    const field = this.draft.fields[at]!;
    const put = (with_: Partial<typeof field>): Response => {
      this.draft = { ...this.draft, fields: this.draft.fields.map((f, i) => (i === at ? { ...f, ...with_ } : f)) };
      return this.#changed();
    };
    if (method === "DELETE") {
      if (!field.beside.some((b) => b.id === beside)) return this.#problem("not-found", 404);
      return put({ beside: field.beside.filter((b) => b.id !== beside) });
    }
    const { text } = body as { text: string };
    if (text === field.text) return this.#json(this.draft);
    if (base < field.revision && field.by !== names[self]) return put({ beside: [...field.beside, { id: `b${++this.#ids}`, text, by: names[self]!, byRole: "nurse", at: 1 }] });
    return put({ text, revision: field.revision + 1, by: names[self]!, at: 1 });
  }
}

class Hands implements Holds {
  readonly said: string[] = [];
  readonly holders = signal<readonly Holder[]>([]);
  hold(field: FieldName): void {
    this.said.push(field);
    this.holders.value = this.holders.value.filter((h) => h.field !== field);
  }
  free(): void {
    this.said.push("free");
  }
}

const service = { now: new Service() };
let open: Desk[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  service.now = new Service();
});
afterEach(() => {
  for (const desk of open) desk.close();
  open = [];
  vi.useRealTimers();
});

async function start(self = "mari", with_: { kept?: Kept; hands?: Hands } = {}) {
  const shelf = { kept: with_.kept ?? ({} as Kept), load: () => shelf.kept, save: (kept: Kept) => void (shelf.kept = kept) };
  const hands = with_.hands ?? new Hands();
  let online = (): void => undefined;
  let keys = 0;
  const client = createClient({ fetch: service.now.fetch(self), key: () => `${self}-${++keys}`, handle: () => "", onSignedOut: () => undefined, onAnswer: () => undefined });
  const desk = new Desk({
    client: () => Promise.resolve(client), patient: "olav", holds: hands, shelf, planned: service.now.planned, now: () => Date.now(),
    online(tell) {
      online = tell;
      return () => undefined;
    },
  });
  desk.open();
  open.push(desk);
  await after(0);
  return { desk, shelf, hands, online: () => online(), text: (field: FieldName) => desk.state.value.writings[field]?.text ?? fieldOf(latestOf(desk.state.value.plans), field).text };
}
const kept = (field: FieldName): string => fieldOf(service.now.draft, field).text;
const writes = (): number => service.now.asked.filter((a) => a.startsWith("PUT /fields")).length;

describe("a text", () => {
  test("is kept a second after the last key, once", async () => {
    const { desk, shelf } = await start();
    desk.type("green", "Ein");
    await after(900);
    desk.type("green", "Ein tur");
    await after(900);
    expect(writes()).toBe(0);
    expect(shelf.kept).toEqual({ green: { text: "Ein tur", base: 0 } });
    await after(200);
    expect([kept("green"), writes(), shelf.kept]).toEqual(["Ein tur", 1, {}]);
  });

  test("is kept when its field is left", async () => {
    const { desk, hands } = await start();
    desk.enter("green");
    desk.type("green", "Ein tur");
    desk.leave();
    await after(0);
    expect(kept("green")).toBe("Ein tur");
    expect(hands.said).toEqual(["green", "free"]);
  });

  test("that grows while it is under way is kept whole", async () => {
    const { desk, text } = await start();
    let pass = (): void => undefined;
    desk.type("green", "Ein");
    service.now.gate = new Promise((go) => (pass = go));
    await after(1_000);
    desk.type("green", "Ein tur");
    await after(1_500);
    pass();
    service.now.gate = Promise.resolve();
    await after(2_000);
    expect([kept("green"), text("green"), writes()]).toEqual(["Ein tur", "Ein tur", 2]);
    expect(fieldOf(service.now.draft, "green").beside).toEqual([]);
  });

  test("is on its way when the part is put away", async () => {
    const { desk } = await start();
    desk.type("green", "Ein tur");
    desk.close();
    await after(0);
    expect(kept("green")).toBe("Ein tur");
  });

  test("of another is seen at once where one doesn't write, and one's own stays", async () => {
    const mari = await start("mari");
    const tuva = await start("tuva");
    mari.desk.type("yellow", "Halvferdig");
    tuva.desk.type("green", "Ein tur");
    tuva.desk.leave();
    await after(100);
    expect(mari.text("green")).toBe("Ein tur");
    expect(mari.text("yellow")).toBe("Halvferdig");
  });
});

describe("two at the same time", () => {
  test("lose nothing: the second stands beside, and is taken in", async () => {
    const mari = await start("mari");
    const tuva = await start("tuva");
    mari.desk.type("green", "Ein tur");
    tuva.desk.type("green", "Bandasje");
    mari.desk.leave();
    await after(0);
    tuva.desk.leave();
    await after(0);
    expect(kept("green")).toBe("Ein tur");
    expect(tuva.desk.state.value.late).toEqual(["green"]);
    const [beside] = fieldOf(latestOf(mari.desk.state.value.plans), "green").beside;
    expect(beside?.text).toBe("Bandasje");
    expect(await mari.desk.takeIn("green", beside!.id)).toBe(true);
    await after(0);
    expect(kept("green")).toBe("Ein tur\nBandasje");
    expect(fieldOf(service.now.draft, "green").beside).toEqual([]);
  });

  test("who types on after coming late has one text beside, the whole one", async () => {
    const mari = await start("mari");
    const tuva = await start("tuva");
    tuva.desk.type("green", "Band");
    mari.desk.type("green", "Ein tur");
    mari.desk.leave();
    await after(0);
    let pass = (): void => undefined;
    service.now.gate = new Promise((go) => (pass = go));
    await after(1_000);
    tuva.desk.type("green", "Bandasje");
    pass();
    service.now.gate = Promise.resolve();
    await after(3_000);
    expect(kept("green")).toBe("Ein tur");
    expect(fieldOf(service.now.draft, "green").beside.map((b) => b.text)).toEqual(["Bandasje"]);
    expect(tuva.text("green")).toBe("Ein tur");
  });

  test("one is told so by who holds the field, and sends at once what one had when it is taken over", async () => {
    const hands = new Hands();
    const { desk } = await start("mari", { hands });
    desk.type("green", "Ein tur");
    hands.holders.value = [{ participant: "tuva", name: "Tuva Ask", field: "green", at: 0 }];
    await after(0);
    expect(kept("green")).toBe("Ein tur");
  });

  test("who goes on writing says so again, but not at every key", async () => {
    const { desk, hands } = await start();
    for (let i = 0; i < 25; i++) {
      desk.type("green", "x".repeat(i + 1));
      await after(1_000);
    }
    expect(hands.said).toEqual(["green", "green", "green"]);
  });

  test("a text beside that another has put away already is as wished", async () => {
    const { desk } = await start();
    await expect(desk.putAway("green", "b9")).resolves.toBeUndefined();
  });
});

describe("without a network", () => {
  test("the text waits here, and is kept when the network is back", async () => {
    const { desk, shelf, online } = await start();
    service.now.network = false;
    desk.type("green", "Ein tur");
    await after(1_000);
    expect(desk.state.value.offline).toBe(true);
    expect(desk.state.value.writings.green?.state).toBe("unsent");
    expect(shelf.kept.green?.text).toBe("Ein tur");
    service.now.network = true;
    online();
    await after(0);
    expect([kept("green"), desk.state.value.offline, shelf.kept]).toEqual(["Ein tur", false, {}]);
  });

  test("it is tried again though the browser says nothing", async () => {
    const { desk } = await start();
    service.now.network = false;
    desk.type("green", "Ein tur");
    await after(20_000);
    service.now.network = true;
    await after(5_000);
    expect(kept("green")).toBe("Ein tur");
  });

  test("a reload loses nothing: what was kept here is sent under what it rested on", async () => {
    const tuva = await start("tuva");
    tuva.desk.type("green", "Bandasje");
    tuva.desk.leave();
    await after(0);
    await start("mari", { kept: { green: { text: "Ein tur", base: 0 } } });
    await after(0);
    expect(kept("green")).toBe("Bandasje");
    expect(fieldOf(service.now.draft, "green").beside.map((b) => b.text)).toEqual(["Ein tur"]);
  });

  test("the plan is read again until it comes", async () => {
    service.now.network = false;
    const { desk } = await start();
    expect(desk.state.value.reading).toBe("failed");
    service.now.network = true;
    await after(5_000);
    expect(desk.state.value.reading).toBe("ready");
  });

  test("a text is taken in once, however often it is pressed", async () => {
    service.now.draft = { ...service.now.draft, fields: service.now.draft.fields.map((f) => ({ ...f, beside: f.field === "green" ? [{ id: "b1", text: "Bandasje", by: "Tuva Ask", byRole: "specialist", at: 1 }] : [] })) };
    const { desk, text } = await start();
    service.now.network = false;
    expect(await desk.takeIn("green", "b1")).toBe(false);
    expect(await desk.takeIn("green", "b1")).toBe(false);
    expect(text("green")).toBe("Bandasje");
    service.now.network = true;
    expect(await desk.takeIn("green", "b1")).toBe(true);
    expect([kept("green"), fieldOf(service.now.draft, "green").beside]).toEqual(["Bandasje", []]);
  });
});

test("a refused text stays where it was written", async () => {
  const { desk, shelf, text } = await start();
  service.now.refuses = true;
  desk.type("green", "Ein tur");
  desk.leave();
  await after(0);
  expect(desk.state.value.writings.green).toMatchObject({ problem: "refused" });
  expect([text("green"), shelf.kept.green?.text]).toEqual(["Ein tur", "Ein tur"]);
  desk.drop("green");
  expect(shelf.kept).toEqual({});
});

describe("limits", () => {
  const weight = (greenHigh: number): KindLimits => ({ kind: "weight", limits: [{ greenLow: null, greenHigh, yellowLow: null, yellowHigh: null }], rise: { days: 0, yellow: 0, red: 0 }, fall: { days: 0, yellow: 0, red: 0 } });

  test("are kept though another writes in the draft meanwhile", async () => {
    const mari = await start("mari");
    service.now.draft = { ...service.now.draft, revision: 7, limits: [{ ...weight(5), kind: "glucose" }] };
    expect(await mari.desk.keepLimits(undefined, weight(75))).toBe("kept");
    expect(service.now.draft.limits.map((k) => k.kind)).toEqual(["glucose", "weight"]);
  });

  test("that another has changed too are not replaced before one has seen them", async () => {
    const mari = await start("mari");
    service.now.draft = { ...service.now.draft, revision: 7, limits: [weight(80)] };
    expect(await mari.desk.keepLimits(undefined, weight(75))).toBe("changed");
    expect(service.now.draft.limits).toEqual([weight(80)]);
    expect(await mari.desk.keepLimits(weight(80), weight(75))).toBe("kept");
  });

  test("wait in the editor without a network", async () => {
    const { desk } = await start();
    service.now.network = false;
    expect(await desk.keepLimits(undefined, weight(75))).toBe("no-network");
  });
});

describe("an approval", () => {
  test("is of the draft as it stands", async () => {
    const { desk } = await start();
    await desk.approve();
    expect(desk.state.value.plans?.draft?.parties[0]?.by).toBe("Mari Bjørk");
  });

  test("of a text that has changed meanwhile is none, and the new one is read", async () => {
    const { desk } = await start();
    service.now.draft = { ...service.now.draft, revision: 7 };
    await desk.approve();
    expect(desk.state.value.approving).toBe("changed");
    expect(desk.state.value.plans?.draft?.revision).toBe(7);
    await desk.approve();
    expect(desk.state.value.approving).toBe("");
  });
});
