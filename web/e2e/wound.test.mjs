// A wound from the nurse's keypad to the specialist's panel, measured on its photo, and read by the
// patient, who sends a photo too. The photos are the demo's own, which the program has drawn.

import assert from "node:assert/strict";
import test from "node:test";
import { admit, browsers, enter, noComplaints, steps } from "./harness/call.mjs";
import { look } from "./harness/look.mjs";
import { startServer } from "./harness/server.mjs";
import { until, untilEqual } from "./harness/wait.mjs";

/** How many photos stand on a page with their pixels, and that each came as bytes and not by an address. */
const photosOf = (person) =>
  person.evaluate(() => [...document.querySelectorAll("[data-testid=photo]")].filter((img) => img.naturalWidth > 0 && img.src.startsWith("blob:")).length);

/** A photo as a telephone makes one, with its pixels from the page itself. */
async function jpeg(person) {
  const url = await person.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 900 });
    const ink = canvas.getContext("2d");
    ink.fillStyle = "#d8c0ae";
    ink.fillRect(0, 0, 1200, 900);
    ink.fillStyle = "#8d5a55";
    ink.ellipse(600, 450, 160, 110, 0, 0, 7);
    ink.fill();
    return canvas.toDataURL("image/jpeg", 0.9);
  });
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
}

test("a wound is assessed by the nurse, measured by the specialist and read by the patient", { timeout: 300_000 }, async (t) => {
  const server = await startServer(t);
  const all = await browsers(t, ["specialist", "nurse", "patient"]);
  const { specialist, nurse, patient } = all;
  const everyone = Object.values(all);
  const step = steps(t, everyone, server);

  await step("all are in the call", async () => {
    await enter(server, everyone);
    await admit(specialist, patient);
  });

  await step("the two latest photos stand side by side, with what was found now and before", async () => {
    await specialist.press("tab-wound");
    await specialist.says("[data-testid=wound-site]", /venstre legg/i);
    await specialist.says("[data-testid=fact-size]", /3,6 × 2,5 cm.*før 4,2 × 2,8/);
    await until("the photos have come", async () => {
      const n = await photosOf(specialist);
      return { problem: n >= 2 ? "" : `${n} photos` };
    });
    await specialist.press("pair-over");
    await specialist.has("[data-testid=overlaid]");
    await specialist.press("pair-side");
    await specialist.press("wound-view-table");
    await specialist.says("[data-testid=wound-table]", /5,\d × /);
    await specialist.press("wound-view-chart");
  });

  await step("what the nurse finds stands before the specialist at once", async () => {
    await nurse.press("tab-wound");
    await nurse.has("[data-testid=last-photo]");
    await nurse.press("assess");
    for (const key of ["3", "comma", "2", "2", "comma", "1", "0", "comma", "2"]) await nurse.press(`pad-${key}`);
    await nurse.press("rest-as-last");
    await nurse.press("sign-redness");
    await nurse.press("pain-2");
    await nurse.press("assessment-save");
    await nurse.has("[data-testid=assessment-saved]");
    await specialist.says("[data-testid=fact-size]", /3,2 × 2,1 cm.*før 3,6 × 2,5/);
    await specialist.says("[data-testid=fact-area]", /5,3 cm² ellipse.*ned \d+ %/);
    await specialist.says("[data-testid=fact-infection]", /Raudne.*nytt: raudne/);
  });

  await step("a photo is measured: the scale by the arrows, the outline by the pen", async () => {
    const { page } = specialist.driver;
    await page.locator("[data-testid=pair] button").last().click();
    await specialist.press("measure-photo");
    await specialist.press("step-scale");
    for (const [handle, key] of [["scale-1", "Shift+ArrowLeft"], ["scale-2", "Shift+ArrowRight"]]) {
      await page.getByTestId(handle).focus();
      for (let i = 0; i < 3; i++) await page.keyboard.press(key);
    }
    await specialist.press("step-outline");
    await page.getByTestId("sheet").scrollIntoViewIfNeeded();
    const box = await page.getByTestId("sheet").boundingBox();
    if ((await page.getByTestId("draw-again").count()) > 0) await specialist.press("draw-again");
    const at = (turn) => [box.x + box.width * (0.5 + 0.15 * Math.cos(turn)), box.y + box.height * (0.3 + 0.12 * Math.sin(turn))];
    await page.mouse.move(...at(0));
    await page.mouse.down();
    for (let i = 1; i <= 40; i++) await page.mouse.move(...at((i / 40) * 2 * Math.PI - 0.1));
    await page.mouse.up();
    await specialist.says("[data-testid=result]", /\d,\d × \d,\d cm, \d+,\d cm²/);
    await specialist.press("keep-measures");
    await specialist.says("[data-testid=ruler]", /er lagra på biletet/);
    // The nurse's next photo is taken by it.
    await untilEqual("the nurse has its outline", () => nurse.evaluate(() => document.querySelectorAll("[data-testid=last-photo] [data-testid=last-outline]").length), 1);
  });

  await step("the patient reads how it goes, without a number, and sends a photo", async () => {
    await patient.press("leave");
    await patient.driver.goto(new URL("/wound", server.links.base).href);
    await patient.says("[data-testid=plain]", /Såret er mindre enn sist/);
    assert.doesNotMatch(await patient.text("[data-testid=plain]"), /\d/);
    await look(patient, "wound-own");
    const before = await specialist.evaluate(() => document.querySelectorAll("[data-testid=strip] li").length);
    await patient.driver.page.setInputFiles("[data-testid=own-file]", { name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer: await jpeg(patient) });
    await patient.has("[data-testid=own-preview]");
    await patient.press("own-send");
    await patient.says("[data-testid=own-sent]", /Biletet er sendt/);
    await specialist.press("ruler-close");
    await specialist.press("photo-back");
    await untilEqual("the specialist has one photo more", () => specialist.evaluate(() => document.querySelectorAll("[data-testid=strip] li").length), (before || 5) + 1);
  });

  await step("what is no picture is told as that, and nothing is sent", async () => {
    await patient.driver.page.setInputFiles("[data-testid=own-file]", { name: "IMG_0002.jpg", mimeType: "image/jpeg", buffer: Buffer.from("%PDF-1.7 this is no photo") });
    await patient.press("own-send");
    await patient.says("[data-testid=own-wound]", /ikkje eit bilete som vi kan lese/);
  });

  await noComplaints([specialist, nurse]);
});
