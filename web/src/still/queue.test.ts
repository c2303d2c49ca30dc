import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { light, takePicture } from "./camera";
import { PhotoQueue, type PhotoShelf, type UnsentPhoto } from "./queue";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const photo = (key: string, takenAt = 1): UnsentPhoto => ({ key, takenAt, wound: "", askedBy: "tuva", blob: new Blob(["x"], { type: "image/jpeg" }), refused: "" });

/** A tablet with its store, and a service that answers as told. */
function tablet(kept = new Map<string, UnsentPhoto>(), answer: (item: UnsentPhoto) => Promise<string> = (i) => Promise.resolve(`id-${i.key}`)) {
  const shelf: PhotoShelf = {
    load: () => Promise.resolve([...kept.values()]),
    put: (_, item) => (kept.set(item.key, item), Promise.resolve()),
    remove: (_, key) => (kept.delete(key), Promise.resolve()),
  };
  const told: string[] = [];
  const sent: string[] = [];
  let items: readonly UnsentPhoto[] = [];
  const service = { answer };
  const queue = new PhotoQueue({
    shelf, box: "b", changed: (now) => (items = now), kept: (_, id) => told.push(id),
    send: (item) => (sent.push(item.key), service.answer(item)),
  });
  return { queue, kept, told, sent, service, items: () => items };
}

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

describe("a photo on its way", () => {
  it("is kept on the tablet before it is sent, and not after", async () => {
    const t = tablet();
    t.service.answer = () => (expect(t.kept.has("a")).toBe(true), Promise.resolve("1"));
    await t.queue.add(photo("a"));
    await vi.runAllTimersAsync();
    expect([t.told, t.items(), t.kept.size]).toEqual([["1"], [], 0]);
  });

  it("waits without a network and arrives once, by its own key, in order", async () => {
    const t = tablet(undefined, failing("no-network"));
    await t.queue.add(photo("a", 1));
    await t.queue.add(photo("b", 2));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(new Set(t.sent)).toEqual(new Set(["a"]));
    t.service.answer = (i) => Promise.resolve(`id-${i.key}`);
    t.queue.flush();
    await vi.runAllTimersAsync();
    expect(t.told).toEqual(["id-a", "id-b"]);
    expect(t.kept.size).toBe(0);
  });

  it("goes on after the page was loaded anew", async () => {
    const before = tablet(undefined, failing("no-network"));
    await before.queue.add(photo("a"));
    before.queue.close();
    const after = tablet(before.kept);
    await after.queue.open();
    await vi.runAllTimersAsync();
    expect(after.told).toEqual(["id-a"]);
  });

  it("that the service refuses stays to be seen, and stops none behind it", async () => {
    const t = tablet(undefined, (i) => (i.key === "a" ? failing("invalid")() : Promise.resolve("2")));
    await t.queue.add(photo("a"));
    await t.queue.add(photo("b"));
    await vi.runAllTimersAsync();
    expect(t.told).toEqual(["2"]);
    expect(t.items().map((i) => [i.key, i.refused])).toEqual([["a", "invalid"]]);
    t.queue.drop("a");
    expect(t.items()).toEqual([]);
  });
});

describe("the camera", () => {
  const track = {} as MediaStreamTrack;
  const jpeg = new Blob(["photo"], { type: "image/jpeg" });
  const frame = new Blob(["frame"], { type: "image/jpeg" });

  it("takes its own photo where it can, and else a frame", async () => {
    expect(await takePicture(track, { photo: () => Promise.resolve(jpeg), frame: () => Promise.resolve(frame) })).toEqual({ blob: jpeg, way: "photo" });
    expect(await takePicture(track, { photo: undefined, frame: () => Promise.resolve(frame) })).toEqual({ blob: frame, way: "frame" });
    expect((await takePicture(track, { photo: () => Promise.reject(new Error("UnknownError")), frame: () => Promise.resolve(frame) })).way).toBe("frame");
    const never = takePicture(track, { photo: () => new Promise(() => undefined), frame: () => Promise.resolve(frame) });
    await vi.runAllTimersAsync();
    expect((await never).way).toBe("frame");
  });

  it("switches its lamp where it has one", async () => {
    const asked: unknown[] = [];
    const lamp = (torch: boolean) => ({ getCapabilities: () => ({ torch }), applyConstraints: (c: unknown) => (asked.push(c), Promise.resolve()) }) as unknown as MediaStreamTrack;
    expect(await light(lamp(true), true)).toBe(true);
    expect(await light(lamp(false), true)).toBe(false);
    expect(asked).toEqual([{ advanced: [{ torch: true }] }]);
  });
});
