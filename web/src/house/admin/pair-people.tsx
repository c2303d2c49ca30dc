// The step to a new cooperation that adds people and invites them.

import { useState } from "preact/hooks";
import type { Day } from "../../i18n/norway";
import { Icon } from "../../ui/icon";
import { useHouse } from "../house";
import { Notice } from "../parts";
import type { Organisation, Staff } from "../wire";
import { standing } from "./days";
import { DraftForm, Part, useDraft, useFields } from "./editor";
import { useMayChange } from "./frame";
import { useAdminWords } from "./i18n/words";
import type { Directory } from "./missing";
import { stepPath, type Pair } from "./pair";
import { StepHead } from "./pair-parts";
import { byName, nameIn } from "./people";
import { AssignmentFields, newStaff, PersonFields, staffDraft, staffLabel, staffSaid } from "./staff-form";

type Told = { readonly name: string; readonly invited: boolean };

export function People(props: { readonly pair: Pair; readonly directory: Directory; readonly today: Day; readonly onAdded: () => void }) {
  const w = useAdminWords();
  const { a, b, agreement } = props.pair;
  const [turn, setTurn] = useState(0); // a new form for each person
  const [told, setTold] = useState<Told | null>(null);
  const [last, setLast] = useState(b.id); // whom one adds people to
  const may = useMayChange(props.directory.organisations);
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
  const name = nameIn(w, props.organisations);
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
