// Web Bluetooth as far as it is used here. The library of types for it declares globals for all
// of it; these few can be stood in for by a test.

export interface GattCharacteristic {
  readonly uuid: string;
  readonly properties: { readonly read: boolean; readonly notify: boolean; readonly indicate: boolean };
  readonly value?: DataView | undefined;
  readValue(): Promise<DataView>;
  writeValueWithResponse(value: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Subscribes to notifications or indications, whichever it has. */
  startNotifications(): Promise<unknown>;
  addEventListener(name: "characteristicvaluechanged", fn: () => void): void;
  removeEventListener(name: "characteristicvaluechanged", fn: () => void): void;
}

export interface GattService {
  readonly uuid: string;
  getCharacteristics(): Promise<readonly GattCharacteristic[]>;
}

export interface GattServer {
  readonly connected: boolean;
  connect(): Promise<GattServer>;
  disconnect(): void;
  /** Those of the services that were named when the device was chosen. */
  getPrimaryServices(): Promise<readonly GattService[]>;
}

export interface GattDevice {
  readonly id: string; // the browser's own, for this origin
  readonly name?: string | undefined;
  readonly gatt?: GattServer | undefined;
  /** Not in every browser. */
  watchAdvertisements?(options: { signal: AbortSignal }): Promise<void>;
  addEventListener(name: "gattserverdisconnected" | "advertisementreceived", fn: () => void): void;
  removeEventListener(name: "gattserverdisconnected" | "advertisementreceived", fn: () => void): void;
}

export interface Bluetooth {
  requestDevice(options: { filters: { services: number[] }[]; optionalServices: number[] }): Promise<GattDevice>;
  getAvailability?(): Promise<boolean>;
  /** Devices that were chosen before; not in every browser. */
  getDevices?(): Promise<readonly GattDevice[]>;
  addEventListener?(name: "availabilitychanged", fn: () => void): void;
  removeEventListener?(name: "availabilitychanged", fn: () => void): void;
}

/** The browser's; undefined where it has none, or in an insecure page. */
export const bluetoothOf = (n: Navigator): Bluetooth | undefined => (n as Navigator & { bluetooth?: Bluetooth }).bluetooth;

/** An assigned number of 16 bits as browsers write it (Core Specification, Vol 3 Part B §2.5.1). */
export const uuidOf = (assigned: number): string => `0000${assigned.toString(16).padStart(4, "0")}-0000-1000-8000-00805f9b34fb`;

/** The services that a device must have one of. */
export const healthServices = { bloodPressure: 0x1810, oximeter: 0x1822, thermometer: 0x1809, weight: 0x181d, glucose: 0x1808, heartRate: 0x180d } as const;
export type HealthService = keyof typeof healthServices;

export const otherServices = { battery: 0x180f, information: 0x180a, time: 0x1805 } as const;

export const info = { maker: 0x2a29, model: 0x2a24, serial: 0x2a25, battery: 0x2a19, currentTime: 0x2a2b, dateTime: 0x2a08, records: 0x2a52 } as const;
