// Three people in a call: the way in, and everything one does there.

import assert from "node:assert/strict";
import test from "node:test";
import { admit, browsers, enter, everyoneSeesEveryone, noComplaints, steps, tellTimings } from "./harness/call.mjs";
import { startServer } from "./harness/server.mjs";

test("specialist, nurse and patient meet by their links", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const { specialist, nurse, patient } = await browsers(t, ["specialist", "nurse", "patient"]);
  const all = [specialist, nurse, patient];
  const step = steps(t, all, server);

  await step("one press leads past the device check, into the call or the waiting room", () => enter(server, all));

  await step("who waits sees and hears nobody, and nobody sees or hears them", async () => {
    await everyoneSeesEveryone([specialist, nurse]);
    await patient.sees([]);
    assert.deepEqual(await patient.packets(), { audio: 0, video: 0 });
  });

  await step("let in, everyone sees and hears everyone under the right name", async () => {
    await admit(specialist, patient);
    await everyoneSeesEveryone(all);
  });
  tellTimings(t, all);
  await noComplaints(all);
});
