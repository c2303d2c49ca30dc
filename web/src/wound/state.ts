// What the page knows of a patient's wounds, as one immutable value, and how what comes changes it. Pure.

import type { AllBegun } from "./shelf";
import { counts, type Assessment, type PatientWounds, type Photo, type Wound, type WoundSeries } from "./types";

/** Why something could not be kept; "": it could, or nothing was tried. */
export type Problem = "" | "no-network" | "changed" | "refused" | "unreadable" | "too-large" | "server";

export interface WoundState {
  readonly reading: "loading" | "ready" | "failed" | "refused";
  readonly error: unknown; // of a reading that was refused, for the page to say why
  readonly offline: boolean;
  readonly all: PatientWounds | null;
  readonly chosen: string; // wound; empty: none there
  readonly series: WoundSeries | null; // of the chosen one; null: not read yet
  readonly begun: AllBegun; // assessments that are not kept yet, by wound
  readonly saving: "" | "busy" | "waits" | "kept" | Exclude<Problem, "" | "no-network">; // the assessment
}

export const noWounds: WoundState = { reading: "loading", error: null, offline: false, all: null, chosen: "", series: null, begun: {}, saving: "" };

/** The wound that stands first: the one that was chosen while it is there, else the first open one. */
export function chosenIn(all: PatientWounds, chosen: string): string {
  if (all.items.some((w) => w.id === chosen)) return chosen;
  return (all.items.find((w) => w.status === "open") ?? all.items.find(counts))?.id ?? "";
}

export const woundIn = (state: WoundState): Wound | null => state.all?.items.find((w) => w.id === state.chosen) ?? null;

const newest = (a: Photo, b: Photo): number => b.takenAt - a.takenAt || (a.id < b.id ? 1 : -1);

/** A photo in a list: the newer version of it wins, and one that belongs elsewhere now is out. */
function intoList(list: readonly Photo[], photo: Photo, belongs: boolean): Photo[] {
  const known = list.find((p) => p.id === photo.id);
  if (known && known.version > photo.version) return [...list];
  const others = list.filter((p) => p.id !== photo.id);
  return belongs ? [...others, photo].sort(newest) : others;
}

/** The state with photos that are new or were changed: what is shown of them is right at once, and the sums are read anew. */
export function withPhotos(state: WoundState, photos: readonly Photo[]): WoundState {
  let { all, series } = state;
  for (const photo of photos) {
    if (all) {
      all = {
        ...all,
        loose: intoList(all.loose, photo, photo.wound === ""),
        items: all.items.map((w) => (w.photo?.id === photo.id && w.photo.version <= photo.version && counts(photo) && photo.wound === w.id ? { ...w, photo } : w)),
      };
    }
    if (series) series = { ...series, photos: intoList(series.photos, photo, photo.wound === series.wound.id) };
  }
  return { ...state, all, series };
}

/** The state with an assessment that the service has. */
export function withAssessment(state: WoundState, wound: string, a: Assessment): WoundState {
  const { series } = state;
  if (!series || series.wound.id !== wound) return state;
  const known = series.assessments.find((b) => b.id === a.id);
  if (known && known.version > a.version) return state;
  const assessments = [...series.assessments.filter((b) => b.id !== a.id), a].sort((x, y) => y.at - x.at);
  return { ...state, series: { ...series, assessments } };
}

/** The state with a wound that is new or was changed. */
export function withWound(state: WoundState, wound: Wound): WoundState {
  const { all, series } = state;
  if (!all) return state;
  const known = all.items.some((w) => w.id === wound.id);
  return {
    ...state,
    all: { ...all, items: known ? all.items.map((w) => (w.id === wound.id ? wound : w)) : [wound, ...all.items] },
    series: series?.wound.id === wound.id ? { ...series, wound } : series,
  };
}

/** The latest assessments that count: now and before. */
export function latestOf(series: WoundSeries | null, wound: Wound | null): { readonly now: Assessment | null; readonly before: Assessment | null } {
  if (!series) return { now: wound?.latest ?? null, before: wound?.before ?? null };
  const all = series.assessments.filter(counts);
  return { now: all[0] ?? null, before: all[1] ?? null };
}
