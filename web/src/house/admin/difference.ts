// What two people changed in the same thing at the same time: one's own draft beside what
// another has stored meanwhile. Pure, so that nothing typed can be lost unnoticed.

/** One field in which the two differ. */
export interface Difference<T, K extends keyof T = keyof T> {
  readonly field: K;
  readonly mine: T[K];
  readonly theirs: T[K];
  /** Both changed it: someone must choose. Otherwise only the other did, and theirs is taken. */
  readonly clash: boolean;
}

export type Choice = "mine" | "theirs";

/** Whether two values out of JSON are the same. Lists count their order, objects don't. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => same(x, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((k) => same(a[k], b[k]));
}

const isObject = (x: unknown): x is Record<string, unknown> => typeof x === "object" && x !== null && !Array.isArray(x);

/**
 * The fields in which the other changed something.
 * @param base what both began with
 */
export function differences<T extends object>(fields: readonly (keyof T)[], base: T, mine: T, theirs: T): Difference<T>[] {
  return fields
    .filter((field) => !same(base[field], theirs[field]) && !same(mine[field], theirs[field]))
    .map((field) => ({ field, mine: mine[field], theirs: theirs[field], clash: !same(base[field], mine[field]) }));
}

/** What is stored by the other, with one's own changes on it; where both changed, as chosen (mine where not). */
export function merged<T extends object>(fields: readonly (keyof T)[], base: T, mine: T, theirs: T, choices: ReadonlyMap<keyof T, Choice>): T {
  const out = { ...theirs };
  for (const field of fields) {
    const changed = !same(base[field], mine[field]);
    if (changed && choices.get(field) !== "theirs") out[field] = mine[field];
  }
  return out;
}

/** Whether something has been typed that is not stored. */
export const changed = <T extends object>(fields: readonly (keyof T)[], base: T, mine: T): boolean =>
  fields.some((field) => !same(base[field], mine[field]));
