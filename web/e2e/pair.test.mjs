// An administrator sets up a hospital and a municipality that nobody has heard of, with their
// agreement and people; those people come in; and two administrators who change the same thing
// lose nothing.

import assert from "node:assert/strict";
import test from "node:test";
import { noComplaints, steps } from "./harness/call.mjs";
import { chromiumPerson, startChromium } from "./harness/chromium.mjs";
import { comeIn, enrol, go, nobodyIn, signIn } from "./harness/house.mjs";
import { look } from "./harness/look.mjs";
import { others, staff } from "./harness/people.mjs";
import { Robot } from "./harness/robot.mjs";
import { startServer } from "./harness/server.mjs";
import { untilEqual } from "./harness/wait.mjs";

const hospital = { kind: "Helseføretak", name: "Sogn sjukehus", number: "999999042", phone: "57000001" };
const municipality = { kind: "Kommune", name: "Vikøy kommune", number: "999999050", phone: "57000002" };

const contactsOf = (domain, phone) =>
  Object.fromEntries(
    ["Gro Fagli", "Tor Teknes", "Pia Vernum"].flatMap((name, i) => [
      [`contacts[${i}].name`, name],
      [`contacts[${i}].phone`, phone],
      [`contacts[${i}].email`, `${name.split(" ")[0].toLowerCase()}@${domain}`],
    ]),
  );

const newcomers = [
  { at: municipality, role: "Sjukepleiar", title: "Heimesjukepleiar", name: "Anne Dale", email: "anne.dale@vikoy.example" },
  { at: municipality, role: "Koordinator", title: "Koordinator", name: "Odd Lien", email: "odd.lien@vikoy.example" },
  { at: municipality, role: "Administrator", title: "Systemansvarleg", name: "Inger Vik", email: "inger.vik@vikoy.example" },
  { at: hospital, role: "Lege", title: "Overlege", name: "Eli Tangen", email: "eli.tangen@sogn.example" },
  { at: hospital, role: "Koordinator", title: "Koordinator", name: "Jan Rud", email: "jan.rud@sogn.example" },
];

test("a new hospital and a new municipality, with their people", { timeout: 240_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const jon = await chromiumPerson(t, staff.administrator, { browser, expect: [/status of 412/] });
  const inger = await chromiumPerson(t, { ...staff.administrator, name: "Inger Vik" }, { browser, expect: [nobodyIn, /status of 412/] });
  const { page } = jon.driver;
  const robot = new Robot(page);
  const step = steps(t, [jon, inger], server);
  const part = (title) => page.locator(".sk-part").filter({ has: page.getByRole("heading", { name: title }) });
  const next = () => robot.press(page.getByTestId("save"));
  const checks = () => page.locator("[data-testid=checklist] li").evaluateAll((all) => all.map((li) => [li.dataset.code, li.dataset.done !== undefined]));

  await step("who: two that aren't here yet", async () => {
    await comeIn(jon, server.links.admin);
    await robot.press(page.getByRole("link", { name: "Administrasjon" }).first());
    await robot.press(page.getByTestId("new-pair"));
    await robot.fill(page, { a: "Ei ny, som ikkje finst her", b: "Ei ny, som ikkje finst her" });
    await look(jon, "pair-who", { whole: true });
    await robot.fill(page.locator(".sk-part").first(), hospital);
    await robot.fill(page.locator(".sk-part").last(), municipality);
    await next();
    await jon.says("h1", /Kven kan svare/);
  });

  await step("contacts: three from each", async () => {
    await robot.fill(part(hospital.name), contactsOf("sogn.example", hospital.phone));
    await robot.fill(part(municipality.name), contactsOf("vikoy.example", municipality.phone));
    await look(jon, "pair-contacts", { whole: true });
    await next();
    await jon.says("h1", /Kva er de samde om/);
  });

  await step("the agreement begins as most have it; its papers are written in", async () => {
    await robot.fill(part("Papir"), {
      "papers[0].reference": "Arkiv 26/1", "papers[0].date": "2026-11-02",
      "papers[1].reference": "Arkiv 26/2", "papers[1].date": "2026-11-09",
    });
    await look(jon, "pair-agreement", { whole: true });
    await next();
    await jon.says("h1", /Kven skal vere med/);
  });

  await step("people: added and invited in one press each; until there are enough, it says who is missing", async () => {
    for (const { at, role, title, name, email } of newcomers) {
      await untilEqual("the form is empty", () => page.locator("[name=name]").inputValue(), "");
      const chosen = await page.locator('[name="assignments[0].organisation"] option:checked').innerText();
      await robot.fill(page, {
        ...(chosen === at.name ? {} : { "assignments[0].organisation": at.name }), // it stays at whom one adds people to
        "assignments[0].role": role, "assignments[0].title": title, name, email,
      });
      await next();
      await jon.says("main", new RegExp(`${name} er lagt til og invitert`));
    }
    await look(jon, "pair-people", { whole: true });
    await robot.press(page.getByTestId("next"));
  });

  await step("the checklist has nothing left, and it took a person less than ten minutes", async () => {
    await jon.says("h1", /Samarbeidet er klart/);
    const list = await checks();
    assert.ok(list.length >= 7, JSON.stringify(list));
    assert.deepEqual(list.filter(([, done]) => !done), []);
    await look(jon, "pair-ready", { whole: true });
    t.diagnostic(`a new pair: ${robot}`);
    assert.ok(robot.seconds < 600, String(robot));
  });

  await step("the overview says who has not signed in yet", async () => {
    await jon.press("finish");
    await jon.says("main", new RegExp(`${newcomers[0].name}.*Invitert, har ikkje logga på`));
    await look(jon, "admin", { whole: true });
  });

  let account;
  await step("a new nurse makes her way in from the invitation, and signs in again elsewhere", async () => {
    const nurse = await chromiumPerson(t, others.ane, { browser, expect: [nobodyIn] });
    account = await enrol(nurse, (await server.message("enrol", newcomers[0].email)).link);
    await nurse.says("[data-testid=me]", /Anne Dale.*Heimesjukepleiar, Vikøy kommune/);
    await nurse.close();
    const elsewhere = await chromiumPerson(t, others.ane, { browser, expect: [nobodyIn] });
    await elsewhere.open(server.links.base);
    await elsewhere.has("[data-testid=sign-in]");
    await signIn(elsewhere, account);
    await elsewhere.says("h1", /Samtalar i dag/);
    await elsewhere.says("main", /Ingen samtalar/);
    await look(elsewhere, "today-empty", { whole: true });
    await noComplaints([elsewhere]);
    await elsewhere.close();
  });

  await step("two administrators change the same municipality: the later one sees both, and chooses", async () => {
    await enrol(inger, (await server.message("enrol", newcomers[2].email)).link);
    for (const p of [jon, inger]) {
      await go(p, "/admin/organisations");
      await p.driver.page.getByRole("link", { name: municipality.name }).click();
      await p.says("h1", new RegExp(municipality.name));
      await p.has("[data-testid=save]");
    }
    const [his, hers] = [page, inger.driver.page];
    await his.locator("[name=phone]").fill("57000022");
    await his.locator("[name=number]").fill("999999069");
    await jon.press("save");
    await jon.says("main", /Lagra/);

    await hers.locator("[name=phone]").fill("57000033");
    await hers.locator('[name="contacts[1].name"]').fill("Tora Teknes");
    await inger.press("save");
    await inger.says("[data-testid=conflict]", /Nokon andre har lagra endringar her.*57000033.*57000022/);
    await inger.says("[data-testid=conflict]", /Organisasjonsnummer: 999999069/);
    assert.equal(await hers.locator('[name="contacts[1].name"]').inputValue(), "Tora Teknes", "what she typed stands there");
    await look(inger, "conflict", { whole: true });
    await inger.press("save");
    await inger.says("main", /Lagra/);

    await his.reload();
    await jon.has("[data-testid=save]");
    const kept = await Promise.all(["phone", "number", "contacts[1].name"].map((name) => his.locator(`[name="${name}"]`).inputValue()));
    assert.deepEqual(kept, ["+4757000033", "999999069", "Tora Teknes"], "hers where she chose, his where only he changed");
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints([jon, inger]));
});
