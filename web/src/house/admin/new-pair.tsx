// The guided path to a new cooperation between two organisations. Each step saves for real;
// which of them are done is read out of what has been saved.

import type { ComponentChildren } from "preact";
import { dayOf, type Day } from "../../i18n/norway";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { useHouse, useSession, type PageProps } from "../house";
import type { Agreement, Organisation } from "../wire";
import { AgreementFields, agreementDraft, agreementLabel, agreementSaid, Checklist, newAgreement } from "./agreement-form";
import { wholeDirectory } from "./directory";
import { DraftForm, useDraft, useFields } from "./editor";
import { Loaded } from "./frame";
import { useAdminWords } from "./i18n/words";
import { agreementOf, done, fixStep, isStep, stepPath, steps, type Pair, type Step } from "./pair";
import { Contacts, Who } from "./pair-organisations";
import { StepHead } from "./pair-parts";
import { People } from "./pair-people";
import { nameIn } from "./people";

export function PairPage({ params, query }: PageProps) {
  const w = useAdminWords();
  const house = useHouse();
  const asked = params["step"] ?? "who";
  const own = useSession().act?.organisation ?? "";
  const [a, b] = [query.get("a") ?? "", query.get("b") ?? ""];
  const asking = useAsked(() => wholeDirectory(house.api, own, [a, b]), [asked, a, b]);
  const today = dayOf(house.now.value);
  return (
    <Loaded of={asking} title={w.pair.title} rows={8} back={{ href: "/admin", text: w.overview.title }}>
      {(directory) => {
        const find = (id: string): Organisation | undefined => directory.organisations.find((o) => o.id === id);
        const [first, second] = [find(a), find(b)];
        const pair = first && second && a !== b ? { a: first, b: second, agreement: agreementOf(directory.agreements, a, b, today) } : null;
        const step: Step = pair && isStep(asked) ? asked : "who";
        return (
          <div class="sk-admin">
            <Steps step={step} pair={pair} />
            <div class="sk-admin__main" key={step}>
              {pair === null || step === "who" ? (
                <Who organisations={directory.organisations} a={a} b={b} />
              ) : step === "contacts" ? (
                <Contacts pair={pair} organisations={directory.organisations} />
              ) : step === "agreement" ? (
                <TheAgreement pair={pair} today={today} />
              ) : step === "people" ? (
                <People pair={pair} directory={directory} today={today} onAdded={() => void asking.refresh()} />
              ) : (
                <Check pair={pair} />
              )}
            </div>
          </div>
        );
      }}
    </Loaded>
  );
}

/** Where one is on the path, and what is done. */
function Steps(props: { readonly step: Step; readonly pair: Pair | null }) {
  const w = useAdminWords();
  const { pair } = props;
  const finished = done(pair);
  return (
    <nav class="sk-admin__steps" aria-label={w.pair.steps}>
      <a class="sk-link" data-side="start" href="/admin">
        <Icon name="left" size="sm" />
        {w.overview.title}
      </a>
      <ol class="sk-steps">
        {steps.map((step, i) => {
          const text = (
            <>
              <span class="sk-steps__n" aria-hidden="true">
                {finished.has(step) && step !== props.step ? <Icon name="check" size="xs" /> : i + 1}
              </span>
              <span class="sk-steps__word">
                {w.pair.step[step]}
                {finished.has(step) && <span class="ds-sr-only">, {w.pair.done}</span>}
              </span>
            </>
          );
          return (
            <li key={step} data-done={finished.has(step) || undefined} data-current={step === props.step || undefined}>
              {pair ? (
                <a href={stepPath(step, pair.a.id, pair.b.id)} aria-current={step === props.step ? "step" : undefined}>
                  {text}
                </a>
              ) : (
                <span aria-current={step === props.step ? "step" : undefined}>{text}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function TheAgreement(props: { readonly pair: Pair; readonly today: Day }) {
  const w = useAdminWords();
  const { api, router } = useHouse();
  const { a, b, agreement } = props.pair;
  const name = nameIn(w, [a, b]);
  const draft = useDraft<Agreement>(() => agreementDraft(api, agreement ?? newAgreement(a.id, b.id, props.today)));
  const fields = useFields(draft);
  return (
    <>
      <StepHead title={w.pair.agreementHeading} lead={w.agreement.between(a.name, b.name)} />
      <DraftForm
        draft={draft}
        label={(field) => agreementLabel(w, field)}
        say={(field, g) => agreementSaid(w, field, g, name)}
        submit={w.pair.next}
        onSaved={() => router.go(stepPath("people", a.id, b.id))}
      >
        <AgreementFields draft={draft} fields={fields} name={name} />
      </DraftForm>
    </>
  );
}

function Check(props: { readonly pair: Pair }) {
  const w = useAdminWords();
  const { a, b, agreement } = props.pair;
  const name = nameIn(w, [a, b]);
  const ready = agreement !== null && agreement.checklist.every((c) => c.done);
  return (
    <>
      <StepHead title={ready ? w.pair.readyHeading : w.pair.checkHeading} lead={ready ? w.pair.readyText : w.pair.checkText} />
      {agreement ? (
        <Checklist agreement={agreement} name={name} path={(fix) => stepPath(fixStep(fix), a.id, b.id)} />
      ) : (
        <Shortcut href={stepPath("agreement", a.id, b.id)}>{w.lacks.all(w.lacks.agreement)}</Shortcut>
      )}
      <p>
        <a class="ds-button" href="/admin" data-testid="finish">
          {w.pair.finish}
        </a>
      </p>
    </>
  );
}

function Shortcut(props: { readonly href: string; readonly children: ComponentChildren }) {
  return (
    <a class="sk-link" data-side="start" href={props.href}>
      {props.children}
      <Icon name="right" size="sm" />
    </a>
  );
}
