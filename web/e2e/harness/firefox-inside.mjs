// Runs inside the network namespace: Firefox talks to its driver over loopback, so the driver
// must be where the browser is. Takes orders from firefox.mjs over the process's channel.

import puppeteer from "puppeteer-core"; // drives Debian's own Firefox, which playwright can't

const orders = {
  async launch({ executablePath, scripts, viewport, patience, prefs }) {
    browser = await puppeteer.launch({
      browser: "firefox",
      executablePath,
      headless: true,
      acceptInsecureCerts: true,
      defaultViewport: viewport,
      extraPrefsFirefox: prefs,
    });
    page = await browser.newPage();
    page.setDefaultTimeout(patience);
    page.on("console", (message) => message.type() === "error" && complaints.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`error: ${error.stack ?? error}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) complaints.push(`request to another host: ${request.url()}`);
    });
    for (const script of scripts) await page.evaluateOnNewDocument(script);
    return browser.version();
  },
  evaluate: (source) => page.evaluate(source),
  async goto(url) {
    host = new URL(url).host || host;
    await page.goto(url);
  },
  reload: async () => void (await page.reload()),
  click: (selector) => page.locator(selector).click(),
  type: (selector, text) => page.locator(selector).fill(text),
  select: (selector, value) => page.select(selector, value),
  press: (key) => page.keyboard.press(key),
  screenshot: async (file) => void (await page.screenshot({ path: file })),
  complaints: () => complaints,
  close: () => browser?.close(),
};

let browser;
let page;
let host = "";
const complaints = [];

process.on("message", async ({ id, order, args }) => {
  let answer;
  try {
    answer = { id, value: await orders[order](...args) };
  } catch (error) {
    answer = { id, error: String(error?.stack ?? error) };
  }
  process.send(answer, () => order === "close" && process.disconnect());
});
// Whoever gave the orders is gone: the browser goes too.
process.on("disconnect", () => void Promise.resolve(browser?.close()).finally(() => process.exit(0)));
