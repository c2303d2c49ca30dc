// The gallery, built and served on a free port, and browsers whose readers have asked for
// larger text. What a page asks of its controller is kept in window.calls.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build } from "vite";

const web = fileURLToPath(new URL("../..", import.meta.url));
const kinds = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const flags = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/**
 * @param name of the folder it is built into, so that two tests can do so at once
 * @param more flags of the browser
 */
export async function startGallery(name, more = []) {
  const out = join(web, "test-results", name);
  await build({ configFile: join(web, "vite.gallery.config.ts"), root: join(web, "gallery"), logLevel: "warn", build: { outDir: out, emptyOutDir: true } });
  const server = createServer((req, res) => {
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
  const base = `http://127.0.0.1:${server.address().port}/`;
  const browsers = new Map();

  /** A browser whose reader has asked for text of this size, in px. */
  const browserWith = (font) => {
    if (!browsers.has(font)) {
      // The promise itself: who asks meanwhile gets the same one.
      const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
      browsers.set(font, chromium.launch({ executablePath, chromiumSandbox: false, args: [...flags, ...more, `--blink-settings=defaultFontSize=${font}`] }));
    }
    return browsers.get(font);
  };

  return {
    /** A page on the gallery's list, with what went wrong in it and the states it can show. */
    async open({ width, height, font = 16 }) {
      const context = await (await browserWith(font)).newContext({ viewport: { width, height }, reducedMotion: "reduce", locale: "nn-NO" });
      const page = await context.newPage();
      const errors = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      await page.goto(base);
      await page.waitForSelector("#states");
      const states = await page.$$eval("#states a", (links) => links.map((a) => ({ name: a.dataset.state, press: a.dataset.press.split(" ").filter(Boolean) })));
      return { context, page, errors, states };
    },
    async stop() {
      for (const browser of browsers.values()) await (await browser).close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Shows a state in the same document, so that the page is loaded once. */
export async function show(page, name, press = []) {
  await page.evaluate((state) => (location.hash = state), name);
  await page.waitForSelector(`#app[data-state="${name}"] ${name.startsWith("call-") ? ".sk-call" : "h1"}`);
  for (const id of press) {
    await page.locator(`[data-testid="${id}"]`).first().click();
    await page.evaluate(() => globalThis.settled?.());
  }
}
