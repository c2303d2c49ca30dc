// The parts of a plan, as the service names them, and who is of which party. Pure.

import type { PatientPlan, PatientPlans, PlanApproval, PlanBeside, PlanField } from "../gen/api";

export type FieldName = PlanField["field"];

/** In the order in which they are read. */
export const fieldNames: readonly FieldName[] = ["matters", "green", "yellow", "red"];

export const zones = ["green", "yellow", "red"] as const;
export type Zone = (typeof zones)[number];

const unwritten = (field: FieldName): PlanField => ({ field, text: "", revision: 0, by: "", byRole: "", at: 0, beside: [] });

export function fieldOf(plan: PatientPlan | null, name: FieldName): PlanField {
  return plan?.fields.find((f) => f.field === name) ?? unwritten(name);
}

/** The version that is read and written on: the draft, or else what all have approved; null: nobody has written yet. */
export const latestOf = (plans: PatientPlans | null): PatientPlan | null => plans?.draft ?? plans?.active ?? null;

export const isEmpty = (plan: PatientPlan | null): boolean => plan === null || (plan.fields.every((f) => f.text.trim() === "" && shown(f.beside).length === 0) && plan.limits.length === 0);

/** Texts that wait beside a field. An empty one is a deletion that came late, and nothing to take in. */
export const shown = (beside: readonly PlanBeside[]): readonly PlanBeside[] => beside.filter((b) => b.text.trim() !== "");

/** All versions, the latest first. */
export function versionsOf(plans: PatientPlans): readonly PatientPlan[] {
  return [plans.draft, plans.active, ...plans.earlier].filter((p): p is PatientPlan => p !== null);
}

/** Whether the reader's party has yet to approve the draft as it stands. */
export function waitsForReader(plans: PatientPlans): boolean {
  const { draft } = plans;
  return draft !== null && plans.mayApprove && !isTextless(draft) && draft.parties.some((p) => p.mine && p.by === "");
}

/** Without a text there is nothing to agree with. */
const isTextless = (plan: PatientPlan): boolean => plan.fields.every((f) => f.text === "");

/** The parties with the reader's own last, as the others are what one looks for first. */
export const partiesOf = (plan: PatientPlan): readonly PlanApproval[] => [...plan.parties].sort((a, b) => Number(a.mine) - Number(b.mine));

/** Takes in what a change answered, or leaves what is known where that is newer. */
export function withPlan(plans: PatientPlans, plan: PatientPlan): PatientPlans {
  if (plan.state === "draft") return older(plan, plans.draft) || older(plan, plans.active) ? plans : { ...plans, draft: plan };
  if (plan.state !== "active" || older(plan, plans.active)) return plans;
  const before = plans.active && plans.active.version < plan.version ? [{ ...plans.active, state: "revoked" as const }] : [];
  return { ...plans, active: plan, draft: plans.draft && plans.draft.version > plan.version ? plans.draft : null, earlier: [...before, ...plans.earlier] };
}

/** Takes in what was read anew; a draft of it that was read before a change of one's own was answered is not. */
export function withRead(known: PatientPlans | null, read: PatientPlans): PatientPlans {
  const before = latestOf(known);
  const now = latestOf(read);
  return known && before && now && older(now, before) ? known : read;
}

/** An approval makes a draft active under the same version, with a revision more. */
const older = (a: PatientPlan, b: PatientPlan | null): boolean => b !== null && (a.version < b.version || (a.version === b.version && a.revision < b.revision));

/** "Mari" of "Mari Bjørk": in a room where all know each other. */
export const firstName = (name: string): string => name.split(" ")[0] ?? name;
