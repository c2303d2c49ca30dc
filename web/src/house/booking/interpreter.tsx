// Who interprets: one of those whom the organisation invites, those who speak the language
// first, or one who is added with what it takes to be invited.

import { useMemo, useRef, useState } from "preact/hooks";
import { interpreterLanguage, interpreterLanguages } from "../../i18n/interpreters";
import type { Language } from "../../gen/protocol";
import { Icon } from "../../ui/icon";
import { everything } from "../admin/directory";
import { useAsked } from "../asked";
import { ApiError } from "../client";
import { SelectField, TextField } from "../form";
import { useHouse } from "../house";
import { Notice, Shown } from "../parts";
import type { Interpreter } from "../wire";
import { Combobox } from "./combobox";
import { useBookingWords } from "./i18n/words";
import { capital } from "../../i18n/time";
import { interpretersFor } from "./interpreters";
import { useProblemWords } from "./one/problem";

/** The languages that one is asked for, as a field's choices; one that is wanted and isn't of the list is there too. */
export function languageOptions(reader: Language, wanted: string): { readonly value: string; readonly text: string }[] {
  const all = interpreterLanguages(reader);
  const more = wanted === "" || all.some((l) => l.code === wanted) ? [] : [interpreterLanguage(reader, wanted)];
  return [...more, ...all].map(({ code, name }) => ({ value: code, text: capital(name) }));
}

interface Props {
  /** That is to be interpreted, BCP 47; empty: any. */
  readonly language: string;
  readonly chosen: Pick<Interpreter, "id" | "name"> | null;
  readonly onChoose: (interpreter: Pick<Interpreter, "id" | "name"> | null) => void;
}

export function InterpreterField(props: Props) {
  const w = useBookingWords();
  const { api, language: reader } = useHouse();
  const asking = useAsked(() => everything((query) => api("GET /interpreters", { query })), []);
  const [adding, setAdding] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const toField = (): void => {
    requestAnimationFrame(() => root.current?.querySelector<HTMLElement>("[name=interpreter-person]")?.focus());
  };
  return (
    <div class="sk-stack" data-gap="2" ref={root}>
      <Shown of={asking} loading={w.interp.loading} rows={1}>
        {(all) => {
          const found = interpretersFor(all, props.language).map((i) => ({ value: i.id, text: i.name, about: i.speaks.map((code) => interpreterLanguage(reader.value, code).name).join(", ") }));
          return (
            <Combobox
              label={w.interp.who}
              name="interpreter-person"
              help={w.interp.help}
              chosen={props.chosen ? { value: props.chosen.id, text: props.chosen.name } : null}
              options={found}
              none={found.length === 0 ? w.interp.none : w.plan.noMatch}
              onChoose={(id) => props.onChoose(all.find((i) => i.id === id) ?? null)}
            />
          );
        }}
      </Shown>
      <p>
        <button class="sk-link" data-side="start" type="button" aria-expanded={adding} data-testid="interpreter-new" onClick={() => setAdding(!adding)}>
          <Icon name={adding ? "down" : "plus"} size="xs" />
          {w.interp.new}
        </button>
      </p>
      {adding && (
        <NewInterpreter
          language={props.language}
          onMade={(made) => {
            if (asking.asked.status === "ready") asking.set([...asking.asked.value, made]);
            props.onChoose(made);
            setAdding(false);
            toField();
          }}
        />
      )}
    </div>
  );
}

type Wrong = "" | "name" | "phone" | "speaks";

/** The least that somebody is invited with. */
function NewInterpreter(props: { readonly language: string; readonly onMade: (made: Interpreter) => void }) {
  const w = useBookingWords();
  const { api, language } = useHouse();
  const words = useProblemWords();
  const [name, setName] = useState("");
  const [phone, setPhone] = useState("");
  const [speaks, setSpeaks] = useState(props.language);
  const [wrong, setWrong] = useState<Wrong>("");
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const languages = useMemo(() => languageOptions(language.value, props.language), [language.value, props.language]);

  const says = (field: Exclude<Wrong, "">): void => {
    setWrong(field);
    root.current?.querySelector<HTMLElement>(`[name=new-interpreter-${field}]`)?.focus();
  };
  const add = async (): Promise<void> => {
    if (busy) return;
    if (name.trim() === "") return says("name");
    if (phone.trim() === "") return says("phone");
    if (speaks === "") return says("speaks");
    setBusy(true);
    setProblem(null);
    try {
      props.onMade(await api("POST /interpreters", { body: { name: name.trim(), phone: phone.trim(), email: "", language: language.value, speaks: [speaks], active: true } }));
    } catch (err) {
      setBusy(false);
      const field = err instanceof ApiError && err.code === "invalid" ? err.problem?.field : undefined;
      if (field === "name" || field === "phone" || field === "speaks") return says(field);
      setProblem(err);
    }
  };
  const changed = (set: (value: string) => void) => (value: string) => {
    set(value);
    setWrong("");
  };
  const error = (field: Exclude<Wrong, "">): string => (wrong === field ? w.interp.rule[field] : "");
  return (
    <div
      class="sk-stack"
      data-gap="3"
      ref={root}
      onKeyDown={(event) => {
        // Enter adds them, and doesn't send the form around it.
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        event.stopPropagation();
        void add();
      }}
    >
      <div class="sk-fields" data-cols="3">
        <TextField name="new-interpreter-name" label={w.interp.name} value={name} autoComplete="off" maxLength={120} error={error("name")} onValue={changed(setName)} testid="new-interpreter-name" />
        <TextField name="new-interpreter-phone" label={w.interp.phone} value={phone} inputMode="tel" autoComplete="off" maxLength={30} error={error("phone")} onValue={changed(setPhone)} testid="new-interpreter-phone" />
        <SelectField name="new-interpreter-speaks" label={w.interp.speaks} value={speaks} error={error("speaks")} options={[...(speaks === "" ? [{ value: "", text: w.interp.choose }] : []), ...languages]} onValue={changed(setSpeaks)} testid="new-interpreter-speaks" />
      </div>
      {problem !== null && <Notice kind="error">{words(problem)}</Notice>}
      <p>
        <button class="ds-button" data-size="sm" data-variant="secondary" type="button" aria-busy={busy || undefined} data-testid="new-interpreter-add" onClick={() => void add()}>
          {w.interp.add}
        </button>
      </p>
    </div>
  );
}
