// The greeting: whom one meets and when, and one thing to do: say that it suits, test the
// device, or join. The patient's name is never here: the page may be opened in other people's
// sight.

import { useLayoutEffect } from "preact/hooks";
import type { Consultation, Person } from "../gen/protocol";
import { interpreterLanguage } from "../i18n/interpreters";
import { capital, clock, date, distance, duration, moment, sameDay, useWords, type Dictionary } from "../i18n/i18n";
import { answersTo, maySayLate, mine, ownDelay, type View } from "../state/appointment";
import type { Invitation } from "../state/state";
import { useApp, useController } from "../ui/app";
import { Icon } from "../ui/icon";
import { byRole, called, host, initials, isStaff, roleLine } from "../ui/people";
import { Heading, Help, LanguageChoice, Live, Organisation, Phone } from "../ui/shell";
import { AskedBefore } from "./appointment/before";
import { LateNotice, lateWords, OwnLateness, useLate } from "./appointment/late";
import { Act, NotSent, Others, Second, Send, Stands, when } from "./appointment/parts";

function When(props: { readonly consultation: Consultation; readonly now: number; readonly opensAt: number; readonly dated: boolean }) {
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
      {!props.dated && `${capital(date(w, consultation.starts))}. `}
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

function Expected(props: { readonly person: Person; readonly until: number }) {
  const w = useWords();
  const { person, until } = props;
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
        {until > 0 && (
          <span class="sk-status">
            <Icon name="clock" size="sm" />
            {capital(w.at(clock(w, until)))}
          </span>
        )}
      </div>
    </li>
  );
}

/** A clock alone is taken for today's. Without the appointment the greeting is what it always was. */
function saysDay(view: View, starts: number, now: number): boolean {
  return (view === "confirm" || view === "coming") && !sameDay(starts, now);
}

function greetingOf(w: Dictionary, invitation: Invitation, dated: boolean): string {
  const { consultation } = invitation;
  const starts = clock(w, consultation.starts);
  if (isStaff(invitation.role)) return w.greetStaff(starts);
  if (dated) return w.greetDay(moment(w, consultation.starts));
  const meets = host(consultation.expected, invitation.participant);
  return meets && invitation.role === "patient" ? w.greetWaits(called(w, meets), starts) : w.greetPlain(starts);
}

export function Greeting(props: { readonly view: View }) {
  const app = useApp();
  const w = useWords();
  const late = useLate();
  const { invitation, appointment } = app;
  const answer = appointment.booking ? mine(appointment.booking)?.answer : undefined;
  // What was pressed is gone then, and the page begins anew with its heading.
  const turn = answer === "accepted" ? "answered" : "asked";
  useLayoutEffect(() => globalThis.scrollTo(0, 0), [turn]);
  if (!invitation) return null;
  const { consultation } = invitation;
  const others = byRole(consultation.expected.filter((p) => p.id !== invitation.participant));
  const dated = saysDay(props.view, consultation.starts, app.now);
  const moved = appointment.movedFrom > 0 && props.view !== "open" ? appointment.movedFrom : 0;
  const news = late.length > 0 ? lateWords(w, late) : moved > 0 ? w.movedHeading(when(w, consultation.starts, app.now)) : "";
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
          <Bottom view={props.view} />
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
        <Heading key={turn} title={w.titleWelcome(moment(w, consultation.starts))}>
          {news === "" ? greetingOf(w, invitation, dated) : news}
        </Heading>
        <Live text={news} />
        {late.length === 0 && moved > 0 && <p class="sk-lead">{w.movedFrom(when(w, moved, app.now))}</p>}
        {late.length === 0 && moved === 0 && <When consultation={consultation} now={app.now} opensAt={invitation.opensAt} dated={dated} />}
      </div>
      <LateNotice late={late} />
      {appointment.settled && props.view !== "open" && late.length === 0 && (
        <div class="sk-notice" role="status" data-testid="settled">
          <Icon name="check" />
          <p>{w.settled(moment(w, consultation.starts))}</p>
        </div>
      )}
      {props.view === "coming" && (
        <div class="sk-stack" data-gap="3">
          <YouCome />
          {ownDelay(appointment.booking) > 0 && <OwnLateness />}
          <Test />
        </div>
      )}
      <AskedBefore />
      {others.length > 0 && (
        <section aria-labelledby="who" class="sk-stack" data-gap="3">
          <h2 class="ds-heading" data-size="xs" id="who">
            {w.whoComes}
          </h2>
          <ul class="sk-list">
            {others.map((person) => (
              <Expected key={person.id} person={person} until={late.find((l) => l.person.id === person.id && !l.overdue)?.until ?? 0} />
            ))}
          </ul>
        </section>
      )}
      {props.view === "coming" && <Beforehand />}
      {props.view === "open" && <OwnLateness />}
    </Phone>
  );
}

/** The one thing to press. */
function Bottom(props: { readonly view: View }) {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const { invitation, appointment } = app;
  const { booking } = appointment;
  switch (props.view) {
    case "loading":
      return <span class="sk-skeleton sk-late" data-button aria-hidden="true" />;
    case "confirm":
      return (
        <>
          <NotSent what="answer" />
          <p class="sk-ask" id="confirm-ask">
            {w.confirmAsk}
          </p>
          <Send testid="confirm-yes" onClick={() => booking && controller.answer({ answers: [...answersTo(booking, ["yes"])] })}>
            {w.yesComing}
          </Send>
          <Second testid="confirm-no" onClick={() => controller.step("suggest")}>
            {w.notSuits}
          </Second>
        </>
      );
    case "coming":
      return null; // nothing has to be done any more
    default:
      return (
        <>
          <NotSent what="readiness" />
          <button
            class="ds-button sk-main-button"
            type="button"
            data-testid="join"
            aria-busy={app.joining || undefined}
            onClick={() => controller.join()}
          >
            {w.joinCall}
          </button>
          <p class="sk-phone__note">{invitation?.admitsItself ? w.joinNoteStaff : w.joinNote}</p>
        </>
      );
  }
}

/** The device check beforehand, and what it found the last time. */
function Test() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const { booking } = app.appointment;
  const test = (booking && mine(booking)?.readiness.test) ?? "";
  const starts = app.invitation?.consultation.starts ?? 0;
  if (test === "good") {
    return (
      <>
        <NotSent what="readiness" />
        <Stands testid="tested" below text={w.testedGood(when(w, starts, app.now))} change={{ testid: "test-devices", label: w.testAgain, onClick: () => controller.testDevices() }} />
      </>
    );
  }
  return (
    <>
      <NotSent what="readiness" />
      {test !== "" && <Stands icon="info" testid="tested" text={test === "poor" ? w.testedPoor : w.testedFailed} />}
      <button class="ds-button sk-main-button" type="button" data-testid="test-devices" onClick={() => controller.testDevices()}>
        {test === "" ? w.testDevices : w.testAgain}
      </button>
      {test === "" && <p class="sk-phone__note">{w.testNote}</p>}
    </>
  );
}

function YouCome() {
  const controller = useController();
  const w = useWords();
  const { booking } = useApp().appointment;
  if (!booking?.may.includes("answer")) return null;
  return <Stands testid="you-come" text={w.youCome} change={{ testid: "confirm-change", label: w.change, onClick: () => controller.step("confirm") }} />;
}

/** What can be done before the call, and need not be. */
function Beforehand() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const { booking, saying } = app.appointment;
  const role = app.invitation?.role;
  if (!booking) return null;
  const may = booking.may.includes("answer");
  const wanted = booking.interpreter === "" ? null : interpreterLanguage(app.language, booking.interpreter);
  const late = ownDelay(booking) > 0;
  return (
    <>
      <section aria-labelledby="before" class="sk-stack" data-gap="3">
        <h2 class="ds-heading" data-size="xs" id="before">
          {w.beforeCall}
        </h2>
        <ul class="sk-acts">
          <Act icon="plus" testid="to-calendar" text={w.toCalendar} busy={saying.busy && saying.what === "calendar"} onClick={() => controller.addToCalendar()} />
          {may && role !== "interpreter" && (
            <Act icon="voice" testid="interpreter" text={wanted ? w.interpreterWanted(wanted.name) : w.interpreterAsk} onClick={() => controller.step("interpreter")} />
          )}
          {!late && maySayLate(app) && <Act icon="clock" testid="say-late" text={w.lateAsk} onClick={() => controller.step("late")} />}
        </ul>
        <NotSent what="calendar" />
      </section>
      <Others />
    </>
  );
}
