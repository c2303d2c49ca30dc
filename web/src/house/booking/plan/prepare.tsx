// The third step: what is to be answered, and what is to be at hand.

import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../../ui/icon";
import { SelectField, TextArea, TextField } from "../../form";
import { Heading } from "../../parts";
import type { Preparation } from "../../wire";
import { useBookingWords } from "../i18n/words";
import type { StepProps } from "./page";

const roles: readonly Preparation["for"][] = ["patient", "nurse", "specialist", "gp", "relative", "interpreter"];
const most = 20; // lines

export function PrepareStep({ plan, act, error }: StepProps) {
  const w = useBookingWords();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => root.current?.querySelector("textarea")?.focus(), []);
  const set = (prepare: readonly Preparation[]): void => act({ do: "set", change: { prepare } });
  return (
    <div
      class="sk-stack"
      data-gap="6"
      ref={root}
      onKeyDown={(event) => {
        // The question is a sentence or two: Enter goes on, with Shift it is a new line.
        if (event.key !== "Enter" || event.shiftKey || !(event.target instanceof HTMLTextAreaElement)) return;
        event.preventDefault();
        event.currentTarget.closest("form")?.requestSubmit();
      }}
    >
      <div class="sk-stack" data-gap="2">
        <Heading title={w.plan.title}>{w.plan.prepareTitle}</Heading>
        <p class="sk-subtle">{w.plan.prepareLead}</p>
      </div>
      <TextArea name="question" label={w.plan.question} help={w.plan.questionHelp} optional rows={3} maxLength={500} value={plan.question} error={error("question")} onValue={(question) => act({ do: "set", change: { question } })} testid="question" />
      <fieldset class="sk-set">
        <legend>{w.plan.atHand}</legend>
        <ul class="sk-stack" data-gap="3">
          {plan.prepare.map((line, i) => (
            <li key={i} class="sk-plan-line">
              <SelectField
                name={`prepare-for-${i}`}
                label={w.plan.prepareFor}
                value={line.for}
                error=""
                options={roles.map((role) => ({ value: role, text: w.roleName(role) }))}
                onValue={(role) => set(plan.prepare.map((p, n) => (n === i ? { ...p, for: role as Preparation["for"] } : p)))}
              />
              <TextField name={`prepare-${i}`} label={w.plan.prepareWhat} value={line.what} maxLength={200} error="" onValue={(what) => act({ do: "prepare", at: i, what })} testid={`prepare-${i}`} />
              <button class="sk-link" type="button" aria-label={w.plan.remove(line.what || w.plan.prepareWhat)} onClick={() => set(plan.prepare.filter((_, n) => n !== i))}>
                <Icon name="x" size="sm" />
              </button>
            </li>
          ))}
        </ul>
        {plan.prepare.length < most && (
          <p>
            <button class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid="add-prepare" onClick={() => set([...plan.prepare, { for: "nurse", what: "" }])}>
              <Icon name="plus" size="xs" />
              {w.plan.addPrepare}
            </button>
          </p>
        )}
      </fieldset>
    </div>
  );
}
