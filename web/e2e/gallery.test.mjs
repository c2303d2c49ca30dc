// Every page and state of the gallery, in the three window sizes, through axe: no findings,
// and nothing cut or wider than the window. PICTURES=folder keeps a picture of each;
// ONLY=name,name takes some of them.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import axe from "axe-core";
import { show, startGallery } from "./harness/gallery.mjs";

const pictures = process.env["PICTURES"] ?? "";
const only = (process.env["ONLY"] ?? "").split(",").filter((name) => name !== "");

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

let gallery;
before(async () => {
  gallery = await startGallery("gallery");
  if (pictures !== "") mkdirSync(pictures, { recursive: true });
});
after(() => gallery?.stop());

async function open(size) {
  const { states, ...rest } = await gallery.open(size);
  assert.ok(states.length > 40, "the gallery lists its states");
  return { ...rest, states: states.filter((s) => only.length === 0 || only.includes(s.name)) };
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

/** Targets that are too small for a finger (design: 44 px on phone and tablet, 40 at a PC), in words; runs in the page. */
const small = () => {
  const least = document.querySelector(".sk-cs") && innerWidth >= 1024 ? 40 : 44;
  const targets = [...document.querySelectorAll("button, a[href], select, input, textarea, [role=tab]")].filter((el) => el.getClientRects().length > 0);
  return targets
    .filter((el) => !el.closest("p")) // a link within a sentence (WCAG 2.5.8, inline)
    .map((el) => ({ el: el.closest("label") ?? el, box: (el.closest("label") ?? el).getBoundingClientRect() }))
    .filter(({ box }) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(({ el, box }) => `small: ${el.dataset.testid ?? el.textContent.trim()} ${Math.round(box.width)} × ${Math.round(box.height)}`)
    .join("; ");
};

// Two at once: each has a browser window of its own, and none waits for what another shows.
describe("the gallery", { concurrency: 2 }, () => {
  for (const size of sizes) {
    test(`has no findings by axe and nothing cut at ${size.width} × ${size.height}`, { timeout: 1_200_000 }, async () => {
      const { context, page, errors, states } = await open(size);
      await page.evaluate(axe.source);
      const found = [];
      for (const state of states) {
        await show(page, state.name, state.press);
        const violations = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations);
        for (const v of violations) found.push(`${state.name}: ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`);
        const wide = await page.evaluate(sideways);
        if (wide !== "") found.push(`${state.name}: ${wide}`);
        const fingers = await page.evaluate(small);
        if (fingers !== "") found.push(`${state.name}: ${fingers}`);
        // On a tablet and a PC the call fills the window; a call that is longer inside would be
        // scrolled by whoever tabs through it.
        const longer = await page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll(".sk-call")].map((el) => el.scrollHeight - el.clientHeight)));
        if (state.name.startsWith("call-") && size.width >= 1024 && longer > 0) found.push(`${state.name}: ${longer} px longer than the window`);
        if (pictures !== "") await page.screenshot({ path: join(pictures, `${state.name}-${size.width}.png`) });
      }
      await context.close();
      assert.deepEqual(found, []);
      assert.deepEqual(errors, []);
    });
  }

  for (const size of narrow) {
    test(`bears ${size.name}: nothing sideways, nothing cut`, { timeout: 1_200_000 }, async () => {
      const { context, page, errors, states } = await open(size);
      const found = [];
      for (const state of states) {
        await show(page, state.name, state.press);
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
