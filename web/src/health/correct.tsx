// Marking a value as wrong: asked once, beside the value. What it was stays, struck through.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { useHealth } from "./host";
import { useHealthWords } from "./i18n/words";
import { kindOf, valueText } from "./kinds";

export function Correct() {
  const { desk, state } = useHealth();
  const w = useHealthWords();
  const [reason, setReason] = useState("");
  const harmless = useRef<HTMLButtonElement>(null);
  const { correcting } = state;
  useEffect(() => harmless.current?.focus(), [correcting?.measurement.id]);
  if (!correcting) return null;
  const { measurement, busy, problem } = correcting;
  const value = valueText(kindOf(state.kinds, measurement.kind), measurement.values, w.language);
  return (
    <form
      class="sk-correct"
      aria-label={w.wrongAsk(value)}
      data-testid="correct"
      onSubmit={(event) => {
        event.preventDefault();
        void desk.markWrong(reason);
      }}
    >
      <p>
        <b>{w.wrongAsk(value)}</b> {w.wrongText}
      </p>
      <div class="sk-field">
        <label for="wrong-why">{w.wrongWhy}</label>
        <input id="wrong-why" class="sk-input" maxLength={200} autocomplete="off" value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </div>
      {problem !== "" && (
        <p class="sk-field-error" role="alert">
          <Icon name="info" size="xs" />
          {w.problems[problem]}
        </p>
      )}
      <div class="sk-row">
        <button ref={harmless} class="ds-button" data-size="sm" data-variant="secondary" type="button" onClick={() => desk.correct(null)}>
          {w.cancel}
        </button>
        <button class="ds-button" data-size="sm" data-color="danger" type="submit" data-testid="correct-yes" aria-disabled={busy || undefined}>
          {w.wrongYes}
        </button>
      </div>
    </form>
  );
}
