// The coordinator's pages pressed and typed at: a time for three parties by the keyboard alone,
// what is asked of the service for each press, and a calendar of fifty people. The service is
// the gallery's.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { show, startGallery } from "./harness/gallery.mjs";
import { Robot } from "./harness/robot.mjs";
import { until, untilEqual } from "./harness/wait.mjs";

const pc = { width: 1440, height: 900 };

let gallery;
before(async () => {
  gallery = await startGallery("gallery-booking");
});
after(() => gallery?.stop());

/** Opens a state and runs the steps; nothing may have gone wrong in the page. */
async function on(state, steps, press = []) {
  const { context, page, errors } = await gallery.open(pc);
  try {
    await show(page, state, press);
    await steps(page);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

const focused = (page) => page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.getAttribute("name") ?? document.activeElement?.tagName.toLowerCase());
const focusIs = (page, name) => untilEqual(`focus is at ${name}`, () => focused(page), name);
/** What was asked of the service by this name, the last first. */
const asked = (page, name) => page.evaluate((n) => window.calls.filter((c) => c[0] === n).map((c) => c[1]).reverse(), name);
const isAsked = async (page, name) => {
  await until(`${name} is asked`, async () => ({ problem: (await asked(page, name)).length > 0 ? "" : "not yet" }));
  return (await asked(page, name))[0];
};

/** Someone at the keyboard alone: no pointing, but a thought before each field and each key that goes on. */
class Typist extends Robot {
  thoughts = 0;

  async type(text) {
    this.thoughts++;
    this.fields++;
    this.keys += text.length;
    await this.page.keyboard.type(text);
  }

  async enter() {
    this.thoughts++;
    this.keys++;
    await this.page.keyboard.press("Enter");
  }

  /** Keystroke-level model: 0.28 s a key, 1.35 s a thought. */
  get seconds() {
    return this.keys * 0.28 + this.thoughts * 1.35;
  }
}

describe("a new consultation", () => {
  test("for three parties is sent by the keyboard alone, in well under a minute", async (t) => {
    await on("plan-what", async (page) => {
      const siv = new Typist(page);
      await focusIs(page, "template-wound");
      await siv.enter(); // the usual kind is chosen already
      await focusIs(page, "patient");
      await siv.type("alm");
      await siv.enter();
      await focusIs(page, "person-p1");
      await siv.type("tuv");
      await siv.enter();
      await focusIs(page, "person-p2");
      await siv.type("mar");
      await siv.enter();
      await focusIs(page, "go-on");
      await siv.enter();
      await focusIs(page, "slot-2026-11-24-750"); // the best two are chosen
      await siv.enter();
      await focusIs(page, "question");
      await siv.enter();
      await focusIs(page, "mode-propose");
      await siv.enter();
      const sent = await isAsked(page, "POST /bookings");
      assert.deepEqual(
        sent.parties.map((p) => [p.person, p.role, p.organisation, p.required, p.attends, p.before, p.after]),
        [
          ["tuva", "specialist", "hospital", true, "online", 0, 0],
          ["mari", "nurse", "municipality", true, "visit", 15, 15],
          ["person-alm", "patient", "", true, "online", 0, 0],
        ],
      );
      assert.equal(sent.mode, "propose");
      assert.deepEqual(sent.times.map((ms) => new Date(ms).toISOString()), ["2026-11-24T11:30:00.000Z", "2026-11-26T08:00:00.000Z"]);
      await page.waitForSelector("[data-testid=sent]");
      t.diagnostic(`${siv.fields} fields, ${siv.keys} keys, ${siv.presses} presses with the mouse: about ${Math.round(siv.seconds)} s`);
      assert.ok(siv.seconds < 60, `${siv.seconds} s`);
    });
  });

  test("with whoever suits best asks for any of them, and sends who was found", async () => {
    await on("plan-what", async (page) => {
      await page.keyboard.press("Enter");
      await focusIs(page, "patient");
      await page.keyboard.type("alm");
      for (const field of ["person-p1", "person-p2", "go-on", "slot-2026-11-24-750"]) {
        await page.keyboard.press("Enter");
        await focusIs(page, field);
      }
      const search = await isAsked(page, "POST /times");
      assert.deepEqual(search.parties.slice(0, 2).map((p) => [p.person, p.anyOf]), [["", ["tuva", "jon", "liv"]], ["", ["mari", "ane", "bo"]]]);
      for (const field of ["question", "mode-propose"]) {
        await page.keyboard.press("Enter");
        await focusIs(page, field);
      }
      await page.keyboard.press("Enter");
      assert.deepEqual((await isAsked(page, "POST /bookings")).parties.map((p) => p.person), ["tuva", "mari", "person-alm"]);
    });
  });

  test("says what is missing only when going on is pressed, and goes there", async () => {
    await on("plan-what", async (page) => {
      assert.equal(await page.locator("[aria-invalid=true]").count(), 0);
      await page.click("[data-testid=go-on]");
      await focusIs(page, "patient");
      assert.equal(await page.locator("[aria-invalid=true]").count(), 3);
    });
  });

  test("keeps what is chosen when a time is taken meanwhile, and leads to new ones", async () => {
    await on("plan-send-taken", async (page) => {
      await page.waitForSelector("[data-testid=send-problem]");
      assert.match(await page.textContent("[data-testid=send-problem]"), /Mari Bjørk.*Ingenting er sendt/);
      await focusIs(page, "new-times");
      await page.keyboard.press("Enter");
      await focusIs(page, "slot-2026-11-24-750");
      assert.equal(await page.locator("[data-testid^=slot-]:checked").count(), 2);
    }, ["go-on", "go-on", "go-on", "send"]);
  });

  test("is not left by mistake once something is chosen", async () => {
    await on("plan-what", async (page) => {
      await page.click("[data-testid=template-first]");
      await page.click("[data-testid=brand]");
      await page.waitForSelector("dialog[open]");
      await page.locator("dialog button").first().click();
      assert.equal(await page.isChecked("[data-testid=template-first]"), true);
    });
  });

  test("asks which of two hours is meant on the night that has one twice, and refuses one that isn't", async () => {
    await on("plan-times-hand", async (page) => {
      await page.fill("[data-testid=hand-date]", "2026-10-25");
      await page.fill("[data-testid=hand-time]", "02.30");
      await page.click("[data-testid=hand-add]");
      await page.click("[data-testid=hand-second]");
      await page.click("[data-testid=hand-add]");
      await page.waitForSelector("[data-testid=slot-2026-10-25-150]:checked");
      await page.fill("[data-testid=hand-date]", "2027-03-28");
      await page.fill("[data-testid=hand-time]", "02.30");
      await page.keyboard.press("Enter");
      await page.waitForSelector("[data-testid=hand-time][aria-invalid=true]");
    }, ["go-on", "by-hand"]);
  });

  test("that is booked at once takes one time, and may be repeated", async () => {
    await on("plan-send-book", async (page) => {
      await page.fill("[data-testid=every-weeks]", "4");
      await page.fill("[data-testid=count]", "1");
      await page.click("[data-testid=send]");
      await focusIs(page, "count");
      await page.fill("[data-testid=count]", "6");
      await page.click("[data-testid=send]");
      const sent = await isAsked(page, "POST /bookings");
      assert.deepEqual([sent.mode, sent.times.length, sent.series], ["book", 1, { everyWeeks: 4, count: 6, skipBusy: true }]);
    }, ["go-on", "go-on", "go-on", "mode-book", "repeat"]);
  });
});

describe("what waits", () => {
  test("is seen to by one press each, and says so where it was pressed", async () => {
    await on("calendar-panel-done", async (page) => {
      await page.click("[data-testid=todo-suggested-hegg]");
      assert.deepEqual(await isAsked(page, "POST /bookings/{id}/answers"), { participant: "", answers: [{ option: "o2", answer: "accepted" }], comment: "", starts: 0 });
      await untilEqual("what is said has focus", () => page.evaluate(() => document.activeElement?.getAttribute("role")), "status");
    });
    await on("calendar-panel-failed", async (page) => {
      await page.click("[data-testid=todo-not-ready-eik]");
      assert.deepEqual(await isAsked(page, "POST /bookings/{id}/remind"), { participant: "p-per" });
      await page.waitForSelector("[data-testid=todo] [role=alert]");
      await page.click("[data-testid=todo-link-unanswered-alm]");
      await page.waitForSelector("h1");
    });
  });
});

describe("one booking", () => {
  test("is answered for the patient, who is rung", async () => {
    await on("booking-answered", async (page) => {
      await page.click("[data-testid=panel-go]");
      await page.waitForSelector("[data-testid=panel-answer] [role=alert]"); // nothing is chosen
      await page.click("[data-testid=declined-o1]");
      await page.click("[data-testid=accepted-o2]");
      await page.click("[data-testid=panel-go]");
      const answer = await isAsked(page, "POST /bookings/{id}/answers");
      assert.deepEqual([answer.participant, answer.answers], ["p-ingrid-alm", [{ option: "o1", answer: "declined" }, { option: "o2", answer: "accepted" }]]);
      await page.waitForSelector("[data-testid=said]");
      assert.match(await page.textContent("[data-testid=state]"), /Avtalt/);
    });
  });

  test("is moved with its version, and cancelled with a reason", async () => {
    await on("booking-move", async (page) => {
      const search = await isAsked(page, "POST /times");
      assert.equal(search.not, "eik");
      await page.click("[data-testid=slot-2026-11-26-540]");
      await page.click("[data-testid=panel-go]");
      assert.deepEqual(await isAsked(page, "PUT /bookings/{id}/time"), { starts: Date.parse("2026-11-26T08:00Z"), minutes: 30, anyway: false });
    });
    await on("booking-cancel", async (page) => {
      await page.click("[data-testid=cancel]");
      await page.click("[data-testid=reason-staff]");
      await page.fill("[data-testid=words]", " Vi ringer. ");
      await page.click("[data-testid=panel-go]");
      assert.deepEqual(await isAsked(page, "POST /bookings/{id}/cancel"), { reason: "staff", words: "Vi ringer.", series: false });
    });
  });

  test("closes a panel with Escape, and focus is back at what opened it", async () => {
    await on("booking-booked", async (page) => {
      await page.click("[data-testid=cancel]");
      await page.waitForSelector("[data-testid=panel-cancel]");
      await page.keyboard.press("Escape");
      await focusIs(page, "cancel");
    });
  });

  test("takes in a relative, and keeps everybody else as they are", async () => {
    await on("booking-people", async (page) => {
      await page.click("[data-testid=add-relative-kari]");
      await page.click("[data-testid=panel-go]");
      const { parties } = await isAsked(page, "PUT /bookings/{id}/people");
      assert.deepEqual(parties.map((p) => [p.person, p.role, p.before]), [["ingrid-alm", "patient", 0], ["tuva", "specialist", 0], ["mari", "nurse", 25], ["kari", "relative", 0]]);
    });
  });
});

describe("the calendar", () => {
  test("of fifty people is all there; how long it takes to draw is told and not judged", async (t) => {
    await on("calendar-week", async (page) => {
      await page.waitForSelector("[data-testid=week] .sk-appt");
      // The main thread's own time, so that whatever else runs on the machine isn't counted.
      const cdp = await page.context().newCDPSession(page);
      await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
      const busy = async () => (await cdp.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration").value * 1000;
      const took = [];
      for (let i = 0; i < 5; i++) {
        await show(page, "calendar-list");
        const before = await busy();
        await show(page, "calendar-week-fifty");
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        took.push((await busy()) - before);
      }
      assert.equal(await page.locator("[data-testid=week] tbody tr:not(.sk-cal__org)").count(), 50);
      assert.equal(await page.locator("[data-testid=week] .sk-appt").count(), 250);
      t.diagnostic(`from opening the page to its picture with 50 people: ${took.map(Math.round).join(", ")} ms of the main thread`);
    });
  });

  test("marks all times of the booking that has focus", async () => {
    await on("calendar-week", async (page) => {
      await page.locator("[data-booking=alm]").first().focus();
      assert.equal(await page.locator("[data-selected]").count(), 4);
      assert.equal(await page.locator("[data-selected]:not([data-booking=alm])").count(), 0);
    });
  });
});
