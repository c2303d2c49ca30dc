// Those whom the own organisation cares for, by name, and one found by identity number.

import { useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import { everything } from "../admin/directory";
import { Lines, SearchedLines, type Line } from "../admin/frame";
import { useAdminWords, type AdminWords } from "../admin/i18n/words";
import { useAsked } from "../asked";
import { FormProblem, SubmitButton, TextField, useForm } from "../form";
import { useHouse, useMay } from "../house";
import { Empty, Notice, PageHead, Shown } from "../parts";
import type { PatientLine } from "../wire";
import { digitsOf, judge } from "./national-id";

function lineOf(w: AdminWords, patient: PatientLine): Line {
  return { key: patient.id, href: `/patients/${encodeURIComponent(patient.id)}`, name: patient.name, ...(patient.bornYear > 0 ? { about: w.patient.born(patient.bornYear) } : {}) };
}

export function PatientsPage() {
  const w = useAdminWords();
  const { api } = useHouse();
  const asking = useAsked(() => everything((cursor) => api("GET /patients", { query: { cursor } })), []);
  const add = useMay("patient.write") && (
    <a class="ds-button" href="/patients/new" data-testid="new-patient">
      <Icon name="plus" size="sm" />
      {w.patient.new}
    </a>
  );
  return (
    <div class="sk-page">
      <PageHead title={w.patient.list}>{add}</PageHead>
      <Shown of={asking} loading={w.form.loading} rows={8}>
        {(patients) =>
          patients.length === 0 ? (
            <Empty title={w.patient.none} text={w.patient.noneText}>
              {add}
            </Empty>
          ) : (
            <SearchedLines always lines={patients.map((p) => lineOf(w, p))} label={w.patient.list} count={w.patient.shown} />
          )
        }
      </Shown>
      <Find />
    </div>
  );
}

/** Someone who is not in the list, by identity number: it goes in a body, and stands in no address. */
function Find() {
  const w = useAdminWords();
  const { api } = useHouse();
  const [hits, setHits] = useState<readonly PatientLine[] | null>(null);
  const form = useForm({
    initial: { nationalId: "" },
    check: ({ nationalId }) => (judge(nationalId) === "empty" || judge(nationalId) === "unfinished" ? { nationalId: w.rule.nationalId } : {}),
    async send({ nationalId }) {
      setHits(null);
      setHits((await api("POST /patients/find", { body: { nationalId: digitsOf(nationalId) } })).items);
    },
  });
  return (
    <section class="sk-stack" data-gap="3">
      <h2 class="ds-heading" data-size="xs">
        {w.patient.find}
      </h2>
      <form ref={form.ref} noValidate class="sk-find" onSubmit={form.submit}>
        <TextField {...form.text("nationalId")} label={w.patient.nationalId} help={w.patient.findHelp} inputMode="numeric" autoComplete="off" maxLength={14} class="sk-eleven" />
        <SubmitButton form={form}>{w.patient.findButton}</SubmitButton>
      </form>
      <FormProblem form={form} />
      {hits?.length === 0 && <Notice>{w.patient.notFound}</Notice>}
      {hits && hits.length > 0 && <Lines lines={hits.map((p) => lineOf(w, p))} label={w.patient.find} />}
    </section>
  );
}
