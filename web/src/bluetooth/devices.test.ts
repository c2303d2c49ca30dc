import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { NewMeasurement } from "../gen/api";
import type { Sample } from "../gen/protocol";
import { aCuff, aGlucoseMeter, anOximeter, cuffSays, fakeError, FakeBluetooth, FakeDevice, glucoseSays, oximeterSays, withClock } from "../testing/bluetooth";
import { HealthDevices } from "./devices";
import { deviceWords, numberText, valueText } from "./i18n/words";

const minute = 60_000;
const start = Date.UTC(2026, 10, 23, 9, 12); // 10.12 in Norway
/** What a clock on the wall in Norway shows now. */
const wall = () => Date.now() + 60 * minute;

beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());
const wait = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

const cuffReading = 0x2a35;
const continuous = 0x2a5f;
const spot = 0x2a5e;

function visit(bluetooth: FakeBluetooth | undefined = new FakeBluetooth()) {
  const readings: (readonly NewMeasurement[])[] = [];
  const samples: Sample[] = [];
  const records = new Map<string, number>();
  const devices = new HealthDevices({
    bluetooth, secure: true, browser: "chrome-android", now: () => Date.now(), language: () => "nn",
    onReading: (values) => readings.push(values),
    onSample: (s) => samples.push(s),
    records: { load: (id) => records.get(id) ?? null, save: (id, n) => void records.set(id, n) },
  });
  const state = () => devices.state.value;
  return {
    devices, readings, samples, records, state,
    values: () => readings.flat().map((m) => [m.kind, ...m.values]),
    statuses: () => state().devices.map((d) => d.status),
    async with(device: FakeDevice): Promise<void> {
      bluetooth!.choice = device;
      await devices.choose();
      await wait();
    },
  };
}

describe("choosing a device", () => {
  it("is one question, for any of the six services, with battery, maker and clock besides", async () => {
    const bluetooth = new FakeBluetooth();
    const v = visit(bluetooth);
    await v.with(aCuff());
    expect(bluetooth.asked).toEqual([
      {
        filters: [0x1810, 0x1822, 0x1809, 0x181d, 0x1808, 0x180d].map((s) => ({ services: [s] })),
        optionalServices: [0x1810, 0x1822, 0x1809, 0x181d, 0x1808, 0x180d, 0x180f, 0x180a, 0x1805],
      },
    ]);
  });

  it("goes from choosing over connecting to waiting for a reading, and knows the device", async () => {
    const bluetooth = new FakeBluetooth();
    const v = visit(bluetooth);
    const seen: string[] = [];
    v.devices.state.subscribe((s) => seen.push(s.choosing ? "choosing" : (s.devices[0]?.status ?? "idle")));
    await v.with(aCuff());
    expect([...new Set(seen)]).toEqual(["idle", "choosing", "connecting", "connected", "waiting"]);
    expect(v.state().devices).toMatchObject([{ name: "BPM-7", maker: "Fjord", model: "BPM-7", battery: 80, service: "bloodPressure", last: null }]);
  });

  it("may end without one, and that is no failure", async () => {
    const v = visit();
    await v.devices.choose();
    expect(v.state()).toMatchObject({ choosing: false, ended: "none", devices: [] });
  });

  it("of the same device twice makes one", async () => {
    const v = visit();
    const cuff = aCuff();
    await v.with(cuff);
    await v.with(cuff);
    expect(v.statuses()).toEqual(["waiting"]);
    cuff.say(cuffReading, cuffSays(148, 86, 71));
    expect(v.readings).toHaveLength(1);
  });

  it.each([
    ["a device that measures by no standard", new FakeDevice("x", "Ukjend").has(0x180f, 0x2a19, [50]), "no-service"],
    ["a device without GATT", Object.defineProperty(new FakeDevice("y", "Gammal"), "gatt", { value: undefined }), "unknown"],
  ])("of %s fails in plain words", async (_, device, failure) => {
    const v = visit();
    await v.with(device);
    await wait(10_000);
    expect(v.state().devices).toMatchObject([{ status: "failed", failure }]);
  });

  it("of a device that wants to be paired says so, and tries again at a press", async () => {
    const v = visit();
    const cuff = aCuff();
    cuff.of(cuffReading).refusal = fakeError("NotSupportedError", "GATT Error: Not paired.");
    await v.with(cuff);
    expect(v.state().devices).toMatchObject([{ status: "failed", failure: "pairing" }]);
    cuff.of(cuffReading).refusal = null;
    v.devices.retry("cuff");
    await wait();
    expect(v.state().devices).toMatchObject([{ status: "waiting", failure: null }]);
  });

  it("of a device that doesn't answer tries three times", async () => {
    const v = visit();
    const cuff = aCuff();
    cuff.away = true;
    await v.with(cuff);
    expect(v.statuses()).toEqual(["connecting"]);
    await wait(60_000);
    expect(v.state().devices).toMatchObject([{ status: "failed", failure: "out-of-reach" }]);
    expect(cuff.connects).toBe(3);
  });

  it("that the browser's policy forbids says so", async () => {
    const bluetooth = new FakeBluetooth();
    bluetooth.choice = fakeError("SecurityError");
    const v = visit(bluetooth);
    await v.devices.choose();
    expect(v.state()).toMatchObject({ ended: "not-allowed" });
  });
});

describe("Bluetooth itself", () => {
  it("that is off is said, and that it came on too", async () => {
    const bluetooth = new FakeBluetooth();
    bluetooth.on = false;
    const v = visit(bluetooth);
    await v.devices.start();
    expect(v.state().support).toBe("off");
    bluetooth.turn(true);
    await wait();
    expect(v.state().support).toBe("ready");
  });
  it("that the browser hasn't is said by its platform", () => {
    const devices = new HealthDevices({
      bluetooth: undefined, secure: true, browser: "safari-ios", now: Date.now, language: () => "nn", onReading: () => {}, onSample: () => {}, records: { load: () => null, save: () => {} },
    });
    expect(devices.state.value.support).toBe("apple");
  });
  it("offers the devices of earlier visits by one press, and connects none by itself", async () => {
    const bluetooth = new FakeBluetooth();
    const cuff = aCuff();
    bluetooth.known = [cuff];
    const v = visit(bluetooth);
    await v.devices.start();
    expect(v.state()).toMatchObject({ known: [{ id: "cuff", name: "BPM-7" }], devices: [] });
    expect(cuff.connects).toBe(0);
    v.devices.connectKnown("cuff");
    await wait();
    expect(v.state()).toMatchObject({ known: [], devices: [{ status: "waiting" }] });
  });
});

describe("a cuff's reading", () => {
  it("is blood pressure and pulse at once, with where they come from", async () => {
    const v = visit();
    const cuff = aCuff();
    await v.with(cuff);
    await wait(minute);
    cuff.say(cuffReading, cuffSays(148, 86, 71, wall()));
    expect(v.readings).toEqual([
      [
        {
          kind: "blood-pressure", values: [148, 86], measuredAt: start + minute, method: "device", deviceName: "Blodtrykksmålar", model: "Fjord BPM-7", deviceId: "cuff", note: "", site: "", position: "",
          key: `ble:cuff:at-${start + 61 * minute}:blood-pressure:148/86`,
        },
        {
          kind: "heart-rate", values: [71], measuredAt: start + minute, method: "device", deviceName: "Blodtrykksmålar", model: "Fjord BPM-7", deviceId: "cuff", note: "", site: "", position: "",
          key: `ble:cuff:at-${start + 61 * minute}:heart-rate:71`,
        },
      ],
    ]);
    expect(v.state().devices[0]?.last).toEqual({ shown: [{ kind: "blood-pressure", values: [148, 86] }, { kind: "heart-rate", values: [71] }], at: start + minute, marks: [] });
  });

  it("sent again after a lost answer is passed on once", async () => {
    const v = visit();
    const cuff = aCuff();
    await v.with(cuff);
    const message = cuffSays(148, 86, 71, wall());
    cuff.say(cuffReading, message);
    cuff.drop();
    await wait(2_000);
    cuff.say(cuffReading, message);
    expect(v.readings).toHaveLength(1);
    cuff.say(cuffReading, cuffSays(148, 86, 71, wall() + 1000)); // measured once more, with the same result
    expect(v.readings).toHaveLength(2);
  });

  it("says in its note what the device doubts", async () => {
    const v = visit();
    const cuff = aCuff();
    await v.with(cuff);
    cuff.say(cuffReading, [0x10, 148, 0, 86, 0, 0xff, 0x07, 0x05, 0x00]); // moved, irregular
    expect(v.readings[0]).toMatchObject([{ note: "Pasienten rørte seg under målinga. Ujamn puls" }]);
  });

  it("that failed gives no value, and its reason until the next that succeeds", async () => {
    const v = visit();
    const cuff = aCuff();
    await v.with(cuff);
    cuff.say(cuffReading, [0x00, 0xff, 0x07, 0xff, 0x07, 0xff, 0x07]);
    expect(v.readings).toEqual([]);
    expect(v.state().devices[0]?.fault).toBe("no-reading");
    cuff.say(cuffReading, [0x00]);
    expect(v.state().devices[0]?.fault).toBe("truncated");
    cuff.say(cuffReading, cuffSays(148, 86, 71));
    expect(v.state().devices[0]?.fault).toBeNull();
    expect(v.readings).toHaveLength(1);
  });
});

describe("a device's clock", () => {
  it("that is off when it is connected gives way to ours, and that is said", async () => {
    const v = visit();
    const cuff = withClock(aCuff(), wall() + 60 * minute); // nobody has set it to winter time
    await v.with(cuff);
    expect(v.state().devices[0]?.clockAhead).toBe(60 * minute);
    await wait(5 * minute);
    cuff.say(cuffReading, cuffSays(148, 86, 71, wall() + 60 * minute));
    expect(v.readings[0]?.[0]).toMatchObject({ measuredAt: start + 5 * minute, note: "Klokka i apparatet går feil; tida er retta" });
    expect(v.state().devices[0]?.last?.marks).toEqual(["clock-off"]);
  });

  it("that is nearly right is believed", async () => {
    const v = visit();
    const cuff = withClock(aCuff(), wall() - minute);
    await v.with(cuff);
    await wait(5 * minute);
    cuff.say(cuffReading, cuffSays(148, 86, 71, wall() - minute));
    expect(v.readings[0]?.[0]).toMatchObject({ measuredAt: start + 4 * minute, note: "" });
  });

  it("that is not known and seems off sends nothing by itself; whoever says “now” has set it right", async () => {
    const v = visit();
    const cuff = aCuff();
    await v.with(cuff);
    await wait(10 * minute);
    cuff.say(cuffReading, cuffSays(148, 86, 71, wall() - 60 * minute));
    expect(v.readings).toEqual([]);
    expect(v.state().offers).toMatchObject([{ device: "cuff", measuredAt: start - 50 * minute, perhapsNow: true, shown: [{ values: [148, 86] }, { values: [71] }] }]);
    v.devices.accept(v.state().offers[0]!.id, "now");
    expect(v.readings[0]?.[0]).toMatchObject({ values: [148, 86], measuredAt: start + 10 * minute, note: "Klokka i apparatet går feil; tida er retta" });
    expect(v.state().offers).toEqual([]);
    await wait(minute);
    cuff.say(cuffReading, cuffSays(140, 84, 70, wall() - 60 * minute));
    expect(v.readings[1]?.[0]).toMatchObject({ values: [140, 84], measuredAt: start + 11 * minute });
  });
});

it("what waits of a device whose clock has become known has its time put right, and is no longer perhaps of now", async () => {
  const v = visit();
  const cuff = aCuff();
  await v.with(cuff);
  await wait(10 * minute);
  cuff.say(cuffReading, cuffSays(160, 95, 80, wall() - 25 * 60 * minute));
  cuff.say(cuffReading, cuffSays(148, 86, 71, wall() - 60 * minute));
  v.devices.accept(v.state().offers[1]!.id, "now");
  expect(v.values()).toEqual([["blood-pressure", 148, 86], ["heart-rate", 71]]);
  expect(v.state().offers).toMatchObject([{ measuredAt: start + 10 * minute - 24 * 60 * minute, perhapsNow: false, marks: ["clock-off"] }]);
});

describe("what a device has kept from before", () => {
  it("is offered with its own time, and sent when it is accepted", async () => {
    const v = visit();
    const cuff = withClock(aCuff(), wall());
    await v.with(cuff);
    const yesterday = wall() - 24 * 60 * minute;
    cuff.say(cuffReading, cuffSays(152, 90, 80, yesterday));
    cuff.say(cuffReading, cuffSays(148, 86, 71, wall()));
    expect(v.values()).toEqual([["blood-pressure", 148, 86], ["heart-rate", 71]]);
    const [offer] = v.state().offers;
    expect(offer).toMatchObject({ measuredAt: start - 24 * 60 * minute, perhapsNow: false });
    v.devices.accept(offer!.id, "now"); // not of now: its clock is known to be right
    expect(v.readings).toHaveLength(1);
    v.devices.accept(offer!.id, "then");
    expect(v.readings[1]?.[0]).toMatchObject({ values: [152, 90], measuredAt: start - 24 * 60 * minute });
    v.devices.accept(offer!.id, "then");
    expect(v.readings).toHaveLength(2);
  });

  it("is forgotten when it is declined, also when the device sends it again", async () => {
    const v = visit();
    const cuff = aCuff();
    await v.with(cuff);
    const old = cuffSays(152, 90, 80, wall() - 24 * 60 * minute);
    cuff.say(cuffReading, old);
    v.devices.decline(v.state().offers[0]!.id);
    cuff.say(cuffReading, old);
    expect(v.state().offers).toEqual([]);
    expect(v.readings).toEqual([]);
  });

  it("is not sent when the device doesn't know its time", async () => {
    const v = visit();
    const oximeter = anOximeter();
    await v.with(oximeter);
    oximeter.say(spot, [0x02, 95, 0, 71, 0, 0x00, 0x02]); // from its storage
    const [offer] = v.state().offers;
    expect(offer).toMatchObject({ measuredAt: null, perhapsNow: false });
    v.devices.accept(offer!.id, "then");
    v.devices.accept(offer!.id, "now");
    expect(v.readings).toEqual([]);
  });
});

describe("a continuous oximeter", () => {
  it("runs as samples, and keeps a median of each whole minute", async () => {
    const v = visit();
    const oximeter = anOximeter();
    await v.with(oximeter);
    for (let second = 0; second < 125; second++) {
      oximeter.say(continuous, oximeterSays(second < 60 ? 95 : 93, 71));
      await wait(1_000);
    }
    expect(v.samples).toHaveLength(250);
    expect(v.samples[0]).toEqual({ type: "sample", kind: "oxygen-saturation", values: [95], at: start });
    expect(v.values()).toEqual([["oxygen-saturation", 95], ["heart-rate", 71], ["oxygen-saturation", 93], ["heart-rate", 71]]);
    expect(v.readings[0]?.[0]).toMatchObject({ measuredAt: start + minute, method: "device", note: "Midtverdien for eitt minutt", key: `ble:oximeter:minute-${start / minute}:oxygen-saturation:95` });
    expect(v.state().devices[0]).toMatchObject({ live: [{ kind: "oxygen-saturation", values: [93] }, { kind: "heart-rate", values: [71] }], last: { shown: [{ values: [93] }, { values: [71] }] } });
  });

  it("that falls silent, or off the finger, shows nothing as live", async () => {
    const v = visit();
    const oximeter = anOximeter();
    await v.with(oximeter);
    oximeter.say(continuous, oximeterSays(95, 71));
    await wait(4_999);
    expect(v.state().devices[0]?.live).toHaveLength(2);
    await wait(1);
    expect(v.state().devices[0]?.live).toEqual([]);
    oximeter.say(continuous, oximeterSays(95, 71));
    oximeter.say(continuous, [0x08, 95, 0, 71, 0, 0x00, 0x08, 0x00]); // unconnected to user
    expect(v.state().devices[0]).toMatchObject({ live: [], fault: "no-contact" });
    const before = v.samples.length;
    await wait(1_000);
    expect(v.samples.length - before).toBeLessThanOrEqual(2); // those that waited for their turn
  });

  it("keeps nothing of what it doubts itself", async () => {
    const v = visit();
    const oximeter = anOximeter();
    await v.with(oximeter);
    for (let second = 0; second < 70; second++) {
      oximeter.say(continuous, [0x08, 88, 0, 71, 0, 0x10, 0x00, 0x00]); // poor signal
      await wait(1_000);
    }
    expect(v.samples.length).toBeGreaterThan(100);
    expect(v.readings).toEqual([]);
  });
});

describe("a glucose meter", () => {
  it("is asked for its last record, and then for new ones; each comes once", async () => {
    const stored: [number, number[]][] = [5, 6].map((n) => [n, glucoseSays(n, wall() - (10 - n) * 60 * minute, 60 + n)]);
    const v = visit();
    const meter = aGlucoseMeter(() => stored);
    await v.with(meter);
    // The last one only, and it is from before the visit.
    expect(meter.of(0x2a52).written).toEqual([[0x01, 0x06]]);
    expect(v.readings).toEqual([]);
    expect(v.state().offers).toMatchObject([{ shown: [{ kind: "glucose", values: [6.6] }] }]);
    expect(v.records.get("glucose")).toBe(6);
    await wait(2 * minute);
    stored.push([7, glucoseSays(7, wall(), 65)]);
    await wait(10_000);
    expect(meter.of(0x2a52).written.at(-1)).toEqual([0x01, 0x03, 0x01, 0x07, 0x00]);
    expect(v.values()).toEqual([["glucose", 6.5]]);
    expect(v.readings[0]?.[0]).toMatchObject({ site: "finger", deviceName: "Blodsukkermålar", key: `ble:glucose:record-7:glucose:6.5` });
    await wait(minute);
    expect(v.readings).toHaveLength(1);
    expect(meter.of(0x2a52).written.at(-1)).toEqual([0x01, 0x03, 0x01, 0x08, 0x00]);
  });

  it("is not asked any more when it is gone", async () => {
    const v = visit();
    const meter = aGlucoseMeter(() => []);
    await v.with(meter);
    meter.away = true;
    meter.drop();
    const before = meter.of(0x2a52).written.length;
    await wait(minute);
    expect(meter.of(0x2a52).written).toHaveLength(before);
  });
});

describe("a device that is lost", () => {
  it("is connected again by itself, ever more seldom, and subscribed to anew", async () => {
    const v = visit();
    const cuff = aCuff();
    await v.with(cuff);
    cuff.away = true;
    cuff.drop();
    await wait();
    expect(v.statuses()).toEqual(["lost"]);
    const tries: number[] = [];
    let before = cuff.connects;
    for (let second = 1; second <= 100; second++) {
      await wait(1_000);
      if (cuff.connects > before) tries.push(second);
      before = cuff.connects;
    }
    expect(tries).toEqual([1, 3, 7, 15, 31, 61, 91]);
    expect(v.statuses()).toEqual(["lost"]);
    cuff.away = false;
    await wait(30_000);
    expect(v.statuses()).toEqual(["waiting"]);
    cuff.say(cuffReading, cuffSays(148, 86, 71));
    expect(v.readings).toHaveLength(1);
  });

  it("is connected at once when the browser sees it on the air", async () => {
    const v = visit();
    const cuff = aCuff().watchable();
    await v.with(cuff);
    cuff.away = true;
    cuff.drop();
    await wait(40_000);
    cuff.away = false;
    cuff.advertise();
    await wait();
    expect(v.statuses()).toEqual(["waiting"]);
    expect(cuff.watched).toBe(0);
  });

  it("while it is still being asked what it is, is tried again", async () => {
    const v = visit();
    const cuff = aCuff();
    const listen = cuff.of(cuffReading);
    const subscribe = listen.startNotifications.bind(listen);
    let first = true;
    listen.startNotifications = () => {
      if (!first) return subscribe();
      first = false;
      cuff.drop();
      return Promise.reject(fakeError("NetworkError", "GATT Server is disconnected."));
    };
    await v.with(cuff);
    await wait(2_000);
    expect(v.statuses()).toEqual(["waiting"]);
    expect(cuff.connects).toBe(2);
  });
});

it("battery that changes is told", async () => {
  const v = visit();
  const cuff = aCuff();
  await v.with(cuff);
  cuff.say(0x2a19, [14]);
  expect(v.state().devices[0]?.battery).toBe(14);
  cuff.say(0x2a19, []);
  cuff.say(0x2a19, [255]);
  expect(v.state().devices[0]?.battery).toBe(14);
});

it("a device that is disconnected by a press stays so, and can be had again", async () => {
  const v = visit();
  const cuff = aCuff();
  await v.with(cuff);
  v.devices.remove("cuff");
  await wait(minute);
  expect(cuff.gatt.connected).toBe(false);
  expect(v.state()).toMatchObject({ devices: [], known: [{ id: "cuff" }] });
  expect(vi.getTimerCount()).toBe(0);
});

it("leaves no connection and no timer after close", async () => {
  const v = visit();
  const [cuff, oximeter, meter] = [aCuff(), anOximeter(), aGlucoseMeter(() => [])];
  for (const device of [cuff, oximeter, meter]) await v.with(device);
  oximeter.say(continuous, oximeterSays(95, 71));
  cuff.away = true;
  cuff.drop();
  v.devices.close();
  await wait();
  expect([cuff, oximeter, meter].map((d) => d.gatt.connected)).toEqual([false, false, false]);
  expect(vi.getTimerCount()).toBe(0);
});

describe("words", () => {
  it("name kinds as the service does", () => {
    const file = JSON.parse(readFileSync(new URL("../../../clinical/kinds.json", import.meta.url), "utf8")) as { id: string; words: Record<string, string> }[];
    for (const language of ["nn", "nb", "en"] as const)
      for (const [id, word] of Object.entries(deviceWords[language].kinds)) expect(word, `${id} in ${language}`).toBe(file.find((k) => k.id === id)?.words[language]);
  });
  it("write numbers as they are read", () => {
    expect(valueText("nn", "blood-pressure", [148, 86])).toBe("148/86\u00a0mmHg");
    expect([numberText("nb", [37.4]), numberText("en", [37.4])]).toEqual(["37,4", "37.4"]);
  });
  it("fit where the service keeps them", () => {
    for (const w of Object.values(deviceWords)) {
      for (const text of [...Object.values(w.devices), ...Object.values(w.sites)]) expect(text.length, text).toBeLessThanOrEqual(80);
      // All that one message can be marked with, by device; a note holds 500 characters.
      const cuff = ["moved", "cuff-loose", "irregular-pulse", "pulse-above", "wrong-position", "clock-off"] as const;
      const oximeter = ["unfinished", "questionable", "poor-signal", "low-perfusion", "unknown-sensor", "sensor-moved", "clock-off"] as const;
      for (const marks of [cuff, oximeter]) expect(marks.map((m) => w.marks[m]).join(". ").length).toBeLessThanOrEqual(500);
    }
  });
});
