// A whole call, from the links to the people in it.

import { chromiumPerson } from "./chromium.mjs";
import { people } from "./people.mjs";
import { until } from "./wait.mjs";

/** Those who lead the visit go straight in; the others wait until they are let in. */
export const admitsItself = (role) => role === "specialist" || role === "nurse";

/** Brings people in by their links, all at once as in life, each into the call or the waiting room. options: as in Person.enter. */
export async function enter(server, persons, options) {
  await Promise.all(persons.map((p) => p.enter(server.links[p.who.role], admitsItself(p.who.role) ? "call" : "waiting", options)));
}

/** One lets another in from the waiting room, by the button. */
export async function admit(host, guest) {
  const card = `[data-testid=waiting-person][data-name="${guest.name}"]`;
  await host.has(card);
  const pressed = performance.now();
  await host.press("admit", card);
  await guest.on("call");
  await until(`${guest.name} has a first picture`, async () => {
    const tiles = await guest.tiles();
    return { problem: tiles.some((tile) => !tile.self && tile.frames > 0) ? "" : JSON.stringify(tiles) };
  });
  guest.timings["admit pressed → first picture"] = Math.round(performance.now() - pressed);
}

/** A tile of a person's as a selector: "camera" or "second". */
export const tileOf = (person, source = "camera") => `[data-name="${person.name}"][data-source=${source}]`;

/** A person's row in the panel, which names them by id. */
export async function rowOf(host, person) {
  const id = await host.evaluate((selector) => document.querySelector(selector).dataset.participant, tileOf(person));
  return `[data-testid=person][data-participant="${id}"]`;
}

/** Opens a Chromium for each role. Returns them by role. */
export async function browsers(t, roles, options = {}) {
  const list = await Promise.all(roles.map((role) => chromiumPerson(t, people[role], options)));
  return Object.fromEntries(list.map((p) => [p.who.role, p]));
}

/** All of these people see and hear all the others, moving. what: by role, as in Person.sees. */
export async function everyoneSeesEveryone(persons, what = {}, within) {
  await Promise.all(
    persons.map((p) =>
      p.sees(
        persons.filter((o) => o !== p).map((o) => ({ who: o.who, ...what[o.who.role] })),
        within,
      ),
    ),
  );
}

/** No page has broken its own rules, asked another host, or written an error. */
export async function noComplaints(persons) {
  const all = (await Promise.all(persons.map(async (p) => (await p.complaints()).map((c) => `${p.name}: ${c}`)))).flat();
  if (all.length > 0) throw new Error(all.join("\n"));
}

/** Writes the times that were measured on the way; they are for people to look at. */
export function tellTimings(t, persons) {
  for (const p of persons) for (const [what, ms] of Object.entries(p.timings)) t.diagnostic(`${p.who.role}, ${what}: ${ms} ms`);
}

/**
 * A test in steps that build on each other: what comes after a step that failed is not
 * tried, and the error says what the pages and the service had to say.
 */
export function steps(t, persons, server) {
  return async (name, step) => {
    let failed;
    await t.test(name, async () => {
      try {
        await step();
      } catch (error) {
        failed = error;
        throw new Error(`${error.message}\n${await told(persons, server)}`, { cause: error });
      }
    });
    if (failed) throw new Error(`stopped after: ${name}`);
  };
}

async function told(persons, server) {
  const pages = await Promise.all(
    persons.map(async (p) => {
      const page = await p.evaluate(() => `${document.documentElement.dataset.page}: ${document.body.innerText.replace(/\s+/g, " ").slice(0, 300)}`).catch(String);
      const media = await p.evaluate(() => window.eyes.media()).catch(() => []);
      return [`${p.name} is on ${page}`, ...media, ...(await p.complaints().catch(() => []))].join("\n  ");
    }),
  );
  return [...pages, "The service's last lines:", ...server.log().trim().split("\n").slice(-15)].join("\n");
}
