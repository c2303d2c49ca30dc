// What the page knows of a patient's plan, as one immutable value. The views draw from it alone.

import type { MeasuredKind, PatientPlans } from "../gen/api";
import type { FieldName } from "./fields";
import type { Writings } from "./writing";

export interface PlanState {
  readonly reading: "loading" | "ready" | "failed" | "refused";
  readonly error: unknown; // of a reading that was refused, for the page to say why
  readonly plans: PatientPlans | null;
  readonly kinds: readonly MeasuredKind[]; // empty until they are read
  readonly writings: Writings;
  /** The way to the service is broken, as far as the last try knows. */
  readonly offline: boolean;
  readonly approving: "" | "busy" | "changed" | "no-network" | "refused" | "server";
  /** Fields in which one's text came late, until one has seen to it. */
  readonly late: readonly FieldName[];
}

export const noPlan: PlanState = { reading: "loading", error: null, plans: null, kinds: [], writings: {}, offline: false, approving: "", late: [] };

/** What keeping limits came to. */
export type LimitsKept = "kept" | "changed" | "no-network" | "refused" | "server";
