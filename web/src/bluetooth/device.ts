// One health device: connected, subscribed to, lost and found again. What it says goes on as it
// came; devices.ts judges it.

import { Bytes } from "./bytes";
import { aheadOf } from "./clock";
import { classify, type Failure } from "./failure";
import { info, uuidOf, type GattCharacteristic, type GattDevice, type GattServer, type HealthService } from "./gatt";
import { measures, type Measure } from "./measures";
import type { Decoded } from "./reading";
import { ask, readAnswer } from "./records";

export type Status =
  | "connecting"
  | "connected" // and is being asked what it is
  | "waiting" // for a reading
  | "lost" // switched off or out of reach: it is looked for again
  | "failed";

/** What is known of the device itself. */
export interface DeviceFacts {
  readonly status: Status;
  readonly failure: Failure | null; // why it failed; null: it has not
  readonly service: HealthService | null; // what it is; null: not known yet
  readonly battery: number | null; // per cent
  readonly maker: string;
  readonly model: string;
  readonly serial: string;
  /** By how much its clock is ahead of ours; null: it has not told; ms. */
  readonly clockAhead: number | null;
}

export interface HealthDeviceConfig {
  device: GattDevice;
  now: () => number; // ms since 1970, UTC
  onFacts: (change: Partial<DeviceFacts>) => void;
  onMessage: (decoded: Decoded, measure: Measure, received: number) => void;
  /** Number of the last record that was fetched of a glucose meter; null: none. */
  lastRecord: () => number | null;
  onRecord: (sequence: number) => void;
}

const connectPatience = 20_000; // ms until a device that does not answer is let go
const firstTries = 3; // until a device that never answered is called out of reach
const soonest = 1_000; // ms to the first try again; doubled for each one
const latest = 30_000;
const betweenAsking = 10_000; // ms: a glucose meter tells of a new record only when asked

/** HealthDevice owns the connection and its timers until close. */
export class HealthDevice {
  readonly #cfg: HealthDeviceConfig;
  readonly #onDisconnected = () => this.#disconnected();
  readonly #onAdvertised = () => void this.#attempt();
  #turn = 0; // grows at each attempt and each loss: an answer to an older one is thrown away
  #tries = 0;
  #served = false; // it has been connected and subscribed to once
  #open = false; // from an attempt until it fails or the connection is lost
  #closed = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #asking: ReturnType<typeof setTimeout> | undefined;
  #watch: AbortController | null = null;
  #release: (() => void)[] = []; // takes the listeners off the characteristics

  constructor(cfg: HealthDeviceConfig) {
    this.#cfg = cfg;
    cfg.device.addEventListener("gattserverdisconnected", this.#onDisconnected);
    cfg.device.addEventListener("advertisementreceived", this.#onAdvertised);
  }

  /** Connects, or tries anew after a failure. Never rejects: how it goes is told by onFacts. */
  connect(): Promise<void> {
    this.#tries = 0;
    return this.#attempt();
  }

  close(): void {
    this.#closed = true;
    this.#turn++;
    this.#drop();
    this.#cfg.device.removeEventListener("gattserverdisconnected", this.#onDisconnected);
    this.#cfg.device.removeEventListener("advertisementreceived", this.#onAdvertised);
    this.#cfg.device.gatt?.disconnect();
  }

  async #attempt(): Promise<void> {
    if (this.#closed) return;
    const turn = ++this.#turn;
    this.#drop();
    this.#open = true;
    if (!this.#served) this.#cfg.onFacts({ status: "connecting", failure: null });
    try {
      const { gatt } = this.#cfg.device;
      if (!gatt) throw named("NotSupportedError");
      const server = await within(connectPatience, gatt.connect());
      if (turn !== this.#turn) return;
      this.#cfg.onFacts({ status: "connected", failure: null });
      await this.#serve(server, turn);
    } catch (err) {
      if (turn !== this.#turn) return;
      this.#turn++;
      this.#open = false; // disconnecting tells of itself, and is no second loss
      this.#cfg.device.gatt?.disconnect();
      this.#failed(classify(err));
    }
  }

  /** One thing after the other: several at once fail on Android ("GATT operation already in progress"). */
  async #serve(server: GattServer, turn: number): Promise<void> {
    const found = new Map<string, GattCharacteristic>();
    for (const service of await server.getPrimaryServices()) {
      for (const c of await service.getCharacteristics().catch(noneOfThem)) found.set(c.uuid, c);
      if (turn !== this.#turn) return;
    }
    const used = measures.filter((m) => found.has(m.uuid));
    if (used.length === 0) throw named("NoHealthService");
    this.#cfg.onFacts({ service: used[0]!.service });
    // Before the first reading comes: by it the reading's time is judged.
    await this.#readClock(found);
    for (const m of used) {
      if (turn !== this.#turn) return;
      await this.#listen(found.get(m.uuid)!, (view) => {
        const decoded = m.decode(view);
        if (decoded.sequence !== null) this.#cfg.onRecord(decoded.sequence);
        this.#cfg.onMessage(decoded, m, this.#cfg.now());
      });
    }
    if (turn !== this.#turn) return;
    this.#served = true;
    this.#tries = 0;
    this.#cfg.onFacts({ status: "waiting" });
    await this.#readFacts(found);
    if (turn !== this.#turn) return;
    const records = found.get(uuidOf(info.records));
    if (records && used.some((m) => m.service === "glucose")) await this.#askForRecords(records, turn);
  }

  async #listen(c: GattCharacteristic, on: (view: DataView) => void): Promise<void> {
    const heard = () => {
      if (c.value) on(c.value);
    };
    // Before subscribing: some devices send at once.
    c.addEventListener("characteristicvaluechanged", heard);
    this.#release.push(() => c.removeEventListener("characteristicvaluechanged", heard));
    await c.startNotifications();
  }

  async #readClock(found: ReadonlyMap<string, GattCharacteristic>): Promise<void> {
    // Current Time begins with a Date Time; some devices have that alone.
    for (const assigned of [info.currentTime, info.dateTime]) {
      const view = await read(found.get(uuidOf(assigned)));
      if (!view) continue;
      const bytes = new Bytes(view);
      const time = bytes.time();
      if (bytes.short || typeof time !== "number") continue;
      return this.#cfg.onFacts({ clockAhead: aheadOf(time, this.#cfg.now()) });
    }
  }

  /** What is good to know. A device that has none of it, or keeps it to itself, measures all the same. */
  async #readFacts(found: ReadonlyMap<string, GattCharacteristic>): Promise<void> {
    for (const name of ["maker", "model", "serial"] as const) {
      // Browsers may withhold the serial number (Web Bluetooth's blocklist); then it isn't among found.
      const text = textOf(await read(found.get(uuidOf(info[name]))));
      if (text !== "") this.#cfg.onFacts({ [name]: text });
    }
    const battery = found.get(uuidOf(info.battery));
    const told = (view: DataView | null) => {
      const percent = view ? new Bytes(view).u8() : 255;
      if (view && view.byteLength > 0 && percent <= 100) this.#cfg.onFacts({ battery: percent });
    };
    told(await read(battery));
    if (battery?.properties.notify) await this.#listen(battery, told).catch(() => undefined);
  }

  async #askForRecords(records: GattCharacteristic, turn: number): Promise<void> {
    const next = () => {
      clearTimeout(this.#asking);
      this.#asking = setTimeout(() => void asked(), betweenAsking);
    };
    const asked = async (): Promise<void> => {
      if (turn !== this.#turn) return;
      await records.writeValueWithResponse(ask(this.#cfg.lastRecord())).catch(() => undefined);
      // A meter that never answers is asked again all the same.
      if (turn === this.#turn) next();
    };
    await this.#listen(records, (view) => {
      if (readAnswer(view) !== "other") next();
    });
    await asked();
  }

  #disconnected(): void {
    if (this.#closed || !this.#open) return;
    this.#turn++;
    this.#open = false;
    this.#failed("out-of-reach");
  }

  #failed(failure: Failure): void {
    this.#drop();
    const transient = failure === "out-of-reach" || failure === "unknown";
    const again = transient && (this.#served || this.#tries + 1 < firstTries);
    if (!again) return this.#cfg.onFacts({ status: "failed", failure });
    if (this.#served) this.#cfg.onFacts({ status: "lost", failure: null });
    this.#retry = setTimeout(() => void this.#attempt(), Math.min(latest, soonest * 2 ** this.#tries));
    this.#tries++;
    if (this.#served) this.#lookOut();
  }

  /** A cuff is on the air only for seconds after a measurement: where the browser tells of it, no pause is waited out. */
  #lookOut(): void {
    const watch = new AbortController();
    this.#watch = watch;
    this.#cfg.device.watchAdvertisements?.({ signal: watch.signal }).catch(() => undefined);
  }

  #drop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#asking);
    this.#watch?.abort();
    this.#watch = null;
    for (const release of this.#release) release();
    this.#release = [];
  }
}

const read = (c: GattCharacteristic | undefined): Promise<DataView | null> => (c?.properties.read ? c.readValue().catch(() => null) : Promise.resolve(null));

/** A line of at most 80 characters: devices fill their texts up with zeros. */
export const lineOf = (text: string): string => [...text.replace(/\p{Cc}+/gu, " ").trim()].slice(0, 80).join("");

const textOf = (view: DataView | null): string => (view ? lineOf(new TextDecoder().decode(view)) : "");

/** A service of which a page may see nothing is said to have nothing (Web Bluetooth §5.3). */
function noneOfThem(err: unknown): readonly GattCharacteristic[] {
  if (err instanceof Error && err.name === "NotFoundError") return [];
  throw err;
}

const named = (name: string): Error => Object.assign(new Error(name), { name });

/** What a promise gives, or a TimeoutError. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(named("TimeoutError")), ms)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
