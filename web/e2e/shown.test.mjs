// How long it takes from the press with which the nurse enters a value until it stands in the specialist's
// and in the patient's page, over 20 values, or with SHOWN=write (make shown) over 200. How long is
// printed, and with SHOWN=write put into testdata/shown.md; it is not judged: a machine that builds beside
// is slower. That each was shown once to each, in order, is.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import test from "node:test";
import { admit, browsers, enter, noComplaints, steps } from "./harness/call.mjs";
import { startServer } from "./harness/server.mjs";
import { until } from "./harness/wait.mjs";

const writes = process.env["SHOWN"] === "write";
const total = writes ? 200 : 20;
/** Each is another, and can be measured of somebody. */
const values = Array.from({ length: total }, (_, i) => [110 + Math.floor(i / 20), 60 + (i % 20)]);

const row = '[data-testid=measurement][data-kind="blood-pressure"]';

/** Notes when a blood pressure stands in a place of the page: once what has changed there is painted. */
const watch = (selector) => {
  window.seen = [];
  const look = () => {
    const found = /(\d{3})\/(\d{2})(?!\d)/.exec(document.querySelector(selector)?.textContent ?? "")?.[0];
    if (!found || window.seen.at(-1)?.text === found) return;
    const one = { text: found, at: 0 };
    window.seen.push(one);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel(); // what runs after a frame has been made
      port1.onmessage = () => (one.at = Date.now());
      port2.postMessage(0);
    });
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  look();
};

const part = (list, p) => [...list].sort((a, b) => a - b)[Math.ceil(list.length * p) - 1];
const figures = (list) => ({ p50: Math.round(part(list, 0.5)), p95: Math.round(part(list, 0.95)), most: Math.round(Math.max(...list)) });

test(`${total} values are shown to the others as they are entered`, { timeout: 900_000 }, async (t) => {
  const server = await startServer(t);
  const all = await browsers(t, ["specialist", "nurse", "patient"]);
  const { specialist, nurse, patient } = all;
  const step = steps(t, Object.values(all), server);

  await step("they are in the call, each before the values", async () => {
    await enter(server, Object.values(all));
    await admit(specialist, patient);
    await specialist.has(row);
    await patient.press("tab-measurements");
    await nurse.press("tab-measurements");
    await specialist.evaluate(watch, row);
    await patient.evaluate(watch, "[data-testid=own-measurements]");
    await nurse.evaluate(() => {
      window.pressed = [];
      document.addEventListener("click", (e) => e.target.closest('[data-testid="measurement-add"]') && window.pressed.push(Date.now()), true);
    });
  });

  const seenBy = async (person, pressure) => ({ problem: (await person.evaluate(() => window.seen.at(-1)?.text)) === pressure ? "" : `it has ${JSON.stringify(await person.evaluate(() => window.seen.at(-1)))}` });

  await step(`the nurse enters ${total} blood pressures on the keypad`, async () => {
    for (const [systolic, diastolic] of values) {
      await nurse.press("kind-blood-pressure");
      for (const digit of `${systolic}`) await nurse.press(`pad-${digit}`);
      await nurse.press("value-1");
      for (const digit of `${diastolic}`) await nurse.press(`pad-${digit}`);
      await nurse.press("measurement-add");
      for (const person of [specialist, patient]) await until(`${person.name} has ${systolic}/${diastolic}`, () => seenBy(person, `${systolic}/${diastolic}`));
    }
  });

  await step("each has come once to each, in order", async () => {
    const pressed = await nurse.evaluate(() => window.pressed);
    assert.equal(pressed.length, total);
    const answered = await nurse.evaluate(() => performance.getEntriesByType("resource").filter((e) => /\/measurements$/.test(e.name) && e.initiatorType === "fetch").map((e) => e.responseEnd - e.requestStart).filter((ms) => ms > 0));
    const took = {};
    for (const [name, person] of Object.entries({ specialist, patient })) {
      const seen = (await person.evaluate(() => window.seen)).slice(-total);
      assert.deepEqual(seen.map((s) => s.text), values.map((v) => v.join("/")));
      took[name] = figures(seen.map((s, i) => s.at - pressed[i]));
      t.diagnostic(`entered → shown to the ${name}: p50 ${took[name].p50} ms, p95 ${took[name].p95} ms, most ${took[name].most} ms`);
    }
    const service = figures(answered.slice(-total));
    t.diagnostic(`the service's answer to the nurse's page: p50 ${service.p50} ms, p95 ${service.p95} ms, most ${service.most} ms`);
    if (!writes) return;
    const line = (what, goal, f) => `| ${what} | ${goal} | ${f.p50} ms | ${f.p95} ms | ${f.most} ms |`;
    await writeFile(
      new URL("testdata/shown.md", import.meta.url),
      `# Entered → shown

\`make shown\` on ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}, with a load of ${loadavg()[0].toFixed(1)} when it ended: specialist, nurse and patient in a call with camera and
microphone, each in a Chromium of their own, against the program with SQLite on the same machine. The nurse enters ${total} blood pressures on the keypad.
From the press that enters one until the page of the other has painted it, by the machine's one clock. What the service needs is in the
time from the page's request until its answer is there, which has the value sealed, on the disk and told to the others.

| | Goal for p95 | p50 | p95 | Longest |
|---|---|---|---|---|
${line("to the specialist's page", "300 ms", took.specialist)}
${line("to the patient's page", "300 ms", took.patient)}
${line("the service's answer", "50 ms", service)}
`,
    );
  });

  await noComplaints(Object.values(all));
});
