// The first steps to a new cooperation: who, and whom to ask.

import { useState } from "preact/hooks";
import { SelectField } from "../form";
import { useHouse, useSession } from "../house";
import type { Organisation, OrganisationKind } from "../wire";
import type { Draft } from "./draft";
import { DraftsForm, Group, Part, Trouble, useDraft, useFields } from "./editor";
import { useMayChange } from "./frame";
import { useAdminWords } from "./i18n/words";
import { ContactFields, newOrganisation, organisationDraft, OrganisationFields, organisationLabel, organisationSaid } from "./organisation-form";
import { stepPath, type Pair } from "./pair";
import { StepHead } from "./pair-parts";
import { byName } from "./people";

const another = "new"; // chosen for an organisation that isn't here yet

export function Who(props: { readonly organisations: readonly Organisation[]; readonly a: string; readonly b: string }) {
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

export function Contacts(props: { readonly pair: Pair; readonly organisations: readonly Organisation[] }) {
  const w = useAdminWords();
  const { api, router } = useHouse();
  const { a, b } = props.pair;
  const first = useDraft(() => organisationDraft(api, a));
  const second = useDraft(() => organisationDraft(api, b));
  const may = useMayChange(props.organisations);
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
