import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { KeptMeasurement } from "../gen/api";
import { Queue, type Entry, type Shelf, type Unsent } from "./queue";
import { measurement, noon } from "./testing";

/** A shelf that lives as long as the test, as the browser's does over a reload. */
class MemoryShelf implements Shelf {
  readonly boxes = new Map<string, Map<string, Unsent>>();
  load = (box: string) => Promise.resolve([...(this.boxes.get(box)?.values() ?? [])].sort((a, b) => a.order - b.order));
  put = (box: string, item: Unsent) => {
    this.boxes.set(box, (this.boxes.get(box) ?? new Map()).set(item.key, item));
    return Promise.resolve();
  };
  remove = (box: string, key: string) => {
    this.boxes.get(box)?.delete(key);
    return Promise.resolve();
  };
  count = (box = "olav") => this.boxes.get(box)?.size ?? 0;
}

/** The service: keeps by key, can be away, and refuses what is told. */
class Service {
  away = false;
  answers = true; // false: it keeps, and the answer is lost on the way
  refuses = new Map<number, string>(); // first value → rule
  whole = ""; // code with which it refuses everything that has two or more
  readonly kept = new Map<string, readonly number[]>();
  asked = 0;
  send = (items: readonly Unsent[]): Promise<readonly KeptMeasurement[]> => {
    this.asked++;
    if (this.away) return Promise.reject(Object.assign(new Error(), { code: "no-network" }));
    if (this.whole !== "" && items.some((i) => i.values[0] === 999)) return Promise.reject(Object.assign(new Error(), { code: this.whole, problem: { field: "items", rule: "must be possible" } }));
    const out = items.map((i): KeptMeasurement => {
      const rule = this.refuses.get(i.values[0] ?? 0);
      if (rule !== undefined) return { key: i.key, measurement: null, known: false, field: "values", rule };
      const known = this.kept.has(i.key);
      if (!known) this.kept.set(i.key, i.values);
      return { key: i.key, measurement: measurement(i.key, { values: [...i.values] }), known, field: "", rule: "" };
    });
    return this.answers ? Promise.resolve(out) : Promise.reject(Object.assign(new Error(), { code: "no-network" }));
  };
}

function queueOf(service: Service, shelf: Shelf, box = "olav") {
  const kept: string[] = [];
  const queue = new Queue({ shelf, box, send: service.send, changed: () => undefined, kept: (answers) => kept.push(...answers.flatMap((a) => (a.measurement ? [a.key] : []))) });
  return { queue, kept };
}

const entry = (key: string, value: number): Entry => ({ key, kind: "heart-rate", values: [value], measuredAt: noon, method: "manual", device: "" });
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("values on their way", () => {
  test("with network they are sent at once, and nothing is left on the shelf", async () => {
    const [service, shelf] = [new Service(), new MemoryShelf()];
    const { queue, kept } = queueOf(service, shelf);
    queue.add(entry("a", 90));
    expect(queue.items[0]?.state).toBe("sending");
    await settle();
    expect([kept, queue.items, shelf.count()]).toEqual([["a"], [], 0]);
  });

  test("without network they wait, and arrive once each, in order, when it is back", async () => {
    const [service, shelf] = [new Service(), new MemoryShelf()];
    const { queue } = queueOf(service, shelf);
    service.away = true;
    for (const [key, value] of [["a", 90], ["b", 91], ["c", 92]] as const) {
      queue.add(entry(key, value));
      await settle();
    }
    expect(queue.items.map((i) => i.state)).toEqual(["waiting", "waiting", "waiting"]);
    expect(shelf.count()).toBe(3);
    service.away = false;
    queue.flush();
    await settle();
    expect([...service.kept.entries()]).toEqual([["a", [90]], ["b", [91]], ["c", [92]]]);
    expect([queue.items, shelf.count()]).toEqual([[], 0]);
  });

  test("an answer that is lost: sent again under the same key, kept once", async () => {
    const service = new Service();
    const { queue, kept } = queueOf(service, new MemoryShelf());
    service.answers = false;
    queue.add(entry("a", 90));
    await settle();
    service.answers = true;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(service.kept.size).toBe(1);
    expect(kept).toEqual(["a"]);
  });

  test("it tries by itself, ever more seldom, and stops when closed", async () => {
    const service = new Service();
    const { queue } = queueOf(service, new MemoryShelf());
    service.away = true;
    queue.add(entry("a", 90));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.asked).toBeGreaterThan(4);
    expect(service.asked).toBeLessThan(12);
    queue.close();
    const before = service.asked;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(service.asked).toBe(before);
  });

  test("a reload loses nothing, and what was entered after it comes after", async () => {
    const [service, shelf] = [new Service(), new MemoryShelf()];
    service.away = true;
    const first = queueOf(service, shelf).queue;
    first.add(entry("a", 90));
    first.add(entry("b", 91));
    await settle();
    first.close();
    const { queue } = queueOf(service, shelf);
    await queue.open();
    queue.add(entry("c", 92));
    await settle();
    service.away = false;
    queue.flush();
    await settle();
    expect([...service.kept.keys()]).toEqual(["a", "b", "c"]);
  });

  test("another person's box is not opened", async () => {
    const [service, shelf] = [new Service(), new MemoryShelf()];
    service.away = true;
    queueOf(service, shelf, "olav").queue.add(entry("a", 90));
    await settle();
    const { queue } = queueOf(service, shelf, "silje");
    await queue.open();
    expect(queue.items).toEqual([]);
  });

  test("a browser without a store still sends", async () => {
    const service = new Service();
    const never = () => Promise.reject(new Error("forbidden"));
    const { queue, kept } = queueOf(service, { load: never, put: never, remove: never });
    await queue.open();
    queue.add(entry("a", 90));
    await settle();
    expect(kept).toEqual(["a"]);
  });
});

describe("refused values", () => {
  test("one is refused with its rule and stays, the others are kept", async () => {
    const [service, shelf] = [new Service(), new MemoryShelf()];
    const { queue } = queueOf(service, shelf);
    service.away = true;
    queue.add(entry("a", 90));
    queue.add(entry("b", 500));
    queue.add(entry("c", 92));
    await settle();
    service.away = false;
    service.refuses.set(500, "must be 15–300");
    queue.flush();
    await settle();
    expect([...service.kept.keys()]).toEqual(["a", "c"]);
    expect(queue.items).toMatchObject([{ key: "b", state: "refused", field: "values", rule: "must be 15–300" }]);
    expect(shelf.count()).toBe(1);
    queue.drop("b");
    await settle();
    expect([queue.items, shelf.count()]).toEqual([[], 0]);
  });

  test("a whole batch that is refused is tried one by one", async () => {
    const service = new Service();
    const { queue } = queueOf(service, new MemoryShelf());
    service.away = true;
    queue.add(entry("a", 90));
    queue.add(entry("b", 999));
    queue.add(entry("c", 92));
    await settle();
    service.away = false;
    service.whole = "invalid";
    queue.flush();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([...service.kept.keys()]).toEqual(["a", "c"]);
    expect(queue.items).toMatchObject([{ key: "b", state: "refused", rule: "must be possible" }]);
  });
});
