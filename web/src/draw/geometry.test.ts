import { describe, expect, it } from "vitest";
import { arrowHead, distance, onPicture, pathOf, pictureBox, pieces, thinned } from "./geometry";

const hd = { width: 1920, height: 1080 };

describe("a place on a picture", () => {
  it.each([
    ["whole, with bars beside it", { width: 400, height: 100 }, hd, "contain", { x: 111.11, y: 0, width: 177.78, height: 100 }],
    ["whole, with bars over and under it", { width: 160, height: 190 }, hd, "contain", { x: 0, y: 50, width: 160, height: 90 }],
    ["cut at its sides", { width: 90, height: 90 }, hd, "cover", { x: -35, y: 0, width: 160, height: 90 }],
    ["upright, as a telephone is held", { width: 160, height: 90 }, { width: 1080, height: 1920 }, "contain", { x: 54.69, y: 0, width: 50.63, height: 90 }],
  ] as const)("is found where it is %s", (_, frame, picture, fit, want) => {
    const box = pictureBox(frame, picture, fit);
    for (const k of ["x", "y", "width", "height"] as const) expect(box?.[k]).toBeCloseTo(want[k], 1);
  });

  it("is the same on two pages whose frames differ", () => {
    const wide = pictureBox({ width: 1000, height: 300 }, hd, "contain")!;
    const square = pictureBox({ width: 500, height: 500 }, hd, "cover")!;
    const place = [0.4, 0.6] as const;
    for (const box of [wide, square]) expect(onPicture(box, box.x + place[0] * box.width, box.y + place[1] * box.height)).toEqual(place);
  });

  it("is on the other side of a mirrored picture, and never beside it", () => {
    const box = pictureBox({ width: 160, height: 90 }, hd, "contain")!;
    expect(onPicture(box, 40, 45, true)).toEqual([0.75, 0.5]);
    expect(onPicture(box, -40, 450)).toEqual([0, 1]);
  });

  it("is nowhere before there is a picture", () => {
    expect(pictureBox({ width: 160, height: 90 }, { width: 0, height: 0 }, "cover")).toBeNull();
  });
});

describe("a stroke", () => {
  it("goes in pieces that one message may carry", () => {
    const points = Array.from({ length: 402 }, (_, i) => i / 402);
    expect(pieces(points).map((p) => p.length)).toEqual([200, 200, 2]);
    expect(pieces(points).flat()).toEqual(points);
  });

  it("is thinned to what is saved, with its ends", () => {
    const points = Array.from({ length: 6_000 }, (_, i) => i / 6_000);
    const kept = thinned(points);
    expect(kept).toHaveLength(2_000);
    expect([...kept.slice(0, 2), ...kept.slice(-2)]).toEqual([...points.slice(0, 2), ...points.slice(-2)]);
    expect(thinned([0, 1])).toEqual([0, 1]);
  });

  it("has an arrow's head that looks back along it", () => {
    const [a, b] = arrowHead([0.1, 0.5, 0.5, 0.5], { width: 100, height: 100 });
    expect(a?.[0]).toBeLessThan(50);
    expect(b?.[0]).toBeLessThan(50);
    expect((a?.[1] ?? 0) + (b?.[1] ?? 0)).toBeCloseTo(100);
    expect(arrowHead([0.5, 0.5], hd)).toEqual([]);
    expect(arrowHead([0.5, 0.5, 0.5, 0.5], hd)).toEqual([]);
  });

  it("is a path in the picture's pixels; a point is a dot, and an outline is closed", () => {
    const size = { width: 100, height: 50 };
    expect(pathOf("line", [0, 0, 0.5, 1], size)).toBe("M0 0L50 50");
    expect(pathOf("line", [0.5, 0.5], size)).toBe("M50 25L50 25");
    expect(pathOf("outline", [0, 0, 1, 0, 1, 1], size)).toBe("M0 0L100 0L100 50Z");
    expect(pathOf("arrow", [0.1, 0.5, 0.9, 0.5], size)).toMatch(/^M10 25L90 25M.*L90 25L/);
    expect(pathOf("line", [], size)).toBe("");
  });

  it("is hit where the eraser comes near it, between its points too", () => {
    const size = { width: 200, height: 100 };
    expect(distance([0, 0.5, 1, 0.5], 0.5, 0.6, size)).toBeCloseTo(0.05);
    expect(distance([0.5, 0.5], 0.5, 0.5, size)).toBe(0);
  });
});
