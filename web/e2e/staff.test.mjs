// A nurse who has lost her way in is sent a new one, signs in with password and code, finds the
// day, and goes from there into the call that runs.

import assert from "node:assert/strict";
import test from "node:test";
import { browsers, everyoneSeesEveryone, noComplaints, steps } from "./harness/call.mjs";
import { chromiumPerson, startChromium } from "./harness/chromium.mjs";
import { comeIn, enrol, nobodyIn, sendWayIn, signIn } from "./harness/house.mjs";
import { look } from "./harness/look.mjs";
import { people, staff } from "./harness/people.mjs";
import { startServer } from "./harness/server.mjs";

test("a nurse signs in with password and code, and joins the call", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const browser = await startChromium(t);
  const { specialist, nurse } = await browsers(t, ["specialist", "nurse"], { expect: [nobodyIn] });
  const all = [specialist, nurse];
  const jon = await chromiumPerson(t, staff.administrator, { browser });
  const step = steps(t, [...all, jon], server);
  let account;

  await step("the administrator sends her a way in", async () => {
    await comeIn(jon, server.links.admin);
    await sendWayIn(jon, "Fjordvik kommune", people.nurse.name);
    await jon.says("main", /Lenkja er send til mari\.bjork@fjordvik\.example/);
    await look(jon, "staff-invited", { whole: true });
    await noComplaints([jon]);
    await jon.close();
  });

  await step("by the link in her e-mail she makes password and authenticator, on another machine", async () => {
    const elsewhere = await chromiumPerson(t, people.nurse, { browser, expect: [nobodyIn] });
    account = await enrol(elsewhere, (await server.message("enrol", people.nurse.email)).link);
    await elsewhere.says("h1", /Samtalar i dag/);
    await noComplaints([elsewhere]);
    await elsewhere.close();
  });

  await step("on her tablet the door is all that is shown until she has signed in", async () => {
    await nurse.open(server.links.base);
    await nurse.has("[data-testid=sign-in]");
    await look(nurse, "sign-in", { whole: true });
    await signIn(nurse, account);
    await nurse.says("[data-testid=next]", /Olav Eik.*Tuva Ask.*Bli med no/);
    await look(nurse, "today-nurse", { whole: true });
  });

  await step("she goes from the day into the call, and the specialist sees her, by her own name", async () => {
    await specialist.enter(server.links.specialist, "call");
    await nurse.press("join", "[data-testid=next]");
    await nurse.on("welcome");
    assert.equal(await nurse.evaluate(() => location.pathname), `/call/${server.links.consultation}`);
    await nurse.press("join");
    await nurse.on("call");
    await everyoneSeesEveryone(all);
  });

  await step("a reload keeps her place, and her day is where it was", async () => {
    await nurse.reload();
    await nurse.on("call");
    await everyoneSeesEveryone(all);
    await nurse.press("leave");
    await nurse.on("over");
    await nurse.open(server.links.base);
    await nurse.says("[data-testid=next]", /Olav Eik/);
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});
