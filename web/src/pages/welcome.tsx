// The greeting: whom one meets and when, and one button.
// The patient's name is never here: the page may be opened in other people's sight.

import type { Consultation, Person } from "../gen/protocol";
import { capital, clock, date, distance, duration, sameDay, useWords } from "../i18n/i18n";
import { useApp, useController } from "../ui/app";
import { Icon } from "../ui/icon";
import { byRole, called, host, initials, isStaff, roleLine } from "../ui/people";
import { Heading, Help, LanguageChoice, Organisation, Phone } from "../ui/shell";

function When(props: { readonly consultation: Consultation; readonly now: number; readonly opensAt: number }) {
  const w = useWords();
  const { consultation, now, opensAt } = props;
  const lasts = duration(w, consultation.ends - consultation.starts);
  const until = consultation.starts - now;
  const sentence =
    until > 60_000 && sameDay(consultation.starts, now)
      ? w.startsIn(distance(w, until), lasts)
      : until < -60_000
        ? w.startedAgo(distance(w, until))
        : null;
  return (
    <p class="sk-lead">
      {capital(date(w, consultation.starts))}.{" "}
      {sentence ? (
        <>
          {sentence[0]}
          <strong class="sk-nowrap sk-strong">{sentence[1]}</strong>
          {sentence[2]}
        </>
      ) : until > 60_000 ? (
        w.startsThatDay(lasts)
      ) : (
        w.startsNow(lasts)
      )}
      {now < opensAt && <> {w.opensAt(clock(w, opensAt))}</>}
    </p>
  );
}

function Expected(props: { readonly person: Person }) {
  const w = useWords();
  const { person } = props;
  const unnamed = person.role === "patient";
  return (
    <li>
      <div class="sk-person">
        <span class="sk-avatar" aria-hidden="true">
          {unnamed ? <Icon name="user" size="sm" /> : initials(person.name)}
        </span>
        <span>
          <span class="sk-person__name">{unnamed ? w.unnamedPatient : person.name}</span>
          {!unnamed && <span class="sk-person__role">{roleLine(w, person)}</span>}
        </span>
      </div>
    </li>
  );
}

export function Welcome() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const invitation = app.invitation;
  if (!invitation) return null;
  const { consultation } = invitation;
  const staff = isStaff(invitation.role);
  const starts = clock(w, consultation.starts);
  const meets = host(consultation.expected, invitation.participant);
  const others = byRole(consultation.expected.filter((p) => p.id !== invitation.participant));
  const greeting = staff ? w.greetStaff(starts) : meets && invitation.role === "patient" ? w.greetWaits(called(w, meets), starts) : w.greetPlain(starts);
  return (
    <Phone
      top={
        <>
          <Organisation name={consultation.organisation} />
          <LanguageChoice />
        </>
      }
      bottom={
        <>
          <button
            class="ds-button sk-main-button"
            type="button"
            data-testid="join"
            aria-busy={app.joining || undefined}
            onClick={() => controller.join()}
          >
            {w.joinCall}
          </button>
          <p class="sk-phone__note">{invitation.admitsItself ? w.joinNoteStaff : w.joinNote}</p>
          <div class="sk-phone__foot">
            <Help text={w.needHelp} phone={consultation.phone} />
            <p class="sk-help">
              <Icon name="lock" />
              <span>{w.notRecorded}</span>
            </p>
            {invitation.seesRecord && (
              <a class="sk-help" href="/seen">
                <Icon name="eye" />
                <b>{w.whoHasSeen(invitation.role === "patient")}</b>
              </a>
            )}
          </div>
        </>
      }
    >
      <div class="sk-stack" data-gap="3">
        <Heading title={w.titleWelcome(`${date(w, consultation.starts)} ${w.at(starts)}`)}>{greeting}</Heading>
        <When consultation={consultation} now={app.now} opensAt={invitation.opensAt} />
      </div>
      {others.length > 0 && (
        <section aria-labelledby="who" class="sk-stack" data-gap="3">
          <h2 class="ds-heading" data-size="xs" id="who">
            {w.whoComes}
          </h2>
          <ul class="sk-list">
            {others.map((person) => (
              <Expected key={person.id} person={person} />
            ))}
          </ul>
        </section>
      )}
    </Phone>
  );
}
