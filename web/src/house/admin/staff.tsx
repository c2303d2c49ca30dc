// People who work in the organisations: the list, and the page of one.

import { useState } from "preact/hooks";
import { dayOf } from "../../i18n/norway";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { SelectField } from "../form";
import { useHouse, useMay, useSession, type PageProps } from "../house";
import { Empty, Notice, PageHead } from "../parts";
import { problemWords } from "../problems";
import type { Organisation, Staff } from "../wire";
import { allOrganisations, staffed, staffOf } from "./directory";
import { DraftForm, Part, useDraft, useFields } from "./editor";
import { AdminFrame, type Line, Loaded, SearchedLines } from "./frame";
import { useAdminWords } from "./i18n/words";
import { byName, nameIn, worksAs } from "./people";
import { AssignmentList, newStaff, PersonFields, staffDraft, staffLabel, staffSaid } from "./staff-form";

export function StaffPage({ query }: PageProps) {
  const w = useAdminWords();
  const house = useHouse();
  const may = useMay("staff.write");
  const own = useSession().act?.organisation ?? "";
  const of = query.get("organisation") ?? own;
  const asking = useAsked(() => Promise.all([staffOf(house.api, of), allOrganisations(house.api)]), [of]);
  const add = may && (
    <a class="ds-button" href={`/admin/staff/new?organisation=${encodeURIComponent(of)}`}>
      <Icon name="plus" size="sm" />
      {w.staff.new}
    </a>
  );
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.staff.list}>
        {([staff, organisations]) => {
          const today = dayOf(house.now.value);
          const name = nameIn(w, organisations);
          const whose = staffed(organisations, own);
          const lines = byName(staff).map((s): Line => {
            const state = s.account === "active" ? undefined : { text: w.account[s.account], icon: s.account === "invited" ? ("clock" as const) : s.account === "locked" ? ("lock" as const) : ("x" as const) };
            return { key: s.id, href: `/admin/staff/${s.id}`, name: s.name, about: worksAs(w, s, name, today) || w.staff.over, ...(state ? { state } : {}) };
          });
          return (
            <>
              <PageHead title={w.staff.list}>{lines.length > 0 && add}</PageHead>
              {whose.length > 1 && (
                <div class="sk-search__field">
                  <SelectField
                    name="organisation"
                    label={w.staff.organisation}
                    value={of}
                    error=""
                    onValue={(id) => house.router.go(`/admin/staff?organisation=${encodeURIComponent(id)}`, "replace")}
                    options={byName(whose).map((o) => ({ value: o.id, text: o.name }))}
                  />
                </div>
              )}
              {lines.length === 0 ? (
                <Empty title={w.staff.none} text={w.staff.noneText}>
                  {add}
                </Empty>
              ) : (
                <SearchedLines lines={lines} label={w.staff.list} count={w.staff.hits} />
              )}
            </>
          );
        }}
      </Loaded>
    </AdminFrame>
  );
}

export function StaffMemberPage({ params, query }: PageProps) {
  const w = useAdminWords();
  const house = useHouse();
  const own = useSession().act?.organisation;
  const id = params["id"] ?? "";
  const wanted = query.get("organisation") ?? own;
  const asking = useAsked(async () => {
    const organisations = await allOrganisations(house.api);
    const fresh = newStaff(organisations.find((o) => o.id === wanted), house.language.value, dayOf(house.now.value));
    return { organisations, staff: id === "new" ? fresh : await house.api("GET /staff/{id}", { path: { id } }) };
  }, [id]);
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.staff.one} rows={8} back={{ href: "/admin/staff", text: w.staff.list }}>
        {({ staff, organisations }) => <OneMember staff={staff} organisations={organisations} own={own ?? ""} />}
      </Loaded>
    </AdminFrame>
  );
}

function OneMember(props: { readonly staff: Staff; readonly organisations: readonly Organisation[]; readonly own: string }) {
  const w = useAdminWords();
  const house = useHouse();
  const may = useMay("staff.write");
  const mayRecover = useMay("account.recover");
  const draft = useDraft(() => staffDraft(house.api, props.staff));
  const fields = useFields(draft);
  const isNew = props.staff.id === "";
  const name = nameIn(w, props.organisations);
  return (
    <>
      <PageHead title={isNew ? w.staff.titleNew : props.staff.name} back={{ href: "/admin/staff", text: w.staff.list }} />
      {!isNew && mayRecover && props.staff.account !== "ended" && <Account staff={props.staff} email={props.staff.email} />}
      <DraftForm
        draft={draft}
        label={(field) => staffLabel(w, field)}
        say={(field, s) => staffSaid(w, field, s, name)}
        onSaved={(stored) => isNew && house.router.go(`/admin/staff/${stored.id}`, "replace")}
        may={may}
      >
        <div class="sk-part">
          <PersonFields fields={fields} />
        </div>
        <Part title={w.staff.roles} text={w.staff.rolesText}>
          <AssignmentList fields={fields} organisations={staffed(props.organisations, props.own)} today={dayOf(house.now.value)} />
        </Part>
      </DraftForm>
    </>
  );
}

/** How far the person's way in has come, and a new one in two presses. */
function Account(props: { readonly staff: Staff; readonly email: string }) {
  const w = useAdminWords();
  const { api } = useHouse();
  const [step, setStep] = useState<"rest" | "asked" | "busy" | "sent">("rest");
  const [problem, setProblem] = useState<unknown>(null);
  const first = props.staff.account === "none";
  const send = async (): Promise<void> => {
    setStep("busy");
    setProblem(null);
    try {
      await api("POST /staff/{id}/enrolment", { path: { id: props.staff.id } });
      setStep("sent");
    } catch (err) {
      setProblem(err);
      setStep("asked");
    }
  };
  return (
    <section class="sk-stack" data-gap="3" aria-labelledby="account">
      <div class="sk-spread sk-wrap">
        <div>
          <h2 class="ds-heading" data-size="2xs" id="account">
            {w.staff.account}
          </h2>
          <span class="sk-subtle sk-small">{w.account[step === "sent" && first ? "invited" : props.staff.account]}</span>
        </div>
        {step === "rest" && (
          <button class="ds-button" data-variant={first ? undefined : "secondary"} data-size="sm" type="button" data-testid="invite" onClick={() => setStep("asked")}>
            {first ? w.staff.invite : w.staff.inviteAgain}
          </button>
        )}
      </div>
      {(step === "asked" || step === "busy") && (
        <Notice
          icon="send"
          title={w.staff.inviteConfirm(props.email)}
          actions={
            <>
              <button class="ds-button" data-size="sm" type="button" aria-busy={step === "busy" || undefined} data-testid="invite-send" onClick={() => step === "asked" && void send()}>
                {w.staff.inviteSend}
              </button>
              <button class="ds-button" data-variant="tertiary" data-size="sm" type="button" onClick={() => setStep("rest")}>
                {w.cancel}
              </button>
            </>
          }
        >
          {first ? "" : w.staff.inviteText}
        </Notice>
      )}
      {step === "sent" && <Notice icon="check">{w.staff.inviteSent(props.email)}</Notice>}
      {problem !== null && <Notice kind="error">{problemWords(w, problem)}</Notice>}
    </section>
  );
}
