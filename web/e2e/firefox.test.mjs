// Two engines in one call, over a network that is not loopback: the nurse's Firefox stands in
// a network namespace of its own and reaches the service through a cable, over TLS.

import test from "node:test";
import { admit, enter, everyoneSeesEveryone, noComplaints, steps, tellTimings } from "./harness/call.mjs";
import { chromiumPerson } from "./harness/chromium.mjs";
import { firefoxPerson } from "./harness/firefox.mjs";
import { makeNamespace } from "./harness/namespace.mjs";
import { people } from "./harness/people.mjs";
import { startServer } from "./harness/server.mjs";

test("a Firefox behind a real cable is one of three", { timeout: 180_000 }, async (t) => {
  const network = makeNamespace(t);
  const server = await startServer(t, { host: network.here, flags: ["--demo-anywhere", "--tls", "self-signed"] });
  const [specialist, nurse, patient] = await Promise.all([
    chromiumPerson(t, people.specialist),
    firefoxPerson(t, people.nurse, network.name),
    chromiumPerson(t, people.patient),
  ]);
  const all = [specialist, nurse, patient];
  const step = steps(t, all, server);

  await step("all come in", () => enter(server, all, { hurry: false }));

  await step("Firefox lets the patient in, and everyone sees and hears everyone", async () => {
    await admit(nurse, patient);
    await everyoneSeesEveryone(all);
  });

  await step("Firefox's second picture comes to the others", async () => {
    await nurse.press("add-second");
    await everyoneSeesEveryone(all, { nurse: { second: true } });
    await nurse.press("add-second");
    await everyoneSeesEveryone(all);
  });

  await step("Firefox's camera and microphone go off and on", async () => {
    await nurse.press("camera");
    await nurse.press("microphone");
    await everyoneSeesEveryone(all, { nurse: { picture: false, sound: false } });
    await nurse.press("camera");
    await nurse.press("microphone");
    await everyoneSeesEveryone(all);
  });

  await step("a reload in Firefox keeps the place", async () => {
    await nurse.reload();
    await nurse.on("call");
    await everyoneSeesEveryone(all);
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
  tellTimings(t, all);
});
