// Those whom the own organisation cares for, by name, and one found by identity number.

import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import { everything } from "../admin/directory";
import { SearchedLines, type Line } from "../admin/frame";
import { useAdminWords, type AdminWords } from "../admin/i18n/words";
import { useAsked } from "../asked";
import { ApiError } from "../client";
import { FormProblem, TextField, useForm } from "../form";
import { useHouse, useMay, type PageProps } from "../house";
import { Empty, Notice, PageHead, Shown } from "../parts";
import type { Patient, PatientLine } from "../wire";
import { EmergencyOpening } from "./emergency";
import { digitsOf, judge } from "./national-id";

function lineOf(w: AdminWords, patient: PatientLine): Line {
  return { key: patient.id, href: `/patients/${encodeURIComponent(patient.id)}`, name: patient.name, ...(patient.bornYear > 0 ? { about: w.patient.born(patient.bornYear) } : {}) };
}

export function PatientsPage(props: PageProps) {
  const w = useAdminWords();
  const { api } = useHouse();
  const asking = useAsked(() => everything((query) => api("GET /patients", { query })), []);
  const add = useMay("patient.write") && (
    <a class="ds-button" href="/patients/new" data-testid="new-patient">
      <Icon name="plus" size="sm" />
      {w.patient.new}
    </a>
  );
  const mayFind = useMay("patient.read");
  const [finding, setFinding] = useState(props.query.has("find"));
  return (
    <div class="sk-page">
      <PageHead title={w.patient.list}>
        {mayFind && (
          <button class="ds-button" data-variant="secondary" type="button" aria-expanded={finding} data-testid="find-open" onClick={() => setFinding(!finding)}>
            {w.patient.find}
          </button>
        )}
        {add}
      </PageHead>
      {mayFind && finding && <Find />}
      <Shown of={asking} loading={w.loading} rows={8}>
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
    </div>
  );
}

/**
 * Someone who is not in the list, by identity number: it goes in a body, and stands in no
 * address. The answer is the same for who isn't here and for who is out of reach.
 */
function Find() {
  const w = useAdminWords();
  const { api, router } = useHouse();
  const mayOpen = useMay("emergency.open");
  const [refused, setRefused] = useState(""); // the number that was not opened
  const open = (patient: Patient, how = ""): void => router.go(`/patients/${encodeURIComponent(patient.id)}${how}`);
  const form = useForm({
    initial: { nationalId: "" },
    check: ({ nationalId }) => (judge(nationalId) === "empty" || judge(nationalId) === "unfinished" ? { nationalId: w.rule.nationalId } : {}),
    async send({ nationalId }) {
      setRefused("");
      try {
        open(await api("POST /patients/find", { body: { nationalId: digitsOf(nationalId), emergency: "" } }));
      } catch (err) {
        if (!(err instanceof ApiError && err.code === "refused")) throw err;
        setRefused(digitsOf(nationalId));
      }
    },
  });
  useEffect(() => form.ref.current?.querySelector("input")?.focus(), []);
  return (
    <section class="sk-stack" data-gap="5" aria-label={w.patient.find}>
      <form ref={form.ref} noValidate class="sk-find" onSubmit={form.submit}>
        <TextField {...form.text("nationalId")} label={w.patient.nationalId} help={w.patient.findHelp} inputMode="numeric" autoComplete="off" maxLength={30} class="sk-eleven" />
        <button class="ds-button" data-variant="secondary" type="submit" aria-busy={form.busy || undefined} data-testid="find">
          {w.patient.findButton}
        </button>
      </form>
      <FormProblem form={form} />
      {refused !== "" && refused === digitsOf(form.values.nationalId) && (
        <>
          <Notice>{w.patient.notFound}</Notice>
          {mayOpen && <EmergencyOpening open={async (reason) => open(await api("POST /patients/find", { body: { nationalId: refused, emergency: reason } }), "?emergency")} />}
        </>
      )}
    </section>
  );
}
