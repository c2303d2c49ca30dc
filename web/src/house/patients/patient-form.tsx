// A patient's fields: who it is, who helps, and whom the patient has agreed to let see.

import type { Day } from "../../i18n/norway";
import { languageNames } from "../../i18n/time";
import { Icon } from "../../ui/icon";
import { standing } from "../admin/days";
import type { DraftSpec } from "../admin/draft";
import { Group, Part, replaced, toggled, type Fields } from "../admin/editor";
import { useAdminWords, type AdminWords } from "../admin/i18n/words";
import { byName, nameIn, periodWords } from "../admin/people";
import { email, found, period, phone, required, type Found } from "../admin/rules";
import type { Client } from "../client";
import { CheckField, SelectField, TextField } from "../form";
import type { Language, Organisation, Patient, PatientConsent, RelatedPerson } from "../wire";
import { digitsOf, judge } from "./national-id";

export const newPatient = (organisation: string, language: Language): Patient => ({
  id: "", version: 0, name: "", nationalId: "", phone: "", email: "", language, caredForBy: organisation === "" ? [] : [organisation], relatives: [], consents: [], warnings: [],
});

const relativeRules = (r: RelatedPerson, i: number): Found[] => [
  ...required(`relatives[${i}].name`, r.name),
  ...phone(`relatives[${i}].phone`, r.phone),
  ...email(`relatives[${i}].email`, r.email),
];

const consentRules = (c: PatientConsent, i: number): Found[] => [
  ...(c.organisation === "" && c.relative === "" ? ([[`consents[${i}].to`, "required"]] as Found[]) : []),
  ...period(`consents[${i}].`, c.from, c.until),
];

/** Creates a patient, or changes the one that was read. */
export function patientDraft(api: Client, start: Patient): DraftSpec<Patient> {
  const body = (p: Patient) => ({
    name: p.name, nationalId: digitsOf(p.nationalId), phone: p.phone, email: p.email, language: p.language, caredForBy: p.caredForBy, relatives: p.relatives, consents: p.consents,
  });
  return {
    fields: ["name", "nationalId", "phone", "email", "language", "caredForBy", "relatives", "consents"],
    start,
    unique: "nationalId",
    check: (p) =>
      found(
        required("name", p.name),
        judge(p.nationalId) === "unfinished" ? [["nationalId", "nationalId"]] : [],
        phone("phone", p.phone),
        email("email", p.email),
        p.caredForBy.length === 0 ? [["caredForBy", "one"]] : [],
        p.relatives.flatMap(relativeRules),
        p.consents.flatMap(consentRules),
      ),
    send: (p) => (p.id === "" ? api("POST /patients", { body: body(p) }) : api("PUT /patients/{id}", { path: { id: p.id }, version: p.version, body: body(p) })),
    fetch: () => api("GET /patients/{id}", { path: { id: start.id } }),
  };
}

export function patientLabel(w: AdminWords, field: keyof Patient): string {
  const labels: Partial<Record<keyof Patient, string>> = {
    name: w.patient.name, nationalId: w.patient.nationalId, phone: w.patient.phone, email: w.patient.email, language: w.patient.language,
    caredForBy: w.patient.caredForBy, relatives: w.patient.relatives, consents: w.patient.consents,
  };
  return labels[field] ?? field;
}

/** Whom a consent is given to, by name. */
const receiver = (c: PatientConsent, p: Patient, organisation: (id: string) => string): string =>
  c.organisation !== "" ? organisation(c.organisation) : (p.relatives.find((r) => r.id === c.relative)?.name ?? "");

export function patientSaid(w: AdminWords, field: keyof Patient, p: Patient, organisation: (id: string) => string): string {
  switch (field) {
    case "language":
      return languageNames[p.language];
    case "caredForBy":
      return p.caredForBy.map(organisation).join(", ");
    case "relatives":
      return p.relatives.map((r) => [r.name, r.title || w.patient.kind[r.kind], r.phone, r.email].filter((x) => x !== "").join(", ")).join(". ");
    case "consents":
      return p.consents.map((c) => `${w.patient.consentMay(receiver(c, p, organisation))}, ${periodWords(w, c.from, c.until)}`).join(". ");
    default:
      return String(p[field]);
  }
}

/** Name, identity number and how to reach the patient. */
export function WhoFields(props: { readonly fields: Fields<Patient> }) {
  const w = useAdminWords();
  const { fields } = props;
  const doubtful = judge(fields.value.nationalId) === "doubtful";
  return (
    <>
      <TextField {...fields.text("name")} label={w.patient.name} autoComplete="off" maxLength={120} testid="name" />
      <div class="sk-stack" data-gap="2">
        <TextField {...fields.text("nationalId")} label={w.patient.nationalId} help={w.patient.nationalIdHelp} optional inputMode="numeric" autoComplete="off" maxLength={30} class="sk-eleven" />
        <p role="status" class={doubtful ? "sk-row sk-small" : "ds-sr-only"} data-testid="doubtful">
          {doubtful && (
            <>
              <Icon name="info" size="sm" />
              {w.patient.doubtful}
            </>
          )}
        </p>
      </div>
      <div class="sk-pair">
        <TextField {...fields.text("phone")} label={w.patient.phone} help={w.patient.phoneHelp} optional type="tel" autoComplete="off" maxLength={30} />
        <TextField {...fields.text("email")} label={w.patient.email} optional type="email" autoComplete="off" maxLength={254} />
      </div>
      <LanguageField value={fields.value.language} label={w.patient.language} name="language" onValue={(language) => fields.set({ language })} />
    </>
  );
}

function LanguageField(props: { readonly name: string; readonly label: string; readonly value: Language; readonly onValue: (language: Language) => void }) {
  return (
    <SelectField
      name={props.name}
      label={props.label}
      value={props.value}
      error=""
      onValue={(language) => props.onValue(language as Language)}
      options={(["nn", "nb", "en"] as const).map((l) => ({ value: l, text: languageNames[l], lang: l }))}
    />
  );
}

export function CareFields(props: { readonly fields: Fields<Patient>; readonly organisations: readonly Organisation[] }) {
  const w = useAdminWords();
  const { fields } = props;
  const chosen = fields.value.caredForBy;
  const name = nameIn(w, props.organisations);
  const unknown = chosen.filter((id) => !props.organisations.some((o) => o.id === id)); // those that the reader may not see stay as they are
  return (
    <Group legend={w.patient.caredForBy} help={w.patient.caredForByHelp} name="caredForBy" error={fields.error("caredForBy")}>
      {[...byName(props.organisations.filter((o) => o.active || chosen.includes(o.id))).map((o) => o.id), ...unknown].map((id) => (
        <CheckField key={id} {...fields.at(`caredForBy.${id}`, chosen.includes(id), (on: boolean) => fields.set({ caredForBy: toggled(chosen, id, on) }))} label={name(id)} />
      ))}
    </Group>
  );
}

export function RelativesPart(props: { readonly fields: Fields<Patient> }) {
  const w = useAdminWords();
  const { fields } = props;
  const all = fields.value.relatives;
  const set = (i: number, change: Partial<RelatedPerson>) => fields.set({ relatives: replaced(all, i, change) });
  // A consent to a relative who is taken away would be to nobody.
  const remove = (i: number) =>
    fields.set({ relatives: all.filter((_, n) => n !== i), consents: fields.value.consents.filter((c) => c.relative === "" || c.relative !== all[i]?.id) });
  const fresh: RelatedPerson = { id: "", name: "", kind: "relative", title: "", phone: "", email: "", language: fields.value.language };
  return (
    <Part title={w.patient.relatives} text={w.patient.relativesText}>
      {all.length === 0 && <p class="sk-subtle">{w.patient.noRelatives}</p>}
      {all.map((r, i) => (
        <Group key={r.id || i} legend={r.name.trim() === "" ? w.patient.newRelative : [r.name, r.title || w.patient.kind[r.kind]].join(", ")}>
          <div class="sk-pair">
            <TextField {...fields.at(`relatives[${i}].name`, r.name, (name) => set(i, { name }))} label={w.patient.name} autoComplete="off" maxLength={120} />
            <TextField {...fields.at(`relatives[${i}].title`, r.title, (title) => set(i, { title }))} label={w.patient.relation} help={w.patient.relationHelp} optional autoComplete="off" maxLength={60} />
          </div>
          <div class="sk-pair">
            <TextField {...fields.at(`relatives[${i}].phone`, r.phone, (number) => set(i, { phone: number }))} label={w.patient.phone} optional type="tel" autoComplete="off" maxLength={30} />
            <TextField {...fields.at(`relatives[${i}].email`, r.email, (address) => set(i, { email: address }))} label={w.patient.email} optional type="email" autoComplete="off" maxLength={254} />
          </div>
          <div class="sk-pair">
            <SelectField
              {...fields.at<string>(`relatives[${i}].kind`, r.kind, (kind) => set(i, { kind: kind as RelatedPerson["kind"] }))}
              label={w.patient.relativeKind}
              options={(["relative", "guardian"] as const).map((kind) => ({ value: kind, text: w.patient.kind[kind] }))}
            />
            <LanguageField name={`relatives[${i}].language`} label={w.patient.language} value={r.language} onValue={(language) => set(i, { language })} />
          </div>
          <button class="sk-link" data-side="start" type="button" aria-label={`${w.form.remove} ${r.name}`} onClick={() => remove(i)}>
            <Icon name="x" size="sm" />
            {w.form.remove}
          </button>
        </Group>
      ))}
      <button class="ds-button sk-start" data-variant="secondary" data-size="sm" type="button" onClick={() => fields.set({ relatives: [...all, fresh] })}>
        <Icon name="plus" size="sm" />
        {w.patient.newRelative}
      </button>
    </Part>
  );
}

export function ConsentsPart(props: { readonly fields: Fields<Patient>; readonly organisations: readonly Organisation[]; readonly today: Day; readonly may: boolean }) {
  const w = useAdminWords();
  const { fields, organisations, today } = props;
  const all = fields.value.consents;
  const relatives = fields.value.relatives.filter((r) => r.id !== "");
  const set = (i: number, change: Partial<PatientConsent>) => fields.set({ consents: replaced(all, i, change) });
  const receivers = [
    ...byName(organisations.filter((o) => o.active)).map((o) => ({ value: `organisation ${o.id}`, text: o.name })),
    ...relatives.map((r) => ({ value: `relative ${r.id}`, text: [r.name, r.title || w.patient.kind[r.kind]].join(", ") })),
  ];
  const choose = (i: number, chosen: string): void => {
    const [kind, id = ""] = chosen.split(" ");
    set(i, kind === "organisation" ? { organisation: id, relative: "" } : { organisation: "", relative: id });
  };
  return (
    <Part title={w.patient.consents} text={w.patient.consentsText}>
      {all.length === 0 && <p class="sk-subtle">{w.patient.noConsents}</p>}
      {all.map((c, i) => {
        const over = standing(c.from, c.until, today) === "over";
        const value = c.organisation !== "" ? `organisation ${c.organisation}` : c.relative !== "" ? `relative ${c.relative}` : "";
        const known = receivers.some((r) => r.value === value);
        return (
          <Group key={i} legend={[value === "" ? w.patient.newConsent : receiver(c, fields.value, nameIn(w, organisations)), over ? w.patient.takenBack : ""].filter((x) => x !== "").join(". ")}>
            <div class="sk-three" data-first="wide">
              <SelectField
                {...fields.at(`consents[${i}].to`, value, (chosen) => choose(i, chosen))}
                label={w.patient.consentTo}
                options={[
                  ...(value === "" ? [{ value: "", text: w.form.choose }] : known ? [] : [{ value, text: w.patient.consentMay(receiver(c, fields.value, nameIn(w, organisations))) }]),
                  ...receivers.map((r) => ({ value: r.value, text: w.patient.consentMay(r.text) })),
                ]}
              />
              <TextField {...fields.at(`consents[${i}].from`, c.from, (from) => set(i, { from }))} label={w.form.from} type="date" />
              <TextField {...fields.at(`consents[${i}].until`, c.until, (until) => set(i, { until }))} label={w.form.until} type="date" />
            </div>
          </Group>
        );
      })}
      {props.may && (
        <button class="ds-button sk-start" data-variant="secondary" data-size="sm" type="button" onClick={() => fields.set({ consents: [...all, { organisation: "", relative: "", from: today, until: "" }] })}>
          <Icon name="plus" size="sm" />
          {w.patient.newConsent}
        </button>
      )}
      {fields.value.relatives.some((r) => r.id === "") && <p class="sk-subtle sk-small">{w.patient.saveRelativeFirst}</p>}
    </Part>
  );
}
