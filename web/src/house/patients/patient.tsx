// The page of a patient; where one is refused, what an emergency opening means.

import { useState } from "preact/hooks";
import { dayOf } from "../../i18n/norway";
import { clock } from "../../i18n/time";
import { Icon } from "../../ui/icon";
import { allOrganisations } from "../admin/directory";
import { DraftForm, useDraft, useFields } from "../admin/editor";
import { Loaded } from "../admin/frame";
import { useAdminWords } from "../admin/i18n/words";
import { nameIn } from "../admin/people";
import { useAsked } from "../asked";
import { ApiError } from "../client";
import { useHouse, useMay, useSession, type PageProps } from "../house";
import { Notice, PageHead } from "../parts";
import type { Organisation, Patient } from "../wire";
import { EmergencyOpening } from "./emergency";
import { CareFields, ConsentsPart, newPatient, patientDraft, patientLabel, patientSaid, RelativesPart, WhoFields } from "./patient-form";

interface Read {
  readonly patient: Patient | null; // null: refused
  readonly organisations: readonly Organisation[];
}

export function PatientPage({ params, query }: PageProps) {
  const w = useAdminWords();
  const house = useHouse();
  const id = params["id"] ?? "";
  const own = useSession().act?.organisation ?? "";
  const mayOpen = useMay("emergency.open");
  const [until, setUntil] = useState(0); // when the emergency access ends; 0: there is none
  const asking = useAsked<Read>(async () => {
    const organisations = await allOrganisations(house.api);
    if (id === "new") return { patient: newPatient(own, house.language.value), organisations };
    try {
      return { patient: await house.api("GET /patients/{id}", { path: { id } }), organisations };
    } catch (err) {
      // Who may open in an emergency is told what that means; to others it is a refusal like any.
      if (mayOpen && err instanceof ApiError && err.code === "refused") return { patient: null, organisations };
      throw err;
    }
  }, [id]);
  return (
    <div class="sk-page">
      <Loaded of={asking} title={w.patient.one} rows={8} back={{ href: "/patients", text: w.patient.list }}>
        {({ patient, organisations }) =>
          patient ? (
            <OnePatient patient={patient} organisations={organisations} emergency={query.has("emergency") || until > 0} until={until} />
          ) : (
            <>
              <PageHead title={w.patient.emergencyHeading} lead={w.patient.emergencyText} back={{ href: "/patients", text: w.patient.list }} />
              <EmergencyOpening
                open={async (reason) => {
                  const emergency = await house.api("POST /patients/{id}/emergency", { path: { id }, body: { reason } });
                  setUntil(emergency.until);
                  asking.again();
                }}
              />
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function OnePatient(props: { readonly patient: Patient; readonly organisations: readonly Organisation[]; readonly emergency: boolean; readonly until: number }) {
  const w = useAdminWords();
  const house = useHouse();
  const { patient, organisations } = props;
  const isNew = patient.id === "";
  const own = useSession().act?.organisation ?? "";
  const maySeeRecord = useMay("seen.read");
  // The table opens writing to who acts for an organisation that cares for the patient.
  const may = useMay("patient.write") && patient.caredForBy.includes(own);
  const mayBook = useMay("consultation.book");
  const mayConsent = useMay("consent.write");
  const of = `/patients/${encodeURIComponent(patient.id)}`;
  const parts = [
    { name: "wounds", href: `${of}/wounds`, may: useMay("wound.read") },
    { name: "forms", href: `${of}/forms`, may: useMay("questionnaire.read") },
    { name: "plan", href: `${of}/plan`, may: useMay("plan.read") },
    { name: "sharing", href: `${of}/sharing`, may: useMay("sharing.read") },
    { name: "seen", href: `/seen/${encodeURIComponent(patient.id)}`, may: maySeeRecord },
  ] as const;
  const name = nameIn(w, organisations);
  const draft = useDraft(() => patientDraft(house.api, patient));
  const fields = useFields(draft);
  return (
    <>
      <PageHead title={isNew ? w.patient.titleNew : patient.name} back={{ href: "/patients", text: w.patient.list }}>
        {!isNew && mayBook && (
          <a class="ds-button" data-variant="secondary" href={`/calendar/new?patient=${encodeURIComponent(patient.id)}`} data-testid="book">
            <Icon name="cam" size="sm" />
            {w.patient.book}
          </a>
        )}
      </PageHead>
      {!isNew && (
        <nav class="sk-row sk-patient__parts" aria-label={w.patient.parts}>
          {parts
            .filter((part) => part.may)
            .map((part) => (
              <a key={part.name} class="sk-link" href={part.href} data-testid={part.name}>
                {w.patient[part.name]}
              </a>
            ))}
        </nav>
      )}
      {props.emergency && (
        <Notice icon="unlock">
          {w.patient.emergencyOpened} {props.until > 0 && w.patient.emergencyUntil(clock(w, props.until))}
        </Notice>
      )}
      <DraftForm
        draft={draft}
        label={(field) => patientLabel(w, field)}
        say={(field, p) => patientSaid(w, field, p, name)}
        onSaved={(stored) => isNew && house.router.go(`/patients/${encodeURIComponent(stored.id)}`, "replace")}
        may={may}
      >
        <div class="sk-part">
          <WhoFields fields={fields} />
          <CareFields fields={fields} organisations={organisations} />
        </div>
        <RelativesPart fields={fields} />
        <ConsentsPart fields={fields} organisations={organisations} today={dayOf(house.now.value)} may={mayConsent} />
      </DraftForm>
    </>
  );
}
