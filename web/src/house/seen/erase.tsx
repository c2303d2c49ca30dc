// Erasing a patient, for good. What is lost and what stays is said first; the identity number,
// typed once more, shows that it is the right one; and it takes two presses.

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../client";
import { FormProblem, SubmitButton, TextField, useForm } from "../form";
import { useHouse, type PageProps } from "../house";
import { Notice, PageHead } from "../parts";
import { digitsOf } from "../patients/national-id";
import { brokenField, problemWords } from "../problems";
import { useSeenWords } from "./i18n/words";
import { elevenDigits } from "./lines";
import "./seen.css";

/** /seen/{id}/erase */
export function ErasePage(props: PageProps) {
  const w = useSeenWords();
  const patient = props.params["id"] ?? "";
  const [sure, setSure] = useState<number | null>(null); // the version that the number belongs to; null: not typed yet
  const [problem, setProblem] = useState<unknown>(null);
  const [erased, setErased] = useState(false);
  if (erased) return <Erased />;
  return (
    <div class="sk-page">
      <PageHead title={w.own.eraseTitle} lead={w.own.eraseLead} back={{ href: `/seen/${encodeURIComponent(patient)}`, text: w.own.title(false) }} />
      <section class="sk-stack sk-seen-erase" data-gap="5">
        <Points title={w.own.eraseLost} points={w.own.eraseLostPoints} />
        <p>{w.own.eraseBackups}</p>
        <Points title={w.own.eraseStays} points={w.own.eraseStaysPoints} />
        {problem !== null && <Notice kind="error">{brokenField(problem) === "caredForBy" ? w.own.eraseOthers : problemWords(w.house, problem)}</Notice>}
        {sure === null ? (
          <AskNumber
            patient={patient}
            onSure={(version) => {
              setProblem(null);
              setSure(version);
            }}
          />
        ) : (
          <Confirm
            patient={patient}
            version={sure}
            onErased={() => setErased(true)}
            onCancel={(why) => {
              setProblem(why);
              setSure(null);
            }}
          />
        )}
      </section>
    </div>
  );
}

function Points(props: { readonly title: string; readonly points: readonly string[] }) {
  return (
    <div class="sk-stack" data-gap="2">
      <h2 class="ds-heading" data-size="xs">
        {props.title}
      </h2>
      <ul class="sk-seen-points">
        {props.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  );
}

/** The first press: the service says whether the number is this patient's. */
function AskNumber(props: { readonly patient: string; readonly onSure: (version: number) => void }) {
  const w = useSeenWords();
  const { api } = useHouse();
  const form = useForm({
    initial: { nationalId: "" },
    check: ({ nationalId }) => (elevenDigits(nationalId) ? {} : { nationalId: w.own.nationalIdRule }),
    // Nobody's and another's: the answer is the same.
    fieldFor: (field, err) => (err === notTheirs || (err instanceof ApiError && err.code === "refused") ? "nationalId" : field),
    wordsFor: () => w.own.eraseNotTheirs,
    async send({ nationalId }) {
      const { items } = await api("POST /seen/find", { body: { nationalId: digitsOf(nationalId) } });
      const mark = items.find((item) => item.patient === props.patient);
      if (!mark) throw notTheirs;
      props.onSure(mark.version);
    },
  });
  return (
    <form ref={form.ref} noValidate class="sk-form" onSubmit={form.submit}>
      <TextField {...form.text("nationalId")} label={w.own.eraseNumber} help={w.own.eraseNumberHelp} inputMode="numeric" autoComplete="off" maxLength={30} class="sk-seen-number" />
      <FormProblem form={form} />
      <p>
        <SubmitButton form={form} testid="erase-go-on">
          {w.own.eraseGoOn}
        </SubmitButton>
      </p>
    </form>
  );
}

const notTheirs = new Error("the number is another patient's");

/** The second press. */
function Confirm(props: { readonly patient: string; readonly version: number; readonly onErased: () => void; readonly onCancel: (why: unknown) => void }) {
  const w = useSeenWords();
  const { api } = useHouse();
  const [busy, setBusy] = useState(false);
  const question = useRef<HTMLHeadingElement>(null);
  useEffect(() => question.current?.focus(), []);
  const erase = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      await api("DELETE /patients/{id}", { path: { id: props.patient }, version: props.version });
      props.onErased();
    } catch (err) {
      props.onCancel(err);
    }
  };
  return (
    <div class="sk-stack" data-gap="4">
      <h2 ref={question} class="ds-heading" data-size="xs" tabIndex={-1}>
        {w.own.eraseSure}
      </h2>
      <div class="sk-seen-answers">
        <button class="ds-button" data-color="danger" type="button" data-testid="erase" aria-busy={busy || undefined} onClick={() => void erase()}>
          {w.own.eraseConfirm}
        </button>
        <button class="ds-button" data-variant="secondary" type="button" onClick={() => props.onCancel(null)}>
          {w.own.eraseCancel}
        </button>
      </div>
    </div>
  );
}

function Erased() {
  const w = useSeenWords();
  return (
    <div class="sk-page">
      <PageHead title={w.own.erasedTitle} lead={w.own.erasedText} back={{ href: "/seen", text: w.own.officerTitle }} />
    </div>
  );
}
