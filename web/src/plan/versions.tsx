// An earlier version, or the draft, to read: with what has changed since the one before.

import { useEffect, useRef } from "preact/hooks";
import type { KindLimits, PatientPlan } from "../gen/api";
import { changed, diff } from "./diff";
import { fieldNames, fieldOf, partiesOf, type FieldName } from "./fields";
import { alike, kindLimitsOf } from "./limits";
import { kindSentence, kindTitle } from "./limits-view";
import { Button, fieldTitle, Marked, useReader, ZoneMark } from "./parts";
import { approvalText, partyName, versionTitle, writtenBy } from "./said";

export function VersionView(props: { readonly plan: PatientPlan; readonly before: PatientPlan | null; readonly onBack: () => void }) {
  const { w, now } = useReader();
  const { plan, before } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [plan.version]);
  return (
    <div class="sk-own__read" data-testid="plan-reading-version">
      <div class="sk-stack" data-gap="2">
        <h2 class="ds-heading" data-size="2xs" ref={heading} tabIndex={-1}>
          {versionTitle(w, plan)}
        </h2>
        <p class="sk-subtle sk-small">{writtenBy(w, plan, now)}</p>
        <p class="sk-small">{before ? w.since(before.version) : w.firstVersion}</p>
      </div>
      {fieldNames.map((field) => (
        <Part key={field} field={field} plan={plan} before={before} />
      ))}
      <Limits plan={plan} before={before} />
      <ul class="sk-own__parties" aria-label={w.approvals}>
        {partiesOf(plan).map((party, i) => (
          <li key={i} class="sk-spread">
            <span>{partyName(w, party, plan.parties)}</span>
            <span class="sk-subtle sk-small">{approvalText(w, party, now)}</span>
          </li>
        ))}
      </ul>
      <div class="sk-row">
        <Button icon="left" onClick={props.onBack} id="plan-latest">
          {w.toLatest}
        </Button>
      </div>
    </div>
  );
}

function Part(props: { readonly field: FieldName; readonly plan: PatientPlan; readonly before: PatientPlan | null }) {
  const { w } = useReader();
  const { field, plan, before } = props;
  const { text } = fieldOf(plan, field);
  const pieces = before ? diff(fieldOf(before, field).text, text) : [{ how: "same" as const, text }];
  const title = fieldTitle(w, field);
  return (
    <section class={field === "matters" ? "sk-own__matters" : "sk-own__card"} data-zone={field === "matters" ? undefined : field}>
      <h3 class={field === "matters" ? "ds-heading" : undefined} data-size="2xs">
        {field === "matters" ? title : <ZoneMark zone={field}>{title}</ZoneMark>}
      </h3>
      <p class="sk-own__text">{pieces.every((p) => p.text === "") ? <span class="sk-subtle">{w.unwritten}</span> : <Marked pieces={pieces} />}</p>
      {before && !changed(pieces) && text !== "" && <p class="sk-subtle sk-small">{w.unchanged(before.version)}</p>}
    </section>
  );
}

/** Limits of either version: what has changed stands with what it was. */
function Limits(props: { readonly plan: PatientPlan; readonly before: PatientPlan | null }) {
  const { desk, w, language } = useReader();
  const { kinds } = desk.state.value;
  const { plan, before } = props;
  const none = (kind: string): KindLimits => ({ kind, limits: [], rise: { days: 0, yellow: 0, red: 0 }, fall: { days: 0, yellow: 0, red: 0 } });
  const ids = [...new Set([...plan.limits, ...(before?.limits ?? [])].map((k) => k.kind))];
  if (ids.length === 0) return null;
  return (
    <section class="sk-own__part">
      <h3 class="ds-heading" data-size="2xs">
        {w.numbers}
      </h3>
      <dl class="sk-own__limits">
        {ids.map((id) => {
          const now = kindLimitsOf(plan.limits, id);
          const was = kindLimitsOf(before?.limits ?? [], id);
          return (
            <div key={id}>
              <dt>{kindTitle(kinds, id, language)}</dt>
              <dd>
                {kindSentence(w, kinds, now ?? none(id), language)}
                {before && !alike(now, was) && <span class="sk-own__was">{w.wasLimits(kindSentence(w, kinds, was ?? none(id), language))}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
