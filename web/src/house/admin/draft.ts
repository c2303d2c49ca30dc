// Something being edited: what is stored, what has been typed on it, what is wrong with that,
// and what another has stored meanwhile. No page, so that what must never be lost is tested.

import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { ApiError } from "../client";
import { changed, differences, merged, type Choice, type Difference } from "./difference";
import type { OwnWords } from "./i18n/words";

/** Which rule a field breaks; the page has the words. */
export type Rule = keyof OwnWords["rule"];

/** Rules by field, as the API names fields: "contacts[0].phone". */
export type Errors = ReadonlyMap<string, Rule>;

export interface DraftSpec<T extends object> {
  /** The fields that can be typed in; the rest is the service's. */
  readonly fields: readonly (keyof T)[];
  /** What is stored, or for something new, what the form begins with. */
  readonly start: T;
  /** What can be said to be wrong before anything is sent. */
  check(value: T): Errors;
  /** Stores it; the answer is how it is stored. */
  send(value: T): Promise<T>;
  /** What is stored now, after another has changed it. */
  fetch(): Promise<T>;
  /** The field that no two may have alike, for a service that says no more than that it is taken. */
  readonly unique?: keyof T & string;
  /** The field that the service means, where the form's lists have places that are not sent. */
  locate?(field: string, value: T): string;
}

export interface Draft<T extends object> {
  readonly value: ReadonlySignal<T>;
  readonly dirty: ReadonlySignal<boolean>;
  readonly errors: ReadonlySignal<Errors>;
  readonly saving: ReadonlySignal<boolean>;
  /** It has been saved, and nothing typed since. */
  readonly saved: ReadonlySignal<boolean>;
  /** Why it could not be saved, where no field is to blame. */
  readonly problem: ReadonlySignal<ApiError | null>;
  /** What another has changed meanwhile; null: nobody has, or it is settled. */
  readonly conflict: ReadonlySignal<readonly Difference<T>[] | null>;
  readonly choices: ReadonlySignal<ReadonlyMap<keyof T, Choice>>;
  set(change: Partial<T>): void;
  choose(field: keyof T, choice: Choice): void;
  /** Stores what is typed, after a conflict as it was chosen; what is stored, or null: something is in the way. */
  save(): Promise<T | null>;
}

/** The rule that a field breaks, when the service says no more than which field. */
const ruleOf: Readonly<Record<string, Rule>> = {
  name: "required", title: "required", reference: "required", email: "email", phone: "phone", hpr: "hpr", number: "number",
  nationalId: "nationalId", from: "date", until: "untilBeforeFrom", date: "date", role: "role", b: "two", retentionDays: "days",
  keys: "keys", reason: "reason", caredForBy: "one", scopes: "one", may: "one",
};

/** The service's own rules that a field's name doesn't tell apart (internal/identity). */
export const ruleBySentence: Readonly<Record<string, Rule>> = {
  "must not be in the time of another agreement of the two": "overlap",
  "is given by the other party's administrator, or by the host's": "byOther",
  "is changed by the host's administrator alone": "byHostAlone",
  "is changed by the host's administrator, since they work in another organisation too": "byHost",
};

/** The last name in a field's path: "phone" of "contacts[0].phone". */
const leaf = (field: string): string => field.replace(/\[\d+\]$/, "").split(".").at(-1) ?? "";

export function createDraft<T extends object>(spec: DraftSpec<T>): Draft<T> {
  const stored = signal(spec.start);
  const value = signal(spec.start);
  const errors = signal<Errors>(new Map());
  const saving = signal(false);
  const savedOnce = signal(false);
  const problem = signal<ApiError | null>(null);
  const theirs = signal<T | null>(null);
  const choices = signal<ReadonlyMap<keyof T, Choice>>(new Map());

  const dirty = computed(() => changed(spec.fields, stored.value, value.value));
  const conflict = computed(() => (theirs.value ? differences(spec.fields, stored.value, value.value, theirs.value) : null));

  /** What stands in the way, told at its field where it has one. */
  async function refused(err: ApiError): Promise<void> {
    if (err.code === "changed") {
      choices.value = new Map();
      theirs.value = await spec.fetch();
      return;
    }
    const field = err.problem?.field || (err.code === "exists" ? (spec.unique ?? "") : "");
    if (field !== "" && (err.code === "invalid" || err.code === "exists")) {
      const place = spec.locate?.(field, value.value) ?? field;
      errors.value = new Map([[place, err.code === "exists" ? "taken" : (ruleBySentence[err.problem?.rule ?? ""] ?? ruleOf[leaf(field)] ?? "other")]]);
      return;
    }
    problem.value = err;
  }

  return {
    value,
    dirty,
    errors,
    saving,
    saved: computed(() => savedOnce.value && !dirty.value),
    problem,
    conflict,
    choices,
    set(change) {
      value.value = { ...value.value, ...change };
      // What is being put right isn't called wrong any more.
      const left = [...errors.value].filter(([field]) => !(field.split(/[.[]/)[0]! in change));
      if (left.length < errors.value.size) errors.value = new Map(left);
    },
    choose(field, choice) {
      choices.value = new Map(choices.value).set(field, choice);
    },
    async save() {
      if (saving.value) return null;
      problem.value = null;
      savedOnce.value = false;
      if (theirs.value) {
        const settled = merged(spec.fields, stored.value, value.value, theirs.value, choices.value);
        stored.value = theirs.value;
        value.value = settled;
        theirs.value = null;
      }
      errors.value = spec.check(value.value);
      if (errors.value.size > 0) return null;
      saving.value = true;
      const sent = value.value;
      try {
        const answer = await spec.send(sent);
        stored.value = answer;
        // What was typed while it was sent stays, on top of what is stored now.
        value.value = value.value === sent ? answer : merged(spec.fields, sent, value.value, answer, new Map());
        savedOnce.value = true;
        return answer;
      } catch (err) {
        if (!(err instanceof ApiError)) throw err;
        await refused(err).catch((again: unknown) => {
          if (!(again instanceof ApiError)) throw again;
          problem.value = again;
        });
        return null;
      } finally {
        saving.value = false;
      }
    },
  };
}
