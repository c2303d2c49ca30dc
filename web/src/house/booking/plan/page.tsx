// A new consultation in four steps: what and who, times, what is to be ready, and sending it.
// What is chosen is kept in the page's memory alone: it is about a patient.

import type { ComponentChildren } from "preact";
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { wallOf } from "../../../i18n/norway";
import { Icon } from "../../../ui/icon";
import { everything } from "../../admin/directory";
import { useAsked } from "../../asked";
import { useHouse, useSession, type PageProps } from "../../house";
import { useUnsaved } from "../../form";
import { Heading, Shown } from "../../parts";
import type { Booking, BookingTemplate, Bookings, Colleague, CommonTime, Equipment, PatientLine } from "../../wire";
import { useBookingWords } from "../i18n/words";
import { emptyPlan, faultsOf, planFrom, planned, settled, withOneself, type Act, type Plan, type PlanPerson, type Rule, type Step } from "./plan";
import { PrepareStep } from "./prepare";
import { SendStep, Sent } from "./send";
import { Summary } from "./summary";
import { TimesStep } from "./times";
import { WhatStep } from "./what";
import "../booking.css";

/** What the steps choose from. */
export interface Offered {
  readonly templates: readonly BookingTemplate[];
  readonly colleagues: readonly Colleague[];
  readonly patients: readonly PatientLine[];
  readonly equipment: readonly Equipment[];
}

/** What each step is given. */
export interface StepProps {
  readonly plan: Plan;
  readonly act: (act: Act) => void;
  readonly offered: Offered;
  /** What is wrong at a field, in words; "": nothing, or nobody has tried to go on. */
  readonly error: (field: string) => string;
  /** What would be wrong with the step as it stands. */
  readonly faults: ReadonlyMap<string, Rule>;
}

interface Read {
  readonly offered: Offered;
  readonly from: Booking | null; // the one that this is to be like
  readonly patient: PlanPerson | null; // whom the address names
}

export function PlanPage(props: PageProps) {
  const w = useBookingWords();
  const { api } = useHouse();
  const from = props.query.get("from") ?? "";
  const patient = props.query.get("patient") ?? "";
  const asking = useAsked<Read>(async () => {
    const [templates, colleagues, patients, equipment, booking] = await Promise.all([
      api("GET /booking-templates"),
      api("GET /colleagues"),
      everything((query) => api("GET /patients", { query })),
      api("GET /equipment"),
      from === "" ? null : api("GET /bookings/{id}", { path: { id: from } }),
    ]);
    // Whoever was found by identity number stands in no list.
    const line = patient === "" ? undefined : (patients.find((p) => p.id === patient) ?? (await api("GET /patients/{id}", { path: { id: patient } })));
    return { patient: line ? { id: line.id, name: line.name } : null, offered: { templates: templates.items, colleagues: colleagues.items, patients, equipment: equipment.items.filter((e) => e.active) }, from: booking };
  }, [from, patient]);
  return (
    <div class="sk-times" data-size="sm">
      {asking.asked.status !== "ready" && (
        <div class="sk-stack">
          <Heading>{w.plan.title}</Heading>
          <Shown of={asking} loading={w.plan.loading} rows={8}>
            {() => null}
          </Shown>
        </div>
      )}
      {asking.asked.status === "ready" && <Planning key={`${from}/${patient}`} read={asking.asked.value} />}
    </div>
  );
}

function begin(read: Read, own: string): Plan {
  if (read.from) return planFrom(read.from);
  const [first] = read.offered.templates;
  const plan = { ...emptyPlan, patient: read.patient };
  return withOneself(first ? planned(plan, { do: "template", template: first }) : plan, read.offered.colleagues.find((c) => c.person === own));
}

function Planning(props: { readonly read: Read }) {
  const w = useBookingWords();
  const house = useHouse();
  const { offered } = props.read;
  const own = useSession().person.id;
  const [start] = useState(() => begin(props.read, own));
  const [plan, dispatch] = useReducer(planned, start);
  const [touched, setTouched] = useState(false);
  const [tried, setTried] = useState(false);
  const [wrongs, setWrongs] = useState(0); // how often going on has been tried in vain
  const [found, setFound] = useState<readonly CommonTime[]>([]);
  const [sent, setSent] = useState<Bookings | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const act = (what: Act): void => {
    // What comes from the service, and going to and fro, is nothing that would be lost.
    if (what.do !== "relatives" && what.do !== "found" && what.do !== "go") setTouched(true);
    dispatch(what);
  };
  useUnsaved(sent === null && touched);
  const today = wallOf(house.now.value).day;
  const template = offered.templates.find((t) => t.id === plan.template);
  const faults = faultsOf(plan, plan.step, template, today);

  // The record has the relatives; who may not read it invites them by name elsewhere.
  const patient = plan.patient?.id ?? "";
  useEffect(() => {
    if (patient === "") return;
    void house.api("GET /patients/{id}", { path: { id: patient } }).then(
      (record) => act({ do: "relatives", of: record }),
      () => undefined,
    );
  }, [patient]);

  // The first field that is wrong takes the focus, each time that going on was tried.
  useEffect(() => {
    if (wrongs > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-invalid]")?.focus();
  }, [wrongs]);

  const go = (step: Step): void => {
    setTried(false);
    act({ do: "go", step });
    window.scrollTo(0, 0);
  };
  const goOn = (): void => {
    if (faults.size > 0) {
      setTried(true);
      setWrongs((n) => n + 1);
      return;
    }
    if (plan.step === 2) act({ do: "set", change: settledParties(plan, found) });
    if (plan.step < 4) go((plan.step + 1) as Step);
  };
  const error = (field: string): string => {
    const rule = tried ? faults.get(field) : undefined;
    return rule ? w.plan.rule[rule] : "";
  };
  const step: StepProps = { plan, act, offered, error, faults };

  if (sent) return <Sent sent={sent} plan={plan} />;
  return (
    <>
      <div class="sk-times__side">
        <Steps plan={plan} go={go} />
        {plan.step > 1 && <Summary plan={plan} offered={offered} change={() => go(1)} />}
      </div>
      <form
        class="sk-times__main"
        key={plan.step}
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          goOn();
        }}
      >
        {plan.step === 1 && <WhatStep {...step} />}
        {plan.step === 2 && <TimesStep {...step} found={found} setFound={setFound} back={() => go(1)} />}
        {plan.step === 3 && <PrepareStep {...step} />}
        {plan.step === 4 && <SendStep {...step} onSent={setSent} newTimes={() => go(2)} showFaults={goOn} back={() => go(3)} />}
        {plan.step < 4 && (
          <Onward back={plan.step > 1 ? () => go((plan.step - 1) as Step) : null} note={plan.step === 2 ? w.plan.nobodyTold : ""}>
            <button class="ds-button" type="submit" data-testid="go-on">
              {plan.step === 1 ? w.plan.findTimes : plan.step === 2 && plan.times.length > 0 ? w.plan.goOnWith(plan.times.length) : w.plan.goOn}
            </button>
          </Onward>
        )}
      </form>
    </>
  );
}

/** Who is in it once the times are chosen, where any of several would do. */
function settledParties(plan: Plan, found: readonly CommonTime[]): Partial<Plan> {
  const { parties, times } = settled(plan, found);
  return { parties, times };
}

/** The way back, and the one on. */
export function Onward(props: { readonly back: (() => void) | null; readonly note?: string; readonly children: ComponentChildren }) {
  const w = useBookingWords();
  return (
    <div class="sk-onward">
      {props.back ? (
        <button class="sk-link" data-side="start" type="button" data-testid="go-back" onClick={props.back}>
          <Icon name="back" size="sm" />
          {w.plan.back}
        </button>
      ) : (
        <a class="sk-link" data-side="start" href="/calendar">
          <Icon name="back" size="sm" />
          {w.cal.title}
        </a>
      )}
      <span class="sk-onward__go">
        {props.note && <span class="sk-subtle sk-small">{props.note}</span>}
        {props.children}
      </span>
    </div>
  );
}

/** Where one is. A step that has been is gone back to; one that hasn't is no press. */
function Steps(props: { readonly plan: Plan; readonly go: (step: Step) => void }) {
  const w = useBookingWords();
  const { step } = props.plan;
  return (
    <nav aria-label={w.plan.steps}>
      <ol class="sk-plan-steps">
        {w.plan.step.map((word, i) => {
          const n = (i + 1) as Step;
          const number = <span class="sk-plan-steps__n">{n < step ? <Icon name="check" size="xs" /> : n}</span>;
          return (
            <li key={n} aria-current={n === step ? "step" : undefined} data-done={n < step || undefined}>
              {n < step ? (
                <button type="button" aria-label={word} data-testid={`step-${n}`} onClick={() => props.go(n)}>
                  {number}
                  <span class="sk-plan-steps__word">{word}</span>
                </button>
              ) : (
                <span>
                  {number}
                  <span class="sk-plan-steps__word">{word}</span>
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
