// An organisation's fields: on its own page, and in the steps to a new cooperation.

import { SelectField, TextField } from "../form";
import type { Client } from "../client";
import type { Contact, Organisation, OrganisationKind } from "../wire";
import type { DraftSpec } from "./draft";
import { Group, replaced, type Fields } from "./editor";
import { useAdminWords, type AdminWords } from "./i18n/words";
import { contactKinds } from "./people";
import { blank, contacts, digits, found, relocated, required, ring } from "./rules";

export const kinds = ["hospital", "municipality", "gp"] as const satisfies readonly OrganisationKind[];

/** The organisation with a place for each kind of contact, so that what is missing is seen. */
export function withPlaces(organisation: Organisation): Organisation {
  const missing = contactKinds.filter((kind) => !organisation.contacts.some((c) => c.for === kind));
  const all: Contact[] = [...organisation.contacts, ...missing.map((kind) => ({ for: kind, name: "", phone: "", email: "" }))];
  return { ...organisation, contacts: [...all].sort((x, y) => contactKinds.indexOf(x.for) - contactKinds.indexOf(y.for)) };
}

export const newOrganisation = (kind: OrganisationKind): Organisation =>
  withPlaces({ id: "", version: 0, kind, name: "", number: "", phone: "", host: false, active: true, contacts: [], units: [] });

/** Creates an organisation, or changes the one that was read. */
export function organisationDraft(api: Client, start: Organisation): DraftSpec<Organisation> {
  const body = ({ kind, name, number, phone, active, contacts: all }: Organisation) => ({ kind, name, number, phone, active, contacts: all.filter((c) => !blank(c)) });
  return {
    fields: ["kind", "name", "number", "phone", "active", "contacts"],
    start: withPlaces(start),
    check: (o) => found(required("name", o.name), digits("number", o.number, 9, 9, "number"), ring("phone", o.phone), contacts(o.contacts)),
    async send(o) {
      const stored = o.id === "" ? await api("POST /organisations", { body: body(o) }) : await api("PUT /organisations/{id}", { path: { id: o.id }, version: o.version, body: body(o) });
      return withPlaces(stored);
    },
    fetch: async () => withPlaces(await api("GET /organisations/{id}", { path: { id: start.id } })),
    locate: (field, o) => relocated(field, "contacts", o.contacts, (c) => !blank(c)),
  };
}

export function organisationLabel(w: AdminWords, field: keyof Organisation): string {
  const labels: Partial<Record<keyof Organisation, string>> = {
    kind: w.organisation.what, name: w.organisation.name, number: w.organisation.number, phone: w.organisation.phone,
    active: w.organisation.active, contacts: w.organisation.contacts,
  };
  return labels[field] ?? field;
}

export function organisationSaid(w: AdminWords, field: keyof Organisation, o: Organisation): string {
  switch (field) {
    case "kind":
      return w.organisation.kind[o.kind];
    case "active":
      return o.active ? w.form.yes : w.form.no;
    case "contacts":
      return o.contacts
        .filter((c) => !blank(c))
        .map((c) => `${w.organisation.contact[c.for]}: ${[c.name, c.phone, c.email].filter((x) => x !== "").join(", ")}`)
        .join(" · ");
    default:
      return String(o[field]);
  }
}

/** What it is, what it is called and what it is rung by. */
export function OrganisationFields(props: { readonly fields: Fields<Organisation>; readonly kindFixed?: boolean }) {
  const w = useAdminWords();
  const { fields } = props;
  return (
    <>
      {!props.kindFixed && (
        <SelectField
          {...fields.at<string>("kind", fields.value.kind, (kind) => fields.set({ kind: kind as OrganisationKind }))}
          label={w.organisation.what}
          options={kinds.map((kind) => ({ value: kind, text: w.organisation.kind[kind] }))}
        />
      )}
      <TextField {...fields.text("name")} label={w.organisation.name} autoComplete="off" maxLength={120} testid="name" />
      <div class="sk-pair">
        <TextField {...fields.text("number")} label={w.organisation.number} optional inputMode="numeric" autoComplete="off" maxLength={20} />
        <TextField {...fields.text("phone")} label={w.organisation.phone} type="tel" autoComplete="off" maxLength={30} />
      </div>
    </>
  );
}

/** Whom to ask, a group for each. */
export function ContactFields(props: { readonly fields: Fields<Organisation> }) {
  const w = useAdminWords();
  const { fields } = props;
  const set = (i: number, change: Partial<Contact>) => fields.set({ contacts: replaced(fields.value.contacts, i, change) });
  return (
    <>
      {fields.value.contacts.map((c, i) => (
        <Group key={i} legend={w.organisation.contact[c.for]}>
          <div class="sk-three">
            <TextField {...fields.at(`contacts[${i}].name`, c.name, (name) => set(i, { name }))} label={w.organisation.contactName} autoComplete="off" maxLength={120} />
            <TextField {...fields.at(`contacts[${i}].phone`, c.phone, (phone) => set(i, { phone }))} label={w.organisation.contactPhone} type="tel" autoComplete="off" maxLength={30} />
            <TextField {...fields.at(`contacts[${i}].email`, c.email, (email) => set(i, { email }))} label={w.organisation.contactEmail} type="email" autoComplete="off" maxLength={254} />
          </div>
        </Group>
      ))}
    </>
  );
}
