// Other systems that sign in with a key of their own: the list, and the page of one.

import { dayOf } from "../../i18n/norway";
import { clock } from "../../i18n/time";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { CheckField, SelectField, TextArea, TextField } from "../form";
import { useHouse, useMay, useSession, type PageProps } from "../house";
import { Empty, PageHead } from "../parts";
import type { Action, MachineClient, Organisation } from "../wire";
import { allOrganisations, machinesOf, staffed } from "./directory";
import { DraftForm, Group, toggled, useDraft, useFields } from "./editor";
import { AdminFrame, type Line, Loaded, SearchedLines } from "./frame";
import { useAdminWords, type AdminWords } from "./i18n/words";
import { byName, dayWords, nameIn } from "./people";
import { found, required, type Found } from "./rules";

/** What the table of rights lets a machine do (internal/access); scopes narrow it further. */
export const scopes: readonly Action[] = [
  "consultation.list", "consultation.read", "consultation.book", "consultation.answer", "calendar.read",
  "patient.read", "patient.write",
  "observation.read", "observation.write", "questionnaire.read", "questionnaire.answer", "plan.read", "wound.read",
  "organisation.read", "staff.read", "audit.export",
];

function lastUsed(w: AdminWords, machine: MachineClient): string {
  if (machine.lastUsed === 0) return w.machine.never;
  return w.machine.lastUsed(w.dayAndTime(dayWords(w, dayOf(machine.lastUsed)), clock(w, machine.lastUsed)));
}

export function MachinesPage() {
  const w = useAdminWords();
  const { api } = useHouse();
  const may = useMay("machine.write");
  const own = useSession().act?.organisation ?? "";
  const asking = useAsked(async () => {
    const organisations = await allOrganisations(api);
    return [await machinesOf(api, staffed(organisations, own)), organisations] as const;
  }, []);
  const add = may && (
    <a class="ds-button" href="/admin/machines/new">
      <Icon name="plus" size="sm" />
      {w.machine.new}
    </a>
  );
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.machine.list}>
        {([machines, organisations]) => {
          const name = nameIn(w, organisations);
          const lines = byName(machines).map(
            (m): Line => ({ key: m.id, href: `/admin/machines/${m.id}`, name: m.name, about: `${name(m.organisation)}. ${lastUsed(w, m)}`, ...(m.active ? {} : { state: { text: w.machine.off, icon: "x" as const } }) }),
          );
          return (
            <>
              <PageHead title={w.machine.list} lead={w.machine.text}>
                {lines.length > 0 && add}
              </PageHead>
              {lines.length === 0 ? (
                <Empty title={w.machine.none} text={w.machine.noneText}>
                  {add}
                </Empty>
              ) : (
                <SearchedLines lines={lines} label={w.machine.list} count={w.staff.hits} />
              )}
            </>
          );
        }}
      </Loaded>
    </AdminFrame>
  );
}

export function MachinePage({ params }: PageProps) {
  const w = useAdminWords();
  const { api } = useHouse();
  const own = useSession().act?.organisation ?? "";
  const id = params["id"] ?? "";
  const fresh: MachineClient = { id: "", version: 0, name: "", organisation: own, keys: "", scopes: [], active: true, lastUsed: 0 };
  const asking = useAsked(async () => Promise.all([id === "new" ? fresh : api("GET /machines/{id}", { path: { id } }), allOrganisations(api)]), [id]);
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.machine.one} rows={6} back={{ href: "/admin/machines", text: w.machine.list }}>
        {([machine, organisations]) => <OneMachine machine={machine} organisations={organisations} />}
      </Loaded>
    </AdminFrame>
  );
}

/** A set of keys in which no private part stands (RFC 7517 §5; RFC 7518 §6: "d" is the private one). */
function keySet(typed: string): Found[] {
  try {
    const set: unknown = JSON.parse(typed);
    const keys: unknown = typeof set === "object" && set !== null && "keys" in set ? set.keys : null;
    const good = Array.isArray(keys) && keys.length > 0 && keys.every((key: unknown) => typeof key === "object" && key !== null && "kty" in key && !("d" in key));
    return good ? [] : [["keys", "keys"]];
  } catch {
    return [["keys", "keys"]];
  }
}

function OneMachine(props: { readonly machine: MachineClient; readonly organisations: readonly Organisation[] }) {
  const w = useAdminWords();
  const { api, router } = useHouse();
  const may = useMay("machine.write");
  const { machine, organisations } = props;
  const name = nameIn(w, organisations);
  const isNew = machine.id === "";
  const draft = useDraft<MachineClient>(() => {
    const body = (m: MachineClient) => ({ name: m.name, organisation: m.organisation, keys: m.keys, scopes: m.scopes, active: m.active });
    return {
      fields: ["name", "organisation", "keys", "scopes", "active"],
      start: machine,
      check: (m) => found(required("name", m.name), required("organisation", m.organisation), keySet(m.keys), m.scopes.length === 0 ? [["scopes", "one"]] : []),
      send: (m) => (m.id === "" ? api("POST /machines", { body: body(m) }) : api("PUT /machines/{id}", { path: { id: m.id }, version: m.version, body: body(m) })),
      fetch: () => api("GET /machines/{id}", { path: { id: machine.id } }),
    };
  });
  const fields = useFields(draft);
  const labels: Partial<Record<keyof MachineClient, string>> = {
    name: w.machine.name, organisation: w.machine.organisation, keys: w.machine.keys, scopes: w.machine.scopes, active: w.machine.active,
  };
  const said = (field: keyof MachineClient, m: MachineClient): string => {
    if (field === "organisation") return name(m.organisation);
    if (field === "scopes") return m.scopes.map((scope) => w.machine.scope[scope] ?? scope).join(", ");
    if (field === "active") return m.active ? w.form.yes : w.form.no;
    return String(m[field]);
  };
  return (
    <>
      <PageHead title={isNew ? w.machine.new : machine.name} back={{ href: "/admin/machines", text: w.machine.list }} {...(isNew ? {} : { lead: lastUsed(w, machine) })} />
      <DraftForm draft={draft} label={(field) => labels[field] ?? field} say={said} onSaved={(stored) => isNew && router.go(`/admin/machines/${stored.id}`, "replace")} may={may}>
        <div class="sk-part">
          {!isNew && (
            <p>
              <span class="sk-subtle sk-small">{w.machine.client}</span>
              <br />
              <code class="sk-break">{machine.id}</code>
            </p>
          )}
          <TextField {...fields.text("name")} label={w.machine.name} autoComplete="off" maxLength={120} testid="name" />
          <SelectField
            {...fields.text("organisation")}
            label={w.machine.organisation}
            options={[...(fields.value.organisation === "" ? [{ value: "", text: w.form.choose }] : []), ...byName(organisations).map((o) => ({ value: o.id, text: o.name }))]}
          />
          <Group legend={w.machine.scopes} name="scopes" error={fields.error("scopes")}>
            {scopes.map((scope) => (
              <CheckField
                key={scope}
                {...fields.at(`scopes.${scope}`, fields.value.scopes.includes(scope), (on: boolean) => fields.set({ scopes: toggled(fields.value.scopes, scope, on) }))}
                label={w.machine.scope[scope] ?? scope}
              />
            ))}
          </Group>
          <TextArea {...fields.text("keys")} label={w.machine.keys} help={w.machine.keysHelp} rows={6} maxLength={16384} spellcheck={false} />
          {!isNew && <CheckField {...fields.check("active")} label={w.machine.active} help={w.machine.activeHelp} />}
        </div>
      </DraftForm>
    </>
  );
}
