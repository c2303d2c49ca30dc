// The real pages of a real call in the three window sizes: axe finds nothing, nothing is wider
// than its window, the keyboard does what it says, and a picture of each lies in test-results.

import assert from "node:assert/strict";
import test from "node:test";
import { admit, browsers, enter, everyoneSeesEveryone, noComplaints, steps, tileOf } from "./harness/call.mjs";
import { chromiumPerson, startChromium } from "./harness/chromium.mjs";
import { look, usualSize } from "./harness/look.mjs";
import { staff } from "./harness/people.mjs";
import { startServer } from "./harness/server.mjs";
import { untilEqual } from "./harness/wait.mjs";

/** Presses Tab from the page's start until it comes round; returns where it stopped on the way, as part and name. */
async function tabThrough(person) {
  await person.evaluate(() => {
    document.activeElement?.blur();
    document.querySelector("h1").focus();
  });
  const stops = [];
  for (;;) {
    await person.key("Tab");
    const stop = await person.evaluate(() => {
      const el = document.activeElement;
      if (!el || el === document.body || el.seen) return null;
      el.seen = true;
      const box = el.getBoundingClientRect();
      const part = ["header", ".sk-call__controls", ".sk-call__stage", ".sk-cp__say", ".sk-tabs", "[role=tabpanel]", "section"].findIndex((s) => el.closest(s));
      // The ring may stand on the round part of a control, or around the whole of a choice.
      const ringed = [el, el.firstElementChild, el.parentElement].some((x) => x && getComputedStyle(x).outlineStyle !== "none");
      const name = [
        el.getAttribute("aria-label"),
        ...(el.getAttribute("aria-labelledby")?.split(" ") ?? []).map((id) => document.getElementById(id)?.innerText),
        ...[...(el.labels ?? [])].map((label) => label.innerText),
        el.innerText,
      ].find((text) => text?.trim());
      return { part, name: name ?? "", visible: box.width > 0 && box.height > 0, ringed };
    });
    if (!stop) return stops;
    stops.push(stop);
    assert.ok(stops.length < 80, "Tab comes round");
  }
}

test("every page of a visit, as its people see it", { timeout: 240_000 }, async (t) => {
  const server = await startServer(t);
  const { specialist, nurse, patient } = await browsers(t, ["specialist", "nurse", "patient"]);
  const all = [specialist, nurse, patient];
  for (const p of all) await p.driver.resize(usualSize(p.who));
  const step = steps(t, all, server);

  await step("greeting", async () => {
    for (const p of [patient, specialist]) {
      await p.open(server.links[p.who.role]);
      await p.has("[data-testid=join]");
      await look(p, `welcome-${p.who.role}`);
    }
    // It may be opened in other people's sight: the patient's name is not on it.
    for (const p of [patient, specialist]) {
      const text = await p.evaluate(() => document.title + document.body.innerText);
      assert.doesNotMatch(text, /Olav/, `the patient's name on the greeting of ${p.who.role}`);
    }
  });

  await step("the greeting in another language", async () => {
    const words = { nb: /Bli med i samtalen/, en: /Join/, nn: /Bli med i samtalen/ };
    for (const [language, join] of Object.entries(words)) {
      await patient.driver.select("[data-testid=language]", language);
      await patient.says("[data-testid=join]", join);
      assert.equal(await patient.evaluate(() => document.documentElement.lang), language);
      await patient.accessible();
    }
  });

  await step("device check, stopped at the countdown", async () => {
    await patient.press("join");
    await patient.press("stay");
    await patient.says("[data-testid=countdown]", /Gå vidare når du er klar/);
    await look(patient, "check");
    await patient.press("continue");
  });

  await step("waiting room", async () => {
    await patient.on("waiting");
    await enter(server, [specialist, nurse]);
    await patient.says("h1", /Sjukepleiaren er her\. Legen veit at du ventar/);
    await look(patient, "waiting");
    await look(specialist, "call-specialist-one-waits");
  });

  await step("the call", async () => {
    await admit(specialist, patient);
    await everyoneSeesEveryone(all);
    for (const p of all) await look(p, `call-${p.who.role}`);
    await everyoneSeesEveryone(all); // and no picture was lost by it
  });

  await step("the call with a second picture", async () => {
    await nurse.press("add-second");
    await specialist.press("make-large", tileOf(nurse, "second"));
    await everyoneSeesEveryone(all, { nurse: { second: true } });
    for (const p of all) await look(p, `second-${p.who.role}`);
    await nurse.press("add-second");
    await everyoneSeesEveryone(all);
  });

  await step("chat", async () => {
    for (const p of all) {
      await p.press("chat");
      await p.write(`Her er ${p.name}`);
    }
    for (const p of all) await p.says("[data-testid=chat-line]:nth-of-type(3)", /Her er/);
    for (const p of all) await look(p, `chat-${p.who.role}`);
  });

  await step("typing presses no keys of the call", async () => {
    await patient.driver.type("[data-testid=chat-text]", "");
    await patient.evaluate(() => document.querySelector("[data-testid=chat-text]").focus());
    for (const key of ["m", "v", "h"]) await patient.key(key);
    assert.equal(await patient.evaluate(() => document.querySelector("[data-testid=chat-text]").value), "mvh");
    await everyoneSeesEveryone(all);
    await patient.key("Escape");
    await patient.lacks("[data-testid=chat-text]");
  });

  await step("M, V and H do what the buttons do", async () => {
    for (const [key, testid] of [["m", "microphone"], ["v", "camera"], ["h", "hand"]]) {
      const pressed = () => patient.evaluate((id) => document.querySelector(`[data-testid=${id}]`).getAttribute("aria-pressed"), testid);
      const before = await pressed();
      await patient.key(key);
      await untilEqual(`${key} switches ${testid}`, pressed, before === "true" ? "false" : "true");
    }
    await everyoneSeesEveryone(all, { patient: { sound: false, picture: false } });
    await nurse.says(tileOf(patient), /Vil seie noko/);
    for (const key of ["m", "v", "h"]) await patient.key(key);
    await everyoneSeesEveryone(all);
  });

  await step("Tab goes from the controls over the pictures to the panel, and each stop can be seen", async () => {
    await specialist.press("tab-people");
    for (const p of all) {
      const stops = await tabThrough(p);
      const parts = stops.map((s) => s.part);
      assert.deepEqual(parts, [...parts].sort((a, b) => a - b), `${p.who.role}: ${JSON.stringify(stops)}`);
      assert.ok(parts.includes(1), `${p.who.role} comes by the controls`);
      assert.deepEqual(stops.filter((s) => !s.visible || !s.ringed || s.name === ""), [], `${p.who.role}: stops without place, ring or name`);
    }
  });

  await step("left, and ended", async () => {
    await patient.press("leave");
    await patient.on("over");
    await look(patient, "left");
    await specialist.press("end");
    await specialist.press("end-dialog-yes");
    await nurse.on("over");
    await look(nurse, "ended");
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});

test("where coordinator, administrator and data protection officer begin", { timeout: 60_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const table = [
    { who: staff.coordinator, link: "coordinator", heading: /^Veke \d+/ },
    { who: staff.administrator, link: "admin", heading: /^Administrasjon$/ },
    { who: staff.officer, link: "dataProtection", heading: /Innsyn/ },
  ];
  for (const { who, link, heading } of table) {
    const person = await chromiumPerson(t, who, { browser });
    await person.open(server.links[link]);
    await person.says("h1", heading);
    await person.says("[data-testid=me]", new RegExp(who.name));
    await look(person, `begin-${who.role}`, { whole: true });
    await noComplaints([person]);
    await person.close();
  }
});
