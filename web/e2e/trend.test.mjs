// A trend of 10,000 heart rates, or with TREND=write (make trend) of 100,000, from the press to the
// picture. They are sent to the real service by FHIR, and read by the real page in a call. How long it
// takes is printed, and with TREND=write put into testdata/trend.md; it is not judged: a machine that
// builds beside is slower.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import test from "node:test";
import { browsers, enter, noComplaints, steps } from "./harness/call.mjs";
import { startServer } from "./harness/server.mjs";
import { until } from "./harness/wait.mjs";

const total = process.env["TREND"] === "write" ? 100_000 : 10_000;
const atOnce = 500; // that a Bundle may hold
const apart = 7_500_000_000 / total; // ms: all lie within the 90 days that a trend opens with
const most = 600; // points that a picture is drawn of
const openings = 15;

// What stands out by a single value, somewhere in the middle, must be seen.
const lowest = { n: Math.floor(total * 0.31337), value: 23 };
const highest = { n: Math.floor(total * 0.70007), value: 231 };

/** The pulse of a day and a night, with what each beat adds. */
const pulse = (n) => (n === lowest.n ? lowest.value : n === highest.n ? highest.value : 72 + Math.round(12 * Math.sin((n * apart) / 86_400_000 * 2 * Math.PI)) + ((n * 7919) % 13) - 6);

/** A Bundle of them, as FHIR has it. */
const bundle = (patient, from, first) => ({
  resourceType: "Bundle",
  type: "collection",
  entry: Array.from({ length: atOnce }, (_, i) => ({
    resource: {
      resourceType: "Observation", status: "final", subject: { reference: `Patient/${patient}` }, code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] },
      identifier: [{ system: "https://belt.example.no/values", value: `${from + i}` }], device: { display: "Pulsbelte" },
      effectiveDateTime: new Date(first + (from + i) * apart).toISOString(),
      valueQuantity: { value: pulse(from + i), system: "http://unitsofmeasure.org", code: "/min" },
    },
  })),
});

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

test(`a trend of ${total} values opens with all that stands out in it`, { timeout: 900_000 }, async (t) => {
  const server = await startServer(t);
  const { specialist } = await browsers(t, ["specialist"]);
  const { page } = specialist.driver;
  let patient, session; // whom the page asks about, and by which of the browser's sessions
  page.on("request", (request) => {
    patient ??= /\/api\/v1\/patients\/([^/]+)\/measurements/.exec(request.url())?.[1];
    session = request.headers()["samkonsult-session"] ?? session;
  });
  const step = steps(t, [specialist], server);

  await step("the page in the call asks for its patient's values", async () => {
    await enter(server, [specialist]);
    await until("it has asked", async () => ({ problem: patient ? "" : "not yet" }));
  });

  await step(`${total} heart rates are kept, 500 at a time`, async () => {
    await specialist.press("leave"); // nobody in the call has to be told of each
    await specialist.on("over");
    const first = Date.now() - total * apart - 60_000;
    const began = performance.now();
    for (let from = 0; from < total; from += atOnce) {
      const answer = await specialist.evaluate(async ([session, body]) => {
        for (;;) {
          const res = await fetch("/fhir", { method: "POST", headers: { "Content-Type": "application/fhir+json", "Samkonsult-Session": session }, body: JSON.stringify(body) });
          if (res.status !== 429) return { status: res.status, text: await res.text() };
          await new Promise((done) => setTimeout(done, 1000 * Number(res.headers.get("Retry-After") ?? 1)));
        }
      }, [session, bundle(patient, from, first)]);
      assert.equal(answer.status, 200, answer.text.slice(0, 500));
      const refused = JSON.parse(answer.text).entry.filter((entry) => !entry.response.status.startsWith("201"));
      assert.deepEqual(refused, []);
    }
    t.diagnostic(`kept ${total} values by ${total / atOnce} Bundles in ${Math.round((performance.now() - began) / 1000)} s`);
  });

  const took = [];
  await step("it opens, again and again", async () => {
    await enter(server, [specialist]);
    await specialist.has('[data-testid=measurement][data-kind="heart-rate"]');
    for (let i = 0; i < openings; i++) {
      const answered = page.waitForResponse((response) => response.url().includes("/measurements/heart-rate/trend"));
      // In the page itself: from the press until what it has led to has been painted.
      const one = await specialist.evaluate(
        () =>
          new Promise((done) => {
            const began = performance.now();
            document.querySelector('[data-testid=measurement][data-kind="heart-rate"]').click();
            const look = () => {
              const chart = document.querySelector("[data-testid=chart]");
              if (!chart) return requestAnimationFrame(look);
              requestAnimationFrame(() => done({ ms: performance.now() - began, points: Number(chart.dataset.points) }));
            };
            look();
          }),
      );
      const data = await (await answered).json();
      const values = data.points.map((point) => point.values[0]);
      assert.ok(data.total >= total, `${data.total} values`);
      assert.ok(data.points.length <= most && data.points.length > most / 2, `${data.points.length} points`);
      assert.equal(one.points, data.points.length, "points that are drawn");
      assert.equal(Math.min(...values), lowest.value);
      assert.equal(Math.max(...values), highest.value);
      took.push(one.ms);
      await specialist.press("trend-back");
      await specialist.has('[data-testid=measurement][data-kind="heart-rate"]');
    }
  });

  const rounded = took.map(Math.round);
  const row = `| ${total.toLocaleString("en")} heart rates in 90 days, ${openings} openings in a call | 200 ms | ${median(rounded)} ms | ${rounded[0]} ms | ${Math.min(...rounded)}–${Math.max(...rounded)} ms |`;
  const table = `| From the press to the painted picture | Goal | Median | First | All |\n|---|---|---|---|---|\n${row}\n`;
  t.diagnostic(table);
  if (process.env.TREND === "write") {
    const text = `# A long trend in the browser

\`TREND=write node --test e2e/trend.test.mjs\` on ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}: the specialist alone in a call with camera and microphone, in Chromium, against the program with
SQLite on the same machine. The service reads all values, sends at most ${most} points of them with each least and greatest one, and the page draws those.

${table}`;
    await writeFile(new URL("testdata/trend.md", import.meta.url), text);
  }
  await noComplaints([specialist]);
});
