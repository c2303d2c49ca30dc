// Every page and state of the gallery, in the three window sizes, through axe: no findings,
// and nothing cut or wider than the window. PICTURES=folder keeps a picture of each;
// ONLY=name,name takes some of them.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { build } from "vite";

const web = fileURLToPath(new URL("..", import.meta.url));
const out = join(web, "test-results", "gallery");
const pictures = process.env["PICTURES"] ?? "";
const only = (process.env["ONLY"] ?? "").split(",").filter((name) => name !== "");
const kinds = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const sizes = [
  { name: "phone", width: 390, height: 844 },
  { name: "tablet", width: 1024, height: 768 },
  { name: "pc", width: 1440, height: 900 },
];
// What the same pages must bear without a sideways scroll: a small phone, a phone lying down,
// and text at 200 % (WCAG 1.4.10, 1.4.4).
const narrow = [
  { name: "320", width: 320, height: 640 },
  { name: "lying", width: 844, height: 390 },
  { name: "200-percent", width: 390, height: 844, font: 32 },
  { name: "200-percent-pc", width: 1440, height: 900, font: 32 },
];

let server;
let base = "";
const browsers = new Map();

/** A browser whose reader has asked for text of this size, in px. */
async function browserWith(font) {
  if (!browsers.has(font)) {
    browsers.set(
      font,
      await chromium.launch({
        executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
        chromiumSandbox: false,
        args: [
          "--disable-gpu",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          `--blink-settings=defaultFontSize=${font}`,
        ],
      }),
    );
  }
  return browsers.get(font);
}

before(async () => {
  await build({ configFile: join(web, "vite.gallery.config.ts"), root: join(web, "gallery"), logLevel: "warn" });
  server = createServer((req, res) => {
    const path = new URL(req.url ?? "/", "http://x").pathname;
    const file = normalize(join(out, path === "/" ? "index.html" : path));
    try {
      if (!file.startsWith(out)) throw new Error("outside");
      const bytes = readFileSync(file);
      res.writeHead(200, { "Content-Type": kinds[extname(file)] ?? "application/octet-stream" }).end(bytes);
    } catch {
      res.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${server.address().port}/`;
  if (pictures !== "") mkdirSync(pictures, { recursive: true });
});

after(async () => {
  for (const browser of browsers.values()) await browser.close();
  await new Promise((resolve) => server.close(resolve));
});

async function open(size) {
  const browser = await browserWith(size.font ?? 16);
  const context = await browser.newContext({ viewport: { width: size.width, height: size.height }, reducedMotion: "reduce", locale: "nn-NO" });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(base);
  await page.waitForSelector("#states");
  const states = await page.$$eval("#states a", (links) =>
    links.map((a) => ({ name: a.dataset.state, press: a.dataset.press.split(" ").filter(Boolean) })),
  );
  assert.ok(states.length > 40, "the gallery lists its states");
  return { context, page, errors, states: states.filter((s) => only.length === 0 || only.includes(s.name)) };
}

/** Shows a state in the same document, so that the page and axe are loaded once. */
async function show(page, state) {
  await page.evaluate((name) => (location.hash = name), state.name);
  await page.waitForSelector(`#app[data-state="${state.name}"] ${state.name.startsWith("call-") ? ".sk-call" : "h1"}`);
  for (const id of state.press) await page.locator(`[data-testid="${id}"]`).first().click();
}

/** What is wider than the window or than its own box, in words; runs in the page. */
const sideways = () => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const out = [...document.querySelectorAll("body *")]
      .filter((el) => el.getBoundingClientRect().right > width + 1)
      .map((el) => `${el.tagName.toLowerCase()}.${el.getAttribute("class")} to ${Math.round(el.getBoundingClientRect().right)}`);
    return out.slice(-3).join("; ") || `the page is ${document.documentElement.scrollWidth} wide`;
  }
  // Words of controls and names must be whole.
  const words = [...document.querySelectorAll(".sk-ctl > span:last-child, .ds-button, .sk-tile__label, .sk-tile__mark, .sk-person__name, [role=tab], .sk-top-button")];
  const cut = words.filter((el) => {
    if (el.clientWidth > 0 && el.scrollWidth > el.clientWidth + 1) return true;
    // A label on a picture may be hidden by the tile's edge, a word under a control by the window's.
    const box = el.getBoundingClientRect();
    const tile = el.closest(".sk-tile")?.getBoundingClientRect();
    const inside = tile ?? { left: 0, right: width, top: -Infinity, bottom: Infinity };
    return box.width > 0 && (box.left < inside.left - 1 || box.right > inside.right + 1 || box.top < inside.top - 1 || box.bottom > inside.bottom + 1);
  });
  return cut.map((el) => `cut: ${el.textContent.trim()}`).join("; ");
};

describe("the gallery", () => {
  for (const size of sizes) {
    test(`has no findings by axe and nothing cut at ${size.width} × ${size.height}`, { timeout: 300_000 }, async () => {
      const { context, page, errors, states } = await open(size);
      await page.evaluate(axe.source);
      const found = [];
      for (const state of states) {
        await show(page, state);
        const violations = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations);
        for (const v of violations) found.push(`${state.name}: ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`);
        const wide = await page.evaluate(sideways);
        if (wide !== "") found.push(`${state.name}: ${wide}`);
        if (pictures !== "") await page.screenshot({ path: join(pictures, `${state.name}-${size.width}.png`) });
      }
      await context.close();
      assert.deepEqual(found, []);
      assert.deepEqual(errors, []);
    });
  }

  for (const size of narrow) {
    test(`bears ${size.name}: nothing sideways, nothing cut`, { timeout: 300_000 }, async () => {
      const { context, page, errors, states } = await open(size);
      const found = [];
      for (const state of states) {
        await show(page, state);
        const wide = await page.evaluate(sideways);
        if (wide !== "") found.push(`${state.name}: ${wide}`);
        if (pictures !== "") await page.screenshot({ path: join(pictures, `${state.name}-${size.name}.png`), fullPage: true });
      }
      await context.close();
      assert.deepEqual(found, []);
      assert.deepEqual(errors, []);
    });
  }
});
