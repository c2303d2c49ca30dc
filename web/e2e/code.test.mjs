// Patients without an account: a link and a one-time code, a face that a clinician knows, a
// link that was lost, and two people's links in one browser.

import assert from "node:assert/strict";
import test from "node:test";
import { admit, enter, everyoneSeesEveryone, noComplaints, rowOf, steps } from "./harness/call.mjs";
import { chromiumPerson, startChromium } from "./harness/chromium.mjs";
import { comeIn, enrol, go, nobodyIn, sendWayIn } from "./harness/house.mjs";
import { look } from "./harness/look.mjs";
import { others, people, staff } from "./harness/people.mjs";
import { startServer } from "./harness/server.mjs";
import { until, untilEqual } from "./harness/wait.mjs";

const waiting = (person) => `[data-testid=waiting-person][data-name="${person.name}"]`;

/** The nurse of the consultations beside the demo's first, signed in with password and code. */
async function ane(t, server, browser) {
  const jon = await chromiumPerson(t, staff.administrator, { browser });
  await comeIn(jon, server.links.admin);
  await sendWayIn(jon, "Fjordvik kommune", others.ane.name);
  await jon.close();
  const nurse = await chromiumPerson(t, others.ane, { expect: [nobodyIn] });
  await enrol(nurse, (await server.message("enrol", others.ane.email)).link);
  return nurse;
}

/** Goes from the day into the call that a person is expected in. */
async function joinFromDay(nurse, base, name) {
  const { page } = nurse.driver;
  await nurse.open(base);
  await nurse.has("[data-testid=visit]");
  const visit = page.getByTestId("visit").filter({ hasText: name });
  if ((await visit.count()) === 0) {
    // It begins after midnight, where the test runs just before it.
    const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Oslo" }).format(Date.now() + 30 * 60_000);
    await nurse.open(`${base}/?date=${day}`);
    await nurse.has("[data-testid=visit]");
  }
  const next = page.getByTestId("next").filter({ hasText: name });
  if (await next.count()) return next.getByTestId("join").click();
  await visit.locator("summary").click();
  return visit.getByRole("link", { name: "Bli med" }).click();
}

test("a patient by link and code", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const nurse = await ane(t, server, browser);
  const patient = await chromiumPerson(t, others.anna, { expect: [/status of (403|429)/] });
  const all = [nurse, patient];
  const step = steps(t, all, server);
  /** Types a code and sends it by the keyboard alone. */
  const answer = async (code) => {
    await untilEqual("the code's field is empty", () => patient.evaluate(() => document.querySelector("[data-testid=code]")?.value), "");
    await patient.evaluate(() => document.querySelector("[data-testid=code]").focus());
    await patient.driver.page.keyboard.type(code);
    await patient.key("Enter");
  };
  const notThis = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");
  let sent;

  await step("the link says that a code has been sent, where to, and nothing of who or what", async () => {
    await patient.open(server.links.code);
    await patient.says("main", /Vi har sendt ein kode på SMS til .*18/);
    const text = await patient.evaluate(() => document.title + document.body.innerText);
    assert.doesNotMatch(text, /Anna|Tuva|Ane|90000518/, "no name and no whole number before the code");
    await look(patient, "code");
  });

  await step("a wrong code says how many tries are left", async () => {
    sent = await server.message("code", others.anna.phone);
    await answer(notThis(sent.code));
    const first = await patient.says("#code-problem", /Koden stemmer ikkje\. Du har \d forsøk att/);
    await answer(notThis(notThis(sent.code)));
    const left = (text) => Number(/\d/.exec(text)[0]);
    await patient.says("#code-problem", new RegExp(`Du har ${left(first) - 1} forsøk att`));
    await look(patient, "code-wrong");
  });

  await step("whoever asks for another one at once is asked to wait, and the first is still good", async () => {
    await patient.press("code-again");
    await patient.says("#code-problem", /Vent eitt minutt og prøv igjen/);
    await answer(sent.code);
    await patient.on("welcome");
    await patient.says("h1", /ventar på deg|ventar deg/);
  });

  await step("through the device check into the waiting room; the nurse sees that it was link and code", async () => {
    await joinFromDay(nurse, server.links.base, others.anna.name);
    await nurse.on("welcome");
    await nurse.press("join");
    await nurse.on("call");
    await patient.press("join");
    await patient.on("waiting");
    await nurse.says(waiting(others.anna), /Anna Lid.*Pasient\. Kom med si eiga lenkje og eingongskode/);
    await look(nurse, "call-nurse-code-waits");
    await admit(nurse, patient);
    await everyoneSeesEveryone(all);
  });

  await step("a reload needs no new code", async () => {
    await patient.reload();
    await patient.on("call");
    await everyoneSeesEveryone(all);
    await patient.press("leave");
    await patient.on("over");
    await patient.open(server.links.code);
    await patient.on("welcome");
  });

  await step("another browser with the same link does, and is locked after too many wrong ones", async () => {
    const stranger = await chromiumPerson(t, others.anna, { browser, expect: [/status of (403|423|429)/] });
    await stranger.open(server.links.code);
    // The next code is sent 30 s after the last one.
    await until(
      "the stranger is asked for a code",
      async () => {
        const page = await stranger.evaluate(() => document.documentElement.dataset.page);
        if (page === "failed") await stranger.press("retry");
        return { problem: page === "code" ? "" : `is on ${page}` };
      },
      40_000,
    );
    const { code } = await server.message("code", others.anna.phone);
    const { page } = stranger.driver;
    for (let wrong = notThis(code), locked = false; !locked; wrong = notThis(wrong)) {
      await page.getByTestId("code").fill(wrong);
      const [response] = await Promise.all([page.waitForResponse((r) => r.url().endsWith("/link/code")), stranger.press("code-go")]);
      locked = (await response.json()).code === "locked";
    }
    await stranger.says("#code-problem", /Det vart for mange forsøk.*ring/);
    await stranger.has("a[href^='tel:']");
    await look(stranger, "code-locked");
    await page.getByTestId("code").fill(code);
    await stranger.press("code-go");
    await stranger.says("#code-problem", /Det vart for mange forsøk/);
    await noComplaints([stranger]);
    await stranger.close();
    await patient.reload();
    await patient.on("welcome");
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});

test("a patient whom the nurse recognises on the picture", { timeout: 120_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const nurse = await ane(t, server, browser);
  const patient = await chromiumPerson(t, others.leiv);
  const all = [nurse, patient];
  const step = steps(t, all, server);

  await step("the waiting room tells the nurse that somebody is to be recognised", async () => {
    await joinFromDay(nurse, server.links.base, others.leiv.name);
    await nurse.on("welcome");
    await nurse.press("join");
    await nurse.on("call");
    await patient.enter(server.links.recognised, "waiting");
    await nurse.says(waiting(others.leiv), /Kom med si eiga lenkje.*kjenn/i);
    await look(nurse, "call-nurse-recognise-waits");
    await admit(nurse, patient);
    await everyoneSeesEveryone(all);
  });

  await step("there is nothing to recognise while the camera is off", async () => {
    await nurse.press("tab-people");
    await patient.press("camera");
    await nurse.says(await rowOf(nurse, patient), /Kamera av/);
    await nurse.has(`${await rowOf(nurse, patient)} [data-testid=confirm][aria-disabled]`);
    await patient.press("camera");
    await nurse.has(`${await rowOf(nurse, patient)} [data-testid=confirm]:not([aria-disabled])`);
  });

  await step("she says so, and it stands there by whom and when; to the patient it is not told", async () => {
    const row = await rowOf(nurse, patient);
    await nurse.says(row, /Ikkje stadfesta/);
    await look(nurse, "call-nurse-recognise");
    await nurse.press("confirm", row);
    await nurse.says(row, /Kjend att av Ane Rogn kl\. \d\d\.\d\d/);
    await nurse.lacks(`${row} [data-testid=confirm]`);
    assert.doesNotMatch(await patient.evaluate(() => document.body.innerText), /Kjend att|stadfesta/i);
    await look(nurse, "call-nurse-recognised");
  });

  await step("it outlasts a reload of either, for it was the same session", async () => {
    await patient.reload();
    await patient.on("call");
    await nurse.reload();
    await nurse.on("call");
    await nurse.press("tab-people");
    await everyoneSeesEveryone(all);
    await nurse.says(await rowOf(nurse, patient), /Kjend att av Ane Rogn/);
  });

  await step("whoever opens the link in another browser is to be recognised again", async () => {
    const other = await chromiumPerson(t, others.leiv, { browser });
    await other.enter(server.links.recognised, "call");
    await patient.on("over");
    await nurse.says(await rowOf(nurse, other), /Ikkje stadfesta/);
    await noComplaints([other]);
    await other.close();
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});

test("a lost link is replaced in two presses", { timeout: 120_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const coordinator = await chromiumPerson(t, staff.coordinator, { browser });
  const patient = await chromiumPerson(t, people.patient, { browser, expect: [/status of 410/] });
  const step = steps(t, [coordinator, patient], server);

  await step("from the day: two presses, and it says where the link was sent", async () => {
    await comeIn(coordinator, server.links.coordinator);
    await go(coordinator, "/"); // a coordinator begins with the calendar
    const { page } = coordinator.driver;
    await page.getByRole("navigation", { name: "Deler av tenesta" }).getByRole("link", { name: "I dag" }).click();
    await coordinator.has("[data-testid=visit]");
    await page.getByTestId(`visit-${server.links.consultation}`).click();
    const visit = page.getByTestId("visit").filter({ has: page.getByTestId(`visit-${server.links.consultation}`) });
    await look(coordinator, "today-coordinator-open", { whole: true });
    await visit.getByRole("button", { name: `Ny lenkje til ${people.patient.name}` }).click();
    await coordinator.press("new-link-send");
    await coordinator.says("[data-testid=new-link-sent]", /Olav Eik/);
    await look(coordinator, "today-coordinator-sent", { whole: true });
  });

  await step("the old link says so, and whom to ring", async () => {
    await patient.open(server.links.patient);
    await patient.on("failed");
    await patient.says("[data-testid=failed-link-revoked]", /Lenkja er trekt tilbake.*nyare melding/);
    await patient.has("a[href='tel:+4712345678'], a[href='tel:12345678']");
    await look(patient, "link-revoked");
  });

  await step("the new one opens, and names nobody's health", async () => {
    const message = await server.message("link", "+4790000412");
    assert.match(message.link, /\/k#[\w-]{22}$/);
    await patient.enter(message.link, "waiting");
    await noComplaints([coordinator, patient]);
  });
});

test("two people's links in two tabs of one browser, beside a nurse who is signed in", { timeout: 120_000 }, async (t) => {
  const server = await startServer(t);
  const patient = await chromiumPerson(t, people.patient);
  const relative = await chromiumPerson(t, people.relative, { beside: patient });
  const coordinator = await chromiumPerson(t, staff.coordinator, { beside: patient });
  const all = [patient, relative, coordinator];
  const step = steps(t, all, server);

  await step("each tab has its own person", async () => {
    await enter(server, [patient]);
    await enter(server, [relative]);
    await comeIn(coordinator, server.links.coordinator);
    await coordinator.says("[data-testid=me]", /Siv Hassel/);
  });

  await step("and keeps it over a reload", async () => {
    for (const p of [patient, relative]) {
      await p.reload();
      await p.on("waiting");
    }
    await coordinator.reload();
    await coordinator.says("[data-testid=me]", /Siv Hassel/);
    const host = await chromiumPerson(t, people.specialist);
    await host.enter(server.links.specialist, "call");
    for (const p of [patient, relative]) await admit(host, p);
    await everyoneSeesEveryone([host, patient, relative]);
    await noComplaints([host]);
  });

  await step("who signs out takes nobody's call", async () => {
    await coordinator.press("me");
    await coordinator.press("sign-out");
    await coordinator.has("[data-testid=sign-in-again]");
    await patient.reload();
    await patient.on("call");
    await noComplaints(all);
  });
});
