// What a patient is asked and has answered: what waits first, then each form with its score, and its
// answers beside those of the one before.

import { useState } from "preact/hooks";
import type { Form, Questionnaire } from "../gen/api";
import { dayOf, partsOf } from "../i18n/norway";
import { clock, timeWords } from "../i18n/time";
import { Icon } from "../ui/icon";
import { useAsked } from "../house/asked";
import { FormProblem, SelectField, SubmitButton, TextField, useForm } from "../house/form";
import { useHouse, useMay, type PageProps } from "../house/house";
import { Empty, PageHead, Shown } from "../house/parts";
import { formsWords } from "./i18n/words";
import { answerText, formBefore, isAnswered, mostOf, titleOf } from "./said";
import "./forms.css";

interface Read {
  readonly questionnaires: readonly Questionnaire[];
  readonly forms: readonly Form[];
}

/** /patients/{id}/forms */
export function FormsPage({ params }: PageProps) {
  const house = useHouse();
  const language = house.language.value;
  const w = formsWords[language];
  const patient = params["id"] ?? "";
  const asking = useAsked<Read>(async () => {
    const [questionnaires, forms] = await Promise.all([house.api("GET /questionnaires", { query: { language } }), house.api("GET /patients/{id}/forms", { path: { id: patient } })]);
    return { questionnaires: questionnaires.items, forms: forms.items };
  }, [patient, language]);
  return (
    <div class="sk-page" data-testid="forms">
      <PageHead title={w.title} back={{ href: `/patients/${encodeURIComponent(patient)}`, text: w.toPatient }} />
      <Shown of={asking} loading={w.loading} rows={6}>
        {(read) => <Forms patient={patient} read={read} again={asking.refresh} />}
      </Shown>
    </div>
  );
}

function Forms(props: { readonly patient: string; readonly read: Read; readonly again: () => Promise<void> }) {
  const house = useHouse();
  const w = formsWords[house.language.value];
  const mayAsk = useMay("questionnaire.ask");
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState("");
  const { forms, questionnaires } = props.read;
  const waiting = forms.filter((f) => !isAnswered(f));
  const answered = forms.filter(isAnswered);
  return (
    <div class="sk-stack" data-gap="6">
      {said !== "" && (
        <p class="sk-row sk-ok" role="status" data-testid="forms-said">
          <Icon name="check" size="sm" />
          {said}
        </p>
      )}
      {forms.length === 0 && <Empty title={w.none} text={w.noneText} />}
      {waiting.length > 0 && (
        <section class="sk-stack" data-gap="2">
          <h2 class="ds-heading" data-size="xs">
            {w.waiting}
          </h2>
          <ul class="sk-formlist">
            {waiting.map((form) => (
              <li key={form.id} data-testid="form-waits">
                <b>{titleOf(questionnaires, form.questionnaire)}</b>
                <span class="sk-subtle">
                  {form.status === "in-progress" ? w.begun(whenOf(house.language.value, form.changedAt)) : w.asked(form.askedBy, whenOf(house.language.value, form.madeAt))}
                  {form.dueAt > 0 && `. ${w.due(whenOf(house.language.value, form.dueAt))}`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {asking ? (
        <Ask
          patient={props.patient}
          questionnaires={questionnaires}
          onCancel={() => setAsking(false)}
          onAsked={(title) => {
            setAsking(false);
            setSaid(w.sent(title));
            void props.again();
          }}
        />
      ) : (
        mayAsk && (
          <p>
            <button class="ds-button" data-variant="secondary" type="button" data-testid="form-ask" onClick={() => setAsking(true)}>
              <Icon name="plus" size="sm" />
              {w.ask}
            </button>
          </p>
        )
      )}
      {answered.length > 0 && (
        <section class="sk-stack" data-gap="2">
          <h2 class="ds-heading" data-size="xs">
            {w.answered}
          </h2>
          <p class="sk-subtle">{w.noDiagnosis}</p>
          <ul class="sk-formlist">
            {answered.map((form) => (
              <One key={form.id} form={form} before={formBefore(answered, form)} questionnaire={questionnaires.find((q) => q.id === form.questionnaire)} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function One(props: { readonly form: Form; readonly before: Form | undefined; readonly questionnaire: Questionnaire | undefined }) {
  const house = useHouse();
  const language = house.language.value;
  const w = formsWords[language];
  const { form, before, questionnaire } = props;
  const { score } = form;
  const wrong = form.status === "entered-in-error";
  const whole = score !== null && score.missing.length === 0;
  return (
    <li data-testid="form-answered" data-questionnaire={form.questionnaire}>
      <div class="sk-formlist__head">
        <b>{questionnaire?.title ?? form.questionnaire}</b>
        {whole && (
          <span data-testid="form-score">
            {wrong ? <s>{w.score(String(score.value), mostOf(score.kind))}</s> : <b>{w.score(String(score.value), mostOf(score.kind))}</b>}
            {score.band !== "" && !wrong && `, ${w.bands[score.band] ?? score.band}`}
          </span>
        )}
        {score !== null && !whole && <span class="sk-subtle">{w.missing(score.missing.length)}</span>}
      </div>
      <span class="sk-subtle">
        {w.by(form.as, form.author, whenOf(language, form.completedAt))}
        {form.status === "amended" && `. ${w.amended}`}
      </span>
      {wrong && <span class="sk-subtle">{w.wrong}</span>}
      {form.alarm && !wrong && (
        <span class="sk-status" data-state="new">
          <Icon name="info" size="xs" />
          {w.alarm}
        </span>
      )}
      {questionnaire && (
        <details class="sk-formlist__answers">
          <summary data-testid="form-answers">{w.answers}</summary>
          <table class="sk-table">
            <thead>
              <tr>
                <th scope="col">{w.question}</th>
                {before && <th scope="col">{w.before}</th>}
                <th scope="col">{w.now}</th>
              </tr>
            </thead>
            <tbody>
              {questionnaire.items
                .filter((item) => item.type !== "display")
                .map((item) => (
                  <tr key={item.id}>
                    <th scope="row">{item.text}</th>
                    {before && <td>{answerText(item, before.answers) || w.noAnswer}</td>}
                    <td>{answerText(item, form.answers) || w.noAnswer}</td>
                  </tr>
                ))}
            </tbody>
          </table>
          <p class="sk-subtle sk-small">{questionnaire.copyright}</p>
        </details>
      )}
    </li>
  );
}

function Ask(props: { readonly patient: string; readonly questionnaires: readonly Questionnaire[]; readonly onCancel: () => void; readonly onAsked: (title: string) => void }) {
  const house = useHouse();
  const w = formsWords[house.language.value];
  const form = useForm({
    initial: { questionnaire: props.questionnaires[0]?.id ?? "", due: "" },
    async send({ questionnaire, due }) {
      const dueAt = due === "" ? 0 : Date.parse(`${due}T23:59:00`);
      await house.api("POST /patients/{id}/forms/ask", { path: { id: props.patient }, body: { questionnaire, consultation: "", dueAt } });
      props.onAsked(titleOf(props.questionnaires, questionnaire));
    },
  });
  return (
    <form ref={form.ref} noValidate class="sk-form" onSubmit={form.submit}>
      <SelectField {...form.text("questionnaire")} label={w.which} options={props.questionnaires.map((q) => ({ value: q.id, text: q.title }))} testid="form-which" />
      <TextField {...form.text("due")} label={w.dueBy} type="date" />
      <FormProblem form={form} />
      <p class="sk-row sk-formlist__do">
        <SubmitButton form={form} testid="form-send">
          {w.send}
        </SubmitButton>
        <button class="ds-button" data-variant="tertiary" type="button" onClick={props.onCancel}>
          {w.cancel}
        </button>
      </p>
    </form>
  );
}

/** "3. desember kl. 10.15" */
function whenOf(language: keyof typeof timeWords, ms: number): string {
  const w = timeWords[language];
  const [, month, day] = partsOf(dayOf(ms)) ?? [1970, 0, 1];
  return `${day}. ${w.month(month)} ${w.at(clock(w, ms))}`;
}
