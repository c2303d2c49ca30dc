// Wounds of the gallery: photos that are drawn, of a patch that shrinks, and a service that answers with
// them. No photo of a person is in the repository.

import type { PatientWounds, WoundSeries } from "../src/gen/api";
import { ApiError } from "../src/house/client";
import type { AppState } from "../src/state/state";
import { assessment, assessments, now, photo, photos, series, wound } from "../src/wound/testing";
import type { Who } from "./fixtures";

// How large the patch is, by the photo.
const grows: Readonly<Record<string, number>> = { p1: 1.35, p2: 1.27, p3: 1.18, p4: 1.1, p5: 0.95, p6: 0.95, p7: 1.4 };

/** A photo as a service would give it: a skin-toned picture with a dark patch and a ruler. */
export async function woundPicture(path: string): Promise<Blob> {
  const id = /\/photos\/([^/]+)\//.exec(path)?.[1] ?? "";
  if (id === "gone") throw new ApiError("no-network", null);
  const s = grows[id] ?? 1;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200" viewBox="0 0 640 480">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#dccfc4"/><stop offset=".55" stop-color="#c6b5a8"/><stop offset="1" stop-color="#9c8b80"/></linearGradient><filter id="b" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="9"/></filter><filter id="c" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="3"/></filter></defs>
<rect width="640" height="480" fill="#8e979b"/><path d="M-20 50c240-40 400-30 700-20v420c-260 20-460 30-700 10z" fill="url(#g)" filter="url(#c)"/>
<g transform="translate(322 208) scale(${s})"><path d="M-118 6c-10-44 26-70 66-66 26 2 40-20 78-14 50 8 92 36 88 80-4 38-34 44-60 62-34 22-64 6-96 10-44 4-68-34-76-72z" fill="#b59c93" opacity=".75" filter="url(#b)"/><path d="M-84 4c-6-30 20-48 48-44 22 2 34-16 60-10 36 8 62 24 58 52-4 26-26 30-44 42-24 14-46 4-68 6-30 2-48-22-54-46z" fill="#a08484" filter="url(#c)"/><path d="M-62 8c-2-18 16-30 36-26 18 2 26-12 46-6 26 8 40 18 36 34-4 18-22 18-34 28-16 10-32 2-48 2-20 0-34-14-36-32z" fill="#8d7074" opacity=".9" filter="url(#c)"/></g>
<g transform="translate(338 396) rotate(-2)"><rect width="196" height="30" rx="3" fill="#f6f7f7"/><path d="M8 0v15M24 0v9M40 0v9M56 0v9M72 0v9M88 0v15M104 0v9M120 0v9M136 0v9M152 0v9M168 0v15M184 0v9" stroke="#333f47" stroke-width="1.6"/><text x="150" y="25" font-size="11" font-family="Inter, Arial, sans-serif" fill="#333f47">1 cm</text></g></svg>`;
  return new Blob([svg], { type: "image/svg+xml" });
}

export interface WoundsServed {
  readonly all: PatientWounds | "never" | "no-network" | "refused";
  readonly series?: WoundSeries;
  readonly posts?: "no-network" | "changed";
}

export const allOf = (with_: Partial<PatientWounds> = {}): PatientWounds => ({ items: [wound({})], loose: [], mayWrite: true, maySend: true, now, ...with_ });

/** A photo with an outline and a scale, and one with an arrow. */
const drawn = photos.map((p) =>
  p.id === "p5"
    ? photo({ pixelsPerCm: 260, scale: [0.54, 0.85, 0.8, 0.84, 4], area: 7.1, longest: 3.6, widest: 2.5, drawings: [
        { id: "d5", shape: "outline", colour: "white", points: [0.38, 0.42, 0.43, 0.34, 0.5, 0.33, 0.57, 0.35, 0.62, 0.42, 0.61, 0.49, 0.56, 0.54, 0.5, 0.55, 0.43, 0.53, 0.39, 0.49], by: "Mari Bjørk", role: "nurse", at: now - 60_000, note: "" },
        { id: "d6", shape: "arrow", colour: "blue", points: [0.74, 0.22, 0.77, 0.3, 0.76, 0.4, 0.7, 0.47], by: "Tuva Ask", role: "specialist", at: now - 30_000, note: "Sjå på kanten her" },
      ] })
    : p,
);
const wrong = [photo({ id: "p7", version: 2, status: "entered-in-error", takenAt: now - 4_000_000, corrected: { by: "Mari Bjørk", role: "nurse", at: now - 3_600_000, reason: "uskarpt" } }), ...photos];

export const whole: WoundSeries = series({ photos: [...drawn] });
export const withWrong: WoundSeries = series({ photos: wrong, assessments: [assessment({ id: "a9", version: 2, status: "entered-in-error", at: now - 3_000_000, length: 36, area: null, areaMethod: "", corrected: { by: "Mari Bjørk", role: "nurse", at: now - 2_900_000, reason: "feil komma" } }), ...assessments] });
export const before: WoundSeries = series({ photos: photos.slice(1), assessments: assessments.slice(1), wound: wound({ photo: photos[1]!, photoBefore: photos[2]!, photos: 4 }) });
export const several = allOf({ items: [wound({}), wound({ id: "w2", site: "hælen", side: "right", since: 0 }), wound({ id: "w3", site: "ryggen nedst", side: "none", status: "closed", closedAt: now - 40 * 86_400_000 })], loose: [photo({ id: "p6", wound: "", by: "Olav Eik", role: "patient", askedBy: "" })] });
export const none = allOf({ items: [] });
export const firstSeen = wound({ before: null, photoBefore: null, photos: 1, assessments: 1 });
export const first: WoundSeries = series({ wound: firstSeen, photos: photos.slice(0, 1), assessments: assessments.slice(0, 1) });
export const larger = wound({ latest: assessment({ length: 4.8, width: 3.2, area: 12.1, infection: ["redness", "odour"] }), before: assessments[1]! });

/** The service as far as wounds go. */
export function answerWounds(served: WoundsServed, name: string, _asked: unknown): Promise<unknown> {
  const { all } = served;
  switch (name) {
    case "GET /patients/{id}/wounds":
      if (all === "never") return new Promise(() => undefined);
      return all === "no-network" || all === "refused" ? Promise.reject(new ApiError(all, null)) : Promise.resolve(all);
    case "GET /patients/{id}/wounds/{wound}":
      return Promise.resolve(served.series ?? whole);
    case "POST /patients/{id}/wounds/{wound}/assessments":
      return served.posts ? Promise.reject(new ApiError(served.posts, null)) : Promise.resolve(assessment({ id: "a6", at: now }));
    case "PUT /patients/{id}/photos/{photo}":
      return Promise.resolve({ ...whole.photos[0]!, version: 2 });
    case "POST /patients/{id}/photos/{photo}/drawings":
      return Promise.resolve({ ...whole.photos[0]!, version: 3 });
    default:
      return Promise.reject(new ApiError("no-network", null));
  }
}

interface Fixture {
  readonly who: Who;
  readonly served: WoundsServed;
  readonly press?: readonly string[];
  readonly with?: Partial<AppState>;
}

const kept = { all: allOf() };
const numbers = ["pad-3", "pad-comma", "pad-6", "pad-2", "pad-comma", "pad-5", "pad-0", "pad-comma", "pad-3"];
const nurse = { all: allOf({ items: [before.wound] }), series: before };
const rear: Partial<AppState> = { second: { state: "on", kind: "camera", failure: null, screenPossible: false } };

/** The tab "Sår" in the call; each is opened by its tab. */
export const woundFixtures: Readonly<Record<string, Fixture>> = {
  "call-wound-specialist": { who: "tuva", served: kept },
  "call-wound-specialist-over": { who: "tuva", served: kept, press: ["pair-over"] },
  "call-wound-specialist-edges": { who: "tuva", served: { all: allOf(), series: series() }, press: ["pair-over"] },
  "call-wound-specialist-table": { who: "tuva", served: { all: allOf(), series: withWrong }, press: ["wound-view-table"] },
  "call-wound-specialist-photo": { who: "tuva", served: kept, press: ["open-p5"] },
  "call-wound-specialist-wrong-photo": { who: "tuva", served: { all: allOf(), series: withWrong }, press: ["strip-p7"] },
  "call-wound-specialist-mark-wrong": { who: "tuva", served: kept, press: ["open-p5", "photo-wrong"] },
  "call-wound-specialist-measure": { who: "tuva", served: kept, press: ["open-p5", "measure-photo"] },
  "call-wound-specialist-scale": { who: "tuva", served: { all: allOf(), series: series() }, press: ["open-p5", "measure-photo"] },
  "call-wound-specialist-lines": { who: "tuva", served: kept, press: ["open-p5", "measure-photo", "step-lines"] },
  "call-wound-specialist-several": { who: "tuva", served: { all: several } },
  "call-wound-specialist-first": { who: "tuva", served: { all: allOf({ items: [firstSeen] }), series: first } },
  "call-wound-specialist-none": { who: "tuva", served: { all: none } },
  "call-wound-specialist-loading": { who: "tuva", served: { all: "never" } },
  "call-wound-specialist-failed": { who: "tuva", served: { all: "no-network" } },
  "call-wound-specialist-refused": { who: "tuva", served: { all: "refused" } },
  "call-wound-specialist-nb": { who: "tuva", served: kept, with: { language: "nb" } },
  "call-wound-specialist-en": { who: "tuva", served: kept, with: { language: "en" } },
  "call-wound-nurse": { who: "mari", served: nurse, with: rear },
  "call-wound-nurse-taken": { who: "mari", served: { all: allOf({ items: [wound({ latest: assessments[1]!, before: assessments[2]! })] }), series: series({ assessments: assessments.slice(1) }) }, with: rear },
  "call-wound-nurse-assess": { who: "mari", served: nurse, press: ["assess", ...numbers], with: rear },
  "call-wound-nurse-as-last": { who: "mari", served: nurse, press: ["assess", "rest-as-last"], with: rear },
  "call-wound-nurse-fault": { who: "mari", served: nurse, press: ["assess", "pad-9", "pad-9", "pad-9", "assessment-save"], with: rear },
  "call-wound-nurse-saved": { who: "mari", served: nurse, press: ["assess", ...numbers, "sign-none", "assessment-save"], with: rear },
  "call-wound-nurse-waits": { who: "mari", served: { ...nurse, posts: "no-network" }, press: ["assess", ...numbers, "sign-none", "assessment-save"], with: rear },
  "call-wound-nurse-none": { who: "mari", served: { all: none }, with: rear },
  "call-wound-nurse-register": { who: "mari", served: { all: none }, press: ["register-wound", "site-save"], with: rear },
};

