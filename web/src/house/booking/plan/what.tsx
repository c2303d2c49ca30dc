// The first step: what kind of consultation, about whom, and who is to be in it.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { wallOf } from "../../../i18n/norway";
import { Icon } from "../../../ui/icon";
import { ApiError } from "../../client";
import { CheckField, SelectField, TextField } from "../../form";
import { useHouse, useSession } from "../../house";
import { Heading, Notice } from "../../parts";
import { digitsOf, judge } from "../../patients/national-id";
import { problemWords } from "../../problems";
import { Combobox, type Found } from "../combobox";
import { useBookingWords } from "../i18n/words";
import { InterpreterField, languageOptions } from "../interpreter";
import type { StepProps } from "./page";
import type { PlanParty, StaffRole } from "./plan";

const lengths = [15, 20, 30, 45, 60, 90];
const anyone = "*"; // before an organisation's id: anybody there who has the role
const mostAnyOf = 30; // as many as the service looks among

export function WhatStep(props: StepProps) {
  const { plan, act, offered, error, faults } = props;
  const w = useBookingWords();
  const house = useHouse();
  const own = useSession().act;
  const root = useRef<HTMLDivElement>(null);
  const today = wallOf(house.now.value).day;
  const template = offered.templates.find((t) => t.id === plan.template);
  const about = !template || template.parties.some((p) => p.role === "patient");
  useEffect(() => root.current?.querySelector<HTMLElement>("input[name=template]:checked, input[name=template]")?.focus(), []);

  // Going on: to the first field that still lacks something, else to the button.
  const latest = useRef(faults);
  latest.current = faults;
  const next = (): void => {
    // Drawn anew with what was just chosen.
    requestAnimationFrame(() => {
      const [field] = latest.current.keys();
      const form = root.current?.closest("form");
      const el = field ? form?.elements.namedItem(field) : form?.querySelector("[type=submit]");
      if (el instanceof HTMLElement) el.focus();
      else if (el instanceof RadioNodeList && el[0] instanceof HTMLElement) el[0].focus();
    });
  };
  const languages = useMemo(() => languageOptions(house.language.value, plan.interpreter), [house.language.value, plan.interpreter]);
  const patients: Found[] = offered.patients.map((p) => ({ value: p.id, text: p.name, ...(p.bornYear > 0 ? { about: String(p.bornYear) } : {}) }));
  const behalf = [...new Map(offered.colleagues.filter((c) => c.actFor && c.organisation !== own?.organisation).map((c) => [c.organisation, c.organisationName]))];
  const standard = lengths.includes(Number(plan.minutes)) ? lengths : [...lengths, Number(plan.minutes)].sort((a, b) => a - b);

  return (
    <div
      class="sk-stack"
      data-gap="6"
      ref={root}
      onKeyDown={(event) => {
        // Enter goes on to what is missing, without calling wrong what nobody has come to yet.
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || faults.size === 0) return;
        event.preventDefault();
        next();
      }}
    >
      <Heading title={w.plan.title}>{w.plan.whatTitle}</Heading>
      <fieldset class="sk-set" data-invalid={error("template") || undefined}>
        <legend class="ds-sr-only">{w.plan.what}</legend>
        <div class="sk-kinds">
          {offered.templates.map((t) => (
            <label key={t.id} class="sk-kind">
              <input type="radio" name="template" checked={t.id === plan.template} data-testid={`template-${t.id}`} onChange={() => act({ do: "template", template: t })} />
              <span>
                <b>{t.name}</b>
                <span class="sk-subtle sk-small">{t.about || w.minutes(t.minutes)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {about && (
        <div class="sk-stack" data-gap="3">
          <PatientField {...props} patients={patients} next={next} />
          {plan.patient && (
            <div class="sk-fields">
              <SelectField
                name="patientAttends"
                label={w.plan.patientHow}
                value={plan.patientAttends}
                error=""
                options={[
                  { value: "online", text: w.plan.patientOnline },
                  { value: "beside", text: w.plan.patientBeside },
                ]}
                onValue={(v) => act({ do: "set", change: { patientAttends: v === "beside" ? "beside" : "online" } })}
                testid="patient-attends"
              />
              {plan.relatives.length > 0 && (
                <fieldset class="sk-set">
                  <legend>{w.plan.relatives}</legend>
                  {plan.relatives.map((r) => (
                    <CheckField
                      key={r.id}
                      name={`relative-${r.id}`}
                      label={[r.name, r.title.toLocaleLowerCase("nb")].filter(Boolean).join(", ")}
                      value={plan.invited.includes(r.id)}
                      error=""
                      onValue={(on) => act({ do: "invite", id: r.id, on })}
                      testid={`relative-${r.id}`}
                    />
                  ))}
                </fieldset>
              )}
            </div>
          )}
        </div>
      )}
      <div class="sk-lines sk-parties">
        {plan.parties.map((party) => (
          <PartyLine key={party.key} {...props} party={party} next={next} />
        ))}
      </div>
      {error("add") && (
        <p class="sk-problem" tabIndex={-1} data-invalid>
          <Icon name="info" size="sm" />
          <span>{error("add")}</span>
        </p>
      )}
      <div class="sk-fields" data-cols="3">
        <SelectField
          name="minutes"
          label={w.plan.length}
          value={plan.minutes}
          error={error("minutes")}
          options={standard.map((m) => ({ value: String(m), text: w.minutes(m) }))}
          onValue={(minutes) => act({ do: "set", change: { minutes } })}
          testid="minutes"
        />
        <TextField name="deadline" label={w.plan.deadline} optional type="date" min={today} value={plan.deadline} error={error("deadline")} onValue={(deadline) => act({ do: "set", change: { deadline } })} testid="deadline" />
        <SelectField
          name="interpreter"
          label={w.plan.interpreter}
          value={plan.interpreter}
          error=""
          options={[{ value: "", text: w.plan.noInterpreter }, ...languages]}
          onValue={(interpreter) => act({ do: "set", change: { interpreter } })}
          testid="interpreter"
        />
        {behalf.length > 0 && (
          <SelectField
            name="organisation"
            label={w.plan.behalf}
            value={plan.organisation}
            error=""
            options={[{ value: "", text: own?.organisationName ?? "" }, ...behalf.map(([value, text]) => ({ value, text }))]}
            onValue={(organisation) => act({ do: "set", change: { organisation } })}
            testid="behalf"
          />
        )}
      </div>
      {plan.interpreter !== "" && <InterpreterField language={plan.interpreter} chosen={plan.interpreterBy} onChoose={(by) => act({ do: "set", change: { interpreterBy: by && { id: by.id, name: by.name } } })} />}
      {offered.equipment.length > 0 && (
        <fieldset class="sk-set">
          <legend>{w.plan.equipment}</legend>
          <div class="sk-fields">
            {offered.equipment.map((e) => (
              <CheckField
                key={e.id}
                name={`equipment-${e.id}`}
                label={e.name}
                value={plan.equipment.includes(e.id)}
                error=""
                onValue={(on) => act({ do: "set", change: { equipment: on ? [...plan.equipment, e.id] : plan.equipment.filter((id) => id !== e.id) } })}
                testid={`equipment-${e.id}`}
              />
            ))}
          </div>
        </fieldset>
      )}
      <div class="sk-stack" data-gap="2">
        <span class="sk-subtle sk-small">{w.plan.add}</span>
        <div class="sk-row sk-wrap">
          {(["specialist", "nurse", "gp"] as const).map((role) => (
            <button key={role} class="ds-button" data-size="sm" data-variant="secondary" type="button" name={role === "specialist" ? "add" : undefined} data-testid={`add-${role}`} onClick={() => act({ do: "add", role })}>
              <Icon name="plus" size="xs" />
              {w.plan.addRole[role]}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}

/** The patient by name, or found by identity number, which goes in a body and stands in no address. */
function PatientField(props: StepProps & { readonly patients: readonly Found[]; readonly next: () => void }) {
  const { plan, act, error, patients, next } = props;
  const w = useBookingWords();
  const house = useHouse();
  const [finding, setFinding] = useState(false);
  const [number, setNumber] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  const find = async (): Promise<void> => {
    if (judge(number) === "empty" || judge(number) === "unfinished") return setProblem(w.plan.notFound);
    setBusy(true);
    setProblem("");
    try {
      const patient = await house.api("POST /patients/find", { body: { nationalId: digitsOf(number), emergency: "" } });
      act({ do: "patient", patient: { id: patient.id, name: patient.name } });
      setFinding(false);
      setNumber("");
      next();
    } catch (err) {
      setProblem(err instanceof ApiError && err.code === "refused" ? w.plan.notFound : problemWords(w, err));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="sk-stack" data-gap="2">
      <Combobox
        label={w.plan.patient}
        name="patient"
        chosen={plan.patient ? { value: plan.patient.id, text: plan.patient.name } : null}
        options={patients}
        none={w.plan.noMatch}
        error={error("patient")}
        onChoose={(id) => {
          const chosen = patients.find((p) => p.value === id);
          if (id !== (plan.patient?.id ?? "")) act({ do: "patient", patient: chosen ? { id, name: chosen.text } : null });
        }}
        onDone={next}
      />
      <p>
        <button class="sk-link" data-side="start" type="button" aria-expanded={finding} data-testid="patient-find" onClick={() => setFinding(!finding)}>
          {finding ? w.plan.patientByName : w.plan.patientFind}
        </button>
      </p>
      {finding && (
        <div
          class="sk-row sk-wrap sk-bottom"
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
            event.preventDefault();
            event.stopPropagation();
            void find();
          }}
        >
          <TextField name="nationalId" label={w.plan.nationalId} value={number} error={problem} inputMode="numeric" autoComplete="off" maxLength={30} onValue={setNumber} testid="national-id" />
          <button class="ds-button" data-size="sm" data-variant="secondary" type="button" aria-busy={busy || undefined} data-testid="find" onClick={() => void find()}>
            {w.plan.find}
          </button>
        </div>
      )}
    </div>
  );
}

/** One role: who, whether they must be there, from where, and how long they drive. */
function PartyLine(props: StepProps & { readonly party: PlanParty; readonly next: () => void }) {
  const { party, act, offered, error, plan } = props;
  const w = useBookingWords();
  const taken = new Set(plan.parties.filter((p) => p.key !== party.key).map((p) => p.person));
  const fit = offered.colleagues.filter((c) => c.role === party.role && (party.kind === "" || c.organisationKind === party.kind) && !taken.has(c.person));
  const people: Found[] = fit.map((c) => ({ value: c.person, text: c.name, about: [c.title, c.competence, c.organisationName].filter(Boolean).join(", ") }));
  // Whoever suits best, of one organisation: a patient's nurse is of the patient's municipality.
  const places = [...new Map(fit.map((c) => [c.organisation, c.organisationName]))].map(([id, name]) => ({ id, name, people: fit.filter((c) => c.organisation === id).map((c) => c.person) }));
  const any: Found[] = places.filter((p) => p.people.length > 1).map((p) => ({ value: anyone + p.id, text: w.plan.anyone, about: `${p.name}, ${w.plan.anyoneOf(p.people.length)}` }));
  const options = [...any, ...people];
  const chosen = options.find((o) => o.value === (party.person || `${anyone}${offered.colleagues.find((c) => c.person === party.anyOf[0])?.organisation ?? ""}`)) ?? null;
  const role = w.plan.party(party.role as StaffRole);
  const change = (what: Partial<PlanParty>): void => act({ do: "party", key: party.key, change: what });
  return (
    <fieldset class="sk-set sk-party-line" data-testid={`party-${party.key}`}>
      <legend class="ds-sr-only">{role}</legend>
      <Combobox
        label={party.required ? role : `${role}, ${w.plan.optionalTag}`}
        name={`person-${party.key}`}
        chosen={chosen}
        options={options}
        first={party.required}
        none={fit.length === 0 ? w.plan.noColleagues : w.plan.noMatch}
        error={error(`person-${party.key}`)}
        onChoose={(value) => {
          const place = places.find((p) => anyone + p.id === value);
          change(place ? { person: "", anyOf: place.people.slice(0, mostAnyOf) } : { person: value, anyOf: [] });
        }}
        onDone={props.next}
      />
      <SelectField
        name={`attends-${party.key}`}
        label={w.plan.how}
        value={party.attends}
        error=""
        options={(["online", "visit", "beside"] as const).map((how) => ({ value: how, text: w.attends(how) }))}
        onValue={(how) => change({ attends: how as PlanParty["attends"] })}
        testid={`attends-${party.key}`}
      />
      {party.attends === "visit" && (
        <div class="sk-drive">
          <TextField name={`before-${party.key}`} label={`${w.plan.driveBefore}, ${w.plan.minutesHelp}`} value={party.before} inputMode="numeric" maxLength={3} error={error(`before-${party.key}`)} onValue={(before) => change({ before })} testid={`before-${party.key}`} />
          <TextField name={`after-${party.key}`} label={`${w.plan.driveAfter}, ${w.plan.minutesHelp}`} value={party.after} inputMode="numeric" maxLength={3} error={error(`after-${party.key}`)} onValue={(after) => change({ after })} testid={`after-${party.key}`} />
        </div>
      )}
      <div class="sk-party-line__ticks">
        <CheckField name={`must-${party.key}`} label={w.plan.must} value={party.required} error="" onValue={(required) => change({ required })} testid={`must-${party.key}`} />
        <CheckField name={`deputy-${party.key}`} label={w.plan.deputy} value={party.deputyAllowed} error="" onValue={(deputyAllowed) => change({ deputyAllowed })} testid={`deputy-${party.key}`} />
        <button class="sk-link" type="button" aria-label={w.plan.remove(chosen?.text ?? role)} data-testid={`remove-${party.key}`} onClick={() => act({ do: "remove", key: party.key })}>
          <Icon name="x" size="sm" />
        </button>
      </div>
      {fit.length === 0 && <Notice>{w.plan.noColleagues}</Notice>}
    </fieldset>
  );
}
