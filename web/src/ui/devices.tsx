// Choice of camera, microphone and speaker: in the device check and in the call.

import { useWords } from "../i18n/i18n";
import type { Device, DeviceKind } from "../state/state";
import { useApp, useController } from "./app";
import { Icon } from "./icon";

function Choice(props: {
  readonly kind: DeviceKind;
  readonly label: string;
  readonly devices: readonly Device[];
  readonly selected: string;
}) {
  const controller = useController();
  const w = useWords();
  const id = `device-${props.kind}`;
  const known = props.devices.some((d) => d.id === props.selected);
  return (
    <div class="sk-field">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        class="sk-input"
        value={known ? props.selected : ""}
        onChange={(event) => controller.switchDevice(props.kind, event.currentTarget.value)}
        data-testid={`choose-${props.kind}`}
      >
        {!known && <option value="">{w.systemDefault}</option>}
        {props.devices.map((device, i) => (
          <option key={device.id} value={device.id}>
            {device.label === "" ? w.numbered(props.label, i + 1) : device.label}
          </option>
        ))}
      </select>
    </div>
  );
}

export function DeviceChoices() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  return (
    <div class="sk-stack" data-gap="3">
      <Choice kind="camera" label={w.chooseCamera} devices={app.camera.devices} selected={app.camera.selected} />
      {app.camera.devices.length > 1 && (
        <button class="ds-button" data-variant="secondary" data-align="start" type="button" onClick={() => controller.flipCamera()}>
          <Icon name="flip" size="sm" />
          {w.flip}
        </button>
      )}
      <Choice kind="microphone" label={w.chooseMicrophone} devices={app.microphone.devices} selected={app.microphone.selected} />
      {app.speaker.selectable && app.speaker.devices.length > 0 && (
        <Choice kind="speaker" label={w.chooseSpeaker} devices={app.speaker.devices} selected={app.speaker.selected} />
      )}
    </div>
  );
}

/** The microphone's level as a bar that moves: 16 steps. */
export function Level() {
  const controller = useController();
  const w = useWords();
  const on = Math.min(16, Math.round(controller.level.value * 16));
  return (
    <span class="sk-level" role="meter" aria-label={w.microphoneLevel} aria-valuemin={0} aria-valuemax={16} aria-valuenow={on}>
      {Array.from({ length: 16 }, (_, i) => (
        <i key={i} data-on={i < on || undefined} />
      ))}
    </span>
  );
}
