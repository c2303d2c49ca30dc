// Health devices in a real browser: chosen, connected and read through the browser's own Bluetooth
// as DevTools emulates it; and, since that can't notify, readings from devices that are played.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import axe from "axe-core";
import { emulateBluetooth } from "./harness/bluetooth.mjs";
import { show, startGallery } from "./harness/gallery.mjs";
import { untilEqual } from "./harness/wait.mjs";

const tablet = { width: 1024, height: 768 };

let gallery;
before(async () => {
  // On Linux Web Bluetooth is behind a flag; on Android, where it is used, it is not.
  gallery = await startGallery("gallery-devices", ["--enable-features=WebBluetooth"]);
});
after(() => gallery?.stop());

async function on(state, steps) {
  const { context, page, errors } = await gallery.open(tablet);
  try {
    await show(page, state);
    await steps(page, context);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

const press = (page, testid) => page.locator(`[data-testid="${testid}"]`).first().click();
const statuses = (page) => page.$$eval('[data-testid="device"]', (rows) => rows.map((r) => `${r.dataset.service} ${r.dataset.status}`));
const text = (page, selector) => page.$$eval(selector, (all) => all.map((el) => el.innerText.replaceAll(/\s+/g, " ").trim()));
const values = (page) => text(page, '[data-testid="device"] .sk-device__values > div');
const passed = (page) => page.evaluate(() => window.passed.readings.map((r) => [r.kind, ...r.values]));

describe("through the browser's own Bluetooth", () => {
  const cuff = {
    address: "09:09:09:09:09:09",
    name: "BPM-7",
    services: {
      0x1810: { 0x2a35: { indicate: true } },
      0x180f: { 0x2a19: { read: true, value: [80] } },
      0x180a: { 0x2a29: { read: true, value: [...Buffer.from("Fjord\0")] }, 0x2a24: { read: true, value: [...Buffer.from("BPM-7")] } },
    },
  };

  /** Opens the panel over the browser's Bluetooth, emulated before the page asks about it. */
  const emulated = (steps) =>
    on("devices-first", async (page, context) => {
      const bluetooth = await emulateBluetooth(context, page, [cuff]);
      try {
        await steps(page, bluetooth);
      } finally {
        await bluetooth.stop();
      }
    });

  test("a cuff is chosen in the list, connected, and says who it is", async () => {
    await emulated(async (page, bluetooth) => {
      await show(page, "devices-browser");
      bluetooth.choose(cuff.address);
      await press(page, "device-choose");
      await untilEqual("the cuff waits for a reading", () => statuses(page), ["bloodPressure waiting"]);
      await untilEqual("its battery and maker are told", () => text(page, ".sk-device__model"), ["Fjord BPM-7 Batteri 80 %"]);
      assert.ok(bluetooth.done.includes("subscribe-to-notifications 2a35"), bluetooth.done.join(", "));
    });
  });

  test("a list that is closed is no failure", async () => {
    await emulated(async (page, bluetooth) => {
      await show(page, "devices-browser");
      bluetooth.choose(null);
      await press(page, "device-choose");
      await page.waitForSelector(".sk-notice");
      assert.deepEqual(await statuses(page), []);
      assert.match((await text(page, ".sk-notice"))[0], /^Du valde ikkje noko apparat/);
    });
  });

  test("a machine without Bluetooth says so", async () => {
    await emulated(async (page, bluetooth) => {
      await bluetooth.takeAway();
      await show(page, "devices-browser");
      await untilEqual("it is said", () => text(page, ".sk-notice b"), ["Finn ikkje Bluetooth"]);
      assert.equal(await page.locator('[data-testid="device-choose"]').count(), 0);
    });
  });
});

describe("from devices that are played", () => {
  const connect = async (page, which) => {
    await page.evaluate((device) => (window.play.bluetooth.choice = window.play[device]), which);
    await press(page, "device-choose");
  };

  test("a cuff's reading is shown, passed on once, and announced", async () => {
    await on("devices-played", async (page) => {
      await connect(page, "cuff");
      await untilEqual("it waits", () => statuses(page), ["bloodPressure waiting"]);
      assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "device-choose", "the focus stays at the button");
      await page.evaluate(() => window.play.cuff.say(0x2a35, window.play.cuffSays(148, 86, 71)));
      await untilEqual("it is shown", () => values(page), ["Blodtrykk 148/86 mmHg", "Puls 71 /min"]);
      await untilEqual("it is announced", () => page.$eval('[data-testid="devices"] > [role="status"]', (el) => el.textContent), "Blodtrykk 148/86\u00a0mmHg, Puls 71\u00a0/min");
      assert.deepEqual(await passed(page), [["blood-pressure", 148, 86], ["heart-rate", 71]]);
      const [first, second] = await page.evaluate(() => window.passed.readings);
      assert.notEqual(first.key, second.key);
      assert.deepEqual([first.method, first.deviceName, first.model], ["device", "Blodtrykksmålar", "Fjord BPM-7"]);

      await page.evaluate(() => window.play.cuff.say(0x2a35, [0x00, 0xff, 0x07, 0xff, 0x07, 0xff, 0x07]));
      await untilEqual("one that failed is said", () => text(page, '[data-testid="device-warning"]'), ["Apparatet fekk ikkje til å måle. Mål ein gong til."]);
      assert.equal((await passed(page)).length, 2);
    });
  });

  test("an oximeter runs, and what it shows ends with it", async () => {
    await on("devices-played", async (page) => {
      await connect(page, "oximeter");
      await untilEqual("it waits", () => statuses(page), ["oximeter waiting"]);
      await page.evaluate(() => window.play.oximeter.say(0x2a5f, window.play.oximeterSays(95, 71)));
      await untilEqual("it is shown as running", () => text(page, '[data-testid="device-status"]'), ["Måler no"]);
      assert.deepEqual(await values(page), ["Oksygen 95 %", "Puls 71 /min"]);
      await untilEqual("both samples go on", () => page.evaluate(() => window.passed.samples.map((s) => [s.kind, ...s.values])), [["oxygen-saturation", 95], ["heart-rate", 71]]);
      await untilEqual("nothing is shown when it has fallen silent", () => values(page), []);
      assert.deepEqual(await passed(page), []);
    });
  });

  test("what a glucose meter has kept is sent only when it is accepted", async () => {
    await on("devices-played", async (page) => {
      await connect(page, "meter");
      await page.waitForSelector('[data-testid="device-offer"]');
      assert.deepEqual(await text(page, '[data-testid="device-status"]'), ["Målingar frå minnet: sjå under"]);
      assert.deepEqual(await passed(page), []);
      await press(page, "offer-then");
      await untilEqual("it is passed on", () => passed(page), [["glucose", 6.5]]);
      assert.deepEqual(await text(page, '[data-testid="device-offer"]'), []);
    });
  });

  test("a device that is lost comes back by itself, and one that is disconnected stays so", async () => {
    await on("devices-played", async (page) => {
      await connect(page, "cuff");
      await untilEqual("it waits", () => statuses(page), ["bloodPressure waiting"]);
      await page.evaluate(() => {
        window.play.cuff.away = true;
        window.play.cuff.drop();
      });
      await untilEqual("it is lost", () => statuses(page), ["bloodPressure lost"]);
      await page.evaluate(() => (window.play.cuff.away = false));
      await untilEqual("it is back", () => statuses(page), ["bloodPressure waiting"]);
      await page.evaluate(() => window.play.cuff.say(0x2a35, window.play.cuffSays(140, 84, 70)));
      await untilEqual("it is read", () => passed(page), [["blood-pressure", 140, 84], ["heart-rate", 70]]);
      await press(page, "device-remove");
      await untilEqual("it is gone", () => statuses(page), []);
      assert.equal(await page.evaluate(() => window.play.cuff.gatt.connected), false);
      await press(page, "device-known");
      await untilEqual("it is had again by one press", () => statuses(page), ["bloodPressure waiting"]);
    });
  });

  test("everything is reached by the keyboard, without a finding by axe", async () => {
    await on("devices-played", async (page) => {
      await page.evaluate(() => (window.play.bluetooth.choice = window.play.meter));
      await page.locator('[data-testid="device-choose"]').focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector('[data-testid="device-offer"]');
      const reached = [];
      for (let i = 0; i < 5; i++) {
        await page.keyboard.press("Tab");
        reached.push(await page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.tagName.toLowerCase()));
      }
      assert.deepEqual(reached, ["device-remove", "offer-then", "offer-now", "offer-decline", "summary"]);
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations.map((v) => v.id));
      assert.deepEqual(violations, []);
    });
  });
});
