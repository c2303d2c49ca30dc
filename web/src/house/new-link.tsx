// A new link for someone who has lost theirs: two presses, and it says where it was sent.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Person } from "../gen/protocol";
import { Icon } from "../ui/icon";
import { useHouse } from "./house";
import { useWords } from "./i18n/words";
import { Notice } from "./parts";
import { problemWords, refusalOf } from "./problems";
import type { NewLink } from "./wire";

type Step =
  | { readonly at: "rest" }
  | { readonly at: "asking"; readonly busy: boolean; readonly problem: unknown }
  | { readonly at: "sent"; readonly link: NewLink };

export function NewLinkButton(props: { readonly consultation: string; readonly person: Person }) {
  const house = useHouse();
  const w = useWords();
  const [step, setStep] = useState<Step>({ at: "rest" });
  const open = useRef<HTMLButtonElement>(null);
  const send = useRef<HTMLButtonElement>(null);
  const cancelled = useRef(false);
  const { name } = props.person;
  useLayoutEffect(() => {
    // The focus follows what is pressed: to what the press opened, and back.
    if (step.at === "asking") send.current?.focus();
    if (step.at === "rest" && cancelled.current) open.current?.focus();
  }, [step.at]);

  const post = async (): Promise<void> => {
    if (step.at === "asking" && step.busy) return;
    setStep({ at: "asking", busy: true, problem: null });
    try {
      const link = await house.api("POST /consultations/{consultation}/people/{participant}/link", {
        path: { consultation: props.consultation, participant: props.person.id },
      });
      setStep({ at: "sent", link });
    } catch (problem) {
      setStep({ at: "asking", busy: false, problem });
    }
  };

  if (step.at === "rest") {
    return (
      <button ref={open} class="ds-button" data-variant="secondary" type="button" aria-label={w.newLinkFor(name)} data-testid={`new-link-${props.person.id}`} onClick={() => setStep({ at: "asking", busy: false, problem: null })}>
        {w.newLink}
      </button>
    );
  }
  if (step.at === "sent") {
    return (
      <p class="sk-new-link sk-new-link--sent" role="status" data-testid="new-link-sent">
        <Icon name="check" size="sm" />
        {w.newLinkSent(name, step.link.channel, step.link.hint.replaceAll(" ", "\u00a0"))}
      </p>
    );
  }
  const refusal = refusalOf(w, step.problem, house.standing.value.kind === "in" ? (house.standing.value.session.act?.role ?? null) : null);
  return (
    <div
      class="sk-new-link"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        cancelled.current = true;
        setStep({ at: "rest" });
      }}
    >
      <p>{w.newLinkText(name)}</p>
      {step.problem !== null && <Notice kind="error">{refusal ? `${refusal.rule} ${refusal.ask}` : problemWords(w, step.problem)}</Notice>}
      <div class="sk-row sk-wrap">
        <button ref={send} class="ds-button" type="button" aria-busy={step.busy || undefined} data-testid="new-link-send" onClick={() => void post()}>
          {w.newLinkSend}
        </button>
        <button
          class="ds-button"
          data-variant="tertiary"
          type="button"
          onClick={() => {
            cancelled.current = true;
            setStep({ at: "rest" });
          }}
        >
          {w.cancel}
        </button>
      </div>
    </div>
  );
}
