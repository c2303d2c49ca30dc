// The pages where nothing runs: opening, joining, the end of the visit, and links that
// can't be used. Each says what happened, that nothing is lost, and what to do.

import { clock, useWords, type Dictionary } from "../i18n/i18n";
import type { AppState, FailureCode, Over } from "../state/state";
import { useApp, useController } from "../ui/app";
import { Icon } from "../ui/icon";
import { Heading, Help, LanguageChoice, Organisation, Phone, readable, telephone } from "../ui/shell";

function Skeleton(props: { readonly title: string }) {
  const app = useApp();
  const w = useWords();
  return (
    <Phone top={<Organisation name={app.invitation?.consultation?.organisation ?? ""} />}>
      <Heading title={props.title}>{props.title}</Heading>
      <div class="sk-stack sk-late" aria-hidden="true">
        <span class="sk-skeleton" data-width="l" />
        <span class="sk-skeleton" data-width="m" />
        <span class="sk-skeleton" data-width="s" />
      </div>
      {app.connection.attempt > 1 && (
        <p class="sk-lead" role="status">
          {app.connection.online ? w.reconnecting : w.offline}
        </p>
      )}
    </Phone>
  );
}

export function Opening() {
  return <Skeleton title={useWords().opening} />;
}

/** Hello is under way; after a reload the place is taken up again. */
export function Joining() {
  const w = useWords();
  const app = useApp();
  return <Skeleton title={app.connection.status === "reconnecting" ? w.resuming : w.joiningHeading} />;
}

interface Said {
  readonly heading: string;
  readonly text: string;
  readonly button: string; // of retry, where there is one
}

function overWords(w: Dictionary, over: Over): Said {
  switch (over.reason) {
    case "left":
      return { heading: w.leftHeading, text: w.leftText, button: w.comeBack };
    case "ended":
      return { heading: w.endedHeading, text: w.endedBy(over.by), button: w.tryAgain };
    case "removed":
      return { heading: w.removedHeading, text: `${w.removedText(over.by)} ${w.removedDo}`, button: w.tryAgain };
    case "refused":
      return { heading: w.refusedHeading, text: w.refusedText, button: w.tryAgain };
    case "replaced":
      return { heading: w.replacedHeading, text: w.replacedText, button: w.replacedDo };
    case "lost":
      return { heading: w.lostHeading, text: w.lostText, button: w.comeBack };
    default: {
      const never: never = over.reason;
      return never;
    }
  }
}

function failureWords(w: Dictionary, code: FailureCode, app: AppState): Said {
  const again = w.tryAgain;
  const opens = app.invitation?.opensAt ?? 0;
  switch (code) {
    case "link-missing":
      return { heading: w.linkMissingHeading, text: w.linkMissingText, button: again };
    case "link-unknown":
      return { heading: w.linkUnknownHeading, text: w.linkUnknownText, button: again };
    case "link-expired":
      return { heading: w.linkExpiredHeading, text: w.linkExpiredText, button: again };
    case "link-revoked":
      return { heading: w.linkRevokedHeading, text: w.linkRevokedText, button: again };
    case "ended":
      return { heading: w.endedHeading, text: w.consultationEndedText, button: again };
    case "not-open":
      return { heading: w.notOpenHeading, text: w.notOpenText(opens > 0 ? clock(w, opens) : ""), button: again };
    case "full":
      return { heading: w.fullHeading, text: w.fullText, button: again };
    case "locked":
      return { heading: w.lockedHeading, text: w.lockedText, button: again };
    case "version":
      return { heading: w.versionHeading, text: w.versionText, button: w.reload };
    case "no-network":
      return { heading: w.noNetworkHeading, text: w.noNetworkText, button: again };
    case "too-many":
      return { heading: w.tooManyHeading, text: w.tooManyText, button: again };
    case "unsupported":
      return { heading: w.unsupportedHeading, text: w.unsupportedText, button: again };
    case "sign-in":
      return { heading: w.signedOutHeading, text: w.signedOutText, button: again };
    case "refused":
      return { heading: w.noSeatHeading, text: w.noSeatText, button: again };
    case "busy":
      return { heading: w.busyHeading, text: w.busyText, button: again };
    case "server":
      return { heading: w.serverHeading, text: w.serverText, button: again };
    default: {
      const never: never = code;
      return never;
    }
  }
}

function Final(props: { readonly said: Said; readonly retry: boolean; readonly organisation: string; readonly phone: string; readonly name: string; readonly thanks?: boolean; readonly account: boolean }) {
  const controller = useController();
  const w = useWords();
  const { said } = props;
  return (
    <Phone
      top={
        <>
          <Organisation name={props.organisation} />
          <LanguageChoice />
        </>
      }
      bottom={
        <>
          {props.retry && (
            <button class="ds-button sk-main-button" type="button" data-testid="retry" onClick={() => controller.retry()}>
              {said.button}
            </button>
          )}
          {props.account && (
            <a class="ds-button sk-main-button" data-variant="secondary" href="/">
              {w.toTheDay}
            </a>
          )}
          {/* Where trying again can't help, ringing is the one thing to do. */}
          {props.retry || props.thanks ? (
            <div class="sk-phone__foot">
              <Help text={w.needHelp} phone={props.phone} />
            </div>
          ) : (
            props.phone !== "" && (
              <a class="ds-button sk-main-button" href={telephone(props.phone)}>
                <Icon name="phone" />
                {w.ring(readable(props.phone))}
              </a>
            )
          )}
        </>
      }
    >
      <div class="sk-stack" data-gap="3" data-testid={props.name}>
        <Heading title={said.heading}>{said.heading}</Heading>
        <p class="sk-lead">{said.text}</p>
      </div>
    </Phone>
  );
}

export function OverPage() {
  const app = useApp();
  const w = useWords();
  if (!app.over) return null;
  const consultation = app.call?.consultation ?? app.invitation?.consultation;
  return (
    <Final
      said={overWords(w, app.over)}
      retry={app.over.retry}
      organisation={consultation?.organisation ?? ""}
      phone={consultation?.phone ?? ""}
      name={`over-${app.over.reason}`}
      account={app.account}
      thanks={app.over.reason === "left" || app.over.reason === "ended"}
    />
  );
}

export function FailedPage() {
  const app = useApp();
  const w = useWords();
  if (!app.failure) return null;
  const consultation = app.invitation?.consultation;
  return (
    <Final
      said={failureWords(w, app.failure.code, app)}
      retry={app.failure.retry}
      organisation={app.failure.organisation || consultation?.organisation || ""}
      phone={app.failure.phone || consultation?.phone || ""}
      name={`failed-${app.failure.code}`}
      account={app.account}
    />
  );
}
