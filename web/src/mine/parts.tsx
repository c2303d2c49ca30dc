// Whom to ring, and the frame of a patient's own pages.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { HelpLine } from "../gen/api";
import { useSession } from "../house/house";
import { PageHead } from "../house/parts";
import { tight } from "../i18n/time";
import { Icon } from "../ui/icon";
import { readable, telephone } from "../ui/telephone";
import { useMineWords } from "./i18n/words";
import "./mine.css";

/** Norway's own two, which need no service to be known. */
const always: readonly HelpLine[] = [
  { id: "emergency", name: "", phone: "113" },
  { id: "urgent-care", name: "", phone: "116117" },
];

/** Whom to ring now: calm, and said to screen readers at once. lines are the service's, where it has been reached. */
export function HelpNow(props: { readonly lines: readonly HelpLine[]; readonly goesOn: boolean }) {
  const w = useMineWords();
  const here = useRef<HTMLElement>(null);
  // It may come below what is in sight, under the answer that was pressed.
  useEffect(() => {
    if (props.goesOn) here.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const own = props.lines.filter((l) => l.id === "own");
  return (
    <section ref={here} class="sk-mine__help" role="alert" aria-labelledby="help-now" data-testid="help-now">
      <h2 class="ds-heading" data-size="sm" id="help-now">
        {w.helpTitle}
      </h2>
      <p>{w.helpText}</p>
      {[...always, ...own].map((l) => (
        <a key={l.id} class="ds-button" data-variant={l.id === "own" ? "secondary" : undefined} href={telephone(l.phone)} data-testid={`ring-${l.id}`}>
          <Icon name="phone" />
          <span>{l.id === "emergency" ? w.emergency : l.id === "urgent-care" ? w.urgent : w.own(l.name, tight(readable(l.phone)))}</span>
        </a>
      ))}
      {props.goesOn && <p>{w.answerStays}</p>}
    </section>
  );
}

/** ?patient= for who comes in another's place, to be carried on. */
export const onwards = (patient: string, own: boolean): string => (own ? "" : `?patient=${encodeURIComponent(patient)}`);

/** The patient whose pages these are: oneself, or whom the address names; empty: nobody. */
export function usePatient(query: URLSearchParams): { readonly patient: string; readonly own: boolean } {
  const session = useSession();
  const own = session.act?.role === "patient";
  return { patient: own ? session.person.id : (query.get("patient") ?? ""), own };
}

/** Back over all that was opened here, to the page that led here: the link itself is in nobody's address any more. */
function toCall(): void {
  const state: unknown = history.state;
  const index = typeof state === "object" && state !== null && "index" in state && typeof state.index === "number" ? state.index : 0;
  history.go(-(index + 1));
}

export function Frame(props: { readonly title: string; readonly back: { readonly href: string; readonly text: string } | "call"; readonly children: ComponentChildren }) {
  const w = useMineWords();
  const session = useSession();
  return (
    <div class="sk-page sk-mine">
      {props.back === "call" && session.handle !== "" && (
        <button class="sk-link sk-head__back" data-side="start" type="button" data-testid="to-call" onClick={toCall}>
          <Icon name="left" size="sm" />
          {w.toCall}
        </button>
      )}
      <PageHead title={props.title} {...(props.back === "call" ? {} : { back: props.back })} />
      {props.children}
    </div>
  );
}
