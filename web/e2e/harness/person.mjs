// One person at one page, whichever browser it is in. A browser brings a driver with
// evaluate(fn, arg), click(selector), type(selector, text), press(key), goto(url), reload(),
// screenshot(file), complaints() and close(); everything else is the same for all of them.

import { isDeepStrictEqual } from "node:util";
import { palette, people } from "./people.mjs";
import { patience, until, untilEqual } from "./wait.mjs";

const nearTone = 6; // Hz
const loud = -50; // dB: a tone of the fakes comes with −25
const still = -80; // dB: under this nothing is heard
const moves = 5; // frames that a live picture must have moved while it is looked at

const byTestid = (testid) => `[data-testid="${testid}"]`;

export class Person {
  constructor(who, driver) {
    this.who = who;
    this.driver = driver;
    this.timings = {};
  }

  get name() {
    return this.who.name;
  }

  evaluate(fn, arg) {
    return this.driver.evaluate(fn, arg);
  }

  /** Opens a link anew, also when the page is there already. */
  async open(link) {
    await this.driver.goto("about:blank");
    await this.driver.goto(link);
  }

  reload() {
    return this.driver.reload();
  }

  /** Presses a button as a person would: it must be visible and free to be pressed. within: a selector around it. */
  press(testid, within = "") {
    return this.driver.click(`${within} ${byTestid(testid)}`.trim());
  }

  /** Presses a key of the keyboard. */
  key(key) {
    return this.driver.press(key);
  }

  /** Chooses another device in the list that is open. kind: "camera", "microphone", "speaker". */
  choose(kind, device) {
    return this.driver.select(byTestid(`choose-${kind}`), device);
  }

  async write(text) {
    await this.driver.type(byTestid("chat-text"), text);
    await this.press("chat-send");
  }

  /** Waits for a page of the flow: "welcome", "check", "waiting", "call", "over", "failed". */
  async on(page, within) {
    await untilEqual(`${this.name} is on page ${page}`, () => this.evaluate(() => document.documentElement.dataset.page), page, within);
  }

  /**
   * The link, one press, and the device check goes by: into the waiting room or the call.
   * hurry: goes on when all is good; else its countdown of 3 s passes, as people let it.
   */
  async enter(link, page, { hurry = true } = {}) {
    await this.open(link);
    await this.join(page, { hurry });
  }

  /** From the greeting by one press, as enter does. Where the check finds the network poor, as on a machine with much to do, one goes on oneself. */
  async join(page, { hurry = true } = {}) {
    await this.on("welcome");
    const pressed = performance.now();
    await this.press("join");
    await untilEqual(
      `${this.name} is on page ${page}`,
      () =>
        this.evaluate(([hurry, long]) => {
          // Not by Person.press: the button may be gone the next moment, when the countdown is over.
          if (long || (hurry && document.querySelector("[data-testid=countdown]"))) document.querySelector("[data-testid=continue]")?.click();
          return document.documentElement.dataset.page;
        }, [hurry, performance.now() - pressed > patience / 2]),
      page,
    );
    this.timings[`join pressed → ${page}${hurry ? "" : ", countdown of 3 s included"}`] = Math.round(performance.now() - pressed);
  }

  /** The text of an element, or null when there is none that can be seen. */
  text(selector) {
    return this.evaluate((s) => {
      const el = document.querySelector(s);
      return el && el.getClientRects().length > 0 ? el.innerText.replace(/\s+/g, " ").trim() : null;
    }, selector);
  }

  async says(selector, pattern, within) {
    return until(
      `${this.name} reads ${pattern} in ${selector}`,
      async () => {
        const value = await this.text(selector);
        return { problem: value !== null && pattern.test(value) ? "" : `it says ${JSON.stringify(value)}`, value };
      },
      within,
    );
  }

  async lacksWords(selector, pattern, within) {
    return until(
      `${this.name} no longer reads ${pattern} in ${selector}`,
      async () => {
        const value = await this.text(selector);
        return { problem: value !== null && !pattern.test(value) ? "" : `it says ${JSON.stringify(value)}`, value };
      },
      within,
    );
  }

  has(selector, within) {
    return untilEqual(`${this.name} sees ${selector}`, async () => (await this.text(selector)) !== null, true, within);
  }

  lacks(selector, within) {
    return untilEqual(`${this.name} sees no ${selector}`, async () => (await this.text(selector)) !== null, false, within);
  }

  tiles() {
    return this.evaluate(() => window.eyes.tiles());
  }

  sounds() {
    return this.evaluate(() => window.eyes.sounds());
  }

  /** Media packets that have come to this page. */
  packets() {
    return this.evaluate(() => window.eyes.packets());
  }

  /**
   * Waits until exactly the given people's pictures and sounds are here, each in the person's
   * own colour and tone, under the right name and role, and moving.
   * @param others people; each { who, picture?: false, sound?: false, second?: true, colour?, tone? }, or a person of people.mjs
   */
  async sees(others, within = patience) {
    const wanted = others.map((o) => (o.who ? o : { who: o }));
    const first = new Map(); // frames of a tile when it was first right
    return until(
      `${this.name} sees and hears ${wanted.map((w) => w.who.name).join(", ") || "nobody"}`,
      async () => {
        const [tiles, sounds] = await this.evaluate(() => [window.eyes.tiles(), window.eyes.sounds()]);
        const remote = tiles.filter((t) => !t.self);
        const is = {
          tiles: remote.map((t) => `${t.name}, ${t.role}, ${t.source}: ${t.colour}`).sort(),
          sounds: sounds.map((s) => `${s.name}, ${s.role}: ${toneName(s)}`).sort(),
        };
        const should = {
          tiles: wanted
            .flatMap(({ who, picture = true, second = false, colour = who.colour }) => [
              `${who.name}, ${who.role}, camera: ${picture ? colour : "none"}`,
              ...(second ? [`${who.name}, ${who.role}, second: ${who.second}`] : []),
            ])
            .sort(),
          sounds: wanted.map(({ who, sound = true, tone = who.tone }) => `${who.name}, ${who.role}: ${sound ? `${tone} Hz` : "still"}`).sort(),
        };
        if (!isDeepStrictEqual(is, should)) {
          first.clear();
          return { problem: `should: ${JSON.stringify(should)}\n    is: ${JSON.stringify(is)}` };
        }
        const standing = remote.filter((t) => {
          if (t.colour === "none") return false;
          const key = `${t.participant} ${t.source}`;
          if (!first.has(key)) first.set(key, t.frames);
          return t.frames - first.get(key) < moves;
        });
        return { problem: standing.map((t) => `the ${t.source} of ${t.name} has only ${t.frames - first.get(`${t.participant} ${t.source}`)} new frames`).join(", "), value: tiles };
      },
      within,
    );
  }

  /** Throws what axe finds wrong with the page as it is now: WCAG's rules as far as a machine can tell, and best practice. */
  async accessible() {
    const violations = await this.driver.axe();
    if (violations.length > 0) {
      throw new Error(violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `  ${n.target.join(" ")}: ${n.failureSummary.replace(/\s+/g, " ")}`).join("\n")}`).join("\n"));
    }
  }

  /** What the browser complained of, and requests to others than the service; empty when all is well. */
  async complaints() {
    const policy = await this.evaluate(() => window.eyes.complaints).catch(() => []);
    return [...(await this.driver.complaints()), ...policy];
  }

  close() {
    return this.driver.close();
  }
}

/** A person's tone in words: "610 Hz" when it is one of the people's, else what was heard. */
function toneName({ hz, db, audible }) {
  if (!audible) return "not played";
  if (db < still) return "still";
  const tone = Object.values(people)
    .flatMap((p) => [p.tone, p.headset])
    .find((f) => Math.abs(f - hz) <= nearTone);
  return tone && db > loud ? `${tone} Hz` : `unclear, ${hz} Hz at ${db} dB`;
}

/** What a browser's page needs to know of a person, for fakeDevices. */
export function devicesOf(who, more = {}) {
  return { colour: palette[who.colour], second: palette[who.second], tone: who.tone, headset: who.headset, ...more };
}
