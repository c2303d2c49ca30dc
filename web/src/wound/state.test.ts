import { describe, expect, test } from "vitest";
import { chosenIn, latestOf, noWounds, withAssessment, withPhotos, withWound, type WoundState } from "./state";
import { assessment, assessments, now, photo, series, wound } from "./testing";

const read: WoundState = { ...noWounds, reading: "ready", all: { items: [wound({}), wound({ id: "w2", status: "closed" })], loose: [], mayWrite: true, maySend: true, now }, chosen: "w1", series: series() };

describe("which wound stands first", () => {
  test("is the chosen one while it is there, else the first open one", () => {
    const all = { ...read.all!, items: [wound({ id: "w3", status: "closed" }), wound({})] };
    expect(chosenIn(all, "w3")).toBe("w3");
    expect(chosenIn(all, "w9")).toBe("w1");
    expect(chosenIn({ ...all, items: [wound({ id: "w4", status: "entered-in-error" })] }, "")).toBe("");
  });
});

describe("photos that come", () => {
  test("stand in their wound's series, the newest first", () => {
    const s = withPhotos(read, [photo({ id: "p6", takenAt: now })]);
    expect(s.series?.photos.map((p) => p.id)).toEqual(["p6", "p5", "p4", "p3", "p2", "p1"]);
  });

  test("that belong to no wound are loose, until they do", () => {
    const loose = withPhotos(read, [photo({ id: "p6", wound: "" })]);
    expect(loose.all?.loose.map((p) => p.id)).toEqual(["p6"]);
    const placed = withPhotos(loose, [photo({ id: "p6", wound: "w1", version: 2 })]);
    expect(placed.all?.loose).toEqual([]);
    expect(placed.series?.photos[0]?.id).toBe("p6");
  });

  test("never undo what is newer", () => {
    const corrected = withPhotos(read, [photo({ version: 3, status: "entered-in-error" })]);
    expect(withPhotos(corrected, [photo({ version: 2 })]).series?.photos[0]?.status).toBe("entered-in-error");
  });

  test("of another wound leave this one's series alone", () => {
    expect(withPhotos(read, [photo({ id: "p6", wound: "w2" })]).series?.photos).toHaveLength(5);
  });
});

describe("assessments", () => {
  test("that are wrong are shown and not reckoned with", () => {
    const s = withAssessment(read, "w1", assessment({ version: 2, status: "entered-in-error" }));
    expect(s.series?.assessments).toHaveLength(5);
    expect(latestOf(s.series, null).now?.id).toBe("a4");
  });

  test("of another wound leave this one's series alone", () => {
    expect(withAssessment(read, "w2", assessment({ id: "a9" }))).toBe(read);
    expect(latestOf(read.series, null)).toEqual({ now: assessments[0], before: assessments[1] });
  });
});

test("a wound that is changed keeps its place, and a new one stands first", () => {
  expect(withWound(read, wound({ id: "w2", site: "høgre hæl" })).all?.items.map((w) => w.site)).toEqual(["utsida av venstre legg", "høgre hæl"]);
  expect(withWound(read, wound({ id: "w7" })).all?.items[0]?.id).toBe("w7");
});
