// What the page says about connection, devices and what others did: one thing at a time,
// in words, with what to do. Pure, so that the order of weight is tested.

import type { Participant } from "../gen/protocol";
import { useWords, type Dictionary } from "../i18n/i18n";
import type { AppState, Notice } from "../state/state";
import { tiles } from "../state/view";
import { useApp, useController } from "./app";
import { Icon, type IconName } from "./icon";
import { called } from "./people";

/** What a press on the notice's button does. */
export type Remedy = "allow-sound" | "microphone-on" | "retry-devices";

export interface Saying {
  readonly icon: IconName;
  readonly text: string;
  readonly remedy?: Remedy;
  readonly label?: string; // of the remedy's button
  readonly dismiss?: number; // the notice that "close" takes away
}

/** The heaviest first: sound that can't be heard, own connection, what was done to one, own devices. */
const weight: readonly Notice["kind"][] = [
  "muted-by",
  "device-interrupted",
  "device-failed",
  "device-lost",
  "second-failed",
  "talking-while-muted",
  "microphone-silent",
  "not-allowed",
];

function connection(w: Dictionary, app: AppState): Saying | null {
  if (!app.connection.online) return { icon: "net", text: w.offline };
  switch (app.connection.status) {
    case "reconnecting":
      return { icon: "refresh", text: w.reconnecting };
    case "server-closing":
      return { icon: "refresh", text: w.serverClosing };
    case "signal-lost":
      return { icon: "cloud", text: w.signalLost };
    case "idle":
    case "connecting":
    case "ok":
      return null;
    default: {
      const never: never = app.connection.status;
      return never;
    }
  }
}

function notice(w: Dictionary, n: Notice): Saying | null {
  switch (n.kind) {
    case "muted-by":
      return { icon: "mic-off", text: w.mutedBy(n.by), remedy: "microphone-on", label: w.turnOnSound, dismiss: n.id };
    case "talking-while-muted":
      return { icon: "mic-off", text: w.talkingMuted, remedy: "microphone-on", label: w.turnOnSound, dismiss: n.id };
    case "microphone-silent":
      return { icon: "mic", text: w.micSilentNow, dismiss: n.id };
    case "device-interrupted":
      return n.device === "camera" ? { icon: "cam-off", text: w.cameraTaken } : { icon: "mic-off", text: w.microphoneTaken };
    case "device-lost":
      return n.device === "camera"
        ? { icon: "cam-off", text: w.cameraGone(n.to), dismiss: n.id }
        : { icon: "mic-off", text: w.microphoneGone(n.to), dismiss: n.id };
    case "device-failed":
      if (n.device === "speaker") return { icon: "speaker", text: w.speakerFailed, dismiss: n.id };
      return {
        icon: n.device === "camera" ? "cam-off" : "mic-off",
        text: n.device === "camera" ? w.cameraFailed : w.microphoneFailed,
        remedy: "retry-devices",
        label: w.tryAgain,
        dismiss: n.id,
      };
    case "second-failed":
      return {
        icon: "flip",
        text: n.failure === "missing" ? w.secondMissing : n.failure === "denied" ? w.secondDenied : w.secondFailed,
        dismiss: n.id,
      };
    case "not-allowed":
      return { icon: "info", text: n.code === "rate" ? w.tooFast : w.notAllowed, dismiss: n.id };
    case "sound-blocked": // said from app.soundBlocked
    case "left": // said to screen readers only: the tile has gone
      return null;
    default: {
      const never: never = n;
      return never;
    }
  }
}

/** The one thing to say now, or null. */
export function saying(w: Dictionary, app: AppState): Saying | null {
  if (app.soundBlocked) return { icon: "speaker", text: w.soundBlocked, remedy: "allow-sound", label: w.hearOthers };
  const own = connection(w, app);
  if (own) return own;
  for (const kind of weight) {
    const latest = app.notices.filter((n) => n.kind === kind).at(-1);
    const said = latest && notice(w, latest);
    if (said) return said;
  }
  return null;
}

/** How the others', and one's own, connections carry, in the words of people; empty: well. */
export function qualityWords(w: Dictionary, app: AppState): string {
  const call = app.call;
  if (!call) return "";
  const own = call.participants.find((p) => p.id === call.self);
  if (own && (own.quality === "audio-only" || own.quality === "poor")) return w.ownPoor;
  // Who has lost only the websocket is away to the server, and still seen and heard: nothing to say.
  const away = new Set(tiles(app).filter((t) => t.source === "camera" && t.picture === "away").map((t) => t.participant));
  const gone = (p: Participant): boolean => p.quality === "lost" || away.has(p.id);
  const others = call.participants.filter(
    (p) => p.id !== call.self && p.presence !== "waiting" && (gone(p) || p.quality === "audio-only" || p.quality === "poor"),
  );
  const first = others[0];
  if (!first) return "";
  if (others.length > 1) return w.severalPoor(w.ofSeveral(others.map((p) => called(w, p))));
  const name = called(w, first);
  if (gone(first)) return w.lostNet(name);
  return first.quality === "audio-only" ? w.heldSound(name) : w.poorNet(name);
}

/** The notice, with its button. It has its place whether or not there is something to say. */
export function Say(props: { readonly class?: string }) {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const said = saying(w, app);
  const remedy = said?.remedy;
  const act = () => {
    if (remedy === "allow-sound") controller.allowSound();
    else if (remedy === "microphone-on") controller.setMicrophone(true);
    else if (remedy === "retry-devices") controller.retryDevices();
    if (said?.dismiss !== undefined) controller.dismiss(said.dismiss);
  };
  return (
    <div role="status" data-testid="notice" class={said ? (props.class ?? "sk-say") : "ds-sr-only"}>
      {said && (
        <>
          <Icon name={said.icon} size="sm" />
          <span>{said.text}</span>
          {(said.label !== undefined || said.dismiss !== undefined) && (
            <span class="sk-say__actions">
              {said.label !== undefined && (
                <button class="ds-button" data-size="sm" type="button" onClick={act}>
                  {said.label}
                </button>
              )}
              {said.dismiss !== undefined && (
                <button
                  class="ds-button"
                  data-size="sm"
                  data-variant="tertiary"
                  type="button"
                  onClick={() => said.dismiss !== undefined && controller.dismiss(said.dismiss)}
                >
                  {w.close}
                </button>
              )}
            </span>
          )}
        </>
      )}
    </div>
  );
}

/** How the connections carry. */
export function Quality() {
  const app = useApp();
  const w = useWords();
  const text = qualityWords(w, app);
  return (
    <p class={text === "" ? "ds-sr-only" : "sk-quality"} role="status" data-testid="quality">
      {text !== "" && (
        <>
          <Icon name="net" />
          <span>{text}</span>
        </>
      )}
    </p>
  );
}
