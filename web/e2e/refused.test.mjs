// What is not theirs: each person tries the others' addresses and calls from inside their own
// page, and is told the rule and whom to ask; who is not signed in gets one answer to all.

import assert from "node:assert/strict";
import test from "node:test";
import { noComplaints, steps } from "./harness/call.mjs";
import { chromiumPerson, startChromium } from "./harness/chromium.mjs";
import { ask, comeIn, enrol, go, nobodyIn, sendWayIn } from "./harness/house.mjs";
import { look } from "./harness/look.mjs";
import { people, staff } from "./harness/people.mjs";
import { startServer } from "./harness/server.mjs";
import { until } from "./harness/wait.mjs";

const nowhere = "aaaaaaaaaaaaaaaaaaaaaaaaaa"; // an id as ids are, of nothing
const reason = "Ingen grunn i det heile";

test("each is refused what is not theirs", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const expect = [nobodyIn, /status of (401|403|404)/]; // what they are told, as the browser writes it in its console
  const open = (who) => chromiumPerson(t, who, { browser, expect });
  const [patient, relative, nurse] = await Promise.all([people.patient, people.relative, people.nurse].map(open));
  const [coordinator, administrator, officer] = await Promise.all([staff.coordinator, staff.administrator, staff.officer].map(open));
  const nobody = await open(people.nurse);
  const everyone = { patient, relative, nurse, coordinator, administrator, "data-protection": officer };
  const step = steps(t, [...Object.values(everyone), nobody], server);
  const here = {};

  await step("everyone is in, each in their own way", async () => {
    await comeIn(administrator, server.links.admin);
    await comeIn(coordinator, server.links.coordinator);
    await comeIn(officer, server.links.dataProtection);
    await sendWayIn(administrator, "Fjordvik kommune", people.nurse.name);
    await enrol(nurse, (await server.message("enrol", people.nurse.email)).link);
    for (const p of [patient, relative]) {
      await p.open(server.links[p.who.role]);
      await p.on("welcome");
    }
    await nobody.open(server.links.base);
    await nobody.has("[data-testid=sign-in]");
    for (const o of (await ask(administrator, "GET", "/organisations")).body.items) here[o.name] = o.id;
    here.olav = (await ask(patient, "GET", "/session")).body.person.id;
    here.tuva = (await ask(administrator, "GET", `/staff?organisation=${here["Fjord sjukehus"]}`)).body.items.find((s) => s.name === "Tuva Ask").id;
    here.anna = (await ask(coordinator, "GET", "/day")).body.items.find((v) => v.people.some((p) => p.name === "Anna Lid"));
  });

  /**
   * may: the roles that the table gives it to; where it would change something, none of them
   * tries. seatless: those who know of the consultation, and have no seat in it.
   */
  const calls = () => [
    { path: "/patients", may: ["nurse", "coordinator"] },
    { path: `/patients/${here.olav}`, may: ["patient", "nurse", "coordinator"] },
    { path: `/patients/${here.olav}/seen`, may: ["patient", "data-protection"] },
    { path: "/day", may: ["nurse", "coordinator", "administrator"] },
    { path: `/consultations/${here.anna.id}`, may: [], seatless: ["nurse", "coordinator"] },
    { path: `/organisations/${here["Fjordvik legekontor"]}`, may: ["coordinator", "administrator"] },
    { path: `/staff?organisation=${here["Fjordvik legekontor"]}`, may: ["coordinator", "administrator"] },
    { path: `/staff/${here.tuva}`, may: ["nurse", "coordinator", "administrator", "data-protection"] },
    { path: `/machines?organisation=${here["Fjord sjukehus"]}`, may: ["administrator"] },
    { path: "/audit?from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z", may: ["data-protection"] },
    { method: "POST", path: `/patients/${here.olav}/emergency`, body: { reason }, may: ["nurse"] },
    { method: "POST", path: `/staff/${here.tuva}/enrolment`, may: ["administrator"] },
    { method: "POST", path: `/consultations/${here.anna.id}/people/${here.anna.people.find((p) => p.role === "patient").id}/link`, may: ["nurse", "coordinator"] },
    { method: "DELETE", path: `/consultations/${here.anna.id}/people/${here.anna.people.find((p) => p.role === "patient").id}/link`, may: ["coordinator"] },
    { method: "POST", path: "/tickets", body: { consultation: here.anna.id }, may: [], seatless: ["nurse", "coordinator"] },
  ];

  await step("by the API: the rule and whom to ask, and nothing of what it is about", async () => {
    const wrong = [];
    const outcome = (role, { status, body }) => {
      if (status < 300) return "open";
      if (status === 403 && body.code === "no-seat") return "seatless";
      // A guest asks those who sent the link; staff the organisation that they work in.
      const whom = ["patient", "relative"].includes(role) || (body.organisation && body.phone);
      return status === 403 && body.code === "refused" && body.rule && whom ? "refused" : JSON.stringify({ status, body });
    };
    for (const { method = "GET", path, body, may, seatless = [] } of calls()) {
      for (const [role, person] of Object.entries(everyone)) {
        if (method !== "GET" && may.includes(role)) continue;
        const answer = await ask(person, method, path, body);
        const is = outcome(role, answer);
        const should = may.includes(role) ? "open" : seatless.includes(role) ? "seatless" : "refused";
        if (is !== should) wrong.push(`${role}: ${method} ${path.replace(here.olav, "olav")} is ${is}, and should be ${should}`);
        if (is !== "open" && /Olav|Anna|Eik|Lid|12834430140|Sår/.test(JSON.stringify(answer))) wrong.push(`${role}: ${method} ${path} tells ${JSON.stringify(answer)}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  await step("the answer is the same for what exists and what doesn't", async () => {
    for (const person of [relative, administrator, officer]) {
      for (const path of ["/patients/", "/staff/", "/consultations/"]) {
        const thing = { "/patients/": here.olav, "/staff/": here.tuva, "/consultations/": here.anna.id }[path];
        const [there, not] = [await ask(person, "GET", path + thing), await ask(person, "GET", path + nowhere)];
        if (there.body.code !== "refused") continue; // it is theirs
        assert.deepEqual(there, not, `${person.who.role}: ${path}`);
      }
    }
  });

  await step("who is not signed in gets one and the same answer to all of it", async () => {
    const answers = [];
    for (const { method = "GET", path, body } of [...calls(), { path: `/patients/${nowhere}` }, { path: "/sessions" }]) answers.push(JSON.stringify(await ask(nobody, method, path, body)));
    assert.deepEqual([...new Set(answers)].length, 1, answers.join("\n"));
    assert.match(answers[0], /"status":401.*"code":"sign-in"/);
  });

  await step("every address is the same door to who is not signed in", async () => {
    const doors = new Set();
    for (const path of ["/", "/patients", `/patients/${here.olav}`, "/admin", "/admin/staff", `/seen/${here.olav}`, "/seen", `/call/${here.anna.id}`, `/patients/${nowhere}`]) {
      await nobody.open(server.links.base + path);
      await nobody.has("[data-testid=sign-in]");
      doors.add(await nobody.text("body"));
    }
    assert.equal(doors.size, 1, [...doors].join("\n"));
  });

  await step("by the pages: the rule in words, whom to ask, and no name", async () => {
    const { base } = server.links;
    const table = [
      { person: administrator, path: "/patients", rule: /Som administrator kan du ikkje sjå pasientlista her.*Spør Fjord sjukehus/ },
      { person: administrator, path: `/patients/${here.olav}`, rule: /Som administrator kan du ikkje sjå pasienten her.*Spør Fjord sjukehus/ },
      { person: administrator, path: `/seen/${here.olav}`, rule: /Som administrator kan du ikkje/ },
      { person: coordinator, path: `/seen/${here.olav}`, rule: /Som koordinator kan du ikkje sjå kven som har sett kva.*Spør Fjord sjukehus/ },
      { person: coordinator, path: "/admin/machines", rule: /Som koordinator kan du ikkje/ },
      { person: nurse, path: `/seen/${here.olav}`, rule: /Som sjukepleiar kan du ikkje sjå kven som har sett kva.*Spør Fjordvik kommune/ },
      { person: nurse, path: `/admin/organisations/${here["Fjordvik legekontor"]}`, rule: /Som sjukepleiar kan du ikkje sjå organisasjonen.*Spør Fjordvik kommune/ },
      { person: officer, path: "/patients", rule: /Som personvernombod kan du ikkje sjå pasientlista/ },
    ];
    for (const { person, path, rule } of table) {
      await go(person, path);
      await person.says("main", rule);
      assert.doesNotMatch(await person.evaluate(() => document.title + document.body.innerText), /Olav|Anna|Leiv|12834430140/, `${person.name} at ${path}`);
    }
    await look(administrator, "refused-administrator", { whole: true });
    await look(nurse, "refused-nurse", { whole: true });

    await relative.driver.goto(`${base}/seen`);
    await relative.says("main", /Dette har du ikkje tilgang til.*Som pårørande kan du ikkje/);
    await look(relative, "refused-relative", { whole: true });
    for (const p of [patient, relative]) {
      for (const path of ["/", "/patients", "/admin", "/sessions"]) {
        await p.driver.goto(base + path);
        await p.has("[data-testid=sign-in]");
      }
    }
  });

  await step("a consultation without a seat for them says so, whatever they may see of it", async () => {
    for (const p of [nurse, administrator]) {
      await p.driver.goto(`${server.links.base}/call/${here.anna.id}`);
      await until(`${p.name} is told that there is no seat`, async () => {
        const text = await p.evaluate(() => `${document.documentElement.dataset.page} ${document.body.innerText}`);
        return { problem: /^failed/.test(text) && !/Anna/.test(text) ? "" : text.slice(0, 300) };
      });
    }
    await look(nurse, "call-no-seat");
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints([...Object.values(everyone), nobody]));
});
