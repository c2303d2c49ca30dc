// A wound for tests and the gallery.

import type { Assessment, Photo, Wound, WoundSeries } from "./types";

const day = 86_400_000; // ms
/** 23 November 2026 at 10.12 in Norway: the call. */
export const now = Date.UTC(2026, 10, 23, 9, 12);
const at = (days: number, hour: number, minute: number): number => Date.UTC(2026, 10, 23, hour - 1, minute) - days * day;

export function assessment(with_: Partial<Assessment>): Assessment {
  return {
    id: "a5", version: 1, status: "final", consultation: "c1", photo: "p5", at: at(0, 10, 10), receivedAt: at(0, 10, 10), length: 3.6, width: 2.5, depth: 0.3, area: 7.1, areaMethod: "ellipse",
    tissue: { granulation: 75, epithelium: 0, fibrin: 25, necrosis: 0 }, infection: [], moisture: "little", edge: "attached", skin: "dry", pain: 3, dressing: "Skum, kvar tredje dag", note: "",
    by: "Mari Bjørk", role: "nurse", ...with_,
  };
}

export const outline = [0.36, 0.42, 0.4, 0.33, 0.47, 0.3, 0.54, 0.31, 0.6, 0.33, 0.64, 0.4, 0.64, 0.48, 0.59, 0.55, 0.52, 0.58, 0.44, 0.56, 0.38, 0.52];

export function photo(with_: Partial<Photo>): Photo {
  return {
    id: "p5", version: 1, wound: "w1", status: "final", width: 4000, height: 3000, bytes: 3_145_728, takenAt: at(0, 10, 9), receivedAt: at(0, 10, 9), by: "Mari Bjørk", role: "nurse", askedBy: "Tuva Ask",
    consultation: "c1", pixelsPerCm: 0, scale: null, drawings: [], area: null, longest: null, widest: null, ...with_,
  };
}

const past = [
  { days: 33, length: 5.1, width: 3.4, depth: 0.6, area: 13.6, granulation: 40, pain: 6, by: "Ane Rogn" },
  { days: 26, length: 4.8, width: 3.2, depth: 0.5, area: 12.1, granulation: 45, pain: 5, by: "Ane Rogn" },
  { days: 19, length: 4.5, width: 3.0, depth: 0.5, area: 10.6, granulation: 50, pain: 5, by: "Ane Rogn" },
  { days: 12, length: 4.2, width: 2.8, depth: 0.4, area: 9.2, granulation: 60, pain: 4, by: "Ane Rogn" },
] as const;

/** The newest first. */
export const photos: readonly Photo[] = [
  photo({}),
  ...past.map((p, i) =>
    photo({
      id: `p${i + 1}`, takenAt: at(p.days, 10, 9), receivedAt: at(p.days, 10, 9), by: p.by, askedBy: "",
      ...(i === 3 ? { pixelsPerCm: 267, scale: [0.56, 0.85, 0.827, 0.84, 4], drawings: [{ id: "d1", shape: "outline" as const, colour: "white" as const, points: outline, by: p.by, role: "nurse", at: at(p.days, 10, 20), note: "" }], area: 9.2, longest: 4.2, widest: 2.8 } : {}),
    }),
  ).reverse(),
];

export const assessments: readonly Assessment[] = [
  assessment({}),
  ...past.map((p, i) =>
    assessment({
      id: `a${i + 1}`, photo: `p${i + 1}`, consultation: "", at: at(p.days, 10, 10), receivedAt: at(p.days, 10, 10), length: p.length, width: p.width, depth: p.depth, area: p.area,
      tissue: { granulation: p.granulation, epithelium: 0, fibrin: 100 - p.granulation, necrosis: 0 }, moisture: "moderate", pain: p.pain, by: p.by,
    }),
  ).reverse(),
];

export function wound(with_: Partial<Wound>): Wound {
  return {
    id: "w1", version: 1, status: "open", site: "utsida av venstre legg", side: "left", since: at(40, 0, 0), closedAt: 0, made: at(33, 10, 0), by: "Ane Rogn", role: "nurse",
    latest: assessments[0]!, before: assessments[1]!, photo: photos[0]!, photoBefore: photos[1]!, photos: photos.length, assessments: assessments.length, ...with_,
  };
}

export const series = (with_: Partial<WoundSeries> = {}): WoundSeries => ({ wound: wound({}), photos: [...photos], assessments: [...assessments], ...with_ });
