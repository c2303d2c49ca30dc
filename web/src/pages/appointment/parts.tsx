// The small parts that the appointment's pages share.

import type { ComponentChildren } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { capital, clock, moment, sameDay, tight, useWords, type Dictionary } from "../../i18n/i18n";
import type { Saying } from "../../state/appointment";
import { useApp, useController } from "../../ui/app";
import { Icon, type IconName } from "../../ui/icon";
import { Help, LanguageChoice, Organisation, Phone } from "../../ui/shell";

/** "kl. 10.00" of today, else with the day. */
export function when(w: Dictionary, ms: number, now: number): string {
  return sameDay(ms, now) ? tight(w.at(clock(w, ms))) : moment(w, ms);
}

/** One page with the number to ring at its foot; with back it leads to what was before. */
export function Frame(props: { readonly back?: boolean; readonly bottom?: ComponentChildren; readonly foot?: ComponentChildren; readonly help?: string; readonly children: ComponentChildren }) {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  // The page before may have been scrolled to its button, and this one begins with its heading.
  useLayoutEffect(() => globalThis.scrollTo(0, 0), []);
  const consultation = app.invitation?.consultation;
  return (
    <Phone
      top={
        <>
          {props.back ? (
            <button class="sk-link" data-side="start" type="button" data-testid="step-back" onClick={() => controller.step("")}>
              <Icon name="back" />
              {w.back}
            </button>
          ) : (
            <Organisation name={consultation?.organisation ?? ""} />
          )}
          <LanguageChoice />
        </>
      }
      bottom={
        <>
          {props.bottom}
          <div class="sk-phone__foot">
            <Help text={props.help ?? w.needHelp} phone={consultation?.phone ?? ""} />
            {props.foot}
          </div>
        </>
      }
    >
      {props.children}
    </Phone>
  );
}

function problemWords(w: Dictionary, saying: Saying): string {
  switch (saying.problem) {
    case "":
      return "";
    case "no-network":
      return saying.what === "calendar" ? w.calendarFailed : w.notSentNetwork;
    case "taken":
      return w.notSentTaken;
    case "gone":
      return saying.what === "calendar" ? w.calendarFailed : w.notSentGone;
    case "too-many":
      return w.notSentTooMany;
    case "server":
      return saying.what === "calendar" ? w.calendarFailed : w.notSentServer;
    default: {
      const never: never = saying.problem;
      return never;
    }
  }
}

/** Why what was last said did not get through; beside the button that said it. */
export function NotSent(props: { readonly what: Saying["what"] }) {
  const w = useWords();
  const { saying } = useApp().appointment;
  const said = saying.what === props.what ? problemWords(w, saying) : "";
  return <Mistake text={said} />;
}

/** What must be put right first. The region is there before its words, so that they are read. */
export function Mistake(props: { readonly text: string; readonly id?: string }) {
  return (
    <div role="alert" id={props.id} data-testid="mistake" hidden={props.text === ""}>
      {props.text !== "" && (
        <p class="sk-problem">
          <Icon name="info" size="sm" />
          {props.text}
        </p>
      )}
    </div>
  );
}

/** The one button, which tells that it is at work. */
export function Send(props: { readonly testid: string; readonly onClick?: () => void; readonly form?: string; readonly children: string }) {
  const w = useWords();
  const { saying } = useApp().appointment;
  const busy = saying.busy && saying.what === "answer";
  return (
    <button
      class="ds-button sk-main-button"
      type={props.form ? "submit" : "button"}
      form={props.form}
      data-testid={props.testid}
      aria-busy={busy || undefined}
      onClick={props.onClick}
    >
      {busy ? w.sendingAnswer : props.children}
    </button>
  );
}

export function Second(props: { readonly testid: string; readonly onClick: () => void; readonly children: ComponentChildren }) {
  return (
    <button class="ds-button sk-second-button" data-variant="secondary" type="button" data-testid={props.testid} onClick={props.onClick}>
      {props.children}
    </button>
  );
}

/** A whole row that is pressed. */
export function Act(props: { readonly icon: IconName; readonly testid: string; readonly text: string; readonly busy?: boolean; readonly onClick: () => void }) {
  return (
    <li>
      <button class="sk-act" type="button" data-testid={props.testid} aria-busy={props.busy || undefined} onClick={props.onClick}>
        <Icon name={props.icon} />
        <span>{props.text}</span>
        <Icon name="right" size="sm" />
      </button>
    </li>
  );
}

/** Something that stands as it was said or found, and how to change it; beside, or below where there is more to read. */
export function Stands(props: { readonly icon?: IconName; readonly text: string; readonly testid: string; readonly below?: boolean; readonly change?: { readonly testid: string; readonly label: string; readonly onClick: () => void } }) {
  return (
    <div class="sk-stands" data-good={props.icon === undefined || undefined} data-below={props.below || undefined} data-testid={props.testid}>
      <Icon name={props.icon ?? "check"} />
      <p>{props.text}</p>
      {props.change && (
        <button class="sk-link" data-side={props.below ? "start" : "end"} type="button" data-testid={props.change.testid} onClick={props.change.onClick}>
          {props.change.label}
        </button>
      )}
    </div>
  );
}

/** The person's other consultations. */
export function Others() {
  const w = useWords();
  const { others } = useApp().appointment;
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="others" class="sk-stack" data-gap="3" data-testid="others">
      <h2 class="ds-heading" data-size="xs" id="others">
        {w.ownAppointments}
      </h2>
      <ul class="sk-list">
        {others.map((other) => (
          <li key={other.starts} class="sk-stack" data-gap="0">
            <span class="sk-person__name">{capital(moment(w, other.starts))}</span>
            <span class="sk-person__role">
              {other.organisationName}
              {(other.state === "proposed" || other.state === "pending") && ` · ${w.notSettled}`}
              {other.state === "cancelled" && ` · ${w.isCancelled}`}
            </span>
          </li>
        ))}
      </ul>
      <p class="sk-subtle sk-body">{w.ownAppointmentsNote}</p>
    </section>
  );
}
