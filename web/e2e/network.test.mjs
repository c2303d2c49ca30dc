// What a network does: it takes the websocket only, or everything for a while. Nobody has to
// do anything, and what still runs goes on.

import assert from "node:assert/strict";
import test from "node:test";
import { admit, browsers, enter, everyoneSeesEveryone, noComplaints, steps, tileOf } from "./harness/call.mjs";
import { chromiumPerson } from "./harness/chromium.mjs";
import { makeNamespace } from "./harness/namespace.mjs";
import { people } from "./harness/people.mjs";
import { startServer } from "./harness/server.mjs";
import { untilEqual } from "./harness/wait.mjs";

const lost = /Du er utan nett|Vi koplar deg til att/;

test("a lost websocket is taken up again while sound and picture go on", { timeout: 120_000 }, async (t) => {
  const server = await startServer(t);
  const { specialist, patient } = await browsers(t, ["specialist", "patient"]);
  const all = [specialist, patient];
  const step = steps(t, all, server);

  await step("two are in a call", async () => {
    await enter(server, all);
    await admit(specialist, patient);
    await everyoneSeesEveryone(all);
  });

  await step("without its websocket the patient's page says so, and both still see and hear each other", async () => {
    for (const [p, other] of [[specialist, patient], [patient, specialist]]) {
      await p.evaluate((selector) => (document.querySelector(selector).marked = true), tileOf(other));
    }
    assert.equal(await patient.evaluate(() => window.eyes.cut()), 1);
    await patient.says("[data-testid=notice]", /Lyd og bilete går/);
    await everyoneSeesEveryone(all);
  });

  await step("what is written meanwhile is kept, and sent when the websocket is back", async () => {
    await patient.press("chat");
    await patient.write("Er de der?");
    await patient.says("[data-testid=chat-line][data-pending]", /Er de der/);
    await specialist.lacks("[data-testid=chat-line]");
    await patient.evaluate(() => window.eyes.release());
    await patient.says("[data-testid=chat-line]:not([data-pending])", /Er de der/);
    await specialist.press("chat");
    await specialist.says("[data-testid=chat-line]", /Er de der/);
    await untilEqual("the notice is gone", () => patient.text("[data-testid=notice]"), "");
    await patient.press("chat");
  });

  await step("it was the same call all the time: the same tiles, and the same media connection", async () => {
    await everyoneSeesEveryone(all);
    for (const [p, other] of [[specialist, patient], [patient, specialist]]) {
      assert.equal(await p.evaluate((selector) => document.querySelector(selector).marked, tileOf(other)), true);
      assert.equal(await p.evaluate(() => window.eyes.connections()), 1);
    }
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});

test("a network that goes and comes back is healed without a press", { timeout: 120_000 }, async (t) => {
  const network = makeNamespace(t);
  const server = await startServer(t, { host: network.here, flags: ["--demo-anywhere", "--tls", "self-signed"] });
  const [specialist, nurse] = await Promise.all([
    chromiumPerson(t, people.specialist),
    // What Chromium says of a network that is not there is no fault of the page's.
    chromiumPerson(t, people.nurse, { namespace: network.name, expect: [/ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|ADDRESS_UNREACHABLE|CONNECTION_|TIMED_OUT|NAME_NOT)/, /WebSocket connection to/] }),
  ]);
  const all = [specialist, nurse];
  const step = steps(t, all, server);

  await step("two are in a call", async () => {
    await enter(server, all);
    await everyoneSeesEveryone(all);
  });

  await step("packets of the websocket are swallowed, which nobody is told of: the page finds out, and both still see and hear each other", async () => {
    network.swallow("tcp");
    await nurse.says("[data-testid=notice]", /Lyd og bilete går/);
    await everyoneSeesEveryone(all);
    network.pass("tcp");
    await untilEqual("the nurse's notice is gone", () => nurse.text("[data-testid=notice]"), "");
    await everyoneSeesEveryone(all);
    assert.equal(await nurse.evaluate(() => window.eyes.connections()), 1);
  });

  await step("the cable is pulled: both are told, and no picture stands still as if it were live", async () => {
    network.cable(false);
    await nurse.says("[data-testid=notice]", lost);
    await specialist.says("[data-testid=quality]", /Bjørk.*mista nettet/);
    await specialist.sees([{ who: people.nurse, picture: false, sound: false }]);
    await nurse.sees([{ who: people.specialist, picture: false, sound: false }]);
  });

  await step("the cable is back: both see and hear each other again, and the notices are gone", async () => {
    network.cable(true);
    await everyoneSeesEveryone(all, {}, 30_000);
    await untilEqual("the nurse's notice is gone", () => nurse.text("[data-testid=notice]"), "");
    await specialist.lacksWords("[data-testid=quality]", /mista nettet/);
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});

test("behind a firewall that lets no UDP through, the call goes over the page's own port", { timeout: 120_000 }, async (t) => {
  const network = makeNamespace(t);
  const server = await startServer(t, { host: network.here, flags: ["--demo-anywhere", "--tls", "self-signed"] });
  network.swallow("udp");
  const [specialist, nurse] = await Promise.all([chromiumPerson(t, people.specialist), chromiumPerson(t, people.nurse, { namespace: network.name })]);
  const all = [specialist, nurse];
  const step = steps(t, all, server);

  await step("both see and hear each other, one over TCP", async () => {
    await enter(server, all);
    await everyoneSeesEveryone(all);
    assert.deepEqual(await Promise.all(all.map((p) => p.evaluate(() => window.eyes.over()))), ["udp", "tcp"]);
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
});
