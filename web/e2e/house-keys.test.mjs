// What the keyboard does in the house's pages, and what is kept of what was typed: over the
// gallery's service, so that it can be made to end a session or to fail.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { show, startGallery } from "./harness/gallery.mjs";
import { untilEqual } from "./harness/wait.mjs";

let gallery;
before(async () => {
  gallery = await startGallery("house-keys");
});
after(() => gallery?.stop());

/** A page that shows a state, with what the gallery presses in it. */
async function open(name) {
  const { context, page, errors, states } = await gallery.open({ width: 1024, height: 768 });
  await show(page, name, states.find((state) => state.name === name)?.press);
  return { page, close: async () => (await context.close(), assert.deepEqual(errors, [])) };
}

/** Waits until the focus is somewhere: a test id, or else an element. */
const focusIs = (page, where) =>
  untilEqual("what has the focus", () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.tagName.toLowerCase()), where);

describe("the keyboard", () => {
  test("begins at the page's heading, and skips to the content", async () => {
    const { page, close } = await open("house-day-coordinator");
    await focusIs(page, "h1");
    await page.locator(".sk-skip").press("Enter");
    await focusIs(page, "main");
    await close();
  });

  test("opens one's own menu, leaves it by Escape, and moves to a page's heading", async () => {
    const { page, close } = await open("house-sessions");
    await page.getByTestId("me").focus();
    await page.keyboard.press("Enter");
    await page.getByTestId("sign-out").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await focusIs(page, "me");
    assert.equal(await page.getByTestId("sign-out").isVisible(), false);
    await page.getByRole("link", { name: "I dag" }).press("Enter");
    await page.getByRole("heading", { name: "Samtalar i dag" }).waitFor();
    await focusIs(page, "h1");
    assert.match(await page.title(), /^Samtalar i dag – /);
    await close();
  });

  test("sends a new link in two presses, and takes it back before the second", async () => {
    const { page, close } = await open("house-day-new-link");
    await focusIs(page, "new-link-send");
    await page.keyboard.press("Escape");
    await focusIs(page, "new-link-olav");
    await page.keyboard.press("Enter");
    await focusIs(page, "new-link-send");
    assert.equal((await page.evaluate(() => window.calls)).some(([name]) => name.startsWith("POST")), false, "nothing has been sent yet");
    await close();
  });

  test("is at the first wrong field after a form that can't be sent", async () => {
    const { page, close } = await open("house-sign-in-empty");
    await focusIs(page, "email");
    await page.keyboard.type("t");
    assert.equal(await page.getByText("Skriv e-postadressa di.").count(), 0, "what is being mended is not wrong any more");
    await close();
  });

  test("is at the code again after a wrong one, and the field is empty", async () => {
    const { page, close } = await open("house-code-wrong");
    await focusIs(page, "code");
    assert.equal(await page.getByTestId("code").inputValue(), "");
    await close();
  });
});

describe("what is typed and not saved", () => {
  test("stands there after the session has ended and the same person has come back", async () => {
    const { page, close } = await open("house-held");
    await page.getByText("Det du har skrive, ligg klart.").waitFor();
    assert.equal(await page.getByTestId("name").isVisible(), false, "nothing of the page is shown at the door");
    await page.getByTestId("email").fill("jon@fjord.example");
    await page.getByTestId("password").fill("fire ville hestar");
    await page.getByTestId("sign-in-go").click();
    await page.getByTestId("name").waitFor();
    assert.equal(await page.getByTestId("name").inputValue(), "Fjordvik");
    await close();
  });

  test("holds a move up until it is answered", async () => {
    const { page, close } = await open("house-unsaved");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    assert.equal(await page.getByTestId("name").inputValue(), "Fjordvik");
    await page.getByTestId("brand").click();
    await page.getByRole("button", { name: "Gå utan å lagre" }).click();
    await page.getByTestId("name").waitFor({ state: "detached" });
    await close();
  });
});
