// Opening a patient in an emergency: what it means is said before it is done, and a reason is asked for.

import { useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import { useAdminWords } from "../admin/i18n/words";
import { FormProblem, SubmitButton, TextArea, useForm, useUnsaved } from "../form";

const shortestReason = 10; // characters, as the API asks

export function EmergencyOpening(props: { readonly open: (reason: string) => Promise<void> }) {
  const w = useAdminWords();
  const [asked, setAsked] = useState(false);
  const form = useForm({
    initial: { reason: "" },
    check: ({ reason }) => (reason.trim().length < shortestReason ? { reason: w.rule.reason } : {}),
    wordsFor: () => w.rule.reason,
    fieldFor: (field) => (field === "emergency" ? "reason" : field),
    send: ({ reason }) => props.open(reason.trim()),
  });
  useUnsaved(form.dirty && !form.busy);
  if (!asked) {
    return (
      <p>
        <button class="ds-button" data-variant="secondary" type="button" data-testid="emergency" onClick={() => setAsked(true)}>
          <Icon name="unlock" size="sm" />
          {w.patient.emergencyOpen}
        </button>
      </p>
    );
  }
  return (
    <form ref={form.ref} noValidate class="sk-draft" onSubmit={form.submit}>
      <div class="sk-part">
        <h2 class="ds-heading" data-size="sm">
          {w.patient.emergencyMeans}
        </h2>
        <ul class="sk-bullets">
          {w.patient.emergencyPoints.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
        <TextArea {...form.text("reason")} label={w.patient.emergencyReason} help={w.patient.emergencyReasonHelp} rows={3} maxLength={500} testid="reason" />
      </div>
      <FormProblem form={form} />
      <div class="sk-draft__end">
        <SubmitButton form={form} testid="open">
          {w.patient.emergencyConfirm}
        </SubmitButton>
        <button class="ds-button" data-variant="tertiary" type="button" onClick={() => setAsked(false)}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}
