// What was found at the wound now, beside what was found before, and what has changed in words.

import { useReader, WrongMark } from "./parts";
import { changeText, factsOf, whenText } from "./said";
import type { Assessment } from "./types";

export function Facts(props: { readonly now: Assessment | null; readonly before: Assessment | null }) {
  const { w, now: clock, responsible } = useReader();
  const { now, before } = props;
  if (!now) return <p class="sk-subtle">{w.noFacts}</p>;
  const change = changeText(w, now, before);
  return (
    <>
      {change !== "" && (
        <p class="sk-wound__change" data-testid="wound-change">
          {change}
        </p>
      )}
      <dl class="sk-wound__facts" aria-label={w.facts} data-testid="wound-facts">
        {factsOf(w, now, before).map((fact) => (
          <div key={fact.id} data-testid={`fact-${fact.id}`} data-changed={fact.changed || undefined}>
            <dt>{fact.name}</dt>
            <dd>
              {fact.now} {fact.aside !== "" && <span class="sk-subtle">{fact.aside}</span>}
            </dd>
            {before && <dd>{fact.before}</dd>}
          </div>
        ))}
      </dl>
      {now.note !== "" && (
        <p class="sk-wound__note">
          <b>{w.note}:</b> {now.note}
        </p>
      )}
      <WrongMark of={now} text={w.assessmentWrong} />
      <p class="sk-subtle sk-wound__xs">
        {w.by(now.by, whenText(w, now.at, clock))} {responsible !== "" && w.responsible(responsible)}
      </p>
    </>
  );
}
