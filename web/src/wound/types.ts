// The wounds' types by the names that this folder has for them.

import type { Assessment, AssessmentContent, Wound } from "../gen/api";

export type { Assessment, AssessmentContent, NewWound, PatientWounds, Photo, Tissue, Wound, WoundSeries } from "../gen/api";

export type Side = Wound["side"];
export type Sign = Assessment["infection"][number];
export type Moisture = Assessment["moisture"];
export type Edge = Assessment["edge"];
export type Skin = Assessment["skin"];
export type Part = keyof NonNullable<AssessmentContent["tissue"]>;

export const signs: readonly Sign[] = ["redness", "warmth", "swelling", "pain", "odour", "pus", "fever"];
export const moistures: readonly Exclude<Moisture, "">[] = ["none", "little", "moderate", "much"];
export const edges: readonly Exclude<Edge, "">[] = ["attached", "undermined", "rolled", "macerated"];
export const skins: readonly Exclude<Skin, "">[] = ["healthy", "dry", "macerated", "red", "eczema"];
export const parts: readonly Part[] = ["granulation", "epithelium", "fibrin", "necrosis"];
export const sides: readonly Side[] = ["left", "right", "both", "none"];

/** What counts: a wrong one stays in its place, marked, and is reckoned with nowhere. */
export const counts = (of: { readonly status: string }): boolean => of.status !== "entered-in-error";
