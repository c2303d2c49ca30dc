// A patient's own page: what is asked for before the consultation, the latest values in plain
// words, and the way to the plan. A relative whom the patient lets has it by ?patient=.

import { useEffect } from "preact/hooks";
import type { AskedValue, Form, MeasuredKind, MeasurementPanel, Questionnaire } from "../gen/api";
import { kindName, kindOf, unitText, valueText } from "../health/kinds";
import { healthWords } from "../health/i18n/words";
import { plainZone } from "../health/said";
import { useAsked } from "../house/asked";
import { useHouse, useSession, type PageProps } from "../house/house";
import { houseWords } from "../house/i18n/words";
import { Notice, Shown } from "../house/parts";
import { moment } from "../i18n/time";
import { Icon } from "../ui/icon";
import { isOpen } from "./answers";
import { useMineWords } from "./i18n/words";
import { Frame, onwards, usePatient } from "./parts";
import { courseText } from "./said";

export { FormPage } from "./form";
export { MeasurePage, ValuesPage } from "./measure";

interface Mine {
  readonly forms: readonly Form[];
  readonly asked: readonly AskedValue[];
  readonly questionnaires: readonly Questionnaire[];
  readonly kinds: readonly MeasuredKind[];
  readonly panel: MeasurementPanel;
}

export function MinePage({ query }: PageProps) {
  const house = useHouse();
  const w = useMineWords();
  const { patient, own } = usePatient(query);
  const language = house.language.value;
  const asking = useAsked<Mine | null>(async () => {
    if (patient === "") return null;
    const path = { id: patient };
    const [forms, asked, questionnaires, kinds, panel] = await Promise.all([
      house.api("GET /patients/{id}/forms", { path }),
      house.api("GET /patients/{id}/asked", { path }),
      house.api("GET /questionnaires", { query: { language } }),
      house.api("GET /kinds"),
      house.api("GET /patients/{id}/measurements", { path }),
    ]);
    return { forms: forms.items, asked: asked.items, questionnaires: questionnaires.items, kinds: kinds.items, panel };
  }, [patient, language]);
  useEffect(() => {
    const shown = () => document.visibilityState === "visible" && void asking.refresh();
    document.addEventListener("visibilitychange", shown);
    return () => document.removeEventListener("visibilitychange", shown);
  }, [patient]);
  return (
    <Frame title={own ? w.title : w.titleOf} back="call">
      <Shown of={asking} loading={w.loading} rows={4}>
        {(mine) => (mine === null ? <Notice>{w.unknown}</Notice> : <All mine={mine} patient={patient} own={own} />)}
      </Shown>
    </Frame>
  );
}

function All(props: { readonly mine: Mine; readonly patient: string; readonly own: boolean }) {
  const house = useHouse();
  const session = useSession();
  const w = useMineWords();
  const { mine, patient, own } = props;
  const language = house.language.value;
  const time = houseWords[language];
  const to = onwards(patient, own);
  const titleOf = (id: string) => mine.questionnaires.find((q) => q.id === id)?.title ?? id;
  const open = mine.forms.filter((f) => isOpen(f) && f.askedBy !== "");
  const values = mine.asked.filter((a) => a.status === "open");
  const done = mine.asked.filter((a) => a.status === "answered");
  const answered = mine.forms.filter((f) => f.status === "completed" || f.status === "amended");
  const n = open.length + values.length;
  const why = (by: string, due: number) => [by === "" ? "" : w.byWhom(by), due > 0 ? w.until(moment(time, due)) : ""].filter((part) => part !== "").join(", ");
  return (
    <>
      <section class="sk-stack" data-gap="3" aria-labelledby="before" data-testid="before">
        <h2 class="ds-heading" data-size="sm" id="before">
          {n === 0 ? w.beforeNone : w.before(n)}
        </h2>
        {n + done.length > 0 && (
          <ul class="sk-acts">
            {open.map((f) => (
              <Step key={f.id} href={`/mine/forms/${encodeURIComponent(f.id)}${to}`} testid={`answer-${f.questionnaire}`} text={f.status === "asked" ? w.answer(titleOf(f.questionnaire)) : w.goOn(titleOf(f.questionnaire))} small={why(f.askedBy, f.dueAt)} />
            ))}
            {values.map((a) => (
              <Step key={a.id} href={`/mine/measure/${a.kind}${to}`} testid={`measure-${a.kind}`} text={w.measure(kindName(mine.kinds, a.kind, language))} small={why(a.askedBy, a.dueAt)} />
            ))}
            {done.map((a) => (
              <li key={a.id} class="sk-mine__done" data-testid={`done-${a.kind}`}>
                <Icon name="check" />
                <span>
                  {kindName(mine.kinds, a.kind, language)}
                  <small>{w.doneAt(moment(time, a.answeredAt))}</small>
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section class="sk-stack" data-gap="3" aria-labelledby="values" data-testid="values">
        <h2 class="ds-heading" data-size="sm" id="values">
          {own ? w.values : w.valuesOf}
        </h2>
        {mine.panel.rows.every((r) => !r.latest) ? (
          <p class="sk-subtle">{w.valuesNone}</p>
        ) : (
          <ul class="sk-acts">
            {mine.panel.rows.map((r) => {
              const kind = kindOf(mine.kinds, r.kind);
              if (!r.latest || r.latest.status === "entered-in-error") return null;
              const zone = plainZone(healthWords[language], r.latest.zone);
              const course = own ? courseText(w, kind, r.recent, language) : "";
              return (
                <li key={r.kind}>
                  <a class="sk-act sk-mine__value" href={`/mine/values/${r.kind}${to}`} data-testid={`value-${r.kind}`}>
                    <span>
                      <span class="sk-mine__name">{kindName(mine.kinds, r.kind, language)}</span>
                      <b>
                        {valueText(kind, r.latest.values, language)} {unitText(kind)}
                      </b>
                      {zone !== "" && <span>{zone}</span>}
                      {course !== "" && <span>{course}</span>}
                      <small>{w.newest(moment(time, r.latest.measuredAt))}</small>
                    </span>
                    <Icon name="right" size="sm" />
                  </a>
                </li>
              );
            })}
          </ul>
        )}
      </section>
      {answered.length > 0 && (
        <section class="sk-stack" data-gap="3" aria-labelledby="answered">
          <h2 class="ds-heading" data-size="sm" id="answered">
            {w.answered}
          </h2>
          <ul class="sk-acts">
            {answered.map((f) => (
              <Step
                key={f.id}
                href={`/mine/forms/${encodeURIComponent(f.id)}${to}`}
                testid={`answered-${f.questionnaire}`}
                text={titleOf(f.questionnaire)}
                small={[f.score && f.score.missing.length === 0 ? w.points(f.score.value) : "", moment(time, f.completedAt)].filter((part) => part !== "").join(", ")}
              />
            ))}
          </ul>
        </section>
      )}
      <ul class="sk-acts">
        {session.may.includes("plan.read") && <Step href={`/plan${to}`} testid="to-plan" text={own ? w.plan : w.planOf} small="" />}
        {session.may.includes("wound.read") && <Step href={`/wound${to}`} testid="to-wound" text={own ? w.wound : w.woundOf} small="" />}
        {own && session.may.includes("sharing.read") && <Step href="/sharing" testid="to-sharing" text={w.sharing} small="" />}
      </ul>
    </>
  );
}

function Step(props: { readonly href: string; readonly testid: string; readonly text: string; readonly small: string }) {
  return (
    <li>
      <a class="sk-act sk-mine__step" href={props.href} data-testid={props.testid}>
        <span>
          {props.text}
          {props.small !== "" && <small>{props.small}</small>}
        </span>
        <Icon name="right" size="sm" />
      </a>
    </li>
  );
}
