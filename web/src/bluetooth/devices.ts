// The health devices of a visit: chosen by a press, connected for as long as the page lives,
// their readings judged and passed on. State as data; the panel only draws it.

import { signal, type ReadonlySignal } from "@preact/signals";
import type { NewMeasurement } from "../gen/api";
import type { Language, Sample } from "../gen/protocol";
import type { Browser } from "../state/state";
import { aheadOf, judge, type Judged } from "./clock";
import { HealthDevice, lineOf, type DeviceFacts } from "./device";
import { classify, type Failure } from "./failure";
import { healthServices, otherServices, type Bluetooth, type GattDevice } from "./gatt";
import { deviceWords } from "./i18n/words";
import type { KindId } from "./kinds";
import type { Measure } from "./measures";
import type { Decoded, Fault, Mark, Reading } from "./reading";
import { Minutes, Pace, type MinuteValue } from "./stream";
import { supportOf, type Support } from "./support";

/** A value as it is shown. */
export interface Shown {
  readonly kind: KindId;
  readonly values: readonly number[];
}

export interface DeviceView extends DeviceFacts {
  readonly id: string; // the browser's own of it
  readonly name: string; // as it calls itself; may be empty
  /** Its last reading, one or more kinds of the same moment; null: none yet. */
  readonly last: { readonly shown: readonly Shown[]; readonly at: number; readonly marks: readonly Mark[] } | null;
  /** What it measures now; empty: nothing runs. */
  readonly live: readonly Shown[];
  /** Why its last message held no value; null: it held one. */
  readonly fault: Fault | null;
}

/** Readings that can't be told to be of this visit: they are sent when somebody says so. */
export interface Offer {
  readonly id: string;
  readonly device: string; // id
  readonly shown: readonly Shown[];
  readonly marks: readonly Mark[];
  /** By the device's clock; null: it can't be told, or can't be true. */
  readonly measuredAt: number | null;
  /** Whether they may have been measured just now by a device whose clock is wrong. */
  readonly perhapsNow: boolean;
}

export interface DevicesState {
  readonly support: Support;
  /** The browser's list is open. */
  readonly choosing: boolean;
  /** How the last choice ended; "none": nothing was chosen, or nothing was found. */
  readonly ended: "none" | Failure | null;
  /** Chosen on an earlier page, and known to the browser. */
  readonly known: readonly { readonly id: string; readonly name: string }[];
  readonly devices: readonly DeviceView[];
  readonly offers: readonly Offer[];
}

/** What the panel asks for. */
export interface Devices {
  readonly state: ReadonlySignal<DevicesState>;
  /** Opens the browser's list. Must come from a press. */
  choose(): Promise<void>;
  connectKnown(id: string): void;
  retry(id: string): void;
  remove(id: string): void;
  /** Sends what was offered: with its own time, or as measured when it came. */
  accept(offer: string, as: "then" | "now"): void;
  decline(offer: string): void;
}

/** Numbers of the last records fetched from glucose meters, by device. */
export interface RecordStore {
  load(device: string): number | null;
  save(device: string, sequence: number): void;
}

/**
 * For as long as the page lives, and no longer: what was offered and not answered yet is fetched
 * anew by the next one, and what was kept before is known by its key.
 */
export function recordsOfThePage(): RecordStore {
  const last = new Map<string, number>();
  return { load: (device) => last.get(device) ?? null, save: (device, sequence) => void last.set(device, sequence) };
}

export interface HealthDevicesConfig {
  /** navigator.bluetooth; undefined where the browser has none. */
  bluetooth: Bluetooth | undefined;
  secure: boolean; // isSecureContext
  browser: Browser;
  now: () => number; // ms since 1970, UTC
  language: () => Language; // of the words that are kept with a value
  /** Values to be kept, of one moment. Their keys are the same when a device sends them again. */
  onReading: (values: readonly NewMeasurement[]) => void;
  /** At most four a second in all. */
  onSample: (sample: Sample) => void;
  records: RecordStore; // recordsOfThePage()
}

const liveFor = 5_000; // ms after the last sample

const unknown: DeviceFacts = { status: "connecting", failure: null, service: null, battery: null, maker: "", model: "", serial: "", clockAhead: null };

interface Held {
  readonly device: HealthDevice;
  readonly chosen: number;
  readonly minutes: Minutes;
  quiet: ReturnType<typeof setTimeout> | undefined; // when samples have ceased
}

/** What waits behind an offer. */
interface Kept {
  readonly readings: readonly Reading[];
  readonly sequence: number | null;
  readonly received: number;
}

/** HealthDevices owns the devices' connections and every timer until close. */
export class HealthDevices implements Devices {
  readonly #cfg: HealthDevicesConfig;
  readonly #state;
  readonly #held = new Map<string, Held>();
  readonly #known = new Map<string, GattDevice>();
  readonly #offered = new Map<string, Kept>();
  readonly #seen = new Set<string>(); // keys: a device that lost its answer sends again
  readonly #pace: Pace;
  readonly #onAvailability = () => void this.#askAvailability();
  #offers = 0;
  #closed = false;

  constructor(cfg: HealthDevicesConfig) {
    this.#cfg = cfg;
    this.#pace = new Pace(cfg.onSample);
    this.#state = signal<DevicesState>({
      support: supportOf({ bluetooth: cfg.bluetooth !== undefined, secure: cfg.secure }, cfg.browser),
      choosing: false, ended: null, known: [], devices: [], offers: [],
    });
  }

  get state(): ReadonlySignal<DevicesState> {
    return this.#state;
  }

  /** Looks whether Bluetooth is on, and which devices the browser knows from before. */
  async start(): Promise<void> {
    const { bluetooth } = this.#cfg;
    if (!bluetooth) return;
    bluetooth.addEventListener?.("availabilitychanged", this.#onAvailability);
    await this.#askAvailability();
    for (const device of (await bluetooth.getDevices?.().catch(() => [])) ?? []) this.#known.set(device.id, device);
    this.#listKnown();
  }

  close(): void {
    this.#closed = true;
    this.#cfg.bluetooth?.removeEventListener?.("availabilitychanged", this.#onAvailability);
    for (const id of [...this.#held.keys()]) this.#letGo(id);
    this.#pace.stop();
  }

  async choose(): Promise<void> {
    const { bluetooth } = this.#cfg;
    if (!bluetooth || this.#state.value.choosing) return;
    this.#set({ choosing: true, ended: null });
    try {
      // Called before anything is awaited: the list opens on a press only (Web Bluetooth §4).
      const device = await bluetooth.requestDevice({
        // One filter a service: a device must have one of them, not all.
        filters: Object.values(healthServices).map((service) => ({ services: [service] })),
        optionalServices: [...Object.values(healthServices), ...Object.values(otherServices)],
      });
      this.#set({ choosing: false });
      this.#connect(device);
    } catch (err) {
      const none = err instanceof Error && err.name === "NotFoundError";
      this.#set({ choosing: false, ended: none ? "none" : classify(err) });
      if (none) await this.#askAvailability(); // an adapter that is off ends the choice in the same way
    }
  }

  connectKnown(id: string): void {
    const device = this.#known.get(id);
    if (device) this.#connect(device);
  }

  retry(id: string): void {
    void this.#held.get(id)?.device.connect();
  }

  remove(id: string): void {
    this.#letGo(id);
    this.#set({ devices: this.#state.value.devices.filter((d) => d.id !== id) });
    this.#listKnown();
  }

  accept(id: string, as: "then" | "now"): void {
    const offer = this.#state.value.offers.find((o) => o.id === id);
    const kept = this.#offered.get(id);
    if (!offer || !kept) return;
    const then = as === "then" ? offer.measuredAt : null;
    const now = as === "now" && offer.perhapsNow;
    if (then === null && !now) return;
    this.decline(id);
    const wall = kept.readings[0]?.measuredAt ?? null;
    const ahead = now && wall !== null ? aheadOf(wall, kept.received) : null;
    // Whoever says that it was now has told how the device's clock stands: what it sends next is judged by that.
    if (ahead !== null) {
      this.#change(offer.device, { clockAhead: ahead });
      // And so does what it sent before.
      this.#set({ offers: this.#state.value.offers.map((o) => (o.device === offer.device ? this.#offer(o.id, o.device, this.#offered.get(o.id)!) : o)) });
    }
    this.#send(offer.device, kept, then ?? kept.received, ahead !== null || offer.marks.includes("clock-off"));
  }

  decline(id: string): void {
    this.#offered.delete(id);
    this.#set({ offers: this.#state.value.offers.filter((o) => o.id !== id) });
  }

  #connect(device: GattDevice): void {
    if (this.#closed) return;
    const { id } = device;
    this.#known.set(id, device);
    if (this.#held.has(id)) return this.retry(id); // chosen once more
    const view: DeviceView = { ...unknown, id, name: lineOf(device.name ?? ""), last: null, live: [], fault: null };
    this.#set({ devices: [...this.#state.value.devices, view] });
    const held: Held = {
      device: new HealthDevice({
        device,
        now: this.#cfg.now,
        onFacts: (facts) => this.#change(id, facts),
        onMessage: (decoded, measure, received) => this.#heard(id, decoded, measure, received),
        lastRecord: () => this.#cfg.records.load(id),
        onRecord: (sequence) => this.#cfg.records.save(id, sequence),
      }),
      chosen: this.#cfg.now(),
      minutes: new Minutes(this.#cfg.now, (value) => this.#keepMinute(id, value)),
      quiet: undefined,
    };
    this.#held.set(id, held);
    this.#listKnown();
    void held.device.connect();
  }

  #heard(id: string, decoded: Decoded, measure: Measure, received: number): void {
    if (!decoded.ok) return this.#change(id, { fault: decoded.fault, ...(measure.runs ? { live: [] } : {}) });
    this.#change(id, { fault: null });
    if (measure.runs) this.#sampled(id, decoded.readings, received);
    else this.#read(id, { readings: decoded.readings, sequence: decoded.sequence, received });
  }

  #sampled(id: string, readings: readonly Reading[], received: number): void {
    const held = this.#held.get(id);
    if (!held) return;
    for (const r of readings) {
      this.#pace.add({ type: "sample", kind: r.kind, values: [...r.values], at: received });
      // What the device itself doubts is shown as it runs, and not kept.
      if (r.marks.every((mark) => mark === "low-perfusion")) held.minutes.add(r.kind, r.values[0]!, received);
    }
    this.#change(id, { live: readings.map(shownOf) });
    clearTimeout(held.quiet);
    held.quiet = setTimeout(() => this.#change(id, { live: [] }), liveFor);
  }

  #read(id: string, kept: Kept): void {
    const keys = kept.readings.map((r) => keyOf(id, r, kept));
    if (keys.every((key) => this.#seen.has(key))) return;
    for (const key of keys) this.#seen.add(key);

    const judged = this.#judge(id, kept);
    if (judged.fresh && judged.measuredAt !== null) return this.#send(id, kept, judged.measuredAt, judged.clockOff);
    const offer = this.#offer(`offer-${++this.#offers}`, id, kept);
    this.#offered.set(offer.id, kept);
    this.#set({ offers: [...this.#state.value.offers, offer] });
  }

  #judge(id: string, { readings, received }: Kept): Judged {
    const first = readings[0];
    return judge({ wall: first?.measuredAt ?? null, stored: first?.stored ?? false, received, chosen: this.#held.get(id)?.chosen ?? received, ahead: this.#view(id)?.clockAhead ?? null });
  }

  #offer(offer: string, id: string, kept: Kept): Offer {
    const { measuredAt, clockOff } = this.#judge(id, kept);
    const first = kept.readings[0];
    return {
      id: offer, device: id, shown: kept.readings.map(shownOf), measuredAt,
      marks: [...(first?.marks ?? []), ...(clockOff ? (["clock-off"] as const) : [])],
      perhapsNow: !first?.stored && (this.#view(id)?.clockAhead ?? null) === null,
    };
  }

  #send(id: string, kept: Kept, measuredAt: number, clockOff: boolean): void {
    const marks: readonly Mark[] = [...(kept.readings[0]?.marks ?? []), ...(clockOff ? (["clock-off"] as const) : [])];
    this.#change(id, { last: { shown: kept.readings.map(shownOf), at: measuredAt, marks } });
    this.#cfg.onReading(kept.readings.map((r) => this.#measurement(id, r, keyOf(id, r, kept), measuredAt, marks)));
  }

  #keepMinute(id: string, { kind, value, minute, measuredAt }: MinuteValue): void {
    const reading: Reading = { kind, values: [value], measuredAt: null, site: null, marks: [], stored: false };
    const key = `ble:${id}:minute-${minute}:${kind}:${value}`;
    // Beside the pulse of the same minute, which came a moment ago, the oxygen goes on standing.
    const last = this.#view(id)?.last;
    const beside = last?.at === measuredAt ? last.shown : [];
    this.#change(id, { last: { shown: [...beside, shownOf(reading)], at: measuredAt, marks: ["median"] } });
    this.#cfg.onReading([this.#measurement(id, reading, key, measuredAt, ["median"])]);
  }

  #measurement(id: string, r: Reading, key: string, measuredAt: number, marks: readonly Mark[]): NewMeasurement {
    const w = deviceWords[this.#cfg.language()];
    const view = this.#view(id);
    const model = lineOf([view?.maker, view?.model || view?.name].filter(Boolean).join(" "));
    return {
      kind: r.kind, values: [...r.values], key, measuredAt, method: "device",
      deviceName: view?.service ? w.devices[view.service] : (view?.name ?? ""),
      deviceId: view?.serial || lineOf(id),
      model,
      note: marks.map((mark) => w.marks[mark]).join(". "),
      site: r.site ? w.sites[r.site] : "",
      position: "",
    };
  }

  async #askAvailability(): Promise<void> {
    const there = (await this.#cfg.bluetooth?.getAvailability?.().catch(() => true)) ?? true;
    this.#set({ support: there ? "ready" : "off" });
  }

  #letGo(id: string): void {
    const held = this.#held.get(id);
    clearTimeout(held?.quiet);
    held?.minutes.stop();
    held?.device.close();
    this.#held.delete(id);
  }

  #listKnown(): void {
    const known = [...this.#known.values()].filter((d) => !this.#held.has(d.id)).map((d) => ({ id: d.id, name: lineOf(d.name ?? "") }));
    this.#set({ known });
  }

  #view(id: string): DeviceView | undefined {
    return this.#state.value.devices.find((d) => d.id === id);
  }

  #change(id: string, change: Partial<DeviceView>): void {
    this.#set({ devices: this.#state.value.devices.map((d) => (d.id === id ? { ...d, ...change } : d)) });
  }

  #set(change: Partial<DevicesState>): void {
    this.#state.value = { ...this.#state.value, ...change };
  }
}

const shownOf = (r: Reading): Shown => ({ kind: r.kind, values: r.values });

/** The same for the same reading, however often it is sent: by the device's own number or time of it, where it has one. */
function keyOf(id: string, r: Reading, kept: Kept): string {
  const which = kept.sequence !== null ? `record-${kept.sequence}` : r.measuredAt !== null ? `at-${r.measuredAt}` : `came-${kept.received}`;
  return `ble:${id}:${which}:${r.kind}:${r.values.join("/")}`.slice(0, 128);
}
