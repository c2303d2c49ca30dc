// Organisations: the list, and the page of one.

import { useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { CheckField, SelectField, TextField } from "../form";
import { useHouse, useMay, useSession, type PageProps } from "../house";
import { Empty, PageHead } from "../parts";
import type { Agreement, Organisation, Unit } from "../wire";
import { allAgreements, allOrganisations, staffOf } from "./directory";
import { DraftForm, Part, useDraft, useFields } from "./editor";
import { AdminFrame, type Line, Lines, Loaded, SearchedLines, useMayChange } from "./frame";
import { useAdminWords } from "./i18n/words";
import { ContactFields, newOrganisation, organisationDraft, OrganisationFields, organisationLabel, organisationSaid } from "./organisation-form";
import { byName, missingContacts, nameIn } from "./people";
import { found, required, ring } from "./rules";

export function OrganisationsPage() {
  const w = useAdminWords();
  const house = useHouse();
  const mayCreate = useMay("organisation.create");
  const asking = useAsked(() => allOrganisations(house.api), []);
  const own = useSession().act?.organisation;
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.organisation.list}>
        {(organisations) => {
          const lines = byName(organisations).map((o): Line => {
            const missing = missingContacts(o).map((kind) => w.organisation.contactLower[kind]);
            const state = !o.active ? { text: w.organisation.inactive, icon: "x" as const } : undefined;
            const about = [w.organisation.kind[o.kind], o.host ? w.organisation.host : "", missing.length > 0 ? w.overview.missesContacts(w.listed(missing)) : ""];
            return { key: o.id, href: `/admin/organisations/${o.id}`, name: o.name, about: about.filter((x) => x !== "").join(". "), ...(state ? { state } : {}) };
          });
          // Only who acts for the host sets up others.
          const add = mayCreate && organisations.some((o) => o.host && o.id === own) && (
            <a class="ds-button" href="/admin/organisations/new">
              <Icon name="plus" size="sm" />
              {w.organisation.new}
            </a>
          );
          return (
            <>
              <PageHead title={w.organisation.list}>{lines.length > 0 && add}</PageHead>
              {lines.length === 0 ? (
                <Empty title={w.organisation.none} text={w.organisation.noneText}>
                  {add}
                </Empty>
              ) : (
                <SearchedLines lines={lines} label={w.organisation.list} count={w.staff.hits} />
              )}
            </>
          );
        }}
      </Loaded>
    </AdminFrame>
  );
}

export function OrganisationPage({ params, query }: PageProps) {
  const w = useAdminWords();
  const { api } = useHouse();
  const id = params["id"] ?? "";
  const asking = useAsked(async () => {
    const [organisation, organisations, agreements] = await Promise.all([
      id === "new" ? newOrganisation("municipality") : api("GET /organisations/{id}", { path: { id } }),
      allOrganisations(api),
      allAgreements(api),
    ]);
    return { organisation, organisations, agreements };
  }, [id]);
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.organisation.one} rows={8} back={{ href: "/admin/organisations", text: w.organisation.list }}>
        {({ organisation, organisations, agreements }) => (
          <OneOrganisation key={organisation.id} organisation={organisation} organisations={organisations} agreements={agreements} at={query.get("at")} />
        )}
      </Loaded>
    </AdminFrame>
  );
}

function OneOrganisation(props: { readonly organisation: Organisation; readonly organisations: readonly Organisation[]; readonly agreements: readonly Agreement[]; readonly at: string | null }) {
  const w = useAdminWords();
  const { api, router } = useHouse();
  const mayChange = useMayChange(props.organisations);
  const may = useMay("organisation.write") && mayChange(props.organisation.id);
  const name = nameIn(w, props.organisations);
  const isNew = props.organisation.id === "";
  const draft = useDraft(() => organisationDraft(api, props.organisation));
  const fields = useFields(draft);
  const agreements = props.agreements.filter((g) => g.a === props.organisation.id || g.b === props.organisation.id);
  return (
    <>
      <PageHead title={isNew ? w.organisation.titleNew : props.organisation.name} back={{ href: "/admin/organisations", text: w.organisation.list }} />
      <DraftForm
        draft={draft}
        label={(field) => organisationLabel(w, field)}
        say={(field, o) => organisationSaid(w, field, o)}
        onSaved={(stored) => isNew && router.go(`/admin/organisations/${stored.id}`, "replace")}
        may={may}
      >
        <div class="sk-part">
          <OrganisationFields fields={fields} />
          {!isNew && !props.organisation.host && <CheckField {...fields.check("active")} label={w.organisation.active} help={w.organisation.activeHelp} />}
        </div>
        <Part title={w.organisation.contacts} text={w.organisation.contactsText} id="contacts" at={props.at}>
          <ContactFields fields={fields} />
        </Part>
      </DraftForm>
      {!isNew && <Units organisation={props.organisation} may={may} />}
      {agreements.length > 0 && (
        <section class="sk-stack" data-gap="3">
          <h2 class="ds-heading" data-size="sm">
            {w.organisation.agreements}
          </h2>
          <Lines
            label={w.organisation.agreements}
            lines={agreements.map((g) => ({ key: g.id, href: `/admin/agreements/${g.id}`, name: w.agreement.between(name(g.a), name(g.b)) }))}
          />
        </section>
      )}
    </>
  );
}

/** The organisation's units: a line each, that opens to be changed. */
function Units(props: { readonly organisation: Organisation; readonly may: boolean }) {
  const w = useAdminWords();
  const [units, setUnits] = useState(props.organisation.units);
  const [open, setOpen] = useState<string | null>(null); // a unit's id, "" for a new one
  const stored = (unit: Unit): void => {
    setUnits(units.some((u) => u.id === unit.id) ? units.map((u) => (u.id === unit.id ? unit : u)) : [...units, unit]);
    setOpen(null);
  };
  const fresh: Unit = { id: "", version: 0, name: "", phone: "", active: true, contact: "", deputy: "" };
  return (
    <section class="sk-stack" data-gap="3">
      <h2 class="ds-heading" data-size="sm">
        {w.organisation.units}
      </h2>
      <p class="sk-subtle sk-small">{w.organisation.unitsText}</p>
      {(units.length > 0 || open === "") && (
        <ul class="sk-lines">
          {units.map((unit) => (
            <li key={unit.id}>
              {open === unit.id ? (
                <UnitForm organisation={props.organisation.id} unit={unit} onStored={stored} onCancel={() => setOpen(null)} />
              ) : (
                <div class="sk-go">
                  <span class="sk-line__text">
                    <b>{unit.name}</b>
                    <span class="sk-subtle sk-small">{[unit.phone, unit.active ? "" : w.organisation.inactive].filter((x) => x !== "").join(". ")}</span>
                  </span>
                  {props.may && (
                    <button class="sk-link" data-side="end" type="button" data-testid={`unit-${unit.id}`} aria-label={`${w.form.change} ${unit.name}`} onClick={() => setOpen(unit.id)}>
                      {w.form.change}
                    </button>
                  )}
                </div>
              )}
            </li>
          ))}
          {open === "" && (
            <li>
              <UnitForm organisation={props.organisation.id} unit={fresh} onStored={stored} onCancel={() => setOpen(null)} />
            </li>
          )}
        </ul>
      )}
      {units.length === 0 && open === null && <p>{w.organisation.noUnits}</p>}
      {props.may && open !== "" && (
        <button class="ds-button sk-start" data-variant="secondary" data-size="sm" type="button" onClick={() => setOpen("")}>
          <Icon name="plus" size="sm" />
          {w.organisation.newUnit}
        </button>
      )}
    </section>
  );
}

function UnitForm(props: { readonly organisation: string; readonly unit: Unit; readonly onStored: (unit: Unit) => void; readonly onCancel: () => void }) {
  const w = useAdminWords();
  const { api } = useHouse();
  const id = props.organisation;
  const staff = useAsked(() => staffOf(api, id), [id]).asked.value ?? [];
  const called = (person: string): string => staff.find((s) => s.id === person)?.name ?? "…"; // they are being fetched, or have left
  const people = (now: string, not: string) => [
    { value: "", text: w.organisation.unitNobody },
    ...(now !== "" && !staff.some((s) => s.id === now) ? [{ value: now, text: called(now) }] : []),
    ...byName(staff.filter((s) => s.id !== not)).map((s) => ({ value: s.id, text: s.name })),
  ];
  const draft = useDraft<Unit>(() => ({
    fields: ["name", "phone", "active", "contact", "deputy"],
    start: props.unit,
    check: (u) => found(required("name", u.name), ring("phone", u.phone)),
    send: ({ id: unit, version, name, phone, active, contact, deputy }) =>
      unit === ""
        ? api("POST /organisations/{id}/units", { path: { id }, body: { name, phone, active, contact, deputy } })
        : api("PUT /organisations/{id}/units/{unit}", { path: { id, unit }, version, body: { name, phone, active, contact, deputy } }),
    async fetch() {
      const organisation = await api("GET /organisations/{id}", { path: { id } });
      return organisation.units.find((u) => u.id === props.unit.id) ?? props.unit;
    },
  }));
  const fields = useFields(draft);
  const { contact, deputy } = fields.value;
  const labels: Partial<Record<keyof Unit, string>> = {
    name: w.organisation.unitName,
    phone: w.organisation.unitPhone,
    active: w.organisation.active,
    contact: w.organisation.unitContact,
    deputy: w.organisation.unitDeputy,
  };
  const say = (field: keyof Unit, u: Unit): string => {
    if (field === "active") return u.active ? w.form.yes : w.form.no;
    if (field === "contact" || field === "deputy") return u[field] === "" ? w.organisation.unitNobody : called(u[field]);
    return String(u[field]);
  };
  return (
    <DraftForm
      draft={draft}
      label={(field) => labels[field] ?? field}
      say={say}
      onSaved={props.onStored}
      actions={
        <button class="ds-button" data-variant="tertiary" type="button" onClick={props.onCancel}>
          {w.cancel}
        </button>
      }
    >
      <div class="sk-pair">
        <TextField {...fields.text("name")} label={w.organisation.unitName} autoComplete="off" maxLength={120} />
        <TextField {...fields.text("phone")} label={w.organisation.unitPhone} optional type="tel" autoComplete="off" maxLength={30} />
      </div>
      <div class="sk-pair">
        <SelectField
          {...fields.at<string>("contact", contact, (now) => fields.set(now === "" || now === deputy ? { contact: now, deputy: "" } : { contact: now }))}
          label={w.organisation.unitContact}
          help={w.organisation.unitContactHelp}
          options={people(contact, "")}
          testid="unit-contact"
        />
        {contact !== "" && <SelectField {...fields.text("deputy")} label={w.organisation.unitDeputy} options={people(deputy, contact)} testid="unit-deputy" />}
      </div>
      {props.unit.id !== "" && <CheckField {...fields.check("active")} label={w.organisation.active} />}
    </DraftForm>
  );
}
