// The form around a draft: its fields, what another changed meanwhile beside one's own, and
// the button that saves. Fields, labels and help are the house's (form.tsx).

import { effect, type ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import { FormProblem, type FieldOf } from "../form";
import { useHouse } from "../house";
import { Live, Notice } from "../parts";
import { createDraft, type Draft, type DraftSpec, type Errors } from "./draft";
import type { Difference } from "./difference";
import { useAdminWords } from "./i18n/words";

/** A draft that lives as long as the part of the page does, and holds moves up while something is unsaved. */
export function useDraft<T extends object>(spec: () => DraftSpec<T>): Draft<T> {
  const [draft] = useState(() => createDraft(spec()));
  useGuard(draft.dirty);
  return draft;
}

/**
 * Holds moves up as long as dirty is true. By a signal and not by drawing: who goes on when
 * it is saved goes at once.
 */
export function useGuard(dirty: ReadonlySignal<boolean>): void {
  const { router } = useHouse();
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    let release: (() => void) | null = null;
    const pass = (): void => {
      release?.();
      release = null;
      window.removeEventListener("beforeunload", ask);
    };
    const end = effect(() => {
      if (!dirty.value) return pass();
      release ??= router.guard();
      window.addEventListener("beforeunload", ask);
    });
    return () => {
      end();
      pass();
    };
  }, [dirty, router]);
}

/** What the fields of a draft are given. */
export interface Fields<T extends object> {
  readonly value: T;
  readonly set: (change: Partial<T>) => void;
  /** What is wrong at a field, in words; "": nothing. */
  error(field: string): string;
  /** A field of text, by its name. */
  text(name: { [K in keyof T]: T[K] extends string ? K : never }[keyof T] & string): FieldOf<string>;
  check(name: { [K in keyof T]: T[K] extends boolean ? K : never }[keyof T] & string): FieldOf<boolean>;
  /** A field within a list or a part, by its path in the API: "contacts[0].phone". */
  at<V>(path: string, value: V, onValue: (value: V) => void): FieldOf<V>;
}

export function useFields<T extends object>(draft: Draft<T>): Fields<T> {
  const w = useAdminWords();
  const value = draft.value.value;
  const error = (field: string): string => {
    const rule = draft.errors.value.get(field);
    return rule ? w.rule[rule] : "";
  };
  const at = <V,>(path: string, v: V, onValue: (value: V) => void): FieldOf<V> => ({ name: path, value: v, error: error(path), onValue });
  return {
    value,
    set: draft.set,
    error,
    text: (name) => at(name, value[name] as string, (v) => draft.set({ [name]: v } as unknown as Partial<T>)),
    check: (name) => at(name, value[name] as boolean, (v) => draft.set({ [name]: v } as unknown as Partial<T>)),
    at,
  };
}

/** A list with one item changed. */
export const replaced = <V,>(list: readonly V[], i: number, change: Partial<V>): V[] => list.map((item, n) => (n === i ? { ...item, ...change } : item));

/** A list with something in it or not. */
export const toggled = <V,>(list: readonly V[], item: V, on: boolean): V[] => (on ? [...list.filter((x) => x !== item), item] : list.filter((x) => x !== item));

/** A part of a form under a heading of its own. */
export function Part(props: { readonly title: string; readonly text?: string; readonly id?: string; readonly at?: string | null; readonly error?: string; readonly children: ComponentChildren }) {
  const ref = useRef<HTMLHeadingElement>(null);
  const sought = props.id !== undefined && props.at === props.id;
  useEffect(() => {
    if (!sought) return;
    ref.current?.scrollIntoView({ block: "start" });
    ref.current?.focus({ preventScroll: true });
  }, [sought]);
  return (
    <section class="sk-part">
      <h2 class="ds-heading" data-size="sm" ref={ref} tabIndex={-1}>
        {props.title}
      </h2>
      {props.text && <p class="sk-subtle sk-small sk-part__text">{props.text}</p>}
      {props.error && (
        <p class="sk-problem" tabIndex={-1} data-invalid>
          <Icon name="info" size="sm" />
          <span>{props.error}</span>
        </p>
      )}
      {props.children}
    </section>
  );
}

/** Fields that belong together under a name; not a box. */
export function Group(props: { readonly legend: ComponentChildren; readonly children: ComponentChildren; readonly help?: string; readonly error?: string; readonly name?: string }) {
  const id = useId();
  return (
    <fieldset class="sk-group" aria-describedby={props.help || props.error ? id : undefined} data-invalid={props.error ? props.name : undefined} tabIndex={props.error ? -1 : undefined}>
      <legend>{props.legend}</legend>
      {(props.help || props.error) && (
        <p class={props.error ? "sk-problem" : "sk-field__help"} id={id}>
          {props.error ? <Icon name="info" size="sm" /> : null}
          <span>{props.error || props.help}</span>
        </p>
      )}
      {props.children}
    </fieldset>
  );
}

/** One of a few, all of them in sight. */
export function Choices<V extends string>(props: {
  readonly legend: string;
  readonly name: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly text: string; readonly help?: string }[];
  readonly onValue: (value: V) => void;
  readonly error?: string;
}) {
  const group = useId();
  return (
    <Group legend={props.legend} name={props.name} {...(props.error ? { error: props.error } : {})}>
      {props.options.map((option) => (
        <label key={option.value} class="sk-tick">
          <input type="radio" name={`${group}-${props.name}`} checked={props.value === option.value} onChange={() => props.onValue(option.value)} />
          <span>
            {option.text}
            {option.help && <span class="sk-field__help">{option.help}</span>}
          </span>
        </label>
      ))}
    </Group>
  );
}

/** How a draft's fields are said where another has changed them. */
interface Said<T extends object> {
  readonly draft: Draft<T>;
  /** The label of a field, and its value in words. */
  readonly label: (field: keyof T) => string;
  readonly say: (field: keyof T, value: T) => string;
}

interface FormFrame {
  readonly children: ComponentChildren;
  /** The word on the button; "Lagre" where nothing else is said. */
  readonly submit?: string;
  /** Beside the button. */
  readonly actions?: ComponentChildren;
  readonly secondary?: boolean; // the page's main button is another
  /** Whether the reader may save; false: it is only to be read. */
  readonly may?: boolean;
}

/** The form of one thing. */
export function DraftForm<T extends object>(props: Said<T> & FormFrame & { readonly onSaved?: (stored: T) => void }) {
  const { draft, label, say, onSaved, ...frame } = props;
  return (
    <DraftsForm
      {...frame}
      drafts={[draft]}
      save={async () => {
        const stored = await draft.save();
        if (stored) onSaved?.(stored);
        return stored !== null;
      }}
      trouble={<Trouble draft={draft} label={label} say={say} />}
    />
  );
}

/** What the frame of a form asks of a draft, whatever it is of. */
interface AnyDraft {
  readonly errors: { readonly value: Errors };
  readonly conflict: { readonly value: unknown };
  readonly saving: { readonly value: boolean };
  readonly saved: { readonly value: boolean };
}

/** The form of several things that one button saves, one after the other. */
export function DraftsForm(props: FormFrame & { readonly drafts: readonly AnyDraft[]; readonly save: () => Promise<boolean>; readonly trouble: ComponentChildren }) {
  const { drafts } = props;
  const w = useAdminWords();
  const form = useRef<HTMLFormElement>(null);
  const errors = drafts.reduce((sum, draft) => sum + draft.errors.value.size, 0);
  const conflict = drafts.some((draft) => draft.conflict.value !== null);
  const saving = drafts.some((draft) => draft.saving.value);
  const saved = drafts.length > 0 && drafts.every((draft) => draft.saved.value);

  // The first field that is wrong takes the focus, each time that saving was tried.
  const [tried, setTried] = useState(0);
  useEffect(() => {
    if (tried > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-invalid], [data-conflict]")?.focus();
  }, [tried]);

  return (
    <form
      ref={form}
      class="sk-draft"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void props.save().then((done) => done || setTried((n) => n + 1));
      }}
    >
      {props.may === false ? (
        <fieldset class="sk-readonly" disabled>
          {props.children}
        </fieldset>
      ) : (
        props.children
      )}
      {props.trouble}
      <div class="sk-draft__end" hidden={props.may === false}>
        <button class="ds-button" data-variant={props.secondary ? "secondary" : undefined} type="submit" aria-busy={saving || undefined} data-testid="save">
          {conflict ? w.conflict.save : (props.submit ?? w.save)}
        </button>
        {props.actions}
        {saved && (
          <span class="sk-status" data-state="ready">
            <Icon name="check" size="xs" />
            {w.saved}
          </span>
        )}
        {errors > 0 && <span class="sk-subtle sk-small">{w.form.someWrong(errors)}</span>}
        <Live text={saving ? w.form.saving : saved ? w.saved : errors > 0 ? w.form.someWrong(errors) : ""} />
      </div>
    </form>
  );
}

/** What keeps a draft from being saved, where no field is to blame. */
export function Trouble<T extends object>(props: Said<T>) {
  const conflict = props.draft.conflict.value;
  return (
    <>
      {conflict && <Conflict {...props} differences={conflict} />}
      <FormProblem form={{ problem: props.draft.problem.value }} />
    </>
  );
}

/** What another has stored meanwhile beside what one has typed. */
function Conflict<T extends object>(props: Said<T> & { readonly differences: readonly Difference<T>[] }) {
  const { draft, differences } = props;
  const w = useAdminWords();
  const clashes = differences.filter((d) => d.clash);
  const taken = differences.filter((d) => !d.clash);
  const mine = draft.value.value;
  return (
    <section class="sk-conflict" tabIndex={-1} data-conflict data-testid="conflict" aria-labelledby="conflict">
      <Notice title={w.conflict.heading}>{clashes.length > 0 ? w.conflict.clash : w.conflict.noClash}</Notice>
      <span class="ds-sr-only" id="conflict">
        {w.conflict.heading}
      </span>
      {clashes.map((d) => {
        const theirs = { ...mine, [d.field]: d.theirs };
        const said = (value: T): string => props.say(d.field, value) || w.form.nothing;
        return (
          <Choices
            key={String(d.field)}
            name={String(d.field)}
            legend={props.label(d.field)}
            value={draft.choices.value.get(d.field) ?? "mine"}
            options={[
              { value: "mine", text: said(mine), help: w.conflict.mine },
              { value: "theirs", text: said(theirs), help: w.conflict.theirs },
            ]}
            onValue={(choice) => draft.choose(d.field, choice)}
          />
        );
      })}
      {taken.length > 0 && (
        <div>
          <p class="sk-small">{w.conflict.taken}</p>
          <ul class="sk-bullets sk-small">
            {taken.map((d) => (
              <li key={String(d.field)}>
                {props.label(d.field)}: <b>{props.say(d.field, { ...mine, [d.field]: d.theirs }) || w.form.nothing}</b>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
