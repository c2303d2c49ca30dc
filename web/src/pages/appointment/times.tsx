// Times that are proposed: which of them suit, and that the answer has come.

import { useState } from "preact/hooks";
import type { Booking } from "../../gen/api";
import { capital, duration, moment, useWords, type Dictionary } from "../../i18n/i18n";
import { answersTo, chosen, openOptions } from "../../state/appointment";
import { useApp, useController } from "../../ui/app";
import { Icon } from "../../ui/icon";
import { byRole, called, isStaff } from "../../ui/people";
import { Heading } from "../../ui/shell";
import { Frame, Mistake, NotSent, Others, Second, Send } from "./parts";

/** "Lege Ask og sjukepleiar Bjørk"; the organisation, where nobody who treats is named. */
function whoInvites(w: Dictionary, booking: Booking): string {
  const named = byRole(booking.people.filter((p) => isStaff(p.role) && p.name !== "")).map((p, i) => (i === 0 ? called(w, p) : called(w, p).replace(/^./, (letter) => letter.toLowerCase())));
  return named.length > 0 ? w.ofSeveral(named) : booking.organisationName;
}

export function Times() {
  const controller = useController();
  const w = useWords();
  const { booking, saying } = useApp().appointment;
  const [suit, setSuit] = useState<readonly string[]>(() => (booking ? chosen(booking) : []));
  const [missing, setMissing] = useState(false);
  if (!booking) return null;
  const options = openOptions(booking);
  const open = suit.filter((id) => options.some((o) => o.id === id)); // one may have been taken meanwhile
  return (
    <Frame
      bottom={
        <>
          <Mistake text={missing ? w.timesMissing : ""} />
          <NotSent what="answer" />
          {options.length > 0 && (
            <Send
              testid="times-send"
              onClick={() => {
                setMissing(open.length === 0);
                if (open.length > 0) controller.answer({ answers: [...answersTo(booking, open)] });
              }}
            >
              {w.sendAnswer}
            </Send>
          )}
          <Second testid="times-none" onClick={() => controller.step("suggest")}>
            {w.timesNone}
          </Second>
        </>
      }
    >
      <div class="sk-stack" data-gap="3">
        <Heading title={w.timesHeading}>{w.timesHeading}</Heading>
        <p class="sk-lead">{w.timesText(whoInvites(w, booking), duration(w, booking.ends - booking.starts))}</p>
      </div>
      <fieldset class="sk-picks" disabled={saying.busy}>
        <legend class="ds-sr-only">{w.timesChosen}</legend>
        {options.map((option) => (
          <label key={option.id} class="sk-pick">
            <input
              type="checkbox"
              data-testid="time"
              checked={suit.includes(option.id)}
              onChange={(event) => {
                setMissing(false);
                setSuit(event.currentTarget.checked ? [...suit, option.id] : suit.filter((id) => id !== option.id));
              }}
            />
            <span>{capital(moment(w, option.starts))}</span>
          </label>
        ))}
      </fieldset>
      <p class="sk-subtle sk-body">
        {w.timesKept}
        {booking.answerBy > 0 && ` ${w.answerBefore(moment(w, booking.answerBy))}`}
      </p>
    </Frame>
  );
}

/** All are answered: nothing more to do, and the answer can be another until the time is decided. */
export function Thanks() {
  const controller = useController();
  const w = useWords();
  const { booking } = useApp().appointment;
  const yes = booking ? openOptions(booking).filter((o) => chosen(booking).includes(o.id)) : [];
  return (
    <Frame
      bottom={
        booking?.may.includes("answer") && (
          <Second testid="times-change" onClick={() => controller.step("times")}>
            {w.changeAnswer}
          </Second>
        )
      }
    >
      <div class="sk-stack" data-gap="3" data-testid="thanks">
        <Heading title={w.thanksHeading}>{w.thanksHeading}</Heading>
        <p class="sk-lead">
          {yes.length === 0 && `${w.thanksNone} `}
          {w.thanksText}
        </p>
      </div>
      {yes.length > 0 && (
        <section aria-labelledby="suits" class="sk-stack" data-gap="3">
          <h2 class="ds-heading" data-size="xs" id="suits">
            {w.thanksSuits}
          </h2>
          <ul class="sk-list">
            {yes.map((option) => (
              <li key={option.id} class="sk-row">
                <Icon name="check" />
                <span>{capital(moment(w, option.starts))}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Others />
    </Frame>
  );
}
