// A photo of the wound in the call: the specialist asks, the nurse presses, both see it large, the
// specialist draws, and nurse and patient see the stroke while it is drawn. The daughter has not been
// given the right to see wounds: no frame with the photo's id, and no stroke on it, comes to her page.

import assert from "node:assert/strict";
import test from "node:test";
import { admit, browsers, enter, noComplaints, steps, tellTimings } from "./harness/call.mjs";
import { startServer } from "./harness/server.mjs";
import { until } from "./harness/wait.mjs";

/** What comes to a page by its websocket, from now on. */
function frames(person) {
  const got = [];
  person.driver.page.on("websocket", (socket) => socket.on("framereceived", (frame) => got.push(String(frame.payload))));
  return got;
}

const shown = "[data-testid=shown-photo]";

/** Where a picture is on the screen. */
const box = (person, selector) =>
  person.evaluate((s) => {
    const { x, y, width, height } = document.querySelector(s).getBoundingClientRect();
    return { x, y, width, height };
  }, selector);

/** The paths of the strokes that stand on a photo. */
const strokes = (person, within) => person.evaluate((s) => [...document.querySelectorAll(`${s} [data-testid=stroke]`)].map((g) => g.querySelector("path").getAttribute("d")), within);

test("a photo is asked for, taken, shown large and drawn on, before those who may see it", { timeout: 240_000 }, async (t) => {
  const server = await startServer(t);
  const all = await browsers(t, ["specialist", "nurse", "patient", "relative"]);
  const { specialist, nurse, patient, relative } = all;
  const heard = frames(relative);
  const everyone = Object.values(all);
  const step = steps(t, everyone, server);
  let photo = "";

  await step("all are in the call", async () => {
    await enter(server, everyone);
    await admit(specialist, patient);
    await admit(specialist, relative);
  });

  await step("the specialist stops the large picture for all, and lets it go on", async () => {
    await specialist.press("freeze");
    for (const p of everyone) await p.has("[data-testid=frozen]");
    await nurse.says("[data-testid=frozen-by]", /Frose av Tuva Ask/);
    for (const p of everyone) {
      await until(`${p.name} has a frame of it, and no empty picture`, async () => {
        const seen = await p.evaluate(() => {
          const canvas = document.querySelector("[data-testid=frozen]");
          const { width, height } = canvas;
          // What nothing was drawn on is see-through (HTML §4.12.5.1: transparent black).
          const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
          return { width, height, opaque: data.every((v, i) => i % 4 !== 3 || v === 255), dark: data.every((v, i) => i % 4 === 3 || v < 20) };
        });
        return { problem: seen.opaque && !seen.dark ? "" : JSON.stringify(seen) };
      });
    }
    await specialist.press("freeze");
    for (const p of everyone) await p.lacks("[data-testid=frozen]");
  });

  await step("the specialist asks for a still, and the nurse takes it with one button", async () => {
    await specialist.press("ask-still");
    await nurse.says("[data-testid=still]", /Tuva Ask ber om bilete av såret/);
    await nurse.press("still-take");
    await nurse.has("[data-testid=still-preview]");
    await nurse.press("still-use");
  });

  await step("it stands large before all who may see it", async () => {
    for (const p of [specialist, nurse, patient]) {
      await p.has(shown);
      await until(`${p.name} has the picture itself`, async () => {
        const wide = await p.evaluate((s) => document.querySelector(`${s} img`)?.naturalWidth ?? 0, shown);
        return { problem: wide > 0 ? "" : "none yet" };
      });
    }
    photo = await nurse.evaluate((s) => document.querySelector(s).dataset.photo, shown);
    assert.ok(photo.length > 0);
    assert.equal(await specialist.evaluate((s) => document.querySelector(s).dataset.photo, shown), photo);
  });

  await step("the specialist draws, and nurse and patient see the stroke while it is drawn", async () => {
    await specialist.press("draw");
    await specialist.has("[data-testid=draw-tools]");
    const { x, y, width, height } = await box(specialist, `${shown} [data-testid=draw-surface]`);
    const { mouse } = specialist.driver.page;
    await mouse.move(x + width * 0.4, y + height * 0.4);
    await mouse.down();
    for (let i = 1; i <= 10; i++) await mouse.move(x + width * (0.4 + i / 50), y + height * (0.4 + i / 50));
    // The button of the mouse is still down.
    for (const p of [nurse, patient]) {
      await until(`${p.name} sees the stroke`, async () => {
        const got = await strokes(p, shown);
        return { problem: got.length === 1 && got[0].length > 30 ? "" : JSON.stringify(got) };
      });
    }
    await mouse.up();
    await until("it is the same on all pages, in the picture's own places", async () => {
      const [a, b, c] = await Promise.all([specialist, nurse, patient].map((p) => strokes(p, shown)));
      return { problem: a.length === 1 && a[0] === b[0] && a[0] === c[0] ? "" : JSON.stringify([a, b, c]) };
    });
  });

  await step("the drawing is saved, and stands for the others as saved", async () => {
    await specialist.press("draw-save");
    await specialist.says("[data-testid=draw-tools]", /Teikninga er lagra/);
    await specialist.press("draw-done");
    for (const p of [nurse, patient]) {
      await until(`${p.name} sees it still`, async () => {
        const got = await strokes(p, shown);
        return { problem: got.length === 1 ? "" : JSON.stringify(got) };
      });
    }
    await specialist.press("hide-photo");
    for (const p of [specialist, nurse, patient]) await p.lacks(shown);
  });

  await step("who may not see wounds was never sent the photo's id, nor a stroke on it", async () => {
    for (const frame of heard) {
      assert.ok(!frame.includes(photo), frame.slice(0, 80));
      assert.doesNotMatch(frame, /"type":"(shown|photographed|wounded|drawn)"/);
    }
    assert.ok(heard.some((f) => f.includes('"type":"frozen"')), "frames of the daughter were inspected");
    assert.equal(await relative.evaluate((s) => document.querySelector(s), shown), null);
  });

  await noComplaints(everyone);
  tellTimings(t, everyone);
});
