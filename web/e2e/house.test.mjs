// The pages of signed-in people, against the real program: someone gets their way in from an
// administrator's link, signs in with password and code, is where they wanted to be, sees where
// they are signed in and ends it.

import assert from "node:assert/strict";
import test from "node:test";
import { noComplaints, steps } from "./harness/call.mjs";
import { chromiumPerson, startChromium } from "./harness/chromium.mjs";
import { enrol, nobodyIn, signIn } from "./harness/house.mjs";
import { look } from "./harness/look.mjs";
import { staff } from "./harness/people.mjs";
import { newService } from "./harness/service.mjs";
import { untilEqual } from "./harness/wait.mjs";

test("an administrator gets a way in, signs in again with password and code, and ends it elsewhere", { timeout: 120_000 }, async (t) => {
  const service = await newService(t, { name: "Jon Vik", email: "jon.vik@fjord.example" });
  const { base, link } = service;
  const browser = await startChromium(t);
  // The browser writes each answer over 400 in its console.
  const expect = [nobodyIn, /status of 404 .*\/ikkje\/ei\/side$/, /status of 410 .*\/enrolment$/, /status of 401/];
  const jon = await chromiumPerson(t, staff.administrator, { browser, expect });
  const elsewhere = await chromiumPerson(t, staff.administrator, { browser, expect });
  const step = steps(t, [jon, elsewhere], service);
  const path = (person) => person.evaluate(() => location.pathname + location.hash);
  let account;

  await step("the link asks for a password that keeps the rules, and a code of the authenticator", async () => {
    await jon.open(link);
    await jon.has("[data-testid=enrol]");
    await look(jon, "enrol", { whole: true });
    await jon.driver.type("[data-testid=password]", "kort");
    await jon.press("enrol-go");
    await jon.says("[data-testid=enrol]", /Passordet oppfyller ikkje alle krava\./);
    account = await enrol(jon, link);
    assert.equal(await path(jon), "/admin", "the link's token has left the address, and an administrator begins with the administration");
    await look(jon, "admin-empty", { whole: true });
  });

  await step("the same link opens nothing twice", async () => {
    await elsewhere.open(link);
    await elsewhere.says("main", /Lenkja opnar ikkje.*Har du alt laga passord/);
  });

  await step("a page that needs someone asks for them, and is there when they have come", async () => {
    await elsewhere.open(`${base}/sessions`);
    await elsewhere.driver.type("[data-testid=email]", account.email);
    await elsewhere.driver.type("[data-testid=password]", "feil passord her");
    await elsewhere.press("sign-in-go");
    await elsewhere.says("[data-testid=sign-in]", /E-post eller passord er feil/);
    await look(elsewhere, "sign-in-wrong", { whole: true });
    await elsewhere.driver.type("[data-testid=email]", "");
    await elsewhere.driver.type("[data-testid=password]", "");
    await signIn(elsewhere, account);
    await elsewhere.has("[data-testid=session] + [data-testid=session]");
    assert.equal(await path(elsewhere), "/sessions");
    await look(elsewhere, "sessions", { whole: true });
  });

  await step("ended from the one place, the other is at the door at its next question", async () => {
    const { page } = jon.driver;
    await jon.press("me");
    await page.getByRole("link", { name: "Kvar eg er logga inn" }).click();
    await jon.has("[data-testid=session] + [data-testid=session]");
    assert.equal(await jon.evaluate(() => document.activeElement?.tagName), "H1", "a new page begins at its heading");
    await jon.press("end-others");
    await jon.says("main", /Du er no berre logga inn her\./);
    await elsewhere.reload();
    await elsewhere.has("[data-testid=sign-in]");
    await page.goBack();
    await untilEqual("Jon is back at the administration", () => path(jon), "/admin");
  });

  await step("who has signed out has left nothing in the browser, and every address is a door", async () => {
    await jon.press("me");
    await jon.press("sign-out");
    await jon.has("[data-testid=sign-in-again]");
    assert.deepEqual((await jon.driver.page.context().cookies()).filter((c) => c.value !== ""), []);
    await jon.open(`${base}/ikkje/ei/side`);
    await jon.has("[data-testid=sign-in]");
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints([jon, elsewhere]));
});
