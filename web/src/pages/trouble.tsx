// What stands in the way of camera and microphone, one thing at a time, with what to do in
// this very browser. The way on without them is always there.

import { useState } from "preact/hooks";
import { browserHelp } from "../i18n/help";
import { useWords, type Dictionary } from "../i18n/i18n";
import type { AppState, Browser, DeviceFailure } from "../state/state";
import { useApp, useController } from "../ui/app";
import { Icon } from "../ui/icon";
import { Heading, Help, Marked, Phone } from "../ui/shell";
import { StartsLine } from "./check";

interface Problem {
  readonly failure: DeviceFailure;
  readonly camera: boolean;
  readonly microphone: boolean;
}

/** The problem that needs a page of its own; a missing or busy camera alone does not. */
export function troubleIn(app: AppState): Problem | null {
  const mic = app.microphone.state === "failed" ? app.microphone.failure : null;
  const cam = app.camera.state === "failed" ? app.camera.failure : null;
  if (mic !== null) return { failure: mic, microphone: true, camera: cam === mic };
  if (cam === "denied" || cam === "dismissed" || cam === "insecure" || cam === "unsupported") {
    return { failure: cam, microphone: false, camera: true };
  }
  return null;
}

function words(w: Dictionary, p: Problem): { readonly heading: string; readonly text: string } {
  switch (p.failure) {
    case "denied":
      return { heading: p.camera && p.microphone ? w.deniedBoth : p.camera ? w.deniedCamera : w.deniedMicrophone, text: "" };
    case "dismissed":
      return { heading: w.dismissed, text: w.dismissedText };
    case "missing":
      return { heading: w.noMicrophone, text: w.noMicrophoneText };
    case "in-use":
      return { heading: w.microphoneInUse, text: w.inUseText };
    case "insecure":
      return { heading: w.insecure, text: w.insecureText };
    case "unsupported":
      return { heading: w.deviceUnsupported, text: w.deviceUnsupportedText };
    case "unsuitable":
    case "unknown":
      return { heading: w.deviceUnknown, text: w.deviceUnknownText };
    default: {
      const never: never = p.failure;
      return never;
    }
  }
}

function Steps(props: { readonly browser: Browser }) {
  const app = useApp();
  const help = browserHelp[app.language][props.browser];
  return (
    <ol>
      {help.steps.map((step, i) => (
        <li key={i} class="sk-check" data-cols="2">
          <span class="sk-check__icon" aria-hidden="true">
            {i + 1}
          </span>
          <div>
            <Marked text={step} />
            {i === 0 && help.address && (
              <span class="sk-address" aria-hidden="true">
                <span>
                  <Icon name="tune" size="xs" />
                </span>
                <span>{globalThis.location?.hostname ?? ""}</span>
              </span>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

function AllBrowsers() {
  const app = useApp();
  const all = browserHelp[app.language];
  return (
    <div class="sk-all-help">
      {(Object.keys(all) as Browser[])
        .filter((browser) => browser !== app.browser && browser !== "other")
        .map((browser) => (
          <section key={browser} class="sk-stack" data-gap="2">
            <h2 class="ds-heading" data-size="2xs">
              {all[browser].name}
            </h2>
            <ol>
              {all[browser].steps.map((step, i) => (
                <li key={i}>
                  <Marked text={step} />
                </li>
              ))}
            </ol>
          </section>
        ))}
    </div>
  );
}

export function Trouble() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const [all, setAll] = useState(false);
  const problem = troubleIn(app);
  if (!problem) return null;
  const said = words(w, problem);
  const denied = problem.failure === "denied";
  const intro = w.deniedText(browserHelp[app.language][app.browser].name);
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
          <button class="ds-button sk-main-button" type="button" data-testid="retry-devices" onClick={() => controller.retryDevices()}>
            {w.tryAgain}
          </button>
          <button
            class="ds-button sk-second-button"
            data-variant="secondary"
            type="button"
            data-testid={app.testing ? "test-done" : "continue"}
            onClick={() => (app.testing ? controller.back() : controller.continueFromCheck())}
          >
            {app.testing ? w.testDone : problem.microphone ? w.listenOnly : w.soundOnly}
          </button>
          <Help text={w.stillStuck} phone={app.invitation?.consultation?.phone ?? ""} />
        </>
      }
    >
      <div class="sk-stack" data-gap="3">
        <Heading key={said.heading} title={said.heading} small>
          {said.heading}
        </Heading>
        {denied ? (
          <p class="sk-lead">
            {intro[0]}
            <b class="sk-nowrap sk-strong">{intro[1]}</b>
            {intro[2]}
          </p>
        ) : (
          <p class="sk-lead">{said.text}</p>
        )}
      </div>
      {denied && (
        <>
          <Steps browser={app.browser} />
          <p class="sk-phone__text">
            <Icon name="info" size="sm" />
            <span>
              {w.otherBrowser}{" "}
              <button class="sk-inline" type="button" aria-expanded={all} onClick={() => setAll(!all)}>
                {all ? w.hideHelpForAll : w.helpForAll}
              </button>
            </span>
          </p>
          {all && <AllBrowsers />}
        </>
      )}
    </Phone>
  );
}
