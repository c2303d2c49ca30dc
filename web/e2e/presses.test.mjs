// What the pages ask for when they are pressed, typed at and tabbed through. The controller is
// the gallery's: it keeps what it was asked and changes nothing else.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { show, startGallery } from "./harness/gallery.mjs";
import { untilEqual } from "./harness/wait.mjs";

const pc = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

let gallery;
before(async () => {
  gallery = await startGallery("gallery-presses");
});
after(() => gallery?.stop());

/** Opens a state and runs the steps; nothing may have gone wrong in the page. */
async function on(size, state, steps) {
  const { context, page, errors } = await gallery.open(size);
  try {
    await show(page, state);
    // The heading takes focus once the page is drawn; from then on it listens.
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    await page.evaluate(() => (window.calls.length = 0));
    await steps(page, asker(page));
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

/**
 * asked(): what has been asked of the controller since it was last asked. asked.becomes(x): the
 * same, once it is x: what follows on a press is asked when the page has been drawn anew.
 */
function asker(page) {
  const asked = () => page.evaluate(() => window.calls.splice(0));
  asked.becomes = async (expected) => {
    await untilEqual("what is asked of the controller", () => page.evaluate(() => window.calls), expected);
    await asked();
  };
  return asked;
}

const focused = (page) => page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.tagName.toLowerCase());
/** Focus moves when the page has been drawn, which a loaded machine does late. */
const focusIs = (page, testid, why = `focus is at ${testid}`) => untilEqual(why, () => focused(page), testid);

describe("the keyboard in the call", () => {
  test("M, V and H switch, also where there is no panel", async () => {
    for (const state of ["call-specialist", "call-patient"]) {
      await on(pc, state, async (page, asked) => {
        for (const key of ["m", "V", "h"]) await page.keyboard.press(key);
        await asked.becomes([
          ["setMicrophone", false],
          ["setCamera", false],
          ["raiseHand", true],
        ]);
      });
    }
  });

  test("numbers open the panel's tabs, and ? the list of keys", async () => {
    await on(pc, "call-specialist", async (page) => {
      const open = () => page.locator("[role=tab][aria-selected=true]").getAttribute("data-testid");
      assert.equal(await open(), "tab-people");
      await page.keyboard.press("3");
      assert.equal(await open(), "tab-devices");
      await page.keyboard.press("1");
      assert.equal(await open(), "tab-people");
      await page.keyboard.press("?");
      assert.equal(await open(), "tab-devices");
      assert.equal(await page.locator("kbd").first().isVisible(), true);
    });
  });

  test("means nothing while one writes, and nothing at all once it is switched off", async () => {
    await on(pc, "call-specialist", async (page, asked) => {
      await page.keyboard.press("2");
      await focusIs(page, "chat-text");
      await asked();
      await page.keyboard.type("hmv 13?");
      assert.deepEqual(await asked(), []);
      await page.keyboard.press("Enter");
      await asked.becomes([["sendChat", "hmv 13?"]]);

      await page.click("[data-testid=tab-devices]");
      await page.locator(".sk-tick input").uncheck();
      await page.locator("h1").focus();
      await asked();
      await page.keyboard.press("m");
      assert.deepEqual(await asked(), []);
    });
  });

  test("goes from the controls to the tiles, the tabs and the panel", async () => {
    await on(pc, "call-specialist", async (page) => {
      const order = [];
      for (let i = 0; i < 16; i++) {
        await page.keyboard.press("Tab");
        order.push(await focused(page));
      }
      assert.deepEqual(order.slice(0, 7), ["microphone", "camera", "swap", "add-second", "hand", "chat", "leave"]);
      assert.deepEqual(order.slice(7, 10), ["make-large", "make-large", "make-large"]);
      assert.deepEqual(order.slice(10, 13), ["admit", "refuse", "tab-people"]);
      // The panel itself can be scrolled, then what can be done with the first person.
      assert.deepEqual(order.slice(13, 16), ["div", "mute", "remove"]);
    });
  });
});

describe("a press", () => {
  test("on a tile makes its picture large, without starting any picture anew", async () => {
    await on(pc, "call-specialist", async (page, asked) => {
      await page.evaluate(() => (window.before = [...document.querySelectorAll(".sk-tile video")]));
      await page.click("[data-testid=second-picture] [data-testid=make-large]");
      await asked.becomes([["choose", { participant: "mari", source: "second" }]]);
      assert.equal(await page.locator("[data-testid=second-picture]").getAttribute("data-large"), "true");
      assert.equal(await page.evaluate(() => [...document.querySelectorAll(".sk-tile video")].every((v, i) => v === window.before[i])), true);
      // And back by the control, whose place is the same.
      await page.click("[data-testid=swap]");
      await asked.becomes([["choose", null]]);
    });
  });

  test("lets in, turns away, mutes and locks by the person's id", async () => {
    await on(pc, "call-specialist", async (page, asked) => {
      await page.click("[data-testid=admit]");
      await page.click("[data-testid=refuse]");
      await page.locator("[data-testid=person][data-participant=mari] [data-testid=mute]").click();
      await page.click("[data-testid=lock]");
      await asked.becomes([
        ["admit", "per"],
        ["refuse", "per"],
        ["mute", "mari"],
        ["lock", true],
      ]);
    });
  });

  test("on what can't be undone asks first, and the harmless answer has focus", async () => {
    await on(pc, "call-specialist", async (page, asked) => {
      await page.click("[data-testid=end]");
      await page.waitForSelector("dialog[open]");
      await page.keyboard.press("Enter"); // on the answer that has focus
      assert.deepEqual(await asked(), []);
      await focusIs(page, "end", "focus is back at the button that asked");
      await page.click("[data-testid=end]");
      await page.click("[data-testid=end-dialog-yes]");
      await asked.becomes([["endForAll"]]);

      const remove = page.locator("[data-testid=person][data-participant=mari] [data-testid=remove]");
      await remove.click();
      await page.waitForFunction(() => document.activeElement?.closest("[data-testid=remove-ask]"));
      await page.keyboard.press("Enter");
      assert.deepEqual(await asked(), []);
      await remove.click();
      await page.click("[data-testid=remove-yes]");
      await asked.becomes([["remove", "mari"]]);
    });
  });

  test("on a control moves no control, whatever it opens", async () => {
    for (const [size, state] of [
      [phone, "call-patient"],
      [pc, "call-patient"],
      [pc, "call-specialist"],
    ]) {
      await on(size, state, async (page) => {
        const places = () => page.$$eval(".sk-ctl", (all) => all.map((el) => JSON.stringify(el.getBoundingClientRect())));
        const before = await places();
        await page.click("[data-testid=chat]");
        await focusIs(page, "chat-text");
        assert.deepEqual(await places(), before, `${state} at ${size.width}`);
      });
    }
  });

  test("closes the patient's messages with Escape, and focus is where it was", async () => {
    await on(phone, "call-patient", async (page, asked) => {
      await page.click("[data-testid=chat]");
      await focusIs(page, "chat-text");
      await asked.becomes([["openChat", true]]);
      await page.keyboard.press("Escape");
      await focusIs(page, "chat");
      await asked.becomes([["openChat", false]]);
    });
  });

  test("on a notice's button does what it says, and takes the notice away", async () => {
    await on(phone, "call-patient-muted", async (page, asked) => {
      await page.click("[data-testid=notice] button:first-of-type");
      await asked.becomes([
        ["setMicrophone", true],
        ["dismiss", 1],
      ]);
    });
  });
});

describe("the way in", () => {
  test("opening the choice of devices stops the countdown", async () => {
    await on(phone, "check", async (page, asked) => {
      await page.click("[aria-controls=devices]");
      await asked.becomes([["stayInCheck"]]);
      await page.selectOption("[data-testid=choose-camera]", "b");
      await asked.becomes([["switchDevice", "camera", "b"]]);
    });
  });

  test("another language is spoken at once, also to a screen reader", async () => {
    await on(phone, "welcome", async (page) => {
      await page.selectOption("[data-testid=language]", "en");
      assert.equal(await page.textContent("[data-testid=join]"), "Join the call");
      assert.equal(await page.getAttribute("html", "lang"), "en");
    });
  });

  test("the patient's name stands on nobody's greeting", async () => {
    for (const state of ["welcome", "welcome-relative", "welcome-nurse"]) {
      await on(phone, state, async (page) => assert.doesNotMatch(await page.locator("body").innerText(), /Olav/, state));
    }
  });
});

describe("the appointment behind a link", () => {
  const times = (page) => page.locator("[data-testid=time]");

  test("several times suit by one press each, on the whole row, and go with one answer", async () => {
    await on(phone, "times", async (page, asked) => {
      await page.click("[data-testid=times-send]");
      assert.match(await page.locator("[data-testid=mistake]:not([hidden])").innerText(), /Trykk på minst ei tid/);
      assert.deepEqual(await asked(), []);
      const row = await page.locator(".sk-pick").nth(1).boundingBox();
      await page.mouse.click(row.x + row.width - 4, row.y + row.height / 2);
      assert.equal(await page.locator("[data-testid=mistake]:not([hidden])").count(), 0);
      await times(page).nth(0).focus();
      await page.keyboard.press("Space");
      await times(page).nth(2).press("Space");
      await times(page).nth(2).press("Space");
      await page.click("[data-testid=times-send]");
      await asked.becomes([
        [
          "answer",
          {
            answers: [
              { option: "a", answer: "accepted" },
              { option: "b", answer: "accepted" },
              { option: "c", answer: "declined" },
            ],
          },
        ],
      ]);
    });
  });

  test("when none suits, one says so in own words, at a time, or asks to be rung", async () => {
    const none = ["a", "b", "c"].map((option) => ({ option, answer: "declined" }));
    await on(phone, "times", async (page, asked) => {
      await page.click("[data-testid=times-none]");
      await focusIs(page, "h1");
      await asked();
      await page.click("[data-testid=suggest-send]");
      await asked.becomes([["answer", { answers: none, comment: "", starts: 0 }]]);
      await page.fill("[data-testid=suggest-words]", "Etter kl. 12");
      await page.click("[data-testid=ring-me]");
      await asked.becomes([["answer", { answers: none, comment: "Etter kl. 12 – Ring meg, så finn vi ei tid.", starts: 0 }]]);
      await page.click("[data-testid=suggest-exact]");
      await page.fill("[data-testid=suggest-day]", "2026-11-25");
      await page.click("[data-testid=suggest-send]");
      assert.match(await page.locator("[data-testid=mistake]:not([hidden])").innerText(), /klokkeslett/);
      await focusIs(page, "suggest-time");
      assert.deepEqual(await asked(), []);
      await page.fill("[data-testid=suggest-time]", "13:00");
      await page.click("[data-testid=suggest-send]");
      // One o'clock in Norway, whatever zone the browser stands in.
      await asked.becomes([["answer", { answers: none, comment: "Etter kl. 12", starts: Date.UTC(2026, 10, 25, 12) }]]);
      await page.click("[data-testid=step-back]");
      await asked.becomes([["step", ""]]);
      await focusIs(page, "h1");
    });
  });

  test("a booked time suits or not by one press, and the answer can be another", async () => {
    await on(phone, "confirm", async (page, asked) => {
      await page.click("[data-testid=confirm-yes]");
      await asked.becomes([["answer", { answers: [{ option: "", answer: "accepted" }] }]]);
      await page.click("[data-testid=confirm-no]");
      await asked.becomes([["step", "suggest"]]);
      await page.click("[data-testid=suggest-send]");
      await asked.becomes([["answer", { answers: [{ option: "", answer: "declined" }], comment: "", starts: 0 }]]);
    });
    for (const [state, change] of [["coming", "confirm-change"], ["declined", "confirm-after-all"]]) {
      await on(phone, state, async (page, asked) => {
        await page.click(`[data-testid=${change}]`);
        await asked.becomes([["step", "confirm"]]);
        assert.equal(await page.locator("[data-testid=confirm-yes]").isVisible(), true);
      });
    }
  });

  test("before it there is a test of the device, an interpreter and the calendar", async () => {
    await on(phone, "coming", async (page, asked) => {
      await page.click("[data-testid=test-devices]");
      await page.click("[data-testid=to-calendar]");
      await page.click("[data-testid=interpreter]");
      await asked.becomes([["testDevices"], ["addToCalendar"], ["step", "interpreter"]]);
      await page.click("[data-testid=interpreter-send]");
      await focusIs(page, "interpreter-language");
      assert.deepEqual(await asked(), []);
      await page.selectOption("[data-testid=interpreter-language]", "pl");
      await page.click("[data-testid=interpreter-send]");
      await asked.becomes([["answer", { answers: [], interpreter: "pl" }]]);
    });
    await on(phone, "check-test", async (page, asked) => {
      assert.equal(await page.locator("[data-testid=continue]").count(), 0);
      await page.click("[data-testid=test-done]");
      await asked.becomes([["back"]]);
    });
  });

  test("who is late says by how much, and is ready after all", async () => {
    await on(phone, "open-late", async (page, asked) => {
      await page.click("[data-testid=say-late]");
      await focusIs(page, "h1");
      await page.click("[data-testid=late-10]");
      await asked.becomes([["step", "late"], ["tell", { state: "late", minutes: 10 }]]);
    });
    await on(phone, "open-late-self", async (page, asked) => {
      await page.click("[data-testid=ready]");
      await asked.becomes([["tell", { state: "ready" }]]);
    });
  });

  test("staff are asked nothing of it", async () => {
    await on(phone, "welcome-nurse", async (page) => {
      for (const id of ["confirm-yes", "test-devices", "interpreter", "say-late", "to-calendar"]) assert.equal(await page.locator(`[data-testid=${id}]`).count(), 0, id);
      assert.equal(await page.locator("[data-testid=join]").isVisible(), true);
    });
  });

  test("the patient's name is on none of its pages", async () => {
    for (const state of ["times", "times-thanks", "confirm-relative", "coming", "declined", "moved", "open-late", "cancelled", "interpreter"]) {
      await on(phone, state, async (page) => {
        assert.doesNotMatch(await page.evaluate(() => document.title + document.body.innerText), /Olav/, state);
      });
    }
  });
});
