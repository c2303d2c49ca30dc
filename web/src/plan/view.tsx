// The plan as it is read, written and approved: the same in the call's panel and on the page.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PatientPlan, PatientPlans } from "../gen/api";
import { Icon } from "../ui/icon";
import { Edit } from "./edit";
import { fieldNames, fieldOf, isEmpty, latestOf, partiesOf, versionsOf, waitsForReader, zones } from "./fields";
import { LimitSentences } from "./limits-view";
import { Button, fieldTitle, Message, useReader, ZoneMark } from "./parts";
import { approvalText, partyName, quoted, versionTitle, writtenBy } from "./said";
import { VersionView } from "./versions";
import "./plan.css";

/** What of the plan is open: the latest, writing in it, or a version by its number. */
export type Open = "read" | "edit" | number;

interface ViewProps {
  readonly open: Open;
  readonly onOpen: (open: Open) => void;
  /** What stands in place of a plan that the reader may not see; null: the plan's own words. */
  readonly refused?: (error: unknown) => ComponentChildren;
}

export function PlanView(props: ViewProps) {
  const { desk, dense } = useReader();
  return (
    <div class="sk-own" data-dense={dense || undefined} data-testid="plan">
      <Body {...props} />
      <News plans={desk.state.value.plans} />
    </div>
  );
}

function Body(props: ViewProps) {
  const { desk, w } = useReader();
  const state = desk.state.value;
  switch (state.reading) {
    case "loading":
      return (
        <div class="sk-stack sk-own__late" role="status" aria-busy="true">
          <span class="sk-skeleton" data-width="l" />
          <span class="sk-skeleton" data-width="m" />
          <span class="sk-skeleton" data-width="s" />
          <span class="sk-subtle sk-small">{w.loading}</span>
        </div>
      );
    case "failed":
      return (
        <Message
          kind="error"
          title={w.failedTitle}
          actions={
            <Button onClick={() => void desk.read()} id="plan-again">
              {w.again}
            </Button>
          }
        >
          {w.failedText}
        </Message>
      );
    case "refused":
      return (
        <>
          {props.refused?.(state.error) ?? (
            <Message icon="lock" title={w.refusedTitle}>
              {w.refusedText}
            </Message>
          )}
          {/* What one had written is still one's own. */}
          {state.plans && Object.keys(state.writings).length > 0 && <Edit plans={state.plans} onDone={() => props.onOpen("read")} />}
        </>
      );
    case "ready":
      return state.plans ? <Ready {...props} plans={state.plans} /> : null;
    default: {
      const never: never = state.reading;
      return never;
    }
  }
}

function Ready(props: { readonly open: Open; readonly onOpen: (open: Open) => void; readonly plans: PatientPlans }) {
  const { desk, w, mine } = useReader();
  const { plans, open, onOpen } = props;
  const back = useRef<HTMLDivElement>(null); // takes focus when one is back from another view
  const was = useRef<Open>(open);
  useEffect(() => {
    if (was.current !== open && open === "read") back.current?.focus({ preventScroll: true });
    was.current = open;
  }, [open]);
  const plan = latestOf(plans);
  const may = plans.mayWrite || plans.maySetLimits;
  const writes = Object.keys(desk.state.value.writings).length > 0;
  if ((open === "edit" && (may || writes)) || (plan === null && writes)) return <Edit plans={plans} onDone={() => onOpen("read")} />;
  if (typeof open === "number") {
    const all = versionsOf(plans);
    const at = all.findIndex((p) => p.version === open);
    if (all[at]) return <VersionView plan={all[at]} before={all[at + 1] ?? null} onBack={() => onOpen("read")} />;
  }
  if (isEmpty(plan) && !writes)
    return (
      <div class="sk-empty" ref={back} tabIndex={-1} data-testid="plan-empty">
        <b>{plans.mayWrite ? (mine ? w.empty : w.emptyOther) : w.emptyRead}</b>
        {may && (
          <Button kind="primary" onClick={() => onOpen("edit")} id="plan-edit">
            {w.begin}
          </Button>
        )}
      </div>
    );
  return (
    <div class="sk-own__read" ref={back} tabIndex={-1}>
      {plan && <Texts plan={plan} />}
      {plan && <LimitSentences limits={plan.limits} />}
      {plan && <Approvals plan={plan} plans={plans} onOpen={onOpen} />}
      <Versions plans={plans} onOpen={onOpen} />
    </div>
  );
}

/** The four parts, what matters first. */
function Texts(props: { readonly plan: PatientPlan }) {
  const { w, language } = useReader();
  const matters = fieldOf(props.plan, "matters").text;
  return (
    <>
      <section class="sk-own__matters">
        <h2 class="ds-heading" data-size="2xs">
          {w.matters}
        </h2>
        <p class={matters === "" ? "sk-subtle" : "sk-own__text"} data-testid="plan-matters">
          {matters === "" ? w.unwritten : quoted(matters, language)}
        </p>
      </section>
      <div class="sk-own__zones">
        {zones.map((zone) => {
          const { text } = fieldOf(props.plan, zone);
          return (
            <section key={zone} class="sk-own__card" data-zone={zone} aria-labelledby={`plan-${zone}`}>
              <h3 id={`plan-${zone}`}>
                <ZoneMark zone={zone}>{w.zone[zone]}</ZoneMark>
              </h3>
              <p class={text === "" ? "sk-subtle" : "sk-own__text"} data-testid={`plan-${zone}-text`}>
                {text === "" ? w.unwritten : text}
              </p>
            </section>
          );
        })}
      </div>
    </>
  );
}

function Approvals(props: { readonly plan: PatientPlan; readonly plans: PatientPlans; readonly onOpen: (open: Open) => void }) {
  const { desk, w, now } = useReader();
  const { plan, plans } = props;
  const { approving, writings } = desk.state.value;
  const unkept = Object.keys(writings).length > 0;
  const may = plans.mayWrite || plans.maySetLimits;
  return (
    <section class="sk-own__part">
      <div class="sk-spread sk-own__head">
        <h2 class="ds-heading" data-size="2xs" data-testid="plan-version">
          {versionTitle(w, plan)}
        </h2>
        <span class="sk-subtle sk-small">{writtenBy(w, plan, now)}</span>
      </div>
      <ul class="sk-own__parties" aria-label={w.approvals}>
        {partiesOf(plan).map((party, i) => (
          <li key={i} class="sk-spread" data-testid="plan-party">
            <span>{partyName(w, party, plan.parties)}</span>
            <span class="sk-status" data-state={party.by !== "" ? "ready" : party.mine ? "new" : undefined}>
              <Icon name={party.by !== "" ? "check" : "clock"} size="xs" />
              {approvalText(w, party, now)}
            </span>
          </li>
        ))}
      </ul>
      {plan.state === "draft" && plans.active && <p class="sk-subtle sk-small">{w.still(plans.active.version)}</p>}
      {approving !== "" && approving !== "busy" && <Message kind="error">{w.approval[approving]}</Message>}
      {unkept && <Message kind="offline">{desk.state.value.offline ? w.offline : w.approveUnsent}</Message>}
      <div class="sk-row sk-own__buttons">
        {waitsForReader(plans) && !unkept && (
          <Button kind="primary" onClick={() => void desk.approve()} busy={approving === "busy"} id="plan-approve">
            {approving === "busy" ? w.approving : w.approve(plan.version)}
          </Button>
        )}
        {may && (
          <Button icon="pen" onClick={() => props.onOpen("edit")} id="plan-edit">
            {w.edit}
          </Button>
        )}
      </div>
    </section>
  );
}

function Versions(props: { readonly plans: PatientPlans; readonly onOpen: (open: Open) => void }) {
  const { w } = useReader();
  const all = versionsOf(props.plans);
  if (all.length < 2) return null;
  return (
    <details class="sk-own__versions">
      <summary data-testid="plan-versions">{w.versions}</summary>
      <ul>
        {all.map((plan) => (
          <li key={plan.version}>
            <span>{versionTitle(w, plan)}</span>
            <Button kind="tertiary" onClick={() => props.onOpen(plan.version)} id={`plan-version-${plan.version}`} label={w.readVersion(plan.version)}>
              {w.readVersion(plan.version)}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Tells whoever listens to the page what another has changed, politely and without moving focus. */
function News(props: { readonly plans: PatientPlans | null }) {
  const { w, selfName } = useReader();
  const plan = latestOf(props.plans);
  const before = useRef<PatientPlan | null>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    const known = before.current;
    before.current = plan;
    if (!plan || !known) return;
    const news = fieldNames.filter((f) => fieldOf(plan, f).revision > fieldOf(known, f).revision && fieldOf(plan, f).by !== selfName);
    const last = news.at(-1);
    if (last) setText(w.newText(fieldTitle(w, last), fieldOf(plan, last).by));
  }, [plan, selfName, w]);
  return (
    <p class="ds-sr-only" role="status" data-testid="plan-news">
      {text}
    </p>
  );
}
