// A member of staff's fields: on their own page, and in the steps to a new cooperation.

import type { Day } from "../../i18n/norway";
import { capital, languageNames } from "../../i18n/time";
import { Icon } from "../../ui/icon";
import type { Client } from "../client";
import { SelectField, TextField } from "../form";
import type { Assignment, Language, Organisation, OrganisationKind, Role, Staff } from "../wire";
import { standing } from "./days";
import type { DraftSpec } from "./draft";
import { Group, replaced, type Fields } from "./editor";
import { useAdminWords, type AdminWords } from "./i18n/words";
import { byName, nameIn, periodWords } from "./people";
import { assignments, digits, email, found, phone, required } from "./rules";

/** The roles that an organisation of a kind has, the usual first. */
export const rolesIn: Readonly<Record<OrganisationKind, readonly Role[]>> = {
  hospital: ["specialist", "nurse", "coordinator", "administrator", "data-protection"],
  municipality: ["nurse", "coordinator", "administrator", "data-protection"],
  gp: ["gp", "nurse", "coordinator", "administrator", "data-protection"],
};

export const newAssignment = (organisation: Organisation | undefined, today: Day): Assignment => ({
  id: "", organisation: organisation?.id ?? "", unit: "", role: rolesIn[organisation?.kind ?? "municipality"][0] ?? "nurse", title: "", competence: "", from: today, until: "",
});

export const newStaff = (organisation: Organisation | undefined, language: Language, today: Day): Staff => ({
  id: "", version: 0, name: "", email: "", phone: "", hpr: "", language, assignments: [newAssignment(organisation, today)], account: "none", warnings: [],
});

/** Creates someone, or changes the one that was read. */
export function staffDraft(api: Client, start: Staff): DraftSpec<Staff> {
  const body = ({ name, email: address, phone: number, hpr, language, assignments: all }: Staff) => ({ name, email: address.trim(), phone: number, hpr: hpr.replace(/\s/g, ""), language, assignments: all });
  return {
    fields: ["name", "email", "phone", "hpr", "language", "assignments"],
    start,
    unique: "email",
    check: (s) => found(required("name", s.name), required("email", s.email), email("email", s.email), phone("phone", s.phone), digits("hpr", s.hpr, 7, 9, "hpr"), assignments(s.assignments)),
    send: (s) => (s.id === "" ? api("POST /staff", { body: body(s) }) : api("PUT /staff/{id}", { path: { id: s.id }, version: s.version, body: body(s) })),
    fetch: () => api("GET /staff/{id}", { path: { id: start.id } }),
  };
}

export function staffLabel(w: AdminWords, field: keyof Staff): string {
  const labels: Partial<Record<keyof Staff, string>> = {
    name: w.staff.name, email: w.staff.email, phone: w.staff.phone, hpr: w.staff.hpr, language: w.staff.language, assignments: w.staff.roles,
  };
  return labels[field] ?? field;
}

export function staffSaid(w: AdminWords, field: keyof Staff, s: Staff, name: (organisation: string) => string): string {
  switch (field) {
    case "language":
      return languageNames[s.language];
    case "assignments":
      return s.assignments.map((a) => `${w.staff.rolesOf(a.title || capital(w.role(a.role)), name(a.organisation))}, ${periodWords(w, a.from, a.until)}`).join(". ");
    default:
      return String(s[field]);
  }
}

/** Name, and how to reach and recognise the person. */
export function PersonFields(props: { readonly fields: Fields<Staff> }) {
  const w = useAdminWords();
  const { fields } = props;
  return (
    <>
      <TextField {...fields.text("name")} label={w.staff.name} autoComplete="off" maxLength={120} testid="name" />
      <div class="sk-pair">
        <TextField {...fields.text("email")} label={w.staff.email} help={w.staff.emailHelp} type="email" autoComplete="off" maxLength={254} />
        <TextField {...fields.text("phone")} label={w.staff.phone} optional type="tel" autoComplete="off" maxLength={30} />
      </div>
      <div class="sk-pair">
        <TextField {...fields.text("hpr")} label={w.staff.hpr} optional inputMode="numeric" autoComplete="off" maxLength={9} />
        <SelectField
          {...fields.at<string>("language", fields.value.language, (language) => fields.set({ language: language as Language }))}
          label={w.staff.language}
          options={(["nn", "nb", "en"] as const).map((l) => ({ value: l, text: languageNames[l], lang: l }))}
        />
      </div>
    </>
  );
}

/** One role: where, as what, and from when. */
export function AssignmentFields(props: { readonly fields: Fields<Staff>; readonly index: number; readonly organisations: readonly Organisation[]; readonly short?: boolean }) {
  const w = useAdminWords();
  const { fields, index: i, organisations } = props;
  const a = fields.value.assignments[i];
  if (!a) return null;
  const at = organisations.find((o) => o.id === a.organisation);
  const roles = rolesIn[at?.kind ?? "hospital"];
  const units = (at?.units ?? []).filter((u) => u.active || u.id === a.unit);
  const set = (change: Partial<Assignment>) => fields.set({ assignments: replaced(fields.value.assignments, i, change) });
  const move = (organisation: string): void => {
    const kind = organisations.find((o) => o.id === organisation)?.kind ?? "hospital";
    set({ organisation, unit: "", role: rolesIn[kind].includes(a.role) ? a.role : (rolesIn[kind][0] ?? a.role) });
  };
  const path = (name: keyof Assignment): string => `assignments[${i}].${name}`;
  return (
    <>
      <div class="sk-pair">
        <SelectField
          {...fields.at<string>(path("organisation"), a.organisation, move)}
          label={w.staff.organisation}
          options={[...(a.organisation === "" ? [{ value: "", text: w.form.choose }] : []), ...byName(organisations).map((o) => ({ value: o.id, text: o.name }))]}
        />
        <SelectField
          {...fields.at<string>(path("role"), a.role, (role) => set({ role: role as Role }))}
          label={w.staff.role}
          options={[...roles, ...(roles.includes(a.role) ? [] : [a.role])].map((role) => ({ value: role, text: capital(w.role(role)) }))}
        />
      </div>
      <div class="sk-pair">
        <TextField {...fields.at(path("title"), a.title, (title) => set({ title }))} label={w.staff.title} help={w.staff.titleHelp} autoComplete="off" maxLength={60} />
        {!props.short && (
          <TextField {...fields.at(path("competence"), a.competence, (competence) => set({ competence }))} label={w.staff.competence} help={w.staff.competenceHelp} optional autoComplete="off" maxLength={120} />
        )}
      </div>
      {!props.short && (
        <>
          {units.length > 0 && (
            <SelectField
              {...fields.at(path("unit"), a.unit, (unit) => set({ unit }))}
              label={w.staff.unit}
              options={[{ value: "", text: w.staff.noUnit }, ...byName(units).map((u) => ({ value: u.id, text: u.name }))]}
            />
          )}
          <div class="sk-pair">
            <TextField {...fields.at(path("from"), a.from, (from) => set({ from }))} label={w.form.from} type="date" />
            <TextField {...fields.at(path("until"), a.until, (until) => set({ until }))} label={w.form.until} type="date" help={w.form.untilHelp} />
          </div>
        </>
      )}
    </>
  );
}

/** Every role of the person; those that are stored are ended by a last day, and not taken away. */
export function AssignmentList(props: { readonly fields: Fields<Staff>; readonly organisations: readonly Organisation[]; readonly today: Day }) {
  const w = useAdminWords();
  const { fields, organisations, today } = props;
  const name = nameIn(w, organisations);
  const all = fields.value.assignments;
  const words = { over: w.staff.over, coming: w.staff.coming, current: "" };
  return (
    <>
      {all.map((a, i) => {
        const how = words[standing(a.from, a.until, today)];
        const legend = a.organisation === "" ? w.staff.newRole : w.staff.rolesOf(a.title || capital(w.role(a.role)), name(a.organisation));
        return (
          <Group key={a.id || i} legend={how === "" ? legend : `${legend}. ${how}`}>
            <AssignmentFields fields={fields} index={i} organisations={organisations} />
            {a.id === "" && all.length > 1 && (
              <button class="sk-link" data-side="start" type="button" onClick={() => fields.set({ assignments: all.filter((_, n) => n !== i) })}>
                <Icon name="x" size="sm" />
                {w.form.remove}
              </button>
            )}
          </Group>
        );
      })}
      <button
        class="ds-button sk-start"
        data-variant="secondary"
        data-size="sm"
        type="button"
        onClick={() => fields.set({ assignments: [...all, newAssignment(organisations.length === 1 ? organisations[0] : undefined, today)] })}
      >
        <Icon name="plus" size="sm" />
        {w.staff.newRole}
      </button>
    </>
  );
}
