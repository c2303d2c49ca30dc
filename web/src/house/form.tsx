// Forms: what is typed, what is wrong with it and beside which field, and sending it once.
// Nothing typed is lost by an error; the first wrong field gets the focus.

import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { useHouse } from "./house";
import { useWords, type HouseWords } from "./i18n/words";
import { Notice } from "./parts";
import { brokenField, problemWords } from "./problems";

export type Errors<V> = Partial<Record<keyof V & string, string>>;

export interface Form<V extends object> {
  readonly values: V;
  readonly errors: Errors<V>;
  /** What is wrong with the whole, and not with one field; null: nothing. */
  readonly problem: unknown;
  readonly busy: boolean;
  /** Whether something differs from what the form began with. */
  readonly dirty: boolean;
  /** Goes on the form element. */
  readonly ref: RefObject<HTMLFormElement | null>;
  set<K extends keyof V>(name: K, value: V[K]): void;
  /** Begins anew with other values: after saving, or when what was read has come. */
  reset(values: V): void;
  readonly submit: (event: Event) => void;
  /** What a field of text is given: <TextField {...form.text("name")} label=… /> */
  text(name: { [K in keyof V]: V[K] extends string ? K : never }[keyof V] & string): FieldOf<string>;
  check(name: { [K in keyof V]: V[K] extends boolean ? K : never }[keyof V] & string): FieldOf<boolean>;
}

export interface FieldOf<T> {
  readonly name: string;
  readonly value: T;
  readonly error: string;
  readonly onValue: (value: T) => void;
}

export interface FormOf<V extends object> {
  readonly initial: V;
  /** What is wrong with the values, by field; nothing: all is well. */
  readonly check?: (values: V) => Errors<V>;
  /** Sends them. What it throws is shown: beside the field that the service names, or above the button. */
  readonly send: (values: V) => Promise<void>;
  /** The form's words for a field that the service found wrong; undefined: the general ones. */
  readonly wordsFor?: (err: unknown, field: string) => string | undefined;
  /** The form's field for the one that the service names, where they differ, or for an error that names none; "": the whole. */
  readonly fieldFor?: (field: string, err: unknown) => string;
}

export function useForm<V extends object>(of: FormOf<V>): Form<V> {
  const w = useWords();
  const [start, setStart] = useState(of.initial);
  const [values, setValues] = useState(of.initial);
  const [errors, setErrors] = useState<Errors<V>>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [focus, setFocus] = useState<{ readonly name: string } | null>(null);
  const ref = useRef<HTMLFormElement>(null);
  const sending = useRef(false); // a second press before the page is drawn anew sends nothing twice
  const alive = useRef(true);
  useEffect(
    () => () => {
      alive.current = false;
    },
    [],
  );
  useLayoutEffect(() => {
    const field = focus && ref.current?.elements.namedItem(focus.name);
    if (field instanceof HTMLElement) field.focus();
    else if (field instanceof RadioNodeList && field[0] instanceof HTMLElement) field[0].focus();
  }, [focus]);

  const showErrors = (found: Errors<V>): boolean => {
    setErrors(found);
    const first = [...(ref.current?.elements ?? [])].find((el) => "name" in el && (found as Record<string, string | undefined>)[String(el.name)]);
    const name = first && "name" in first ? String(first.name) : Object.keys(found)[0];
    if (name !== undefined) setFocus({ name });
    return name === undefined;
  };

  const set = <K extends keyof V>(name: K, value: V[K]): void => {
    setValues((v) => ({ ...v, [name]: value }));
    setErrors(({ [name as keyof V & string]: _, ...rest }) => rest as Errors<V>);
  };

  async function submit(): Promise<void> {
    if (sending.current) return;
    setProblem(null);
    if (!showErrors(of.check?.(values) ?? {})) return;
    sending.current = true;
    setBusy(true);
    try {
      await of.send(values);
    } catch (err) {
      if (!alive.current) return;
      const named = brokenField(err);
      const field = of.fieldFor?.(named, err) ?? named.split(/[.[]/)[0] ?? "";
      if (field !== "" && field in values) showErrors({ [field]: of.wordsFor?.(err, field) ?? problemWords(w, err) } as Errors<V>);
      else setProblem(err);
    } finally {
      sending.current = false;
      if (alive.current) setBusy(false);
    }
  }

  const field = <T,>(name: keyof V & string): FieldOf<T> => ({
    name,
    value: values[name] as T,
    error: errors[name] ?? "",
    onValue: (value) => set(name, value as V[typeof name]),
  });

  return {
    values,
    errors,
    problem,
    busy,
    dirty: JSON.stringify(values) !== JSON.stringify(start),
    ref,
    set,
    reset(next) {
      setStart(next);
      setValues(next);
      setErrors({});
      setProblem(null);
    },
    submit(event) {
      event.preventDefault();
      void submit();
    },
    text: (name) => field<string>(name),
    check: (name) => field<boolean>(name),
  };
}

/** Holds moves to other pages up while something is unsaved, also a closing of the window. */
export function useUnsaved(dirty: boolean): void {
  const { router } = useHouse();
  useEffect(() => {
    if (!dirty) return;
    const release = router.guard();
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => {
      release();
      window.removeEventListener("beforeunload", ask);
    };
  }, [dirty, router]);
}

/** A label, a hint, the field itself, and what is wrong with it. */
function Labelled(props: {
  readonly label: string;
  readonly help?: ComponentChildren;
  readonly error: string;
  readonly optional?: boolean;
  readonly children: (ids: { readonly id: string; readonly describedBy: string | undefined }) => ComponentChildren;
}) {
  const w = useWords();
  const id = useId();
  const described = [props.help ? `${id}-help` : "", props.error !== "" ? `${id}-error` : ""].filter((part) => part !== "").join(" ");
  return (
    <div class="sk-field">
      <label for={id}>
        {props.label}
        {props.optional && <span class="sk-field__optional"> ({w.optional})</span>}
      </label>
      {props.help && (
        <p class="sk-field__help" id={`${id}-help`}>
          {props.help}
        </p>
      )}
      {props.children({ id, describedBy: described === "" ? undefined : described })}
      {props.error !== "" && (
        <p class="sk-problem" id={`${id}-error`}>
          <Icon name="info" size="sm" />
          <span>{props.error}</span>
        </p>
      )}
    </div>
  );
}

interface LabelProps {
  readonly label: string;
  readonly help?: ComponentChildren;
  readonly optional?: boolean;
}

/** What a field of text may tell the browser about what is typed. */
interface InputProps {
  readonly autoComplete?: string;
  readonly inputMode?: "text" | "numeric" | "tel" | "email" | "search";
  readonly maxLength?: number;
  readonly spellcheck?: boolean;
  readonly autoCapitalize?: "none" | "sentences" | "words";
  readonly class?: string;
  readonly min?: string;
  readonly max?: string;
  readonly readOnly?: boolean;
}

export function TextField(
  props: FieldOf<string> & LabelProps & InputProps & { readonly type?: "text" | "email" | "tel" | "date" | "search" | "number"; readonly testid?: string },
) {
  const { label, help, optional, name, value, error, onValue, type = "text", testid, class: kind, ...input } = props;
  return (
    <Labelled label={label} help={help} error={error} {...(optional === undefined ? {} : { optional })}>
      {({ id, describedBy }) => (
        <input
          {...input}
          id={id}
          name={name}
          type={type as "text" /* the same attributes go with them all */}
          class={`sk-input${kind ? ` ${kind}` : ""}`}
          value={value}
          data-testid={testid}
          aria-invalid={error !== "" || undefined}
          aria-describedby={describedBy}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

export function TextArea(props: FieldOf<string> & LabelProps & { readonly rows?: number; readonly maxLength?: number; readonly testid?: string; readonly spellcheck?: boolean }) {
  const { label, help, optional, name, value, error, onValue, rows = 4, testid, ...area } = props;
  return (
    <Labelled label={label} help={help} error={error} {...(optional === undefined ? {} : { optional })}>
      {({ id, describedBy }) => (
        <textarea
          {...area}
          id={id}
          name={name}
          rows={rows}
          class="sk-input"
          value={value}
          data-testid={testid}
          aria-invalid={error !== "" || undefined}
          aria-describedby={describedBy}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

/** A password that can be looked at: typing blind is where mistakes come from. Pasting works. */
export function PasswordField(props: FieldOf<string> & LabelProps & { readonly autoComplete: "current-password" | "new-password"; readonly testid?: string }) {
  const w = useWords();
  const [shown, setShown] = useState(false);
  const { label, help, name, value, error, onValue, autoComplete, testid } = props;
  return (
    <Labelled label={label} help={help} error={error}>
      {({ id, describedBy }) => (
        <span class="sk-password">
          <input
            id={id}
            name={name}
            type={(shown ? "text" : "password") as "password"}
            class="sk-input"
            value={value}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellcheck={false}
            data-testid={testid}
            aria-invalid={error !== "" || undefined}
            aria-describedby={describedBy}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
          <button class="sk-password__show" type="button" aria-pressed={shown} aria-label={shown ? w.hidePassword : w.showPassword} onClick={() => setShown(!shown)}>
            <Icon name={shown ? "eye-off" : "eye"} size="sm" />
          </button>
        </span>
      )}
    </Labelled>
  );
}

/** Six digits, typed, pasted with a space in the middle, or filled in by the browser. */
export function CodeField(props: FieldOf<string> & LabelProps) {
  return <TextField {...props} class="sk-code" inputMode="numeric" autoComplete="one-time-code" maxLength={codeDigits + 2} testid="code" />;
}

const codeDigits = 6;

/** The digits of what was typed as a code; "": they are not six. */
export function codeOf(typed: string): string {
  const digits = typed.replace(/\D/g, "");
  return digits.length === codeDigits ? digits : "";
}

export function SelectField(
  props: FieldOf<string> & LabelProps & { readonly options: readonly { readonly value: string; readonly text: string; readonly lang?: string }[]; readonly testid?: string },
) {
  const { label, help, optional, name, value, error, onValue, options, testid } = props;
  return (
    <Labelled label={label} help={help} error={error} {...(optional === undefined ? {} : { optional })}>
      {({ id, describedBy }) => (
        <select
          id={id}
          name={name}
          class="sk-input"
          value={value}
          data-testid={testid}
          aria-invalid={error !== "" || undefined}
          aria-describedby={describedBy}
          onChange={(event) => onValue(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} lang={option.lang}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** A box to tick; the whole row is its target. */
export function CheckField(props: FieldOf<boolean> & { readonly label: ComponentChildren; readonly help?: ComponentChildren; readonly testid?: string }) {
  const id = useId();
  const { label, help, name, value, error, onValue, testid } = props;
  return (
    <label class="sk-tick">
      <input
        type="checkbox"
        name={name}
        checked={value}
        data-testid={testid}
        aria-invalid={error !== "" || undefined}
        aria-describedby={help || error !== "" ? id : undefined}
        onChange={(event) => onValue(event.currentTarget.checked)}
      />
      <span>
        {label}
        {(help || error !== "") && (
          <span class="sk-field__help" id={id}>
            {error !== "" ? error : help}
          </span>
        )}
      </span>
    </label>
  );
}

/** What is wrong with the whole of a form; it stands above the button. */
export function FormProblem(props: { readonly form: Pick<Form<object>, "problem">; readonly words?: (w: HouseWords, err: unknown) => string | undefined }) {
  const w = useWords();
  if (props.form.problem === null) return null;
  return <Notice kind="error">{props.words?.(w, props.form.problem) ?? problemWords(w, props.form.problem)}</Notice>;
}

/** The button that sends a form. While it is sent it says so, and keeps its place and focus. */
export function SubmitButton(props: { readonly form: { readonly busy: boolean }; readonly children: ComponentChildren; readonly large?: boolean; readonly testid?: string }) {
  return (
    <button class={`ds-button${props.large ? " sk-main-button" : ""}`} type="submit" aria-busy={props.form.busy || undefined} data-testid={props.testid}>
      {props.children}
    </button>
  );
}
