// Bluetooth devices in the nurse's entry: loaded at the first press, and kept for the rest of the
// call, so that values come by themselves whatever the panel shows.

import { signal, type Signal } from "@preact/signals";
import type { Desk } from "../../health/desk";
import type { Controller } from "../../controller";
import { useWords } from "../../i18n/i18n";
import { useApp } from "../../ui/app";
import { Icon } from "../../ui/icon";

type Kit = typeof import("../../bluetooth/index");

/** The devices of a call, none before the first press. */
export class Instruments {
  readonly shown: Signal<boolean> = signal(false);
  readonly kit: Signal<{ readonly parts: Kit; readonly devices: InstanceType<Kit["HealthDevices"]> } | null> = signal(null);
  readonly #controller: Controller;
  readonly #desk: Desk;
  #closed = false;

  constructor(controller: Controller, desk: Desk) {
    this.#controller = controller;
    this.#desk = desk;
  }

  /** Shows the devices. A kit that could not be loaded is tried anew at the next press. */
  async show(): Promise<void> {
    if (this.kit.peek() === null) {
      const parts = await import("../../bluetooth/index").catch(() => null);
      if (parts === null || this.#closed) return;
      if (this.kit.peek() === null) this.kit.value = { parts, devices: this.#connectable(parts) };
    }
    this.shown.value = true;
  }

  #connectable(parts: Kit): InstanceType<Kit["HealthDevices"]> {
    const state = this.#controller.state;
    const devices = new parts.HealthDevices({
      bluetooth: parts.bluetoothOf(navigator),
      secure: isSecureContext,
      browser: state.peek().browser,
      now: () => Date.now() + state.peek().skew,
      language: () => state.peek().language,
      onReading: (values) => this.#desk.take(values),
      onSample: (sample) => void this.#controller.say({ ...sample, type: "sample" }),
      records: parts.recordsOfThePage(),
    });
    void devices.start();
    return devices;
  }

  close(): void {
    this.#closed = true;
    this.kit.peek()?.devices.close();
    this.kit.value = null;
  }
}

/** The key that leads to them. */
export function DeviceKey(props: { readonly of: Instruments }) {
  const w = useWords();
  return (
    <button type="button" data-word data-device data-testid="device-key" onClick={() => void props.of.show()}>
      <Icon name="bt" size="sm" />
      {w.deviceKey}
    </button>
  );
}

/** The devices, in the place of the keypad; null: they are not shown. */
export function DevicesShown(props: { readonly of: Instruments }) {
  const app = useApp();
  const kit = props.of.kit.value;
  if (!kit || !props.of.shown.value) return null;
  const { DevicePanel } = kit.parts;
  return (
    <div class="sk-entrylist">
      <DevicePanel devices={kit.devices} language={app.language} now={() => Date.now() + app.skew} onClose={() => (props.of.shown.value = false)} />
    </div>
  );
}
