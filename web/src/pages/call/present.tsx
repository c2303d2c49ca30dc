// Who is here and who waits, at the top of the panel; and the whole list with what may be done.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Participant } from "../../gen/protocol";
import { capital, clock, useWords, type Dictionary } from "../../i18n/i18n";
import type { Call } from "../../state/state";
import { missingPeople, presentPeople, waitingPeople } from "../../state/view";
import { useApp, useController } from "../../ui/app";
import { Icon, type IconName } from "../../ui/icon";
import { byRole, called, initials, roleLine } from "../../ui/people";
import { Confirm } from "./dialog";

/** Someone in the waiting room: name, role, how they identified themselves, and the button. */
function WaitCard(props: { readonly person: Participant; readonly mayAdmit: boolean }) {
  const controller = useController();
  const w = useWords();
  const { person } = props;
  const [name, rest] = w.inWaitingRoom(person.name);
  return (
    <li class="sk-wait" data-testid="waiting-person" data-participant={person.id} data-name={person.name} data-role={person.role}>
      <Icon name="user" size="sm" />
      <span>
        <b>{name}</b>
        {rest}
        <br />
        <span class="sk-subtle">
          {roleLine(w, person)}. {w.identified(person.identified)}
          {person.unconfirmed && `. ${w.toRecognise}`}
        </span>
      </span>
      {props.mayAdmit && (
        <span class="sk-wait__buttons">
          <button
            class="ds-button"
            data-size="sm"
            type="button"
            data-testid="admit"
            data-participant={person.id}
            aria-label={w.letInWho(person.name)}
            onClick={() => controller.admit(person.id)}
          >
            {w.letIn}
          </button>
          <button
            class="ds-button"
            data-size="sm"
            data-variant="tertiary"
            type="button"
            data-testid="refuse"
            data-participant={person.id}
            aria-label={w.turnAwayWho(person.name)}
            onClick={() => controller.refuse(person.id)}
          >
            {w.turnAway}
          </button>
        </span>
      )}
    </li>
  );
}

function shortStatus(w: Dictionary, p: Participant): { readonly icon: IconName; readonly ok: boolean; readonly text: string } {
  const role = capital(w.role(p.role));
  if (p.presence === "away" || p.quality === "lost") return { icon: "refresh", ok: false, text: `${role}, ${w.comingBack.toLowerCase()}` };
  if (p.quality === "audio-only") return { icon: "speaker", ok: false, text: `${role}, ${w.soundOnlyNow.toLowerCase()}` };
  return { icon: "check", ok: true, text: role };
}

/** The head of the panel. It stands above the tabs, so that a person waiting is never behind one. */
export function Present() {
  const app = useApp();
  const w = useWords();
  const call = app.call;
  if (!call) return null;
  const others = byRole(presentPeople(call).filter((p) => p.id !== call.self));
  const waiting = waitingPeople(call);
  return (
    <div class="sk-present">
      <div class="sk-spread">
        <h2 class="ds-heading" data-size="2xs">
          {w.present}
        </h2>
        {call.locked && (
          <span class="sk-status">
            <Icon name="lock" size="xs" />
            {w.lockedShort}
          </span>
        )}
      </div>
      <ul class="sk-present__roles" aria-label={w.present}>
        {others.length === 0 && <li class="sk-subtle">{w.alone}</li>}
        {others.map((p) => {
          const status = shortStatus(w, p);
          return (
            <li key={p.id}>
              <span class={status.ok ? "sk-ok" : ""}>
                <Icon name={status.icon} size="xs" />
              </span>
              {status.text}
            </li>
          );
        })}
      </ul>
      {waiting.length > 0 && (
        <ul class="sk-stack" data-gap="2" aria-label={w.titleWaiting}>
          {waiting.map((p) => (
            <WaitCard key={p.id} person={p} mayAdmit={call.may.includes("admit")} />
          ))}
        </ul>
      )}
    </div>
  );
}

function PersonRow(props: { readonly person: Participant; readonly call: Call }) {
  const controller = useController();
  const w = useWords();
  const [asking, setAsking] = useState(false);
  const harmless = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asking) harmless.current?.focus();
  }, [asking]);
  const { person, call } = props;
  const self = person.id === call.self;
  const marks: { readonly icon: IconName; readonly text: string }[] = [];
  if (person.presence === "away" || person.quality === "lost") marks.push({ icon: "refresh", text: w.comingBack });
  else if (person.quality === "audio-only") marks.push({ icon: "speaker", text: w.soundOnlyNow });
  else if (person.quality === "poor") marks.push({ icon: "net", text: w.hasPoorNet });
  if (person.hand) marks.push({ icon: "hand", text: w.handUp });
  if (!person.media.microphone) marks.push({ icon: "mic-off", text: w.soundOff });
  if (!person.media.camera) marks.push({ icon: "cam-off", text: w.cameraOff });
  if (!self && person.unconfirmed) marks.push({ icon: "info", text: w.unconfirmed });
  if (!self && person.confirmed) marks.push({ icon: "check", text: w.recognisedBy(person.confirmed.by, clock(w, person.confirmed.at)) });
  const also = person.beside.map((c) => (c.role === "" ? c.name : `${c.name}, ${c.role}`));
  return (
    <li data-testid="person" data-participant={person.id}>
      <span class="sk-avatar" data-size="sm" aria-hidden="true">
        {initials(person.name)}
      </span>
      <div>
        <b>{self ? `${person.name} (${w.you.toLowerCase()})` : person.name}</b>
        <br />
        <span class="sk-subtle">
          {roleLine(w, person)}
          {also.length > 0 && `. ${w.alsoInRoom(w.ofSeveral(also))}`}
        </span>
        <div class="sk-people__marks">
          {marks.map((mark) => (
            <span key={mark.text} class="sk-status">
              <Icon name={mark.icon} size="xs" />
              {mark.text}
            </span>
          ))}
        </div>
      </div>
      {!self && (
        <div class="sk-people__actions">
          {call.may.includes("mute") && (
            <button
              class="ds-button"
              data-size="sm"
              data-variant="tertiary"
              type="button"
              data-testid="mute"
              aria-label={w.muteWho(person.name)}
              aria-disabled={!person.media.microphone || undefined}
              onClick={() => {
                if (person.media.microphone) controller.mute(person.id);
              }}
            >
              {w.mute}
            </button>
          )}
          {call.may.includes("remove") && (
            <button
              class="ds-button"
              data-size="sm"
              data-variant="tertiary"
              type="button"
              data-testid="remove"
              aria-label={w.removeWho(person.name)}
              aria-expanded={asking}
              onClick={() => setAsking(!asking)}
            >
              {w.removeShort}
            </button>
          )}
        </div>
      )}
      {!self && person.unconfirmed && call.may.includes("confirm") && (
        <button
          class="ds-button sk-people__confirm"
          data-size="sm"
          data-variant="secondary"
          type="button"
          data-testid="confirm"
          aria-disabled={!person.media.camera || undefined}
          onClick={() => {
            if (person.media.camera) controller.confirm(person.id);
          }}
        >
          {w.recogniseWho(person.name)}
        </button>
      )}
      {asking && (
        // In the row and not a dialog: a dialog would lie over someone's face.
        <div class="sk-people__ask" role="group" aria-label={w.removeAsk(person.name)} data-testid="remove-ask">
          <p>{w.removeAsk(person.name)}</p>
          <button ref={harmless} class="ds-button" data-size="sm" data-variant="secondary" type="button" onClick={() => setAsking(false)}>
            {w.cancel}
          </button>
          <button
            class="ds-button"
            data-size="sm"
            data-color="danger"
            type="button"
            data-testid="remove-yes"
            onClick={() => {
              setAsking(false);
              controller.remove(person.id);
            }}
          >
            {w.yesRemove}
          </button>
        </div>
      )}
    </li>
  );
}

export function People() {
  const app = useApp();
  const w = useWords();
  const call = app.call;
  if (!call) return null;
  const missing = missingPeople(call);
  return (
    <>
      <ul class="sk-people">
        {byRole(presentPeople(call)).map((p) => (
          <PersonRow key={p.id} person={p} call={call} />
        ))}
      </ul>
      {missing.length > 0 && (
        <div class="sk-stack" data-gap="2">
          <h3 class="ds-heading" data-size="2xs">
            {w.notComeYet}
          </h3>
          <ul class="sk-stack" data-gap="2">
            {byRole(missing).map((p) => (
              <li key={p.id} class="sk-subtle">
                {called(w, p)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** Lock, and end for all: what concerns the whole call. */
export function RoomControls() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const [asking, setAsking] = useState(false);
  const call = app.call;
  if (!call || !(call.may.includes("lock") || call.may.includes("end"))) return null;
  return (
    <div class="sk-stack" data-gap="2">
      <div class="sk-room-controls">
        {call.may.includes("lock") && (
          <button
            class="ds-button"
            data-size="sm"
            data-variant="secondary"
            type="button"
            data-testid="lock"
            aria-pressed={call.locked}
            onClick={() => controller.lock(!call.locked)}
          >
            <Icon name={call.locked ? "unlock" : "lock"} size="xs" />
            {call.locked ? w.unlock : w.lock}
          </button>
        )}
        {call.may.includes("end") && (
          <button class="ds-button" data-size="sm" data-variant="secondary" data-color="danger" type="button" data-testid="end" onClick={() => setAsking(true)}>
            {w.endForAll}
          </button>
        )}
      </div>
      {call.locked && <p class="sk-subtle">{w.lockedNow}</p>}
      {asking && (
        <Confirm
          heading={w.endAsk}
          text={w.endText}
          yes={w.endForAll}
          testid="end-dialog"
          onYes={() => controller.endForAll()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
