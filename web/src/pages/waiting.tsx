// The waiting room: the other side knows, the time, a number to ring; the place is kept.

import type { Person, Role } from "../gen/protocol";
import { capital, clock, useWords, type Dictionary } from "../i18n/i18n";
import type { Call } from "../state/state";
import { useApp, useController } from "../ui/app";
import { Icon } from "../ui/icon";
import { byRole, called, initials } from "../ui/people";
import { Say } from "../ui/say";
import { Clock, Heading, Help, LanguageChoice, Live, Organisation, Phone } from "../ui/shell";
import { LateNotice, lateWords, useLate } from "./appointment/late";
import { when } from "./appointment/parts";
import { SelfPicture } from "./check";

/** "Sjukepleiaren er her. Legen veit at du ventar." */
export function whoKnows(w: Dictionary, call: Call): string {
  const here = (role: Role): boolean => call.participants.some((p) => p.id !== call.self && p.role === role && p.presence === "here");
  const doctor = here("specialist") ? "specialist" : here("gp") ? "gp" : null;
  const sentences = [
    here("nurse") ? (doctor ? w.isHere(capital(w.theRole("nurse"))) : w.knowsYouWait(capital(w.theRole("nurse")))) : "",
    doctor ? w.knowsYouWait(capital(w.theRole(doctor))) : "",
  ].filter((sentence) => sentence !== "");
  return sentences.length > 0 ? sentences.join(" ") : w.whoWaits;
}

function Who(props: { readonly person: Person; readonly here: boolean; readonly until: number }) {
  const w = useWords();
  const { person, here, until } = props;
  const knows = person.role === "specialist" || person.role === "gp";
  return (
    <li>
      <div class="sk-person">
        <span class="sk-avatar" aria-hidden="true">
          {initials(person.name)}
        </span>
        <span>
          <span class="sk-person__name">{called(w, person)}</span>
          <span class="sk-person__role">{person.organisation === "" ? person.title || capital(w.role(person.role)) : person.organisation}</span>
        </span>
        <span class="sk-status" data-state={here ? "ready" : undefined}>
          <Icon name={here ? "check" : "clock"} size="sm" />
          {here ? (knows ? w.knows : w.here) : until > 0 ? capital(w.at(clock(w, until))) : w.notCome}
        </span>
      </div>
    </li>
  );
}

/** Sound and picture can be switched off before one is let in. */
function OwnSwitches() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const sound = app.microphone.wanted && app.microphone.state !== "failed";
  const picture = app.camera.wanted && app.camera.state !== "failed";
  return (
    <div class="sk-stack" data-gap="2">
      <button
        class="ds-button"
        data-variant="secondary"
        data-fullwidth
        data-align="start"
        type="button"
        aria-pressed={sound}
        data-testid="microphone"
        onClick={() => controller.setMicrophone(!sound)}
      >
        <Icon name={sound ? "mic" : "mic-off"} />
        {sound ? w.soundOn : w.soundOff}
      </button>
      <button
        class="ds-button"
        data-variant="secondary"
        data-fullwidth
        data-align="start"
        type="button"
        aria-pressed={picture}
        data-testid="camera"
        onClick={() => controller.setCamera(!picture)}
      >
        <Icon name={picture ? "cam" : "cam-off"} />
        {picture ? w.pictureOn : w.pictureOff}
      </button>
    </div>
  );
}

export function Waiting() {
  const app = useApp();
  const w = useWords();
  const call = app.call;
  // The room knows at once who has come; how late the others are, what was read of the appointment.
  const late = useLate(call?.participants);
  if (!call) return null;
  const moved = app.appointment.movedFrom > 0;
  // A visit that was moved while one waits has its new time there, and its old one in the call's.
  const consultation = moved ? (app.invitation?.consultation ?? call.consultation) : call.consultation;
  const news = moved ? w.movedHeading(when(w, consultation.starts, app.now)) : late.length > 0 ? lateWords(w, late) : whoKnows(w, call);
  const present = call.participants.filter((p) => p.id !== call.self && p.presence !== "waiting");
  const people: readonly Person[] = byRole([
    ...consultation.expected.filter((e) => e.id !== call.self),
    ...present.filter((p) => !consultation.expected.some((e) => e.id === p.id)),
  ]);
  return (
    <Phone
      spacing="room"
      top={
        <>
          <Organisation name={consultation.organisation} />
          <Clock />
        </>
      }
      bottom={
        <>
          <p class="sk-phone__text">
            <Icon name="refresh" />
            <span>{w.keepOpen}</span>
          </p>
          <div class="sk-phone__foot">
            <Help text={w.somethingWrong} phone={consultation.phone} />
            <LanguageChoice />
          </div>
        </>
      }
    >
      <div class="sk-stack" data-gap="3">
        <Heading title={w.titleWaiting}>{news}</Heading>
        {/* The heading changes as people come; it is told without moving focus. */}
        <Live text={news} />
        {moved ? (
          <p class="sk-lead">{w.movedFrom(when(w, app.appointment.movedFrom, app.now))}</p>
        ) : (
          late.length === 0 && <p class="sk-lead">{consultation.starts > app.now ? w.startsAtLetIn(clock(w, consultation.starts)) : w.letInSoon}</p>
        )}
      </div>
      {!moved && <LateNotice late={late} />}
      <Say class="sk-notice" />
      <section aria-labelledby="who">
        <h2 class="ds-sr-only" id="who">
          {w.whoIsHere}
        </h2>
        <ul class="sk-list">
          {people.map((person) => (
            <Who key={person.id} person={person} here={present.some((p) => p.id === person.id && p.presence === "here")} until={late.find((l) => l.person.id === person.id && !l.overdue)?.until ?? 0} />
          ))}
        </ul>
      </section>
      <div class="sk-room-self">
        <SelfPicture size="room" />
        <OwnSwitches />
      </div>
    </Phone>
  );
}
