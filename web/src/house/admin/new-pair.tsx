// The guided path to a new cooperation between two organisations. Each step saves for real;
// which of them are done is read out of what has been saved.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { SelectField } from "../form";
import { useHouse, useSession, type PageProps } from "../house";
import { Heading, Notice } from "../parts";
import type { Agreement, Organisation, OrganisationKind, Staff } from "../wire";
import { AgreementFields, agreementDraft, agreementLabel, agreementSaid, Checklist, newAgreement } from "./agreement-form";
import { dayOf, standing, type Day } from "./days";
import { wholeDirectory } from "./directory";
import type { Draft } from "./draft";
import { DraftForm, DraftsForm, Group, Part, Trouble, useDraft, useFields } from "./editor";
import { Loaded, useMayChange } from "./frame";
import { useAdminWords } from "./i18n/words";
import type { Directory } from "./missing";
import { ContactFields, newOrganisation, organisationDraft, OrganisationFields, organisationLabel, organisationSaid } from "./organisation-form";
import { agreementOf, done, fixStep, isStep, stepPath, steps, type Pair, type Step } from "./pair";
import { byName, nameIn } from "./people";
import { AssignmentFields, newStaff, PersonFields, staffDraft, staffLabel, staffSaid } from "./staff-form";

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
                <Contacts pair={pair} />
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

function StepHead(props: { readonly title: string; readonly lead: string }) {
  return (
    <header class="sk-stack" data-gap="2">
      <Heading>{props.title}</Heading>
      <p class="sk-lead">{props.lead}</p>
    </header>
  );
}

const another = "new"; // chosen for an organisation that isn't here yet

function Who(props: { readonly organisations: readonly Organisation[]; readonly a: string; readonly b: string }) {
  const w = useAdminWords();
  const { router } = useHouse();
  const own = useSession().act?.organisation ?? "";
  const [a, setA] = useState(props.a || own);
  const [b, setB] = useState(props.b);
  const [tried, setTried] = useState(false);
  const other: OrganisationKind = props.organisations.find((o) => o.id === a)?.kind === "municipality" ? "hospital" : "municipality";
  const first = useOrganisationDraft("hospital");
  const second = useOrganisationDraft(other);
  const idOf = async (chosen: string, draft: Draft<Organisation>): Promise<string> => {
    if (chosen !== another) return chosen;
    return draft.value.value.id || ((await draft.save())?.id ?? "");
  };
  const save = async (): Promise<boolean> => {
    setTried(true);
    if (a === "" || b === "" || (a === b && a !== another)) return false;
    const ids = [await idOf(a, first), await idOf(b, second)] as const;
    if (ids[0] === "" || ids[1] === "") return false;
    router.go(stepPath("contacts", ...ids));
    return true;
  };
  const wrong = (chosen: string): string => (!tried ? "" : chosen === "" ? w.rule.required : a === b && a !== another ? w.rule.two : "");
  const chosen = [...(a === another ? [first] : []), ...(b === another ? [second] : [])];
  return (
    <>
      <StepHead title={w.pair.whoHeading} lead={w.pair.savedAll} />
      <DraftsForm drafts={chosen} save={save} submit={w.pair.next} trouble={chosen.map((draft, i) => <OrganisationTrouble key={i} draft={draft} />)}>
        <Party title={w.pair.first} name="a" organisations={props.organisations} chosen={a} onChosen={setA} error={wrong(a)} draft={first} />
        <Party title={w.pair.second} name="b" organisations={props.organisations} chosen={b} onChosen={setB} error={wrong(b)} draft={second} />
      </DraftsForm>
    </>
  );
}

function useOrganisationDraft(kind: OrganisationKind): Draft<Organisation> {
  const { api } = useHouse();
  return useDraft(() => organisationDraft(api, newOrganisation(kind)));
}

function OrganisationTrouble(props: { readonly draft: Draft<Organisation> }) {
  const w = useAdminWords();
  return <Trouble draft={props.draft} label={(field) => organisationLabel(w, field)} say={(field, o) => organisationSaid(w, field, o)} />;
}

/** One side of the cooperation: an organisation that is here, or a new one. */
function Party(props: {
  readonly title: string;
  readonly name: string;
  readonly organisations: readonly Organisation[];
  readonly chosen: string;
  readonly onChosen: (id: string) => void;
  readonly error: string;
  readonly draft: Draft<Organisation>;
}) {
  const w = useAdminWords();
  const fields = useFields(props.draft);
  const mayCreate = useMayChange(props.organisations)(another);
  const here = byName(props.organisations.filter((o) => o.active || o.id === props.chosen));
  return (
    <div class="sk-part">
      <SelectField
        name={props.name}
        label={props.title}
        value={props.chosen}
        error={props.error}
        onValue={props.onChosen}
        options={[
          ...(props.chosen === "" ? [{ value: "", text: w.form.choose }] : []),
          ...here.map((o) => ({ value: o.id, text: o.name })),
          ...(mayCreate ? [{ value: another, text: w.pair.isNew }] : []),
        ]}
        testid={`party-${props.name}`}
      />
      {props.chosen === another && (
        <Group legend={w.organisation.new}>
          <OrganisationFields fields={fields} />
        </Group>
      )}
    </div>
  );
}

function Contacts(props: { readonly pair: Pair }) {
  const w = useAdminWords();
  const { api, router } = useHouse();
  const { a, b } = props.pair;
  const first = useDraft(() => organisationDraft(api, a));
  const second = useDraft(() => organisationDraft(api, b));
  const may = useMayChange([a, b]);
  const drafts = [...(may(a.id) ? [first] : []), ...(may(b.id) ? [second] : [])];
  const save = async (): Promise<boolean> => {
    for (const draft of drafts) if (draft.dirty.value && !(await draft.save())) return false;
    router.go(stepPath("agreement", a.id, b.id));
    return true;
  };
  return (
    <>
      <StepHead title={w.pair.contactsHeading} lead={w.organisation.contactsText} />
      <DraftsForm drafts={drafts} save={save} submit={w.pair.next} trouble={drafts.map((draft, i) => <OrganisationTrouble key={i} draft={draft} />)}>
        {[first, second].map((draft) => (
          <ContactPart key={draft.value.value.id} draft={draft} may={may(draft.value.value.id)} />
        ))}
      </DraftsForm>
    </>
  );
}

function ContactPart(props: { readonly draft: Draft<Organisation>; readonly may: boolean }) {
  const fields = useFields(props.draft);
  return (
    <Part title={fields.value.name}>
      <fieldset class="sk-readonly" disabled={!props.may}>
        <ContactFields fields={fields} />
      </fieldset>
    </Part>
  );
}

function TheAgreement(props: { readonly pair: Pair; readonly today: Day }) {
  const w = useAdminWords();
  const { api, router } = useHouse();
  const { a, b, agreement } = props.pair;
  const name = nameIn([a, b]);
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

type Told = { readonly name: string; readonly invited: boolean };

function People(props: { readonly pair: Pair; readonly directory: Directory; readonly today: Day; readonly onAdded: () => void }) {
  const w = useAdminWords();
  const { a, b, agreement } = props.pair;
  const [turn, setTurn] = useState(0); // a new form for each person
  const [told, setTold] = useState<Told | null>(null);
  const [last, setLast] = useState(b.id); // whom one adds people to
  const may = useMayChange([a, b]);
  const open = new Set((agreement?.checklist ?? []).filter((c) => !c.done).map((c) => c.code));
  const own = [a, b].filter((o) => may(o.id));
  return (
    <>
      <StepHead title={w.pair.peopleHeading} lead={w.pair.peopleText} />
      <div class="sk-columns">
        {[a, b].map((o) => (
          <TeamOf key={o.id} organisation={o} staff={props.directory.staff} today={props.today} enough={agreement !== null && !open.has(agreement.a === o.id ? "people-a" : "people-b")} />
        ))}
      </div>
      {told && <Notice icon={told.invited ? "check" : "info"}>{told.invited ? w.pair.added(told.name) : w.pair.addedNotInvited(told.name)}</Notice>}
      {own.length > 0 && (
        <AddPerson
          key={turn}
          organisations={own}
          start={own.find((o) => o.id === last) ?? own[0]}
          today={props.today}
          takeFocus={turn > 0}
          onAdded={(added, at) => {
            setTold(added);
            setLast(at);
            setTurn(turn + 1);
            props.onAdded();
          }}
        />
      )}
      <p>
        <a class="ds-button" href={stepPath("check", a.id, b.id)} data-testid="next">
          {w.pair.nextOnly}
        </a>
      </p>
    </>
  );
}

/** Who of an organisation is here, and whether that is enough. */
function TeamOf(props: { readonly organisation: Organisation; readonly staff: readonly Staff[]; readonly today: Day; readonly enough: boolean }) {
  const w = useAdminWords();
  const { organisation, today } = props;
  const here = byName(
    props.staff.flatMap((s) =>
      s.assignments
        .filter((x) => x.organisation === organisation.id && standing(x.from, x.until, today) !== "over")
        .map((x) => ({ key: `${s.id} ${x.id}`, name: s.name, as: x.title || w.role(x.role), account: s.account })),
    ),
  );
  return (
    <section class="sk-stack" data-gap="2">
      <h2 class="ds-heading" data-size="xs">
        {organisation.name}
      </h2>
      {here.length === 0 && <p class="sk-subtle">{w.pair.nobody}</p>}
      <ul class="sk-stack" data-gap="2">
        {here.map((s) => (
          <li key={s.key}>
            <b>{s.name}</b>
            <br />
            <span class="sk-subtle sk-small">
              {s.as}
              {s.account === "active" ? "" : `. ${w.account[s.account]}`}
            </span>
          </li>
        ))}
      </ul>
      {props.enough && (
        <span class="sk-status" data-state="ready">
          <Icon name="check" size="xs" />
          {w.pair.enough}
        </span>
      )}
    </section>
  );
}

function AddPerson(props: {
  readonly organisations: readonly Organisation[];
  readonly start: Organisation | undefined;
  readonly today: Day;
  readonly takeFocus: boolean;
  readonly onAdded: (told: Told, organisation: string) => void;
}) {
  const w = useAdminWords();
  const { api, language } = useHouse();
  const draft = useDraft<Staff>(() => staffDraft(api, newStaff(props.start, language.value, props.today)));
  const fields = useFields(draft);
  const name = nameIn(props.organisations);
  const added = async (stored: Staff): Promise<void> => {
    const invited = await api("POST /staff/{id}/enrolment", { path: { id: stored.id } }).then(
      () => true,
      () => false, // the person is there; the page says that the invitation is not
    );
    props.onAdded({ name: stored.name, invited }, stored.assignments[0]?.organisation ?? "");
  };
  return (
    <DraftForm
      draft={draft}
      label={(field) => staffLabel(w, field)}
      say={(field, s) => staffSaid(w, field, s, name)}
      submit={w.pair.addAndInvite}
      secondary
      onSaved={(stored) => void added(stored)}
    >
      <Part title={w.pair.addPerson} {...(props.takeFocus ? { id: "add", at: "add" } : {})}>
        <AssignmentFields fields={fields} index={0} organisations={props.organisations} short />
        <PersonFields fields={fields} />
      </Part>
    </DraftForm>
  );
}

function Check(props: { readonly pair: Pair }) {
  const w = useAdminWords();
  const { a, b, agreement } = props.pair;
  const name = nameIn([a, b]);
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
