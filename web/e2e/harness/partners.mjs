// A hospital and a municipality that are to meet: set up by the API as an administrator does by
// the pages (pair.test.mjs), with people who sign in, an agreement, and a patient with a
// daughter. Messages go to servers of the test's own.

import assert from "node:assert/strict";
import { chromiumPerson, startChromium } from "./chromium.mjs";
import { ask, enrol, nobodyIn } from "./house.mjs";
import { people, staff } from "./people.mjs";
import { linkIn, startPost } from "./post.mjs";
import { newService } from "./service.mjs";
import { look } from "./look.mjs";

/** Those who take part, by the names of the made-up organisations. */
export const taking = {
  coordinator: { ...staff.coordinator, email: "siv.hassel@fjord.example", title: "Koordinator" },
  specialist: { ...people.specialist, email: "tuva.ask@fjord.example", title: "Overlege" },
  nurse: { ...people.nurse, title: "Heimesjukepleiar" },
  patient: { ...people.patient, phone: "+4790000511" },
  relative: { ...people.relative, phone: "+4790000512" },
};
export const elsewhere = { coordinator: { ...staff.coordinator, name: "Odd Lien", email: "odd.lien@nes.example", title: "Koordinator" } };

const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Oslo" }).format(Date.now());
const aroundTheClock = Array.from({ length: 7 }, (_, i) => ({ weekday: i + 1, from: 0, until: 1440, first: "", last: "" }));

/** Asks for something to be made, or changed, and gives what came of it. */
export async function done(person, method, path, body, headers = {}) {
  const answer = await ask(person, method, path, body, method === "POST" ? { "idempotency-key": `"${crypto.randomUUID()}"`, ...headers } : headers);
  assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.body;
}

/**
 * The two houses, running. Each of the people has a browser of their own and is signed in.
 * @param flags more of serve
 * @param expect patterns of console errors that belong to the test
 * @param others whether a coordinator of a third organisation, without an agreement, comes too
 * @returns {service, post, coordinator, specialist, nurse: people who are signed in, patient and
 *   relative: people with a browser, stranger, ids, timesOf}
 */
export async function partners(t, { flags = [], expect = [], third = false } = {}) {
  const post = await startPost(t);
  const service = await newService(t, { name: "Jon Vik", email: "jon.vik@fjord.example", flags: [...post.flags, ...flags] });
  const browser = await startChromium(t);
  const jon = await chromiumPerson(t, staff.administrator, { browser, expect: [nobodyIn] });
  await enrol(jon, service.link);
  const { items } = (await ask(jon, "GET", "/organisations")).body;
  const hospital = items[0].id;
  const organisation = async (name) => (await done(jon, "POST", "/organisations", { kind: "municipality", name, number: "", phone: "57000002", active: true, contacts: [] })).id;
  const municipality = await organisation("Fjordvik kommune");
  const may = ["book", "see", "document"];
  await done(jon, "POST", "/agreements", {
    a: hospital, b: municipality, from: today(), until: "",
    grants: [{ to: hospital, may, actFor: false }, { to: municipality, may, actFor: false }],
    policy: { identification: "link", shares: [], retentionDays: 30 }, papers: [],
  });

  /** Adds a member of staff, who makes their way in by the link in their e-mail and can be booked at any hour. */
  const comes = async (who, organisation, own = {}) => {
    const assignment = { id: "", organisation, unit: "", role: who.role, title: who.title, competence: "", from: today(), until: "" };
    const { id } = await done(jon, "POST", "/staff", { name: who.name, email: who.email, phone: "", hpr: "", language: "nn", assignments: [assignment] });
    await done(jon, "POST", `/staff/${id}/enrolment`);
    const person = await chromiumPerson(t, who, { expect: [nobodyIn, ...expect], ...own });
    await enrol(person, linkIn(await post.mail(who.email, /passord/)));
    const hours = await ask(person, "GET", "/hours");
    if (hours.status === 200) {
      await done(person, "PUT", "/hours", { weekly: aroundTheClock, days: [], holidays: true, buffer: 0 }, { "if-match": `"${hours.body.version}"` });
    }
    return { id, person };
  };
  const coordinator = await comes(taking.coordinator, hospital, { browser });
  const specialist = await comes(taking.specialist, hospital);
  const nurse = await comes(taking.nurse, municipality);
  const stranger = third ? await comes(elsewhere.coordinator, await organisation("Nes kommune"), { browser }) : null;
  await jon.close();

  const made = await done(coordinator.person, "POST", "/patients", {
    name: taking.patient.name, nationalId: "", phone: taking.patient.phone, email: "", language: "nn", caredForBy: [hospital],
    relatives: [{ id: "", name: taking.relative.name, kind: "relative", title: "Dotter", phone: taking.relative.phone, email: "", language: "nn" }],
    consents: [],
  });
  const byLink = (who) => chromiumPerson(t, who, { expect });
  return {
    service,
    post,
    browser,
    coordinator: coordinator.person,
    specialist: specialist.person,
    nurse: nurse.person,
    stranger: stranger?.person,
    byLink,
    ids: { hospital, municipality, specialist: specialist.id, nurse: nurse.id, patient: made.id, relative: made.relatives[0].id },
  };
}

/** A moment as it is written in Norway. */
function written(at) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Oslo", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const p = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { at, day: `${p.year}-${p.month}-${p.day}`, time: `${p.hour}.${p.minute}` };
}

/** The first whole minute after some minutes: { day: "2026-11-30", time: "22.10", at: ms }. */
export const inMinutes = (minutes) => written(Math.ceil(Date.now() / 60_000 + minutes) * 60_000);

/** A time tomorrow. Norway is one or two hours ahead of UTC. */
export function tomorrow(time) {
  const { day } = written(Date.now() + 24 * 60 * 60_000);
  const found = [1, 2].map((ahead) => written(Date.parse(`${day}T${time.replace(".", ":")}:00Z`) - ahead * 60 * 60_000)).find((w) => w.day === day && w.time === time);
  assert.ok(found, `${day} ${time} is a time in Norway`);
  return found;
}

/** Chooses somebody in a field that finds one by what is typed. */
async function find(page, field, name) {
  await page.getByTestId(field).fill(name);
  await page.getByTestId(field).press("Enter");
}

/**
 * The coordinator's new consultation, by the page, at times that are written by hand: Tuva Ask
 * and Mari Bjørk on video, the patient from their own telephone. Returns the booking's id.
 * @param relative whether the daughter is invited too
 * @param mode "propose" or "book"
 * @param looks name of the pictures; empty: none are taken
 */
export async function plan(coordinator, times, { relative = "", mode = "propose", looks = "" } = {}) {
  const { page } = coordinator.driver;
  const seen = (name) => (looks === "" ? undefined : look(coordinator, `${looks}-${name}`, { whole: true }));
  await coordinator.driver.goto(`${new URL(page.url()).origin}/calendar`);
  await coordinator.has("[data-testid=new-call]");
  await seen("calendar");
  await coordinator.press("new-call");
  await coordinator.press("template-wound");
  await find(page, "patient", taking.patient.name);
  await find(page, "person-p1", taking.specialist.name);
  await find(page, "person-p2", taking.nurse.name);
  for (const field of ["patient-attends", "attends-p1", "attends-p2"]) await page.getByTestId(field).selectOption("online");
  if (relative !== "") await page.getByTestId(`relative-${relative}`).check();
  await seen("what");
  await coordinator.press("go-on");
  await coordinator.press("by-hand");
  for (const { day, time } of times) {
    await page.getByTestId("hand-date").fill(day);
    await page.getByTestId("hand-time").fill(time);
    await coordinator.press("hand-add");
  }
  // What was found is chosen beforehand; here those written by hand are meant, and no other.
  const wanted = new Set(times.map(({ day, time }) => `slot-${day}-${time.split(".").reduce((h, m) => Number(h) * 60 + Number(m))}`));
  await page.getByTestId([...wanted].at(-1)).waitFor();
  const chosen = await page.locator("[data-testid^=slot-]:checked").evaluateAll((all) => all.map((el) => el.dataset.testid));
  for (const slot of chosen) if (!wanted.has(slot)) await page.getByTestId(slot).uncheck();
  for (const slot of wanted) await page.getByTestId(slot).check();
  await seen("times");
  await coordinator.press("go-on");
  await coordinator.has("[data-testid=question]");
  await seen("prepare");
  await coordinator.press("go-on");
  await coordinator.press(`mode-${mode}`);
  await seen("send");
  await coordinator.press("send");
  await coordinator.has("[data-testid=sent]");
  await seen("sent");
  return decodeURIComponent((await page.getByTestId("to-booking").getAttribute("href")).split("/").at(-1));
}
