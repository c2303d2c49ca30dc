// Who has seen what: a patient reads it in plain words, an emergency with its reason too, and
// the data protection officer reads the same.

import assert from "node:assert/strict";
import test from "node:test";
import { noComplaints, steps } from "./harness/call.mjs";
import { chromiumPerson, startChromium } from "./harness/chromium.mjs";
import { comeIn, go, nobodyIn, stranger } from "./harness/house.mjs";
import { look } from "./harness/look.mjs";
import { others, people, staff } from "./harness/people.mjs";
import { startServer } from "./harness/server.mjs";

const olav = "128344 30140"; // synthetic, as in the demo
const nobody = "218347 30135"; // a synthetic number that nobody here has
const reason = "Funnen medvitslaus heime, treng å nå pårørande";

test("a patient reads who has seen what, and why", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const jon = await chromiumPerson(t, staff.administrator, { browser });
  const siv = await chromiumPerson(t, staff.coordinator, { browser });
  const liv = await chromiumPerson(t, staff.officer, { browser, expect: [/status of 403/] });
  const una = await chromiumPerson(t, { ...others.ane, name: "Una Strand", email: "una.strand@ytre.example" }, { browser, expect: [nobodyIn, /status of 403/] });
  const patient = await chromiumPerson(t, people.patient, { browser });
  const all = [jon, siv, una, patient, liv];
  const step = steps(t, all, server);
  const line = (who) => patient.driver.page.getByTestId("seen-line").filter({ hasText: who });

  await step("a nurse from elsewhere finds nothing by a number, whether or not there is such a patient", async () => {
    await comeIn(jon, server.links.admin);
    await stranger(server, jon, una, "Ytre kommune");
    await go(una, "/patients?find");
    const said = [];
    for (const number of [nobody, olav]) {
      await una.driver.type("[name=nationalId]", number);
      await una.press("find");
      await una.has("[data-testid=emergency]");
      said.push((await una.text("main")).replace(number, ""));
      assert.doesNotMatch(await una.evaluate(() => document.body.innerText + location.href), /Olav|12834430140/);
    }
    assert.equal(said[0], said[1], "the answers tell nothing of who is a patient");
    await look(una, "patient-not-found", { whole: true });
  });

  await step("in an emergency she reads what it means, gives a reason, and sees the patient", async () => {
    await una.press("emergency");
    await look(una, "emergency", { whole: true });
    await una.driver.type("[data-testid=reason]", "kort");
    await una.press("open");
    await una.says("main", /minst ti teikn/);
    await una.driver.type("[data-testid=reason]", reason);
    await una.press("open");
    await una.says("h1", /Olav Eik/);
    assert.doesNotMatch(await una.evaluate(() => location.href), /12834430140/, "no identity number in an address");
    assert.doesNotMatch(await una.text("main"), /\b[a-z2-7]{26}\b/, "no id where a name should stand");
    await look(una, "patient-emergency", { whole: true });
  });

  await step("the coordinator looks at the day and at the patient", async () => {
    await comeIn(siv, server.links.coordinator);
    await siv.driver.page.getByRole("link", { name: "I dag", exact: true }).click();
    await siv.says("main", /Olav Eik/);
    await go(siv, "/patients");
    await siv.driver.page.getByRole("link", { name: "Olav Eik" }).click();
    await siv.says("h1", /Olav Eik/);
    await look(siv, "patient", { whole: true });
  });

  await step("the patient comes from the greeting, and reads each of them by name, place and what it was", async () => {
    await patient.open(server.links.patient);
    await patient.on("welcome");
    await patient.driver.page.getByRole("link", { name: /Kven har sett/ }).click();
    await patient.says("h1", /Kven har sett kva om deg/);
    await line("Siv Hassel").filter({ hasText: "Såg namn, fødselsnummer, telefon og pårørande" }).first().waitFor();
    await line("Siv Hassel").filter({ hasText: "Såg timen i dagslista" }).first().waitFor();
    await line("Siv Hassel").filter({ hasText: "koordinator, Fjord sjukehus" }).first().waitFor();
    assert.doesNotMatch(await patient.text("main"), /Anna:|[a-z]+\.[a-z]+\b(?!\.)(?=,| )|undefined/, "no code where words should stand");
    await look(patient, "seen-patient", { whole: true });
  });

  await step("the emergency stands out, with its reason; the fruitless search stands there too", async () => {
    const urgent = patient.driver.page.locator("[data-testid=seen-line][data-urgent]").filter({ hasText: "Una Strand" });
    await urgent.filter({ hasText: `Grunn: «${reason}»` }).first().waitFor();
    await urgent.filter({ hasText: "Ytre kommune" }).first().waitFor();
    await urgent.filter({ hasText: "Opna opplysningane i ein naudsituasjon" }).first().waitFor();
  });

  await step("and is back at the greeting in one press", async () => {
    await patient.driver.page.getByRole("button", { name: "Tilbake" }).click();
    await patient.on("welcome");
  });

  await step("the data protection officer begins with the emergencies, each with its reason", async () => {
    await comeIn(liv, server.links.dataProtection);
    await liv.says("[data-testid=emergency]", new RegExp(`Una Strand, sjukepleiar, Ytre kommune.*${reason}`));
    assert.doesNotMatch(await liv.text("main"), /Olav/, "a patient is not named where nobody asked for them");
    await look(liv, "officer", { whole: true });
  });

  await step("a record is found by identity number, which stands in no address; a number of nobody's opens none", async () => {
    await liv.driver.type("[name=nationalId]", nobody);
    await liv.press("find-record");
    await liv.says("main", /Vi fann ingen/);
    await liv.driver.type("[name=nationalId]", olav);
    await liv.press("find-record");
    await liv.says("h1", /Kven har sett kva om pasienten/);
    assert.doesNotMatch(await liv.evaluate(() => location.href), /12834430140/);
    await liv.driver.page.getByTestId("seen-line").filter({ hasText: reason }).first().waitFor();
    await liv.driver.page.getByTestId("seen-line").filter({ hasText: "Pasienten" }).first().waitFor();
    await look(liv, "seen-officer", { whole: true });
  });

  await step("the patient reads that it was read", async () => {
    await patient.driver.page.getByRole("link", { name: /Kven har sett/ }).click();
    await line("Liv Moe").filter({ hasText: "Såg denne lista" }).first().waitFor();
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});
