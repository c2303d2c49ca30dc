// A patient at home, before the consultation: what is asked for stands on the link's greeting, is
// answered a question at a time, through a reload and a lost network, and is with those who treat.

import assert from "node:assert/strict";
import test from "node:test";
import { browsers, noComplaints, steps } from "./harness/call.mjs";
import { startServer } from "./harness/server.mjs";
import { until } from "./harness/wait.mjs";

/** Asks the service for something under the page's own session. */
const api = (person, method, path, body) =>
  person.evaluate(
    async ([method, path, body]) => {
      const headers = { "samkonsult-session": sessionStorage.getItem("samkonsult.session") ?? "", "content-type": "application/json", "idempotency-key": `"${crypto.randomUUID()}"` };
      const res = await fetch(`/api/v1${path}`, { method, headers, body: body === null ? null : JSON.stringify(body) });
      return { status: res.status, body: await res.json() };
    },
    [method, path, body ?? null],
  );

/** The patient's own phone: nothing but the page in sight. */
const item = (id) => `[data-testid=question][data-item="${id}"]`;

test("a patient answers and measures what is asked for before the consultation, and those who treat have it", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const { specialist, patient } = await browsers(t, ["specialist", "patient"], { expect: [/ERR_INTERNET_DISCONNECTED|Failed to fetch/] });
  const step = steps(t, [specialist, patient], server);
  let olav = "";

  await step("the specialist asks for PHQ-9; weight and blood pressure are asked for already", async () => {
    await specialist.open(server.links.specialist);
    await specialist.on("welcome");
    await patient.open(server.links.patient);
    await patient.on("welcome");
    olav = (await api(patient, "GET", "/session")).body.person.id;
    const asked = await api(specialist, "POST", `/patients/${olav}/forms/ask`, { questionnaire: "phq-9", consultation: "", dueAt: 0 });
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
  });

  await step("the greeting says how many things there are, and joining is where it was", async () => {
    await patient.reload();
    await patient.on("welcome");
    await patient.says("[data-testid=to-mine]", /3 ting før samtalen/);
    await patient.has("[data-testid=join]");
    await patient.press("to-mine");
    await patient.says("[data-testid=before]", /Svar på PHQ-9.*Mål/);
  });

  await step("answers are kept through a reload", async () => {
    await patient.press("answer-phq-9");
    for (const id of ["1", "2", "3"]) {
      await patient.has(item(id));
      await patient.press("option-0", item(id));
      await patient.press("next", item(id));
    }
    await patient.says("[data-testid=form-state]", /Svara er lagra/);
    await patient.reload();
    await patient.says(item("4"), /Spørsmål 4/);
  });

  await step("without a network it goes on, and an answer to item 9 says at once whom to ring", async () => {
    await patient.driver.offline(true);
    for (const id of ["4", "5", "6", "7", "8"]) {
      await patient.has(item(id));
      await patient.press("option-0", item(id));
      await patient.press("next", item(id));
    }
    await patient.press("option-1", item("9"));
    await patient.says("[data-testid=help-now]", /113.*116\s117/);
    const numbers = await patient.evaluate(() => [...document.querySelectorAll("[data-testid=help-now] a")].map((a) => a.getAttribute("href")));
    assert.deepEqual(numbers, ["tel:113", "tel:116117"]);
    await patient.says("[data-testid=form-state]", /lagra her.*nettet er tilbake/);
    await patient.driver.offline(false);
    await patient.says("[data-testid=form-state]", /^Svara er lagra$/, 30_000);
    await patient.has("[data-testid=ring-own]"); // the service has said whose patient he is
  });

  await step("he looks over them, and sends", async () => {
    await patient.press("next", item("9"));
    // What follows item 9 need not be answered.
    for (let i = 0; i < 3 && (await patient.text("[data-testid=summary]")) === null; i++) await patient.press("next");
    await patient.says("[data-testid=summary]", /Nokre dagar/);
    await patient.press("send");
    await patient.says("[data-testid=form-sent]", /1 poeng/);
    assert.doesNotMatch(await patient.text("[data-testid=form-sent]"), /tyder på/, "a mild sum is not held up beside such an answer");
    await patient.has("[data-testid=form-sent] [data-testid=ring-emergency]");
    await patient.press("to-mine");
    await patient.says("[data-testid=before]", /2 ting før samtalen/);
  });

  await step("he measures his weight, and it is no longer asked for", async () => {
    await patient.press("measure-weight");
    for (const key of ["7", "3", "comma", "4"]) await patient.press(`pad-${key}`);
    await patient.press("measurement-add");
    await patient.says("[data-testid=value-state]", /Målinga er send/);
    await patient.press("ready");
    await patient.says("[data-testid=before]", /Éin ting før samtalen/);
    await patient.has("[data-testid=done-weight]");
    await patient.says("[data-testid=value-weight]", /73,4 kg/);
  });

  await step("those who treat have all of it", async () => {
    const forms = (await api(specialist, "GET", `/patients/${olav}/forms`)).body.items;
    const phq = forms.find((f) => f.questionnaire === "phq-9");
    assert.equal(phq?.status, "completed");
    assert.equal(phq.score.value, 1);
    assert.equal(phq.alarm, true);
    assert.equal(phq.as, "self");
    const asked = (await api(specialist, "GET", `/patients/${olav}/asked`)).body.items;
    assert.deepEqual(Object.fromEntries(asked.map((a) => [a.kind, a.status])), { weight: "answered", "blood-pressure": "open" });
    await until("the value is in the specialist's panel", async () => {
      const rows = (await api(specialist, "GET", `/patients/${olav}/measurements`)).body.rows;
      const latest = rows.find((r) => r.kind === "weight")?.latest;
      return { problem: latest?.values[0] === 73.4 && latest.method === "reported" ? "" : JSON.stringify(latest) };
    });
  });

  await step("the way back leads to the greeting", async () => {
    await patient.press("to-call");
    await patient.on("welcome");
    await patient.says("[data-testid=to-mine]", /Éin ting før samtalen/);
  });

  await noComplaints([specialist, patient]);
});
