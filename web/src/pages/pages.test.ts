import { describe, expect, test } from "vitest";
import { base, call, inCall, participant } from "../../gallery/fixtures";
import { nn } from "../i18n/nn";
import { byRole, called, host, initials } from "../ui/people";
import { keyFor } from "./call/keys";
import { secondPicture } from "./call/controls";
import { rowsFor } from "./call/stage";
import { troubleIn } from "./trouble";
import { whoKnows } from "./waiting";

describe("people", () => {
  test("are called as one speaks of them", () => {
    expect(called(nn, participant("tuva"))).toBe("Lege Ask");
    expect(called(nn, participant("mari"))).toBe("Sjukepleiar Bjørk");
    expect(called(nn, participant("ragna"))).toBe("Ragna");
    expect(initials("Tuva Ask")).toBe("TA");
    expect(initials("Cher")).toBe("C");
  });

  test("are listed by role, whoever came first", () => {
    const listed = byRole([participant("ragna"), participant("mari"), participant("olav"), participant("tuva")]);
    expect(listed.map((p) => p.id)).toEqual(["tuva", "mari", "olav", "ragna"]);
  });

  test("the host is the specialist, else whoever treats", () => {
    const expected = base("olav").invitation?.consultation?.expected ?? [];
    expect(host(expected, "olav")?.id).toBe("tuva");
    expect(host(expected, "tuva")?.id).toBe("mari");
    expect(host([], "olav")).toBeUndefined();
  });
});

describe("the waiting room's heading", () => {
  const heading = (...present: Parameters<typeof participant>[]) =>
    whoKnows(nn, call("olav", [participant("olav", { presence: "waiting" }), ...present.map((p) => participant(...p))]));

  test("says who knows", () => {
    expect(heading()).toBe("Du er i venterommet");
    expect(heading(["tuva"], ["mari"])).toBe("Sjukepleiaren er her. Legen veit at du ventar.");
    expect(heading(["mari"])).toBe("Sjukepleiaren veit at du ventar.");
    expect(heading(["tuva"])).toBe("Legen veit at du ventar.");
  });

  test("nobody whose connection is away knows", () => {
    expect(heading(["tuva", { presence: "away" }])).toBe("Du er i venterommet");
  });
});

describe("trouble with devices", () => {
  const state = base("olav", { page: "check" });
  const failed = (device: "camera" | "microphone", failure: "missing" | "denied") => ({ ...state, [device]: { ...state[device], state: "failed", failure } });

  test("a missing camera alone keeps the device check, a denied one does not", () => {
    expect(troubleIn(failed("camera", "missing"))).toBeNull();
    expect(troubleIn(failed("camera", "denied"))).toMatchObject({ camera: true, microphone: false });
  });

  test("a microphone that fails always has its page", () => {
    expect(troubleIn(failed("microphone", "missing"))).toMatchObject({ failure: "missing", microphone: true });
  });
});

describe("keys in the call", () => {
  const press = { key: "m", ctrlKey: false, metaKey: false, altKey: false, repeat: false, typing: false };

  test("are single keys, in either case", () => {
    expect(keyFor(press)).toBe("m");
    expect(keyFor({ ...press, key: "M" })).toBe("m");
    expect(keyFor({ ...press, key: "?" })).toBe("?");
  });

  test("mean nothing while typing, with a modifier, or held down", () => {
    expect(keyFor({ ...press, typing: true })).toBeNull();
    expect(keyFor({ ...press, ctrlKey: true })).toBeNull();
    expect(keyFor({ ...press, metaKey: true })).toBeNull();
    expect(keyFor({ ...press, repeat: true })).toBeNull();
    expect(keyFor({ ...press, key: "x" })).toBeNull();
  });
});

describe("the stage", () => {
  test("small tiles stand in as few rows as their width bears", () => {
    expect(rowsFor(0, "cp")).toEqual({ columns: 1, rows: 0 });
    expect(rowsFor(2, "cp")).toEqual({ columns: 2, rows: 1 });
    expect(rowsFor(4, "cp")).toEqual({ columns: 2, rows: 2 });
    expect(rowsFor(4, "cs")).toEqual({ columns: 4, rows: 1 });
    expect(rowsFor(8, "cs")).toEqual({ columns: 4, rows: 2 });
    for (const layout of ["cp", "cn", "cs"] as const) {
      for (let n = 1; n <= 10; n++) {
        const { columns, rows } = rowsFor(n, layout);
        expect(columns * rows).toBeGreaterThanOrEqual(n);
      }
    }
  });

  test("the extra picture that is shown is another's before one's own", () => {
    const sends = { media: { microphone: true, camera: true, second: "screen" as const } };
    const own = inCall("tuva", call("tuva", [participant("tuva", sends), participant("mari")])).call;
    const both = inCall("tuva", call("tuva", [participant("tuva", sends), participant("mari", { media: { microphone: true, camera: true, second: "camera" } })])).call;
    expect(own && secondPicture(own)).toMatchObject({ picture: { participant: "tuva", source: "second" }, screen: true });
    expect(both && secondPicture(both)).toMatchObject({ picture: { participant: "mari" }, screen: false });
  });
});
