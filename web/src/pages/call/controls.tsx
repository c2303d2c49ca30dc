// The call's controls: fixed place and size, the word beneath. Each states what is ("Lyd på")
// or what happens ("Legg på"). None hides, moves or is renamed because something else happened.

import type { ComponentChildren } from "preact";
import type { Picture } from "../../gen/protocol";
import { useWords } from "../../i18n/i18n";
import type { Call } from "../../state/state";
import { largePicture } from "../../state/view";
import { useApp, useController } from "../../ui/app";
import { Icon, type IconName } from "../../ui/icon";

export function Control(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly testid: string;
  readonly onClick: () => void;
  readonly size?: "md" | "lg";
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly state?: "on" | "off" | undefined;
  readonly kind?: "leave";
  readonly key_?: string; // the keyboard's key
  readonly disabled?: string; // why it can't be pressed now
  readonly wide?: boolean;
  readonly children?: ComponentChildren;
}) {
  const disabled = props.disabled !== undefined;
  return (
    <button
      class="sk-ctl"
      type="button"
      data-testid={props.testid}
      data-state={props.state}
      data-kind={props.kind}
      data-wide={props.wide || undefined}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-disabled={disabled || undefined}
      aria-keyshortcuts={props.key_}
      title={props.disabled}
      onClick={() => {
        if (!disabled) props.onClick();
      }}
    >
      <span>
        <Icon name={props.icon} size={props.size ?? "md"} />
        {props.children}
      </span>
      <span>{props.label}</span>
    </button>
  );
}

export function useToggles() {
  const controller = useController();
  const app = useApp();
  const sound = app.microphone.wanted && app.microphone.state !== "failed";
  const picture = app.camera.wanted && app.camera.state !== "failed";
  return {
    sound,
    picture,
    toggleSound: () => controller.setMicrophone(!sound),
    togglePicture: () => controller.setCamera(!picture),
    toggleHand: () => controller.raiseHand(!app.hand),
  };
}

interface Sized {
  readonly size?: "md" | "lg";
}

export function SoundControl({ size = "md" }: Sized) {
  const w = useWords();
  const { sound, toggleSound } = useToggles();
  return (
    <Control
      icon={sound ? "mic" : "mic-off"}
      label={sound ? w.soundOn : w.soundOff}
      testid="microphone"
      size={size}
      pressed={sound}
      state={sound ? undefined : "off"}
      key_="M"
      onClick={toggleSound}
    />
  );
}

export function PictureControl({ size = "md" }: Sized) {
  const w = useWords();
  const { picture, togglePicture } = useToggles();
  return (
    <Control
      icon={picture ? "cam" : "cam-off"}
      label={picture ? w.pictureOn : w.pictureOff}
      testid="camera"
      size={size}
      pressed={picture}
      state={picture ? undefined : "off"}
      key_="V"
      onClick={togglePicture}
    />
  );
}

export function HandControl({ size = "md" }: Sized) {
  const app = useApp();
  const w = useWords();
  const { toggleHand } = useToggles();
  return (
    <Control
      icon="hand"
      label={app.hand ? w.lowerHand : w.raiseHand}
      testid="hand"
      size={size}
      pressed={app.hand}
      state={app.hand ? "on" : undefined}
      key_="H"
      onClick={toggleHand}
    />
  );
}

export function LeaveControl({ size = "md" }: Sized) {
  const controller = useController();
  const w = useWords();
  return <Control icon="leave" label={w.hangUp} testid="leave" kind="leave" size={size} onClick={() => controller.leave()} />;
}

export function ChatControl(props: { readonly open: boolean; readonly onClick: () => void }) {
  const app = useApp();
  const w = useWords();
  const unread = app.call?.unread ?? 0;
  return (
    <Control icon="chat" label={w.messages} testid="chat" expanded={props.open} onClick={props.onClick}>
      {unread > 0 && (
        <span class="sk-ctl__count">
          <span aria-hidden="true">{unread}</span>
          <span class="ds-sr-only">{w.newMessages(unread)}</span>
        </span>
      )}
    </Control>
  );
}

/** The rear camera, or a second one, as an extra picture. */
export function RearControl() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const on = app.second.kind === "camera" && (app.second.state === "on" || app.second.state === "starting");
  return (
    <Control
      icon="flip"
      label={w.rearCamera}
      testid="add-second"
      pressed={on}
      state={on ? "on" : undefined}
      onClick={() => (on ? controller.stopSecond() : controller.startSecond("camera"))}
    />
  );
}

export function ScreenControl(props: { readonly testid: "add-second" | "add-screen" }) {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const on = app.second.kind === "screen" && (app.second.state === "on" || app.second.state === "starting");
  return (
    <Control
      icon="screen"
      label={w.shareScreen}
      testid={props.testid}
      pressed={on}
      state={on ? "on" : undefined}
      {...(app.second.screenPossible || on ? {} : { disabled: w.deviceUnsupported })}
      onClick={() => (on ? controller.stopSecond() : controller.startSecond("screen"))}
    />
  );
}

/** The second picture that a press on "Vis nærbilete" makes large: another's before one's own. */
export function secondPicture(call: Call): { readonly picture: Picture; readonly screen: boolean } | null {
  const sends = call.participants.filter((p) => p.presence !== "waiting" && p.media.second !== "");
  const p = sends.find((x) => x.id !== call.self) ?? sends[0];
  return p ? { picture: { participant: p.id, source: "second" }, screen: p.media.second === "screen" } : null;
}

/** Between the person and the extra picture, one press each way. */
export function SwapControl() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const call = app.call;
  if (!call) return null;
  const second = secondPicture(call);
  const large = largePicture(call);
  const secondIsLarge = second !== null && large?.source === "second" && large.participant === second.picture.participant;
  return (
    <Control
      icon="swap"
      label={secondIsLarge ? w.showPatient : second?.screen ? w.showScreen : w.showSecond}
      testid="swap"
      wide
      {...(second ? {} : { disabled: w.noSecond })}
      onClick={() => controller.choose(secondIsLarge ? null : (second?.picture ?? null))}
    />
  );
}
