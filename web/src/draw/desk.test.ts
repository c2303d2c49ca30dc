import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Draw, ServerMessage, Surface } from "../gen/protocol";
import type { Spoken } from "../call/visit";
import { DrawDesk, keyOf, photoSurface } from "./desk";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const second: Surface = { photo: "", participant: "mari", source: "second" };
const size = { width: 100, height: 100 };

function page() {
  const said: Spoken[] = [];
  let tell: (m: ServerMessage) => void = () => undefined;
  const posted: unknown[] = [];
  const desk = new DrawDesk({
    hear: (t) => ((tell = t), () => undefined),
    say: (m) => (said.push(m), true),
    client: () => Promise.resolve(((name: string, asked: { body?: unknown }) => {
      if (name.startsWith("GET")) return Promise.resolve({ items: [], loose: [] });
      posted.push(asked.body);
      return Promise.resolve({ id: "f1", drawings: [{ id: "d1" }] });
    }) as never),
    patient: "olav", self: () => "tuva", nameOf: (id) => ({ mari: "Mari Bjørk", tuva: "Tuva Ask" })[id] ?? id, key: () => "abcdefgh12",
  });
  desk.open();
  const draws = () => said.filter((m): m is Draw => m.type === "draw");
  return { desk, said, draws, posted, tell: (m: ServerMessage) => tell(m), on: (s: Surface) => (desk.state.value.strokes.get(keyOf(s)) ?? []) };
}

const drawn = (surface: Surface, stroke = "s", points = [0.5, 0.5], gone = false): ServerMessage => ({ type: "drawn", participant: "mari", surface, stroke, shape: "line", colour: "blue", points, done: false, gone });

describe("one's own stroke", () => {
  it("goes while it is drawn, less than 20 times a second, whole and in order", () => {
    const p = page();
    p.desk.begin(second, [0, 0]);
    const want = [0, 0];
    for (let i = 1; i <= 500; i++) {
      p.desk.extend([i / 500, 0.5]);
      want.push(i / 500, 0.5);
      vi.advanceTimersByTime(4);
    }
    const before = p.draws().length;
    expect(before).toBeGreaterThan(20);
    expect(before).toBeLessThan(40); // in two seconds
    p.desk.end();
    expect(p.draws().flatMap((m) => m.points)).toEqual(want);
    expect(p.draws().map((m) => m.done).indexOf(true)).toBe(p.draws().length - 1);
    expect(p.on(second)).toHaveLength(1);
  });

  it("is undone, erased and wiped, and others' stay", () => {
    const p = page();
    p.tell(drawn(second));
    for (const y of [0.1, 0.5, 0.9]) p.desk.begin(second, [0.1, y]);
    p.desk.end();
    p.desk.undo(second);
    p.desk.erase(second, [0.11, 0.11], size);
    expect(p.on(second).map((s) => s.participant)).toEqual(["mari", "tuva"]);
    p.desk.wipe(second);
    expect(p.on(second).map((s) => s.participant)).toEqual(["mari"]);
    expect(p.draws().at(-1)).toMatchObject({ stroke: "", gone: true });
  });

  it("on a photo is saved, and then stands among what is saved", async () => {
    const p = page();
    p.tell({ type: "shown", participant: "mari", photo: "f1" });
    p.desk.mark(photoSurface("f1"), [0.5, 0.5]);
    await p.desk.save("f1");
    expect(p.posted).toMatchObject([{ shape: "arrow", colour: "blue", points: [0.62, 0.62, 0.5, 0.5] }]);
    expect(p.on(photoSurface("f1"))).toEqual([]);
    expect(p.desk.state.value).toMatchObject({ saving: "saved", saved: [{ id: "d1" }] });
  });
});

describe("others' strokes", () => {
  it("grow piece by piece, with their writer's name", () => {
    const p = page();
    p.tell(drawn(second, "s", [0.1, 0.1]));
    p.tell(drawn(second, "s", [0.2, 0.2]));
    expect(p.on(second)).toMatchObject([{ name: "Mari Bjørk", points: [0.1, 0.1, 0.2, 0.2] }]);
    expect(p.desk.state.value.active).toEqual({ name: "Mari Bjørk", surface: keyOf(second) });
    vi.advanceTimersByTime(10_000);
    expect(p.desk.state.value.active).toBeNull();
    expect(p.on(second)).toHaveLength(1); // it fades not
  });

  it.each<readonly [string, ServerMessage]>([
    ["its writer takes it away", drawn(second, "s", [], true)],
    ["its writer takes all away", drawn(second, "", [], true)],
    ["its writer leaves", { type: "left", participant: "mari", reason: "left" }],
    ["the picture goes on again", { type: "frozen", by: "tuva", participant: "mari", source: "second", frozen: false }],
  ])("go when %s", (_, m) => {
    const p = page();
    p.tell(drawn(second));
    p.tell(m);
    expect(p.on(second)).toEqual([]);
  });

  it("on a photo go when another is shown", () => {
    const p = page();
    p.tell({ type: "shown", participant: "mari", photo: "f1" });
    p.tell(drawn(photoSurface("f1")));
    p.tell({ type: "shown", participant: "mari", photo: "" });
    expect(p.on(photoSurface("f1"))).toEqual([]);
    expect(p.desk.state.value.shown).toBeNull();
  });
});

it("a picture that was stopped is known by who did it", () => {
  const p = page();
  p.tell({ type: "frozen", by: "tuva", participant: "mari", source: "second", frozen: true });
  expect([...p.desk.state.value.frozen]).toEqual([[keyOf(second), "Tuva Ask"]]);
  p.tell({ type: "left", participant: "mari", reason: "lost" });
  expect(p.desk.state.value.frozen.size).toBe(0);
});
