// The device check: it runs by itself, shows a real level and the network's verdict in
// words, and goes on after a countdown that can be stopped (WCAG 2.2.1).

import { useState } from "preact/hooks";
import type { Dictionary } from "../i18n/i18n";
import { capital, clock, distance, moment, sameDay, useWords } from "../i18n/i18n";
import type { AppState, Input } from "../state/state";
import { useApp, useController } from "../ui/app";
import { DeviceChoices, Level } from "../ui/devices";
import { Icon, type IconName } from "../ui/icon";
import { Video } from "../ui/media";
import { Heading, Help, Live, Phone } from "../ui/shell";
import { when } from "./appointment/parts";
import { Trouble, troubleIn } from "./trouble";

type Verdict = "ready" | "weak" | "missing" | "testing" | "none";

function Status(props: { readonly verdict: Verdict }) {
  const w = useWords();
  switch (props.verdict) {
    case "ready":
      return (
        <span class="sk-status" data-state="ready">
          <Icon name="check" size="sm" />
          {w.works}
        </span>
      );
    case "weak":
      return (
        <span class="sk-status">
          <Icon name="info" size="sm" />
          {w.weak}
        </span>
      );
    case "missing":
      return (
        <span class="sk-status">
          <Icon name="x" size="sm" />
          {w.isMissing}
        </span>
      );
    case "testing":
      return (
        <span class="sk-status">
          <Icon name="clock" size="sm" />
          {w.testing}
        </span>
      );
    case "none":
      return <span />;
    default: {
      const never: never = props.verdict;
      return never;
    }
  }
}

function microphone(w: Dictionary, app: AppState): { readonly text: string; readonly verdict: Verdict; readonly act: boolean } {
  const mic = app.microphone;
  if (!mic.wanted) return { text: w.micOff, verdict: "none", act: false };
  if (mic.state === "on") {
    if (app.check.heard) return { text: w.hearYouWell, verdict: "ready", act: false };
    return app.check.silent ? { text: w.micSilent, verdict: "missing", act: true } : { text: w.saySomething, verdict: "testing", act: true };
  }
  if (mic.state === "failed") return { text: w.micFailed, verdict: "missing", act: true };
  return { text: w.micAsking, verdict: "testing", act: true };
}

function network(w: Dictionary, app: AppState): { readonly text: string; readonly verdict: Verdict } {
  switch (app.check.network.verdict) {
    case "good":
      return { text: w.netGood, verdict: "ready" };
    case "ok":
      return { text: w.netOk, verdict: "ready" };
    case "poor":
      return { text: w.netPoor, verdict: "weak" };
    case "none":
      return { text: w.netNone, verdict: "missing" };
    case "testing":
      return { text: w.netTesting, verdict: "testing" };
    default: {
      const never: never = app.check.network.verdict;
      return never;
    }
  }
}

function cameraWords(w: Dictionary, camera: Input): string {
  if (camera.state === "failed") return camera.failure === "in-use" ? w.cameraInUse : camera.failure === "missing" ? w.noCamera : w.cameraFailed;
  if (!camera.wanted) return w.cameraOff;
  return camera.state === "asking" ? w.micAsking : w.cameraStarts;
}

/** One's own picture, or why there is none. */
export function SelfPicture(props: { readonly size: "check" | "room" }) {
  const app = useApp();
  const w = useWords();
  const on = app.camera.state === "on";
  return (
    <figure class="sk-self" data-size={props.size}>
      <Video participant="self" source="camera" label={w.ownPicture} mirror hidden={!on} />
      {!on && (
        <div class="sk-self__off">
          <Icon name={app.camera.state === "failed" || !app.camera.wanted ? "cam-off" : "cam"} size={props.size === "check" ? "lg" : "md"} />
          {cameraWords(w, app.camera)}
        </div>
      )}
      {on && props.size === "check" && <figcaption class="sk-self__caption">{w.seenLikeThis}</figcaption>}
    </figure>
  );
}

function Row(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly act?: boolean;
  readonly level?: boolean;
  readonly children: preact.ComponentChildren;
}) {
  return (
    <div class="sk-check">
      <span class="sk-check__icon">
        <Icon name={props.icon} />
      </span>
      <div>
        <span class="sk-check__title">{props.title}</span>
        {props.level && <Level />}
        <span class="sk-check__text" data-kind={props.act ? "act" : undefined}>
          {props.text}
        </span>
      </div>
      {props.children}
    </div>
  );
}

export function CheckPage() {
  const app = useApp();
  return troubleIn(app) ? <Trouble /> : <Check />;
}

/** Where and when the visit is, at the right of the top line. */
export function StartsLine() {
  const app = useApp();
  const w = useWords();
  const starts = app.invitation?.consultation?.starts;
  if (starts === undefined) return null;
  const until = starts - app.now;
  if (!sameDay(starts, app.now)) return <span class="sk-subtle">{capital(moment(w, starts))}</span>;
  return (
    <span class="sk-subtle">
      {w.at(clock(w, starts)).replace(/^k/, "K")}
      {until > 60_000 && ` · ${w.inTime(distance(w, until))}`}
    </span>
  );
}

function Check() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const [choosing, setChoosing] = useState(false);
  const mic = microphone(w, app);
  const net = network(w, app);
  const { countdown, good, stayed } = app.check;
  const counting = countdown !== null && !stayed;
  const noCamera = app.camera.state === "failed";
  const phone = app.invitation?.consultation?.phone ?? "";
  const tested = w.testedGood(when(w, app.invitation?.consultation.starts ?? 0, app.now));
  return (
    <Phone
      spacing="tight"
      top={
        <>
          <button class="sk-link" data-side="start" type="button" onClick={() => controller.back()}>
            <Icon name="back" />
            {w.back}
          </button>
          <StartsLine />
        </>
      }
      bottom={
        <>
          {good && (
            <div class="sk-countdown" data-testid="countdown">
              <Icon name="check" />
              {/* Read once by the live region below, not each second. */}
              <span class="sk-num">{counting ? w.allWorks(countdown) : app.testing ? tested : w.allWorksStay}</span>
              {counting && (
                <button class="sk-link" data-side="end" type="button" data-testid="stay" onClick={() => controller.stayInCheck()}>
                  {w.waitABit}
                </button>
              )}
            </div>
          )}
          {app.testing ? (
            <button class="ds-button sk-main-button" type="button" data-testid="test-done" onClick={() => controller.back()}>
              {w.testDone}
            </button>
          ) : (
            <button class="ds-button sk-main-button" type="button" data-testid="continue" onClick={() => controller.continueFromCheck()}>
              {noCamera ? w.soundOnly : w.goOn}
            </button>
          )}
          {noCamera && (
            <button class="ds-button sk-second-button" data-variant="secondary" type="button" onClick={() => controller.retryDevices()}>
              {w.tryAgain}
            </button>
          )}
          <Help text={w.needHelp} phone={phone} />
          <Live text={good && app.testing ? tested : good && !stayed ? w.allWorks(3) : mic.verdict === "missing" ? mic.text : net.verdict === "missing" ? net.text : ""} />
        </>
      }
    >
      <Heading title={w.titleCheck} small>
        {w.checkHeading}
      </Heading>
      {!noCamera && <SelfPicture size="check" />}
      {noCamera && (
        <div class="sk-notice" role="status">
          <Icon name="cam-off" size="sm" />
          <p>
            <b>{cameraWords(w, app.camera)}</b>
          </p>
          <p class="sk-body">{app.camera.failure === "in-use" ? w.inUseText : w.noCameraText}</p>
        </div>
      )}
      <div>
        <Row icon={app.microphone.wanted ? "mic" : "mic-off"} title={w.microphone} text={mic.text} act={mic.act} level={app.microphone.state === "on"}>
          <Status verdict={mic.verdict} />
        </Row>
        <Row icon="speaker" title={w.speaker} text={w.hearTone}>
          <button
            class="ds-button sk-check__action"
            data-variant="secondary"
            type="button"
            aria-busy={app.speaker.testing || undefined}
            onClick={() => controller.playTestSound()}
          >
            {app.speaker.testing ? w.playingTone : w.playTone}
          </button>
        </Row>
        <Row icon="net" title={w.network} text={net.text} act={net.verdict === "missing" || net.verdict === "weak"}>
          <Status verdict={net.verdict} />
        </Row>
      </div>
      <button
        class="sk-link"
        data-side="start"
        type="button"
        aria-expanded={choosing}
        aria-controls="devices"
        onClick={() => {
          if (!choosing) controller.stayInCheck(); // whoever chooses is not sent on meanwhile
          setChoosing(!choosing);
        }}
      >
        <Icon name="tune" size="sm" />
        {choosing ? w.hideDevices : w.changeDevice}
      </button>
      <div id="devices" hidden={!choosing}>
        {choosing && <DeviceChoices />}
      </div>
    </Phone>
  );
}
