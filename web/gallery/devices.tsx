// The panel of health devices, as it stands in the nurse's call: states held still, one over
// devices that a test plays, and one over the browser's own Bluetooth.

import { signal } from "@preact/signals";
import { render } from "preact";
import "./devices.css";
import { HealthDevices, recordsOfThePage, type Devices, type DevicesState, type DeviceView } from "../src/bluetooth/devices";
import { bluetoothOf, type Bluetooth } from "../src/bluetooth/gatt";
import { DevicePanel } from "../src/bluetooth/panel";
import type { Language } from "../src/gen/protocol";
import { aCuff, aGlucoseMeter, anOximeter, cuffSays, FakeBluetooth, glucoseSays, oximeterSays } from "../src/testing/bluetooth";
import { at, on } from "./fixtures";

/** A state that is held still; or what the panel really runs on. */
export interface DeviceState extends Partial<DevicesState> {
  readonly language?: Language;
  readonly runs?: "played" | "browser";
}

const now = at(10, 12);
const device = (change: Partial<DeviceView>): DeviceView => ({
  id: "d", name: "BPM-7", status: "waiting", failure: null, service: "bloodPressure", battery: 80, maker: "Fjord", model: "BPM-7", serial: "", clockAhead: null, last: null, live: [], fault: null, ...change,
});
const pressure = { kind: "blood-pressure", values: [148, 86] } as const;
const pulse = { kind: "heart-rate", values: [71] } as const;
const oxygen = { kind: "oxygen-saturation", values: [95] } as const;
const oximeter = { id: "o", name: "OX-2", model: "OX-2", service: "oximeter" } as const;
const meter = { id: "g", name: "GLU-1", model: "GLU-1", service: "glucose" } as const;

const connected = [
  device({ last: { shown: [pressure, pulse], at: at(10, 11), marks: ["irregular-pulse"] } }),
  device({ ...oximeter, battery: 55, live: [oxygen, pulse], last: { shown: [oxygen, pulse], at: at(10, 11), marks: ["median"] } }),
];

export const deviceStates: Readonly<Record<string, DeviceState>> = {
  "devices-first": {},
  "devices-choosing": { choosing: true },
  "devices-none-chosen": { ended: "none", known: [{ id: "a", name: "BPM-7" }, { id: "b", name: "OX-2" }] },
  "devices-connecting": { devices: [device({ status: "connecting", service: null, maker: "", model: "", battery: null }), device({ ...oximeter, status: "connected", battery: null })] },
  "devices-connected": { devices: connected },
  "devices-stored": {
    devices: [device({ clockAhead: 62 * 60_000, last: { shown: [pressure, pulse], at: at(10, 11), marks: ["clock-off"] } }), device({ ...meter, battery: 100 })],
    offers: [
      { id: "1", device: "g", shown: [{ kind: "glucose", values: [6.5] }], marks: [], measuredAt: at(8, 30), perhapsNow: true },
      { id: "2", device: "d", shown: [{ kind: "blood-pressure", values: [162, 94] }, pulse], marks: ["clock-off"], measuredAt: on("2026-11-20", 9, 5), perhapsNow: false },
      { id: "3", device: "d", shown: [pressure, pulse], marks: ["moved"], measuredAt: null, perhapsNow: true },
    ],
  },
  "devices-trouble": {
    devices: [
      device({ status: "lost", battery: 15, last: { shown: [pressure, pulse], at: at(9, 58), marks: ["moved", "cuff-loose"] } }),
      device({ ...oximeter, fault: "no-contact" }),
      device({ ...meter, status: "failed", failure: "pairing", battery: null }),
      device({ id: "w", name: "Vekt 3000", maker: "", model: "", service: null, status: "failed", failure: "no-service", battery: null }),
    ],
  },
  "devices-off": { support: "off" },
  "devices-apple": { support: "apple" },
  "devices-android": { support: "android" },
  "devices-computer": { support: "computer" },
  "devices-insecure": { support: "insecure" },
  "devices-in-app": { support: "in-app" },
  "devices-not-allowed": { ended: "not-allowed" },
  "devices-connected-nb": { language: "nb", devices: connected },
  "devices-connected-en": { language: "en", devices: connected },
  "devices-computer-en": { language: "en", support: "computer" },
  "devices-played": { runs: "played" },
  "devices-browser": { runs: "browser" },
};

export const devicePresses: Readonly<Record<string, readonly string[]>> = { "devices-first": ["device-help"] };

declare global {
  interface Window {
    /** Devices that a test plays, and their messages. */
    play?: { bluetooth: FakeBluetooth; cuff: ReturnType<typeof aCuff>; oximeter: ReturnType<typeof anOximeter>; meter: ReturnType<typeof aGlucoseMeter>; cuffSays: typeof cuffSays; oximeterSays: typeof oximeterSays };
    /** What the panel passed on. */
    passed?: { readings: unknown[]; samples: unknown[] };
  }
}

let running: HealthDevices | null = null; // of the state that is shown

/** Lets go what the state before held. */
export function leaveDevices(): void {
  running?.close();
  running = null;
}

function real(bluetooth: Bluetooth | undefined): HealthDevices {
  const passed = { readings: [] as unknown[], samples: [] as unknown[] };
  window.passed = passed;
  const devices = new HealthDevices({
    bluetooth, secure: isSecureContext, browser: "chrome", now: () => Date.now(), language: () => "nn",
    onReading: (values) => passed.readings.push(...values),
    onSample: (sample) => passed.samples.push(sample),
    records: recordsOfThePage(),
  });
  running = devices;
  void devices.start();
  return devices;
}

function played(): HealthDevices {
  const bluetooth = new FakeBluetooth();
  const before = Date.now() - 20 * 60_000;
  const play = { bluetooth, cuff: aCuff(), oximeter: anOximeter(), meter: aGlucoseMeter(() => [[7, glucoseSays(7, before, 65)]]), cuffSays, oximeterSays };
  window.play = play;
  return real(bluetooth);
}

function still(state: DeviceState, calls: unknown[][]): Devices {
  const asked = (name: keyof Devices) => (...args: unknown[]) => void calls.push([name, ...args]);
  const whole: DevicesState = { support: "ready", choosing: false, ended: null, known: [], devices: [], offers: [], ...state };
  return {
    state: signal(whole),
    choose: () => Promise.resolve(void calls.push(["choose"])),
    connectKnown: asked("connectKnown"), retry: asked("retry"), remove: asked("remove"), accept: asked("accept"), decline: asked("decline"),
  };
}

export function showDevices(root: HTMLElement, state: DeviceState, calls: unknown[][]): void {
  const language = state.language ?? "nn";
  document.documentElement.lang = language;
  const devices = state.runs === "played" ? played() : state.runs === "browser" ? real(bluetoothOf(navigator)) : still(state, calls);
  render(
    <main class="gallery-devices" data-color-scheme="dark">
      <h1 class="ds-sr-only">Sårkontroll med Olav Eik</h1>
      <section class="gallery-devices__panel">
        <DevicePanel devices={devices} language={language} now={() => (state.runs ? Date.now() : now)} onClose={() => calls.push(["close"])} />
      </section>
    </main>,
    root,
  );
}
