// What the colours mean in numbers, a sentence for each kind.

import type { KindLimits, MeasuredKind } from "../gen/api";
import type { Language } from "../gen/protocol";
import { sentence, unitOf } from "./limits";
import { useReader } from "./parts";
import type { PlanWords } from "./i18n/words";

/** "Blodtrykk, mmHg" */
export function kindTitle(kinds: readonly MeasuredKind[], id: string, language: Language): string {
  const kind = kinds.find((k) => k.id === id);
  if (!kind) return id;
  const unit = unitOf(kind.components[0]?.unit ?? "");
  return unit === "" ? kind.words[language] : `${kind.words[language]}, ${unit}`;
}

export function kindSentence(w: PlanWords, kinds: readonly MeasuredKind[], of: KindLimits, language: Language): string {
  const kind = kinds.find((k) => k.id === of.kind);
  return kind ? sentence(w.limits, kind, of, language) : w.limits.none;
}

export function LimitSentences(props: { readonly limits: readonly KindLimits[] }) {
  const { desk, w, language } = useReader();
  const { kinds } = desk.state.value;
  if (props.limits.length === 0) return null;
  return (
    <section class="sk-own__part" data-testid="plan-limits">
      <h2 class="ds-heading" data-size="2xs">
        {w.numbers}
      </h2>
      <dl class="sk-own__limits">
        {props.limits.map((of) => (
          <div key={of.kind}>
            <dt>{kindTitle(kinds, of.kind, language)}</dt>
            <dd>{kindSentence(w, kinds, of, language)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
