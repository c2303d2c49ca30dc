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

  /** Who has more than one role chooses one, by its title. */
  const choose = async (person, title) => {
    await person.has("[data-testid=roles]");
    await person.driver.page.getByTestId("roles").getByRole("button", { name: title }).click();
    await person.says("[data-testid=me]", new RegExp(`Mari Bjørk.*${title}, Fjordvik kommune`));
  };

  await step("the administrator sends her a way in, and makes her stand in for the coordinator", async () => {
    await comeIn(jon, server.links.admin);
    await sendWayIn(jon, "Fjordvik kommune", people.nurse.name);
    await jon.says("main", /Lenkja er send til mari\.bjork@fjordvik\.example/);
    const { page } = jon.driver;
    await page.getByRole("button", { name: "Legg til ei rolle" }).click();
    await page.locator('[name="assignments[1].organisation"]').selectOption({ label: "Fjordvik kommune" });
    await page.locator('[name="assignments[1].role"]').selectOption({ label: "Koordinator" });
    await page.locator('[name="assignments[1].title"]').fill("Vikar for koordinator");
    await jon.press("save");
    await jon.says("main", /Lagra/);
    await look(jon, "staff-invited", { whole: true });
    await noComplaints([jon]);
    await jon.close();
  });

  await step("by the link in her e-mail she makes password and authenticator, on another machine", async () => {
    const elsewhere = await chromiumPerson(t, people.nurse, { browser, expect: [nobodyIn] });
    account = await enrol(elsewhere, (await server.message("enrol", people.nurse.email)).link);
    await choose(elsewhere, "Vikar for koordinator");
    await elsewhere.lacks("[data-testid=next]"); // a coordinator has no seat
    await noComplaints([elsewhere]);
    await elsewhere.close();
  });

  await step("on her tablet the door is all that is shown until she has signed in", async () => {
    await nurse.open(server.links.base);
    await nurse.has("[data-testid=sign-in]");
    await look(nurse, "sign-in", { whole: true });
    await signIn(nurse, account);
    await nurse.has("[data-testid=roles]");
    await look(nurse, "role", { whole: true });
    await choose(nurse, "Sjukepleiar");
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
