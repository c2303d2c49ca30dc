// A consultation from the first proposal to the call, as it is in life: nothing of a demo, each
// in a browser of their own, e-mail and SMS read where they arrive.

import assert from "node:assert/strict";
import test from "node:test";
import { admit, everyoneSeesEveryone, noComplaints, steps, tellTimings } from "./harness/call.mjs";
import { look } from "./harness/look.mjs";
import { inMinutes, partners, plan, taking } from "./harness/partners.mjs";
import { linkIn } from "./harness/post.mjs";
import { untilEqual } from "./harness/wait.mjs";

/** What an SMS says must be nobody's business: no name of patient or staff, and nothing of what it is about. */
function saysNothing(message) {
  assert.doesNotMatch(message.text, /Olav|Eik|Ragna|Tuva|Mari|sår|Sår|lege|sjukepleiar|pasient/i);
}

test("proposed, accepted by all, and everybody is in the call", { timeout: 420_000 }, async (t) => {
  const house = await partners(t);
  const { service, post, coordinator, specialist, nurse, ids } = house;
  const [patient, relative] = [await house.byLink(taking.patient), await house.byLink(taking.relative)];
  const inCall = [specialist, nurse, patient, relative];
  const all = [coordinator, ...inCall];
  const step = steps(t, all, service);
  // The room opens a quarter of an hour before: whoever has answered can join.
  const time = inMinutes(13);
  let booking, link;

  await step("the coordinator proposes a time to specialist, nurse, patient and daughter", async () => {
    booking = await plan(coordinator, [time], { relative: ids.relative, looks: "book" });
    await coordinator.press("to-booking");
    await coordinator.says("[data-testid=state]", /Forslag, ventar på svar/);
  });

  await step("the patient and the daughter get an SMS each, with a link and nothing of their health", async () => {
    const message = await post.text(taking.patient.phone, /føreslår|foreslår/);
    saysNothing(message);
    link = linkIn(message);
    const hers = await post.text(taking.relative.phone, /føreslår|foreslår/);
    saysNothing(hers);
    assert.notEqual(linkIn(hers), link, "each has a link of their own");
  });

  await step("the specialist and the nurse get an e-mail that brings them to what is asked", async () => {
    for (const p of [specialist, nurse]) {
      const mail = await post.mail(p.who.email, /Svar på tid/);
      assert.doesNotMatch(`${mail.subject}${mail.text}`, /Olav|Eik|sår/i);
      await p.driver.goto(linkIn(mail));
      await p.has(`[data-testid=asked-${booking}]`);
    }
  });

  await step("the specialist accepts in her own session, in one press, and the time is held", async () => {
    await look(specialist, "book-asked", { whole: true });
    await specialist.driver.click("[data-testid^=yes-]");
    await specialist.says(`[data-testid=outcome-${booking}]`, /haldne av til alle har svara/);
    await look(specialist, "book-held", { whole: true });
    await coordinator.reload();
    await coordinator.says("[data-testid=state]", /Forslag, nokre har svart/);
    await coordinator.says("[data-testid=answers]", /Tuva Ask Ja/);
    await look(coordinator, "book-one-pending", { whole: true });
  });

  await step("the nurse accepts in hers", async () => {
    await nurse.driver.click("[data-testid^=yes-]");
    await nurse.says(`[data-testid=outcome-${booking}]`, /haldne av til alle har svara/);
  });

  await step("the patient opens the link of the SMS, says yes, and it is booked", async () => {
    await patient.open(link);
    await patient.on("welcome");
    await patient.has("[data-testid=time]");
    await look(patient, "book-times", { whole: true });
    await patient.driver.page.getByTestId("time").check();
    await patient.press("times-send");
    await patient.has("[data-testid=join]");
    await look(patient, "book-open", { whole: true });
    await coordinator.reload();
    await coordinator.says("[data-testid=state]", /Avtalt/);
    await look(coordinator, "book-one-booked", { whole: true });
  });

  await step("everybody is told: SMS to those with a link, e-mail with the calendar's entry to the others", async () => {
    for (const phone of [taking.patient.phone, taking.relative.phone]) {
      const message = await post.text(phone, /er .* kl\. .*Opne lenkja/);
      saysNothing(message);
      assert.match(message.text, new RegExp(`kl\\. ${time.time}`));
      if (phone === taking.relative.phone) relative.link = linkIn(message);
      else link = linkIn(message);
    }
    const events = [];
    for (const p of [specialist, nurse]) {
      const { calendar } = await post.mail(p.who.email, /Videokonsultasjon .*kl\./);
      assert.equal(calendar.method, "REQUEST");
      assert.deepEqual([calendar.starts, calendar.ends], [time.at, time.at + 30 * 60_000]);
      assert.doesNotMatch(calendar.text, /Olav|Eik|sår/i);
      events.push(calendar);
    }
    assert.equal(new Set(events.map((e) => e.uid)).size, 1, "the same event in both calendars");
  });

  await step("the nurse is late: everybody is told by how much, where they are, and that she comes in time after all", async () => {
    await nurse.driver.goto(service.base);
    await nurse.press("late", "[data-testid=next]");
    await nurse.press("late-10");
    await nurse.says("[data-testid=next]", /Du er om lag 10 minutt forseinka/);
    for (const phone of [taking.patient.phone, taking.relative.phone]) saysNothing(await post.text(phone, /Fjordvik kommune er 10 minutt forseinka/));
    await post.mail(specialist.who.email, /Fjordvik kommune er 10 minutt forseinka/);
    await patient.says("[data-testid=late]", /Samtalen startar om lag kl\./, 45_000);
    await look(patient, "book-late", { whole: true });
    await specialist.driver.goto(service.base);
    await specialist.says("[data-testid=next]", /Mari Bjørk er om lag 10 minutt forseinka/i);
    await look(specialist, "book-today-specialist-late", { whole: true });
    await coordinator.reload();
    await coordinator.says("main", /Mari Bjørk.*10 minutt forseinka/);
    await nurse.press("not-late");
    await nurse.says("[data-testid=next]", /Alle har fått beskjed om at du kjem i tide/);
    for (const phone of [taking.patient.phone, taking.relative.phone]) await post.text(phone, /Fjordvik kommune kjem i tide likevel/);
    await post.mail(specialist.who.email, /Fjordvik kommune kjem i tide/);
    await patient.lacks("[data-testid=late]", 45_000); // it reads the appointment anew every half a minute
  });

  await step("the coordinator sees how ready each is", async () => {
    await coordinator.reload();
    await coordinator.says("main", /Olav Eik.*Har opna lenkja/);
    await coordinator.says("main", /Ragna Eik.*Har ikkje opna lenkja/);
  });

  await step("specialist and nurse go from their own day into the call", async () => {
    for (const p of [specialist, nurse]) {
      await p.driver.goto(service.base);
      await p.says("[data-testid=next]", /Olav Eik/);
    }
    await look(nurse, "book-today-nurse", { whole: true });
    for (const p of [specialist, nurse]) {
      await p.press("join", "[data-testid=next]");
      await p.join("call");
    }
    await everyoneSeesEveryone([specialist, nurse]);
  });

  await step("patient and daughter come by their links, wait, and are let in: all see and hear all", async () => {
    await patient.enter(link, "waiting");
    await relative.enter(relative.link, "waiting");
    await coordinator.driver.goto(`${service.base}/bookings/${booking}`);
    await coordinator.says("main", /Olav Eik.*I venterommet/);
    await look(coordinator, "book-one-waiting", { whole: true });
    await admit(nurse, patient);
    await admit(specialist, relative);
    await everyoneSeesEveryone(inCall);
  });

  await step("nobody was told anything twice", async () => {
    await untilEqual("two about the time and two about the delay to each telephone", async () => [taking.patient.phone, taking.relative.phone].map((to) => post.sms.filter((m) => m.to === to).length), [4, 4]);
    assert.deepEqual([specialist, nurse].map((p) => post.mails.filter((m) => m.to === p.who.email && !/passord/.test(m.subject)).length), [4, 2]);
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
  tellTimings(t, inCall);
});
