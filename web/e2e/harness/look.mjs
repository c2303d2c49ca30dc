// Looking at a page: in the three sizes, with a picture of each in test-results/pages.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const pictures = fileURLToPath(new URL("../../test-results/pages/", import.meta.url));
const sizes = { phone: { width: 390, height: 844 }, tablet: { width: 1024, height: 768 }, pc: { width: 1440, height: 900 } };
const usual = { patient: sizes.phone, relative: sizes.phone, nurse: sizes.tablet };

/** The size of window that a person has. */
export const usualSize = (who) => usual[who.role] ?? sizes.pc;

/**
 * Looks at a page in all sizes, ending with the one its person uses: axe finds nothing and
 * nothing is wider than the window. whole: the picture is of all that can be scrolled to.
 */
export async function look(person, name, { whole = false } = {}) {
  const own = usualSize(person.who);
  for (const size of [...Object.values(sizes).filter((s) => s !== own), own]) {
    await person.driver.resize(size);
    // Two frames: laid out, and painted.
    await person.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await person.driver.screenshot(`${pictures}${name}-${size.width}.png`, { whole });
    const over = await person.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${name} at ${size.width}: ${over} px wider than the window`);
    await person.accessible().catch((error) => {
      throw new Error(`${name} at ${size.width} × ${size.height}: ${error.message}`, { cause: error });
    });
  }
}
