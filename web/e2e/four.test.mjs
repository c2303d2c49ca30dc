// Four in a call, as in the demo: the relative sits elsewhere than the patient.

import test from "node:test";
import { admit, browsers, enter, everyoneSeesEveryone, noComplaints, steps, tellTimings } from "./harness/call.mjs";
import { startServer } from "./harness/server.mjs";

test("specialist, nurse, patient and relative", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const { specialist, nurse, patient, relative } = await browsers(t, ["specialist", "nurse", "patient", "relative"]);
  const all = [specialist, nurse, patient, relative];
  const step = steps(t, all, server);

  await step("all come in: two into the call, two into the waiting room", () => enter(server, all));

  await step("the specialist lets the patient in, and the relative still sees nobody", async () => {
    await admit(specialist, patient);
    await everyoneSeesEveryone([specialist, nurse, patient]);
    await relative.on("waiting");
    await relative.sees([]);
  });

  await step("the nurse lets the relative in, and everyone sees and hears everyone", async () => {
    await admit(nurse, relative);
    await everyoneSeesEveryone(all);
  });

  await step("one leaves, and the other three stay as they were", async () => {
    await patient.press("leave");
    await patient.on("over");
    await everyoneSeesEveryone([specialist, nurse, relative]);
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
  tellTimings(t, all);
});
