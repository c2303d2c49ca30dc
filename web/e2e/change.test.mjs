// What becomes of a proposal that does not suit, and of a time that is moved and called off: by
// the pages, with everybody told, and calendars elsewhere that follow.

import assert from "node:assert/strict";
import test from "node:test";
import { noComplaints, steps } from "./harness/call.mjs";
import { ask } from "./harness/house.mjs";
import { look } from "./harness/look.mjs";
import { done, inMinutes, partners, plan, taking, tomorrow } from "./harness/partners.mjs";
import { linkIn } from "./harness/post.mjs";
import { until } from "./harness/wait.mjs";

const minute = 60_000; // ms

test("declined, another time suggested and booked, moved, and called off", { timeout: 480_000 }, async (t) => {
  const house = await partners(t, { third: true, flags: ["--remind", "10m"], expect: [/status of 403/] });
  const { service, post, coordinator, specialist, nurse, stranger, ids } = house;
  const patient = await house.byLink(taking.patient);
  const all = [coordinator, specialist, nurse, patient, stranger];
  const step = steps(t, all, service);
  const { phone } = taking.patient;
  const [proposed, wanted, movedTo] = [tomorrow("10.00"), tomorrow("13.10"), tomorrow("14.40")];
  let booking, link, event, reminded;

  /** Tomorrow's consultation as its staff's calendars know it, by the next e-mail to each that says this. */
  const inCalendars = async (pattern) => {
    const events = [];
    for (const p of [specialist, nurse]) events.push((await post.mail(p.who.email, pattern)).calendar);
    assert.equal(new Set(events.map((e) => e.uid)).size, 1, "the same event in both calendars");
    return events[0];
  };

  await step("one that is called off at once, and another at the same time: only of that will anybody be reminded", async () => {
    reminded = inMinutes(13);
    const party = (person, role, organisation) => ({ person, role, organisation, anyOf: [], required: true, attends: "online", before: 0, after: 0, deputyAllowed: false });
    const book = () =>
      done(coordinator, "POST", "/bookings", {
        organisation: "", mode: "book", template: "plain", title: "Samtale", question: "", prepare: [], equipment: [], minutes: 15, times: [reminded.at], answerBy: 0, deadline: "", interpreter: "", anyway: false,
        parties: [party(ids.specialist, "specialist", ids.hospital), party(ids.nurse, "nurse", ids.municipality), party(ids.patient, "patient", "")],
      });
    /** What all three are told next: the calendar's entry of the specialist's e-mail. */
    const told = async (byMail, bySMS) => {
      const [mail] = await Promise.all([post.mail(specialist.who.email, byMail), post.mail(nurse.who.email, byMail), post.text(phone, bySMS)]);
      return mail.calendar;
    };
    const [first] = (await book()).items;
    const was = await told(/Videokonsultasjon .*kl\./, /Opne lenkja/);
    await done(coordinator, "POST", `/bookings/${first.id}/cancel`, { reason: "other", words: "", series: false });
    const gone = await told(/avlyst/, /avlyst/);
    await book();
    const is = await told(/Videokonsultasjon .*kl\./, /Opne lenkja/);
    assert.deepEqual([was, gone, is].map((c) => c.method), ["REQUEST", "CANCEL", "REQUEST"]);
    assert.deepEqual([gone.uid === was.uid, is.uid === was.uid], [true, false]);
  });

  await step("the coordinator proposes a time tomorrow", async () => {
    booking = await plan(coordinator, [proposed]);
    link = linkIn(await post.text(phone, /foreslår/));
  });

  await step("the nurse can't, says so by suggesting another time, and the coordinator is told", async () => {
    await nurse.driver.goto(linkIn(await post.mail(nurse.who.email, /Svar på tid/)));
    await nurse.press(`suggest-${booking}`);
    await nurse.driver.type("[data-testid=suggest-day]", wanted.day);
    await nurse.driver.type("[data-testid=suggest-time]", wanted.time);
    await look(nurse, "change-suggest", { whole: true });
    await nurse.press("suggest-send");
    await nurse.says(`[data-testid=outcome-${booking}]`, /Forslaget er sendt/);
    const mail = await post.mail(coordinator.who.email, /har foreslått ny tid/);
    assert.match(mail.text, /Fjordvik kommune/);
    assert.doesNotMatch(mail.text, /Olav|Eik|sår/i);
  });

  await step("it waits for the coordinator beside the calendar, with whether it can be; one press agrees for the hospital", async () => {
    await coordinator.driver.goto(`${service.base}/calendar`);
    await coordinator.says("[data-testid=todo][data-kind=suggested]", /Fjordvik kommune vil ha .*kl\. 13\.10 i staden for kl\. 10\.00\. Tuva Ask er ledig/);
    await look(coordinator, "change-waiting", { whole: true });
    await coordinator.press(`todo-suggested-${booking}`);
    await coordinator.says("[data-testid=waiting]", /Godteke|Ingenting ventar/);
  });

  await step("the patient is asked about the new time, says yes, and that one is booked", async () => {
    link = linkIn(await post.text(phone, /foreslår/));
    await patient.open(link);
    await patient.has("[data-testid=time]");
    await look(patient, "change-times", { whole: true });
    await patient.driver.page.locator("label", { hasText: "kl. 13.10" }).getByRole("checkbox").check();
    await patient.press("times-send");
    await patient.says("main", /13\.10/);
    await patient.has("[data-testid=test-devices]");
    const sms = await post.text(phone, /13\.10.*Opne lenkja/);
    link = linkIn(sms);
    event = await inCalendars(/Videokonsultasjon .*13\.10/);
    assert.equal(event.method, "REQUEST");
    assert.deepEqual([event.starts, event.ends], [wanted.at, wanted.at + 30 * minute]);
    await coordinator.driver.goto(`${service.base}/bookings/${booking}`);
    await coordinator.says("[data-testid=state]", /Avtalt/);
    await coordinator.says("[data-testid=when]", /13\.10\W+13\.40/);
  });

  await step("the patient tries the devices beforehand, and the coordinator sees that it went well", async () => {
    await coordinator.says("main", /Olav Eik.*Har opna lenkja/);
    await patient.press("test-devices");
    await patient.on("check");
    await patient.says("body", /Alt verkar|Svakt/); // a machine with much to do may find its network poor
    await patient.press("test-done");
    await patient.has("[data-testid=tested]");
    await look(patient, "change-coming", { whole: true });
    await coordinator.reload();
    await coordinator.says("main", /Olav Eik.*Har testa utstyret/);
    await look(coordinator, "change-one-tested", { whole: true });
  });

  await step("another organisation's coordinator reads by its address what anybody reads of what isn't there", async () => {
    const answers = [];
    for (const id of [booking, "0000000000000000"]) {
      await stranger.driver.goto(`${service.base}/bookings/${id}`);
      answers.push(await stranger.says("main", /ikkje/));
      const { status, body } = await ask(stranger, "GET", `/bookings/${id}`);
      assert.equal(status, 403);
      answers.push(JSON.stringify({ ...body, instance: "" }));
    }
    assert.equal(answers[0], answers[2]);
    assert.equal(answers[1], answers[3]);
    assert.doesNotMatch(answers.join(), /Eik|Olav|Sår/);
    await look(stranger, "change-refused", { whole: true });
    for (const [method, path, body] of [
      ["PUT", "/time", { starts: movedTo.at, minutes: 30, anyway: false }],
      ["POST", "/cancel", { reason: "other", words: "", series: false }],
      ["POST", "/answers", { participant: "", answers: [{ option: "", answer: "declined" }], comment: "", starts: 0 }],
      ["POST", "/remind", { participant: "" }],
    ]) {
      const { status } = await ask(stranger, method, `/bookings/${booking}${path}`, body, method === "PUT" ? { "if-match": '"1"' } : {});
      assert.equal(status, 403, `${method} ${path}`);
    }
  });

  await step("moved: everybody reads from when to when, and calendars move the same event", async () => {
    await coordinator.press("move");
    await coordinator.has("[data-testid=panel-move]");
    const { page } = coordinator.driver;
    await page.locator("[data-testid=panel-move] summary").click();
    await page.getByTestId("hand-date").fill(movedTo.day);
    await page.getByTestId("hand-time").fill(movedTo.time);
    await coordinator.press("hand-add");
    await look(coordinator, "change-move", { whole: true });
    await coordinator.press("panel-go");
    await coordinator.says("[data-testid=when]", /14\.40\W+15\.10/);
    const sms = await post.text(phone, /flytta frå .*13\.10 til .*14\.40/);
    link = linkIn(sms);
    const moved = await inCalendars(/Ny tid for videokonsultasjon/);
    assert.deepEqual([moved.method, moved.uid, moved.starts, moved.ends], ["REQUEST", event.uid, movedTo.at, movedTo.at + 30 * minute]);
    assert.ok(moved.sequence > event.sequence, `${event.sequence} → ${moved.sequence}`); // RFC 5546 §2.1.4
    event = moved;
    await patient.open(link);
    await patient.says("h1", /flytta til .*14\.40/);
    await patient.says("main", /Han var .*13\.10/);
    await look(patient, "change-moved", { whole: true });
    await patient.press("confirm-yes");
    await patient.has("[data-testid=you-come]");
  });

  await step("called off: everybody is told without why, and calendars take it out", async () => {
    await coordinator.reload();
    await coordinator.press("cancel");
    await coordinator.press("reason-staff");
    await coordinator.driver.type("[data-testid=words]", "Tuva er sjuk");
    await look(coordinator, "change-cancel", { whole: true });
    await coordinator.press("panel-go");
    await coordinator.says("[data-testid=state]", /Avlyst/);
    await look(coordinator, "change-cancelled", { whole: true });
    const sms = await post.text(phone, /14\.40 er avlyst/);
    assert.doesNotMatch(sms.text, /er sjuk|Tuva|http/);
    const gone = await inCalendars(/14\.40 er avlyst/);
    assert.deepEqual([gone.method, gone.uid, gone.status], ["CANCEL", event.uid, "CANCELLED"]);
    assert.ok(gone.sequence > event.sequence, `${event.sequence} → ${gone.sequence}`);
    await patient.open(link);
    await patient.has("[data-testid=cancelled]");
    await look(patient, "change-patient-cancelled", { whole: true });
  });

  await step("of what stands everybody is reminded once, and of what was called off nobody", async () => {
    const reminder = /startar kl\./;
    const within = Math.max(reminded.at - 10 * minute - Date.now(), 0) + 30_000;
    const reminders = () => [...post.sms.filter((m) => reminder.test(m.text)).map((m) => m.to), ...post.mails.filter((m) => reminder.test(m.subject)).map((m) => m.to)].sort();
    const wantedTo = [phone, specialist.who.email, nurse.who.email].sort();
    await until("all are reminded", async () => ({ problem: wantedTo.every((to) => reminders().includes(to)) ? "" : reminders().join() || "nobody" }), within);
    assert.deepEqual(reminders(), wantedTo);
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});
