// What staff do with their own day over the gallery's service: what the keyboard does, what is
// sent, and what is kept of what was typed.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { show, startGallery } from "./harness/gallery.mjs";
import { untilEqual } from "./harness/wait.mjs";

let gallery;
before(async () => {
  gallery = await startGallery("visits-keys");
});
after(() => gallery?.stop());

/** A page that shows a state, with what the gallery presses in it unless told otherwise. */
async function open(name, press) {
  const { context, page, errors, states } = await gallery.open({ width: 1024, height: 768 });
  await show(page, name, press ?? states.find((state) => state.name === name)?.press);
  return { page, close: async () => (await context.close(), assert.deepEqual(errors, [])) };
}
const focusIs = (page, where) => untilEqual("what has the focus", () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.getAttribute("name")), where);
/** What was sent by an operation, in order. */
const sent = async (page, name) => (await page.evaluate(() => window.calls)).filter(([asked]) => asked === name).map(([, body]) => body);
const press = async (page, id) => {
  await page.getByTestId(id).first().click();
  await page.evaluate(() => globalThis.settled());
};

describe("one's day", () => {
  test("says how late one is in two presses, and takes it back before the second", async () => {
    const { page, close } = await open("house-day-late");
    await focusIs(page, "late-5");
    await page.keyboard.press("Escape");
    await focusIs(page, "late");
    assert.deepEqual(await sent(page, "POST /consultations/{id}/readiness"), []);
    await close();
  });

  test("tells that one is late, and shows what everybody was told", async () => {
    const { page, close } = await open("house-day-late-told");
    assert.deepEqual(await sent(page, "POST /consultations/{id}/readiness"), [{ state: "late", minutes: 10, test: "" }]);
    await page.getByText("Ny tid er kl. 10.10. Alle har fått same beskjed.").waitFor();
    await close();
  });

  test("has its largest button in sight, whatever is said above it", async () => {
    const { page, close } = await open("house-day-late-told", []);
    const inSight = async () => {
      const box = await page.getByTestId("join").boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= 768, `the button is at ${box.y}`);
    };
    await inSight();
    await press(page, "late");
    await inSight();
    await press(page, "late-10");
    await inSight();
    await close();
  });
});

describe("an answer", () => {
  test("loses the time that is taken meanwhile, and no other", async () => {
    const { page, close } = await open("mine-answers-taken");
    const bodies = await sent(page, "POST /bookings/{id}/answers");
    assert.deepEqual(bodies.map((b) => b.answers.map((a) => `${a.option} ${a.answer}`)), [["o1 accepted", "o2 accepted", "o3 accepted"], ["o1 accepted", "o3 accepted"]]);
    await page.getByText(/kl\. 10\.30 fall bort/).waitFor();
    assert.equal(await page.getByTestId("yes-p1-o2").count(), 0);
    assert.equal(await page.getByTestId("yes-p1-o1").getAttribute("aria-pressed"), "true");
    await close();
  });

  test("goes with the comment that is written, and is kept where it could not be sent", async () => {
    const { page, close } = await open("mine-answers-failed", ["comment-p1"]);
    await page.getByTestId("comment").fill("Helst etter lunsj");
    await press(page, "yes-p1-o1");
    assert.equal((await sent(page, "POST /bookings/{id}/answers"))[0].comment, "Helst etter lunsj");
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByTestId("comment").inputValue(), "Helst etter lunsj");
    await close();
  });

  test("that is another time must exist, and is asked about where it comes twice", async () => {
    const { page, close } = await open("mine-answers-suggest");
    await focusIs(page, "suggest-day");
    const type = async (day, time) => {
      await page.getByTestId("suggest-day").fill(day);
      await page.getByTestId("suggest-time").fill(time);
      await press(page, "suggest-send");
    };
    await type("2027-03-28", "0230");
    await page.getByText(/denne tida finst ikkje/).waitFor();
    assert.equal(await page.getByTestId("suggest-time").inputValue(), "02.30", "what was typed stays");
    await type("2027-10-31", "2.30");
    await page.getByText("Vel kva for ei av dei to tidene du meiner.").waitFor();
    assert.deepEqual(await sent(page, "POST /bookings/{id}/answers"), [], "nothing is guessed");
    await page.getByTestId("which-second").check();
    await press(page, "suggest-send");
    const [body] = await sent(page, "POST /bookings/{id}/answers");
    assert.equal(body.starts, Date.UTC(2027, 9, 31, 1, 30));
    assert.deepEqual(body.answers.map((a) => a.answer), ["declined", "declined", "declined"]);
    await page.getByText(/Forslaget er sendt: søndag 31\. oktober/).waitFor();
    await focusIs(page, "outcome-p1");
    await close();
  });

  test("by a deputy goes to a colleague of the same role, and to nobody before one is chosen", async () => {
    const { page, close } = await open("mine-answers-deputy-unchosen");
    await focusIs(page, "deputy-who");
    assert.deepEqual(await page.getByTestId("deputy-who").locator("option").allTextContents(), ["Vel ein kollega", "Ane Rogn, Heimesjukepleiar, Heimetenesta aust", "Ida Lønn, Heimesjukepleiar, Heimetenesta aust"]);
    await page.getByTestId("deputy-who").selectOption("ida");
    await press(page, "deputy-send");
    assert.deepEqual(await sent(page, "POST /bookings/{id}/deputy"), [{ participant: "", person: "ida" }]);
    await page.getByText("Ida Lønn tek plassen din og har fått beskjed.").waitFor();
    await focusIs(page, "outcome-p1");
    await close();
  });
});

describe("working hours", () => {
  test("that another has changed meanwhile keep one's own, on the newer version", async () => {
    const { page, close } = await open("mine-hours-conflict");
    await page.getByTestId("conflict").waitFor();
    await press(page, "save");
    const bodies = await sent(page, "PUT /hours");
    assert.equal(bodies.length, 2);
    assert.equal(bodies[1].weekly.some((p) => p.weekday === 6), true, "one's own Saturday");
    assert.equal(bodies[1].buffer, 20, "and the other's break");
    await close();
  });

  test("go to the first that is wrong, and nothing is sent", async () => {
    const { page, close } = await open("mine-hours-wrong");
    await focusIs(page, "weekly[5].until");
    assert.deepEqual(await sent(page, "PUT /hours"), []);
    await close();
  });

  test("are typed as people write them", async () => {
    const { page, close } = await open("mine-hours-saved", []);
    await page.locator('[name="weekly[0].from"]').fill("730");
    await page.keyboard.press("Tab");
    await untilEqual("what the field shows", () => page.locator('[name="weekly[0].from"]').inputValue(), "07.30");
    await press(page, "save");
    assert.equal((await sent(page, "PUT /hours"))[0].weekly[0].from, 450);
    await close();
  });

  test("have absences of whole days in Norway, wherever the browser is", async () => {
    const { page, close } = await open("mine-absence-add");
    await page.getByTestId("absence-from").fill("2026-12-21");
    await page.getByTestId("absence-until").fill("2026-12-22");
    await press(page, "absence-save");
    const [body] = await sent(page, "POST /absences");
    assert.deepEqual([body.starts, body.ends, body.cover], [Date.UTC(2026, 11, 20, 23), Date.UTC(2026, 11, 22, 23), true]);
    await close();
  });

  test("end an absence only when it is said twice", async () => {
    const { page, close } = await open("mine-absence-end");
    await focusIs(page, "end-a2-yes");
    await page.keyboard.press("Escape");
    await focusIs(page, "end-a2");
    assert.deepEqual(await sent(page, "DELETE /absences/{id}"), []);
    await close();
  });
});
