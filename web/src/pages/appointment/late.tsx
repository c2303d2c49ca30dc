// Who is late and by how much, oneself too. Nobody has to do anything about it.

import type { Participant } from "../../gen/protocol";
import { capital, clock, tight, useWords, type Dictionary } from "../../i18n/i18n";
import { latecomers, maySayLate, ownDelay, type Latecomer } from "../../state/appointment";
import { useApp, useController } from "../../ui/app";
import { Icon } from "../../ui/icon";
import { Heading } from "../../ui/shell";
import { Frame, NotSent, Second, Stands } from "./parts";

const choices = [5, 10, 15]; // minutes

/** "Legen er om lag 10 minutt forseinka": of those who are waited for, the one who comes last. */
export function lateWords(w: Dictionary, late: readonly Latecomer[]): string {
  const last = late[0];
  if (!last) return "";
  const who = capital(w.theRole(last.person.role));
  return last.overdue ? w.stillLate(who) : w.isLate(who, tight(w.minutes(last.minutes)));
}

/** Who is late as the page knows it now. */
export function useLate(room?: readonly Participant[]): readonly Latecomer[] {
  const app = useApp();
  return latecomers(app.appointment.booking, app.now, room);
}

/** When it begins instead, and that nothing has to be done. */
export function LateNotice(props: { readonly late: readonly Latecomer[] }) {
  const w = useWords();
  const last = props.late[0];
  if (!last) return null;
  return (
    <div class="sk-notice" role="status" data-testid="late">
      <Icon name="clock" />
      <p>
        <b>{last.overdue ? w.lateSoon : w.lateStarts(tight(w.at(clock(w, last.until))))}</b>
      </p>
      <p class="sk-body">{w.lateDo}</p>
    </div>
  );
}

/** That one is late oneself: what was said, or a way to say it. */
export function OwnLateness() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  if (!maySayLate(app)) return null;
  const minutes = ownDelay(app.appointment.booking);
  return (
    <div class="sk-stack" data-gap="2">
      {minutes > 0 ? (
        <>
          <Stands icon="clock" testid="own-late" text={w.youAreLate(tight(w.minutes(minutes)))} />
          <Second testid="ready" onClick={() => controller.tell({ state: "ready" })}>
            {w.readyNow}
          </Second>
        </>
      ) : (
        <button class="sk-link" data-side="start" type="button" data-testid="say-late" onClick={() => controller.step("late")}>
          <Icon name="clock" size="sm" />
          {w.lateAsk}
        </button>
      )}
    </div>
  );
}

export function LatePage() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const { saying } = app.appointment;
  return (
    <Frame back bottom={<NotSent what="readiness" />}>
      <div class="sk-stack" data-gap="3">
        <Heading title={w.lateHeading}>{w.lateHeading}</Heading>
        <p class="sk-lead">{w.lateText}</p>
      </div>
      <div class="sk-stack">
        {choices.map((minutes) => (
          <button
            key={minutes}
            class="ds-button sk-main-button"
            data-variant="secondary"
            type="button"
            data-testid={`late-${minutes}`}
            aria-disabled={saying.busy || undefined}
            onClick={() => controller.tell({ state: "late", minutes })}
          >
            {w.minutes(minutes)}
          </button>
        ))}
      </div>
    </Frame>
  );
}
