// A stand-in for navigator.bluetooth with devices that a test plays: what a browser's own
// emulation can't do is to notify. For tests alone.

import { info, uuidOf, type Bluetooth, type GattCharacteristic, type GattDevice, type GattServer, type GattService } from "../bluetooth/gatt";
import { dateTime, view } from "./messages";

type Assigned = number;

const named = (name: string, message = ""): Error => Object.assign(new Error(message), { name });

export class FakeCharacteristic extends EventTarget implements GattCharacteristic {
  readonly uuid: string;
  readonly properties;
  value: DataView | undefined;
  subscribed = false;
  refusal: Error | null = null; // of subscribing
  readonly written: number[][] = [];
  /** What the device does when it is written to. */
  onWrite: (bytes: number[]) => void = () => undefined;

  constructor(
    assigned: Assigned,
    readonly device: FakeDevice,
    readonly bytes: readonly number[] | null, // what it is read as; null: it can't be read
    notifies: boolean,
  ) {
    super();
    this.uuid = uuidOf(assigned);
    this.properties = { read: bytes !== null, notify: notifies, indicate: false };
  }

  readValue(): Promise<DataView> {
    if (!this.device.gatt.connected) return Promise.reject(named("NetworkError"));
    return this.bytes ? Promise.resolve(view(this.bytes)) : Promise.reject(named("NotSupportedError"));
  }
  startNotifications(): Promise<unknown> {
    if (!this.device.gatt.connected) return Promise.reject(named("NetworkError"));
    if (this.refusal) return Promise.reject(this.refusal);
    this.subscribed = true;
    return Promise.resolve(this);
  }
  writeValueWithResponse(value: Uint8Array<ArrayBuffer>): Promise<void> {
    this.written.push([...value]);
    this.onWrite([...value]);
    return Promise.resolve();
  }
  say(bytes: readonly number[]): void {
    if (!this.subscribed || !this.device.gatt.connected) return;
    this.value = view(bytes);
    this.dispatchEvent(new Event("characteristicvaluechanged"));
  }
}

export class FakeDevice extends EventTarget implements GattDevice {
  readonly #services = new Map<Assigned, Map<Assigned, FakeCharacteristic>>();
  /** Out of reach: connecting fails. */
  away = false;
  connects = 0;
  watched = 0;
  watchAdvertisements?: (options: { signal: AbortSignal }) => Promise<void>;
  #connected = false;

  constructor(
    readonly id: string,
    readonly name: string | undefined,
  ) {
    super();
  }

  get gatt(): GattServer {
    const device = this;
    return {
      get connected() {
        return device.#connected;
      },
      connect() {
        device.connects++;
        if (device.away) return Promise.reject(named("NetworkError", "Connection attempt failed."));
        device.#connected = true;
        return Promise.resolve(this);
      },
      disconnect: () => device.drop(),
      getPrimaryServices: () => (device.#connected ? Promise.resolve(device.#list()) : Promise.reject(named("NetworkError"))),
    };
  }

  #list(): GattService[] {
    return [...this.#services].map(([assigned, characteristics]) => ({ uuid: uuidOf(assigned), getCharacteristics: () => Promise.resolve([...characteristics.values()]) }));
  }

  /** Has a characteristic: read as bytes, or one that notifies. */
  has(service: Assigned, assigned: Assigned, bytes: readonly number[] | null = null, notifies = bytes === null): this {
    const characteristics = this.#services.get(service) ?? new Map<Assigned, FakeCharacteristic>();
    characteristics.set(assigned, new FakeCharacteristic(assigned, this, bytes, notifies));
    this.#services.set(service, characteristics);
    return this;
  }
  of(assigned: Assigned): FakeCharacteristic {
    for (const characteristics of this.#services.values()) {
      const found = characteristics.get(assigned);
      if (found) return found;
    }
    throw new Error(`no characteristic ${assigned.toString(16)}`);
  }

  say(assigned: Assigned, bytes: readonly number[]): void {
    this.of(assigned).say(bytes);
  }

  /** The connection is lost. */
  drop(): void {
    if (!this.#connected) return;
    this.#connected = false;
    for (const characteristics of this.#services.values()) for (const c of characteristics.values()) c.subscribed = false;
    this.dispatchEvent(new Event("gattserverdisconnected"));
  }
  advertise(): void {
    if (this.watched > 0) this.dispatchEvent(new Event("advertisementreceived"));
  }
  /** Its browser tells of what is on the air. */
  watchable(): this {
    this.watchAdvertisements = ({ signal }) => {
      this.watched++;
      signal.addEventListener("abort", () => this.watched--);
      return Promise.resolve();
    };
    return this;
  }
}

export class FakeBluetooth extends EventTarget implements Bluetooth {
  /** What the person chooses; or the browser's error. */
  choice: FakeDevice | Error = named("NotFoundError", "User cancelled the requestDevice() chooser.");
  on = true;
  known: FakeDevice[] = [];
  readonly asked: Parameters<Bluetooth["requestDevice"]>[0][] = [];

  requestDevice(options: Parameters<Bluetooth["requestDevice"]>[0]): Promise<GattDevice> {
    this.asked.push(options);
    return this.choice instanceof Error ? Promise.reject(this.choice) : Promise.resolve(this.choice);
  }
  getAvailability(): Promise<boolean> {
    return Promise.resolve(this.on);
  }
  getDevices(): Promise<readonly GattDevice[]> {
    return Promise.resolve(this.known);
  }
  turn(on: boolean): void {
    this.on = on;
    this.dispatchEvent(new Event("availabilitychanged"));
  }
}

export const fakeError = named;

const text = (s: string): number[] => [...new TextEncoder().encode(s)];

/** A device that says who it is, with 80 % of its battery. */
const aDevice = (id: string, name: string, maker: string, model: string): FakeDevice =>
  new FakeDevice(id, name).has(0x180a, info.maker, text(`${maker}\0`)).has(0x180a, info.model, text(model)).has(0x180f, info.battery, [80], true);

export const aCuff = (id = "cuff"): FakeDevice => aDevice(id, "BPM-7", "Fjord", "BPM-7").has(0x1810, 0x2a35);
export const anOximeter = (id = "oximeter"): FakeDevice => aDevice(id, "OX-2", "Fjord", "OX-2").has(0x1822, 0x2a5e).has(0x1822, 0x2a5f);

/** A glucose meter that keeps records, and tells of them when it is asked. */
export function aGlucoseMeter(records: () => readonly (readonly [sequence: number, message: readonly number[]])[], id = "glucose"): FakeDevice {
  const device = aDevice(id, "GLU-1", "Fjord", "GLU-1").has(0x1808, 0x2a18).has(0x1808, info.records);
  const control = device.of(info.records);
  control.onWrite = ([, operator, , low = 0, high = 0]) => {
    const all = records();
    const wanted = operator === 0x06 ? all.slice(-1) : all.filter(([sequence]) => sequence >= low + 256 * high);
    for (const [, message] of wanted) device.say(0x2a18, message);
    control.say([0x06, 0x00, 0x01, wanted.length > 0 ? 0x01 : 0x06]);
  };
  return device;
}

/** Lets a device tell the time: what its clock shows. */
export const withClock = (device: FakeDevice, wall: number): FakeDevice => device.has(0x1805, info.currentTime, [...dateTime(wall), 1, 0, 0]);

/** mmHg with a pulse, and the time where it is told. */
export const cuffSays = (systolic: number, diastolic: number, pulse: number, wall: number | null = null): number[] => [
  wall === null ? 0x04 : 0x06, systolic & 0xff, systolic >> 8, diastolic, 0, 0xff, 0x07, ...(wall === null ? [] : dateTime(wall)), pulse, 0,
];
export const oximeterSays = (oxygen: number, pulse: number): number[] => [0x00, oxygen, 0, pulse, 0];
/** 0.1 mmol/L; capillary whole blood of the finger. */
export const glucoseSays = (sequence: number, wall: number, tenths: number): number[] => [0x06, sequence & 0xff, sequence >> 8, ...dateTime(wall), tenths, 0xc0, 0x11];
