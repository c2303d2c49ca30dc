// A questionnaire, one question on the screen at a time, saved as one goes.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Form, Questionnaire, QuestionnaireItem } from "../gen/api";
import { useAsked } from "../house/asked";
import { useHouse, useSession, type PageProps } from "../house/house";
import { Notice, Shown } from "../house/parts";
import { storage } from "../memory";
import { Icon } from "../ui/icon";
import { answerText, answerTo, chosen, draftShelf, grave, isOpen, leadOf, missing, put, questionsOf, resumesAt, type Answers } from "./answers";
import { useMineWords } from "./i18n/words";
import { Frame, HelpNow, onwards, usePatient } from "./parts";
import { Writer, type Written } from "./writer";

export function FormPage({ params, query }: PageProps) {
  const house = useHouse();
  const w = useMineWords();
  const { patient, own } = usePatient(query);
  const id = params["form"] ?? "";
  const language = house.language.value;
  const asking = useAsked(async () => {
    const [forms, all] = await Promise.all([house.api("GET /patients/{id}/forms", { path: { id: patient } }), house.api("GET /questionnaires", { query: { language } })]);
    const form = forms.items.find((f) => f.id === id) ?? null;
    return { form, questionnaire: all.items.find((q) => q.id === form?.questionnaire) ?? null };
  }, [patient, id, language]);
  const title = asking.asked.value?.questionnaire?.title ?? w.title;
  return (
    <Frame title={title} back={{ href: `/mine${onwards(patient, own)}`, text: own ? w.back : w.titleOf }}>
      <Shown of={asking} loading={w.loading}>
        {({ form, questionnaire }) => (form && questionnaire ? <Answering key={form.id} form={form} questionnaire={questionnaire} patient={patient} own={own} /> : <Notice>{w.unknown}</Notice>)}
      </Shown>
    </Frame>
  );
}

function useWriter(form: Form, patient: string): { readonly writer: Writer; readonly written: Written } {
  const house = useHouse();
  const session = useSession();
  const writer = useMemo(
    () =>
      new Writer({
        form,
        shelf: draftShelf(storage("sessionStorage"), session.person.id, form.id),
        save: (version, body) => house.api("PUT /patients/{id}/forms/{form}", { path: { id: patient, form: form.id }, version, body }),
        read: async () => (await house.api("GET /patients/{id}/forms", { path: { id: patient } })).items.find((f) => f.id === form.id) ?? null,
        online(tell) {
          window.addEventListener("online", tell);
          return () => window.removeEventListener("online", tell);
        },
      }),
    [form.id, patient],
  );
  useEffect(() => () => writer.close(), [writer]);
  return { writer, written: writer.written.value };
}

function Answering(props: { readonly form: Form; readonly questionnaire: Questionnaire; readonly patient: string; readonly own: boolean }) {
  const w = useMineWords();
  const { questionnaire: q, own } = props;
  const { writer, written } = useWriter(props.form, props.patient);
  const { form, answers } = written;
  const all = questionsOf(q);
  const [at, setAt] = useState(() => resumesAt(q, answers));
  const help = grave(q, answers);
  if (!isOpen(form)) return <Done form={form} questionnaire={q} answers={answers} help={help} own={own} patient={props.patient} />;
  const item = all[at];
  return (
    <div class="sk-stack" data-gap="5">
      {!own && <p class="sk-subtle">{w.onBehalf("")}</p>}
      {item ? (
        <Question
          key={item.id}
          questionnaire={q}
          item={item}
          n={at + 1}
          of={all.length}
          answers={answers}
          onAnswer={(next) => writer.put(next)}
          onBack={at > 0 ? () => setAt(at - 1) : null}
          onNext={() => setAt(at + 1)}
          help={help && item.options.some((o) => o.alarm === true) ? <HelpNow lines={form.help} goesOn /> : null}
        />
      ) : (
        <Summary
          questionnaire={q}
          answers={answers}
          busy={written.completing}
          onChange={setAt}
          onSend={() => writer.complete()}
          help={help ? <HelpNow lines={form.help} goesOn /> : null}
        />
      )}
      <p class="sk-subtle sk-mine__state" role="status" data-testid="form-state" data-state={written.state}>
        {written.state === "waits" ? w.waitsForNet : written.state === "refused" ? w.refused : written.state === "saving" ? w.saving : answers.length > 0 ? w.saved : ""}
      </p>
    </div>
  );
}

function Question(props: {
  readonly questionnaire: Questionnaire;
  readonly item: QuestionnaireItem;
  readonly n: number;
  readonly of: number;
  readonly answers: Answers;
  readonly onAnswer: (answers: Answers) => void;
  readonly onBack: (() => void) | null;
  readonly onNext: () => void;
  readonly help: preact.ComponentChildren;
}) {
  const w = useMineWords();
  const { item, answers } = props;
  const heading = useRef<HTMLLegendElement>(null);
  const [asked, setAsked] = useState(false); // went on without an answer
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    globalThis.scrollTo(0, 0);
  }, []);
  const answer = answerTo(answers, item.id);
  const need = item.required && !answer;
  const lead = leadOf(props.questionnaire, item);
  const say = (text: string): void => {
    if (item.type === "integer") {
      const n = text.trim() === "" ? null : Number(text);
      props.onAnswer(put(answers, item.id, n === null || !Number.isInteger(n) || n < item.least || n > item.most ? null : { code: "", number: n, text: "" }));
    } else props.onAnswer(put(answers, item.id, text.trim() === "" ? null : { code: "", number: null, text }));
  };
  return (
    <form
      class="sk-stack"
      data-gap="4"
      noValidate
      data-testid="question"
      data-item={item.id}
      onSubmit={(event) => {
        event.preventDefault();
        if (need) setAsked(true);
        else props.onNext();
      }}
    >
      <div class="sk-stack" data-gap="1">
        <p class="sk-subtle" id="progress">
          {w.question(props.n, props.of)}
        </p>
        <progress class="sk-mine__progress" value={props.n} max={props.of} aria-labelledby="progress" />
      </div>
      {lead !== "" && <p class="sk-lead">{lead}</p>}
      <fieldset class="sk-mine__options">
        <legend ref={heading} class="ds-heading" data-size="sm" tabIndex={-1}>
          {item.text}
        </legend>
        {item.type === "choice" ? (
          item.options.map((o, i) => (
            <label key={o.code} data-testid={`option-${i}`}>
              <input
                type="radio"
                name={`answer-${item.id}`}
                checked={answer?.code === o.code}
                onChange={() => {
                  setAsked(false);
                  props.onAnswer(put(answers, item.id, chosen(o.code)));
                }}
              />
              <span>{o.text}</span>
            </label>
          ))
        ) : item.type === "text" ? (
          <textarea class="ds-input sk-input" rows={4} maxLength={item.maxLength} aria-label={item.text} onChange={(event) => say(event.currentTarget.value)}>
            {answer?.text ?? ""}
          </textarea>
        ) : (
          <input
            class="ds-input sk-input"
            type="text"
            inputMode={item.type === "integer" ? "numeric" : "text"}
            maxLength={item.type === "integer" ? 12 : item.maxLength}
            aria-label={item.text}
            defaultValue={answerText(item, answer)}
            onChange={(event) => say(event.currentTarget.value)}
          />
        )}
      </fieldset>
      {props.help}
      <div role="alert">
        {asked && need && (
          <p class="sk-problem">
            <Icon name="info" size="sm" />
            {w.chooseOne}
          </p>
        )}
      </div>
      <div class="sk-mine__buttons">
        <button class="ds-button sk-main-button" type="submit" data-testid="next">
          {!item.required && !answer ? w.skip : w.next}
        </button>
        {props.onBack && (
          <button class="ds-button sk-second-button" data-variant="secondary" type="button" data-testid="previous" onClick={props.onBack}>
            {w.previous}
          </button>
        )}
      </div>
      <p class="sk-subtle sk-small">{props.questionnaire.copyright}</p>
    </form>
  );
}

function Summary(props: {
  readonly questionnaire: Questionnaire;
  readonly answers: Answers;
  readonly busy: boolean;
  readonly onChange: (at: number) => void;
  readonly onSend: () => void;
  readonly help: preact.ComponentChildren;
}) {
  const w = useMineWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    globalThis.scrollTo(0, 0);
  }, []);
  const left = missing(props.questionnaire, props.answers);
  return (
    <section class="sk-stack" data-gap="4" aria-labelledby="summary" data-testid="summary">
      <h2 ref={heading} class="ds-heading" data-size="sm" id="summary" tabIndex={-1}>
        {w.summary}
      </h2>
      {props.help}
      <p>{w.summaryText}</p>
      <ul class="sk-acts">
        {questionsOf(props.questionnaire).map((item, i) => (
          <li key={item.id}>
            <button class="sk-act sk-mine__step" type="button" data-testid={`change-${item.id}`} onClick={() => props.onChange(i)}>
              <span>
                {item.text}
                <b>{answerText(item, answerTo(props.answers, item.id)) || w.notAnswered}</b>
              </span>
              <Icon name="right" size="sm" />
            </button>
          </li>
        ))}
      </ul>
      {left.length > 0 && <p>{w.missing(left.length)}</p>}
      <div class="sk-mine__buttons">
        {left.length > 0 ? (
          <button class="ds-button sk-main-button" type="button" data-testid="to-missing" onClick={() => props.onChange(questionsOf(props.questionnaire).indexOf(left[0]!))}>
            {w.next}
          </button>
        ) : (
          <button class="ds-button sk-main-button" type="button" data-testid="send" aria-busy={props.busy || undefined} onClick={() => !props.busy && props.onSend()}>
            {props.busy ? w.sending : w.send}
          </button>
        )}
      </div>
    </section>
  );
}

/** What was sent, in plain words. */
function Done(props: { readonly form: Form; readonly questionnaire: Questionnaire; readonly answers: Answers; readonly help: boolean; readonly own: boolean; readonly patient: string }) {
  const w = useMineWords();
  const { form, own } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const whole = form.score && form.score.missing.length === 0;
  return (
    <section class="sk-stack" data-gap="4" aria-labelledby="sent" data-testid="form-sent">
      <h2 ref={heading} class="ds-heading" data-size="sm" id="sent" tabIndex={-1}>
        {w.sent}
      </h2>
      {props.help && <HelpNow lines={form.help} goesOn={false} />}
      {own && whole && form.score && (
        <p>
          {/* Whoever thinks of dying is not told that the answers suggest few symptoms. */}
          {w.result(form.score.value)} {props.help ? "" : (w.bands[form.score.band] ?? "")} {w.noDiagnosis}
        </p>
      )}
      <p>{w.sentText}</p>
      <a class="ds-button sk-main-button" href={`/mine${onwards(props.patient, own)}`} data-testid="to-mine">
        {own ? w.back : w.titleOf}
      </a>
    </section>
  );
}
