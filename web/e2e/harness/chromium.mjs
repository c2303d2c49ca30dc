// A Chromium of its own for each person, as in life; in a network namespace where one is given.

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import axe from "axe-core"; // the rules that others test by
import { chromium } from "playwright-core"; // its clicks wait until a button can be pressed; the fixed version knows this Chromium
import { defer } from "./cleanup.mjs";
import { eyes, fakeDevices } from "./inside.mjs";
import { palette } from "./people.mjs";
import { devicesOf, Person } from "./person.mjs";
import { patience } from "./wait.mjs";

const program = process.env.CHROMIUM ?? "/usr/bin/chromium";
const flags = [
  "--disable-gpu", // there is none, and looking for one takes time
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required", // the tests' own ears; the page has a press
];

/** Starts a browser, in a network namespace where one is named, and closes it when the test ends. */
export async function startChromium(t, { namespace } = {}) {
  let executablePath = program;
  if (namespace) {
    const folder = await mkdtemp(path.join(tmpdir(), "samkonsult-chromium-"));
    defer(t, () => rm(folder, { recursive: true, force: true }));
    executablePath = path.join(folder, "chromium");
    await writeFile(executablePath, `#!/bin/sh\nexec ip netns exec ${namespace} ${program} "$@"\n`);
    await chmod(executablePath, 0o755);
  }
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: flags });
  defer(t, () => browser.close());
  return browser;
}

/**
 * A person at a page of their own: cookies, storage and devices are nobody else's.
 * @param browser one to share; where several people talk, each has their own
 * @param beside whose browser's other tab it is: cookies are shared
 * @param devices state of the devices at the start, as { camera: "denied" }
 * @param expect patterns of console errors that belong to the test
 */
export async function chromiumPerson(t, who, { browser, beside, namespace, viewport = { width: 1280, height: 800 }, devices = {}, expect = [] } = {}) {
  const context = beside?.driver.page.context() ?? (await (browser ?? (await startChromium(t, { namespace }))).newContext({ viewport, ignoreHTTPSErrors: true, locale: "nn-NO", timezoneId: "Europe/Oslo" }));
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.addInitScript(eyes, { palette });
  await page.addInitScript(fakeDevices, devicesOf(who, { state: devices }));
  return new Person(who, driver(page, expect));
}

function driver(page, expect) {
  const complaints = [];
  const complain = (text) => {
    if (!expect.some((pattern) => pattern.test(text))) complaints.push(text);
  };
  let host = "";
  page.on("console", (message) => message.type() === "error" && complain(`console: ${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => complain(`error: ${error.stack ?? error}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) complain(`request to another host: ${request.url()}`);
  });
  return {
    page,
    evaluate: (fn, arg) => page.evaluate(fn, arg),
    goto: async (url) => {
      host = new URL(url).host || host;
      await page.goto(url);
    },
    reload: () => page.reload(),
    click: (selector) => page.locator(selector).click(),
    type: (selector, text) => page.locator(selector).fill(text),
    select: (selector, value) => page.locator(selector).selectOption(value),
    press: (key) => page.keyboard.press(key),
    screenshot: (file, { whole = false } = {}) => page.screenshot({ path: file, fullPage: whole }),
    axe: async () => {
      await page.evaluate(`${axe.source}; 0`);
      return page.evaluate(async () => (await window.axe.run()).violations);
    },
    resize: (viewport) => page.setViewportSize(viewport),
    offline: (on) => page.context().setOffline(on),
    complaints: () => complaints,
    close: () => page.context().close(),
  };
}
