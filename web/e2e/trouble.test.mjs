// What stands in the way, and what others do: each page says what has happened and what to
// do, in words, and a machine finds nothing wrong with it (axe).

import test from "node:test";
import { admit, everyoneSeesEveryone, noComplaints, rowOf, steps } from "./harness/call.mjs";
import { chromiumPerson, startChromium } from "./harness/chromium.mjs";
import { people } from "./harness/people.mjs";
import { startServer } from "./harness/server.mjs";

test("devices that can't be had", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  /** A patient with these devices, after the press on join. */
  const patientWith = async (devices) => {
    const patient = await chromiumPerson(t, people.patient, { browser, devices });
    await patient.open(server.links.patient);
    await patient.press("join");
    await patient.on("check");
    return patient;
  };
  const table = [
    { devices: { camera: "denied", microphone: "denied" }, heading: /Vi får ikkje bruke kamera og mikrofon/, todo: /Nettlesaren har fått beskjed om å seie nei\. Du mistar ikkje plassen din\. Slik opnar du i Chrome/, onward: /Bli med og berre høyre/ },
    { devices: { camera: "denied" }, heading: /Vi får ikkje bruke kameraet/, todo: /Slik opnar du i Chrome/, onward: /Bli med utan kamera/ },
    { devices: { microphone: "denied" }, heading: /Vi får ikkje bruke mikrofonen/, todo: /Slik opnar du i Chrome/, onward: /Bli med og berre høyre/ },
    { devices: { camera: "dismissed", microphone: "dismissed" }, heading: /Nettlesaren ventar på svar/, todo: /svar ja når nettlesaren spør/, onward: /Bli med og berre høyre/ },
    { devices: { microphone: "missing" }, heading: /Vi finn ingen mikrofon/, todo: /Kople til ein mikrofon/, onward: /Bli med og berre høyre/ },
    { devices: { microphone: "in-use" }, heading: /Eit anna program brukar mikrofonen/, todo: /Lukk andre program/, onward: /Bli med og berre høyre/ },
    { devices: { camera: "in-use" }, heading: /Ser og høyrer du/, todo: /Eit anna program brukar kameraet.*Lukk andre program/, onward: /Bli med utan kamera/ },
    { devices: { camera: "missing" }, heading: /Ser og høyrer du/, todo: /Vi finn ikkje noko kamera.*Kople til eit kamera/, onward: /Bli med utan kamera/ },
  ];
  for (const { devices, heading, todo, onward } of table) {
    const name = Object.entries(devices).map(([device, state]) => `${device} ${state}`).join(", ");
    await t.test(`${name}: the page says so, and leads on without it`, async () => {
      const patient = await patientWith(devices);
      await patient.says("h1", heading);
      await patient.says("main", todo);
      await patient.says("[data-testid=continue]", onward);
      await patient.has("a[href^='tel:']");
      await patient.accessible();
      await patient.press("continue");
      await patient.on("waiting");
      await noComplaints([patient]);
      await patient.close();
    });
  }

  await t.test("what was denied and is allowed after all leads through the check by itself", async () => {
    const patient = await patientWith({ camera: "denied", microphone: "denied" });
    await patient.says("h1", /Vi får ikkje bruke kamera og mikrofon/);
    await patient.evaluate(() => Object.assign(window.devices, { camera: "ok", microphone: "ok" }));
    await patient.press("retry-devices");
    await patient.on("waiting");
    await noComplaints([patient]);
    await patient.close();
  });

  await t.test("who has no camera is heard, and seen as initials", async () => {
    const patient = await patientWith({ camera: "missing" });
    const specialist = await chromiumPerson(t, people.specialist);
    await patient.press("continue");
    await patient.on("waiting");
    await specialist.enter(server.links.specialist, "call");
    await admit(specialist, patient);
    await everyoneSeesEveryone([specialist, patient], { patient: { picture: false } });
    await specialist.says('[data-name="Olav Eik"]', /OE.*Kamera av/);
    await noComplaints([specialist, patient]);
  });
});

test("links that open nothing", { timeout: 120_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const { base } = server.links;
  const table = [
    { name: "unknown", link: `${base}/k#AAAAAAAAAAAAAAAAAAAAAA`, page: "failed-link-unknown", says: /Vi kjenner ikkje denne lenkja.*Opne ho på nytt frå meldinga/ },
    { name: "cut off", link: server.links.patient.slice(0, -3), page: "failed-link-unknown", says: /kopiert utan det siste/ },
    { name: "without a token", link: `${base}/k`, page: "failed-link-missing", says: /Opne lenkja frå meldinga di/ },
    { name: "expired", link: server.other.expired, page: "failed-link-expired", says: /Lenkja gjeld ikkje lenger.*Ring om du treng ei ny tid/ },
    { name: "revoked", link: server.other.revoked, page: "failed-link-revoked", says: /Lenkja er trekt tilbake.*Sjå etter ei nyare melding/ },
  ];
  for (const { name, link, page, says } of table) {
    await t.test(`${name}: the page says what to do`, async () => {
      // The browser writes each answer over 400 in its console.
      const patient = await chromiumPerson(t, people.patient, { browser, expect: [/status of (404|410)/] });
      await patient.open(link);
      await patient.on("failed");
      await patient.says(`[data-testid=${page}]`, says);
      if (page === "failed-link-expired" || page === "failed-link-revoked") await patient.has("a[href^='tel:']");
      await patient.accessible();
      await noComplaints([patient]);
      await patient.close();
    });
  }

  await t.test("not open yet: the greeting says from when, and what can be done before", async () => {
    const early = await chromiumPerson(t, people.patient, { browser });
    await early.open(server.other["not open yet"]);
    await early.says("main", /Du treng ikkje gjere meir før kl\. \d\d\.\d\d/);
    await early.has("[data-testid=you-come]");
    await early.has("[data-testid=test-devices]");
    await early.lacks("[data-testid=join]");
    await early.accessible();
    await noComplaints([early]);
    await early.close();
  });

  await t.test("no network: the page says so in words, and goes on when it is there", async () => {
    const patient = await chromiumPerson(t, people.patient, { browser, expect: [/ERR_INTERNET_DISCONNECTED/] });
    await patient.open(server.links.patient);
    await patient.on("welcome");
    await patient.driver.offline(true);
    await patient.press("join");
    await patient.says("main", /Du er utan nett\. Slå på wifi eller mobilnett/);
    await patient.accessible();
    await patient.driver.offline(false);
    await patient.on("waiting");
    await noComplaints([patient]);
    await patient.close();
  });
});

test("what those who lead the visit do, and a seat that is opened twice", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const specialist = await chromiumPerson(t, people.specialist);
  const patient = await chromiumPerson(t, people.patient, { expect: [/status of 410/] });
  const all = [specialist, patient];
  const step = steps(t, all, server);
  const card = `[data-testid=waiting-person][data-name="${people.patient.name}"]`;

  await step("one is in the call, one waits", async () => {
    await specialist.enter(server.links.specialist, "call");
    await patient.enter(server.links.patient, "waiting");
  });

  await step("who is turned away reads whom to ring", async () => {
    await specialist.press("refuse", card);
    await patient.on("over");
    await patient.says("[data-testid=over-refused]", /Du vart ikkje sleppt inn.*Ring, så finn de ut av det/);
    await patient.has("a[href^='tel:']");
    await patient.accessible();
    await specialist.lacks(card);
  });

  await step("who comes to a locked call reads that it is locked", async () => {
    await specialist.press("tab-people");
    await specialist.press("lock");
    await specialist.says("[data-testid=lock]", /Opne samtalen/);
    await patient.open(server.links.patient);
    await patient.press("join");
    await patient.on("failed");
    await patient.says("[data-testid=failed-locked]", /Samtalen er låst.*Ring, så kan dei opne/);
    await patient.accessible();
    await specialist.press("lock");
    await specialist.says("[data-testid=lock]", /Lås samtalen/);
  });

  await step("who is taken out reads by whom, and waits again by the same link", async () => {
    await patient.enter(server.links.patient, "waiting");
    await admit(specialist, patient);
    await everyoneSeesEveryone(all);
    await specialist.press("remove", await rowOf(specialist, patient));
    await specialist.press("remove-yes");
    await patient.on("over");
    await patient.says("[data-testid=over-removed]", /Du er teken ut av samtalen.*Tuva Ask tok deg ut/);
    await patient.accessible();
    await specialist.sees([]);
    await patient.enter(server.links.patient, "waiting");
    await admit(specialist, patient);
  });

  await step("a link that is opened a second time goes on there, and the first page says so", async () => {
    const second = await chromiumPerson(t, people.patient, { browser });
    await second.enter(server.links.patient, "call");
    await patient.on("over");
    await patient.says("[data-testid=over-replaced]", /Samtalen er open ein annan stad.*Der held samtalen fram/);
    await patient.accessible();
    await everyoneSeesEveryone([specialist, second]);
    await noComplaints([second]);
    // And back again, by the button.
    await patient.press("retry");
    await patient.press("join");
    await patient.on("call");
    await second.on("over");
    await everyoneSeesEveryone(all);
    await second.close();
  });

  await step("a call that is ended for all says so to all, and its link too", async () => {
    await specialist.press("end");
    await specialist.has("[data-testid=end-dialog]");
    await specialist.accessible();
    await specialist.press("end-dialog-yes");
    for (const p of all) {
      await p.on("over");
      await p.says("[data-testid=over-ended]", /Samtalen er slutt/);
      await p.accessible();
    }
    await patient.says("[data-testid=over-ended]", /Tuva Ask avslutta samtalen for alle/);
    await patient.open(server.links.patient);
    await patient.on("failed");
    await patient.says("[data-testid=failed-ended]", /Samtalen er slutt.*Ring om du treng ei ny tid/);
    await patient.accessible();
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});
