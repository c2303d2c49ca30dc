import { describe, expect, it } from "vitest";
import type { Participant } from "../gen/protocol";
import { person, welcome } from "../testing/fakes";
import { reducer } from "./reducer";
import { initialState, type Action, type AppState } from "./state";
import { largePicture, mediaOf, missingPeople, presentPeople, tiles, waitingPeople } from "./view";

const call = (self: string, ...people: Participant[]): AppState =>
  reducer(initialState(), { type: "message", message: welcome(self, people), at: 0 });
const after = (state: AppState, ...actions: Action[]) => actions.reduce(reducer, state);
const large = (state: AppState) => (state.call ? largePicture(state.call) : null);
const camera = (participant: string) => ({ participant, source: "camera" });
const second = (participant: string) => ({ participant, source: "second" });
const filming = (id: string, kind: "camera" | "screen" = "camera") => person(id, { media: { microphone: true, camera: true, second: kind } });
const everyone = ["tuva", "mari", "olav", "ragna"].map((id) => person(id));

describe("the large picture", () => {
  it("is the one that each came to see", () => {
    expect(large(call("olav", ...everyone))).toEqual(camera("tuva"));
    expect(large(call("ragna", ...everyone))).toEqual(camera("tuva"));
    expect(large(call("mari", ...everyone))).toEqual(camera("tuva"));
    expect(large(call("tuva", ...everyone))).toEqual(camera("olav"));
  });
  it("is the next best while that one is not here", () => {
    expect(large(call("olav", person("olav"), person("mari")))).toEqual(camera("mari"));
    expect(large(call("tuva", person("tuva"), person("olav", { presence: "waiting" }), person("mari")))).toEqual(camera("mari"));
    expect(large(call("olav", person("olav")))).toBeNull();
  });
  it("does not follow who speaks", () => {
    const state = call("olav", ...everyone);
    expect(large(after(state, { type: "message", message: { type: "speaking", participants: ["ragna"] }, at: 0 }))).toEqual(camera("tuva"));
  });
  it("is not taken by another's second picture unasked, but stays with it when chosen", () => {
    const state = call("tuva", person("tuva"), filming("mari"), person("olav"));
    expect(large(state)).toEqual(camera("olav"));
    const chosen = after(state, { type: "choose", picture: { participant: "mari", source: "second" } });
    expect(large(chosen)).toEqual(second("mari"));
    expect(large(after(chosen, { type: "message", message: { type: "updated", participant: person("mari") }, at: 0 }))).toEqual(camera("olav"));
  });
  it("is one's own wound camera, to aim by, but not one's own screen", () => {
    expect(large(call("mari", filming("mari"), person("tuva")))).toEqual(second("mari"));
    expect(large(call("mari", filming("mari", "screen"), person("tuva")))).toEqual(camera("tuva"));
  });
  it("stays with someone whose connection is away: the place is kept", () => {
    expect(large(call("olav", person("olav"), person("tuva", { presence: "away" }), person("mari")))).toEqual(camera("tuva"));
  });
});

describe("tiles", () => {
  it("stand in the order of arrival, own ones last, each second picture after its camera", () => {
    const state = call("olav", person("olav"), person("tuva"), filming("mari"));
    expect(tiles(state).map((t) => t.key)).toEqual(["tuva/camera", "mari/camera", "mari/second", "olav/camera"]);
  });
  it("leave out those who wait", () => {
    expect(tiles(call("tuva", person("tuva"), person("olav", { presence: "waiting" }))).map((t) => t.participant)).toEqual(["tuva"]);
  });
  it("say what each picture is, and never call a still one live", () => {
    const picture = (who: Participant, health?: "live" | "stalled", own: Partial<Participant> = {}) => {
      const state = call("olav", who, person("olav", own));
      const known = health ? after(state, { type: "path", rtt: 0, loss: 0, health: { "10": health } }) : state;
      return tiles(known)[0]?.picture;
    };
    expect(picture(person("tuva"))).toBe("starting");
    expect(picture(person("tuva"), "live")).toBe("live");
    expect(picture(person("tuva"), "stalled")).toBe("stalled");
    expect(picture(person("tuva", { quality: "audio-only" }), "stalled")).toBe("held");
    expect(picture(person("tuva"), "stalled", { quality: "audio-only" })).toBe("held");
    expect(picture(person("tuva"), "stalled", { quality: "poor" })).toBe("held");
    expect(picture(person("tuva", { quality: "poor" }), "stalled")).toBe("held");
    expect(picture(person("tuva", { quality: "poor" }))).toBe("starting"); // its first is on the way
    expect(picture(person("tuva", { quality: "audio-only" }), "live")).toBe("live"); // the other's line to the server is the poor one
    expect(picture(person("tuva", { presence: "away" }), "stalled")).toBe("away");
    expect(picture(person("tuva", { presence: "away" }), "live")).toBe("live"); // only the websocket is gone
    expect(picture(person("tuva", { presence: "away", media: { microphone: true, camera: false, second: "" } }))).toBe("away");
    expect(picture(person("tuva", { media: { microphone: true, camera: false, second: "" } }), "live")).toBe("off");
  });
  it("know of oneself what the server has yet to say", () => {
    const state = after(
      call("mari", person("mari"), person("tuva")),
      { type: "running", device: "camera", id: "c", label: "" },
      { type: "wanted", device: "microphone", on: false },
      { type: "hand", raised: true },
      { type: "second", second: { state: "on", kind: "camera", failure: null, screenPossible: true } },
    );
    const own = tiles(state).filter((t) => t.self);
    expect(own.map((t) => [t.source, t.picture, t.muted, t.hand])).toEqual([
      ["camera", "live", true, true],
      ["second", "live", true, true],
    ]);
  });
  it("tell who else has a picture as the large one", () => {
    const watching = { participant: "mari", source: "second" as const };
    const state = call("olav", person("olav", { watching }), person("tuva", { watching }), filming("mari"));
    expect(tiles(state).find((t) => t.key === "mari/second")?.watchedBy.map((p) => p.id)).toEqual(["tuva"]);
    expect(tiles(state).find((t) => t.key === "mari/camera")?.watchedBy).toEqual([]);
  });
});

it("counts everyone once: here, waiting or missing", () => {
  const state = call("tuva", person("tuva"), person("mari", { presence: "away" }), person("olav", { presence: "waiting" }));
  const ids = (list: readonly { id: string }[]) => list.map((p) => p.id);
  expect(ids(presentPeople(state.call!))).toEqual(["tuva", "mari"]);
  expect(ids(waitingPeople(state.call!))).toEqual(["olav"]);
  expect(ids(missingPeople(state.call!))).toEqual(["ragna"]);
});

it("tells the server only of devices that run", () => {
  expect(mediaOf(initialState())).toEqual({ microphone: false, camera: false, second: "" });
  const on = after(initialState(), { type: "running", device: "microphone", id: "m", label: "" });
  expect(mediaOf(on).microphone).toBe(true);
  expect(mediaOf(after(on, { type: "interrupted", device: "microphone", on: true })).microphone).toBe(false);
  expect(mediaOf(after(on, { type: "wanted", device: "microphone", on: false })).microphone).toBe(false);
});
