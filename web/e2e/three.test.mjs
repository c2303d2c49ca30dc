// Three people in a call: the way in, and everything one does there.

import assert from "node:assert/strict";
import test from "node:test";
import { admit, browsers, enter, everyoneSeesEveryone, noComplaints, rowOf, steps, tellTimings, tileOf } from "./harness/call.mjs";
import { people } from "./harness/people.mjs";
import { startServer } from "./harness/server.mjs";
import { untilEqual } from "./harness/wait.mjs";

test("specialist, nurse and patient meet by their links", { timeout: 180_000 }, async (t) => {
  const server = await startServer(t);
  const { specialist, nurse, patient } = await browsers(t, ["specialist", "nurse", "patient"]);
  const all = [specialist, nurse, patient];
  const step = steps(t, all, server);

  await step("one press leads past the device check, into the call or the waiting room", () => enter(server, all, { hurry: false }));

  await step("who waits sees and hears nobody, and nobody sees or hears them", async () => {
    await everyoneSeesEveryone([specialist, nurse]);
    await patient.sees([]);
    assert.deepEqual(await patient.packets(), { audio: 0, video: 0 });
  });

  await step("let in, everyone sees and hears everyone under the right name", async () => {
    await admit(specialist, patient);
    await everyoneSeesEveryone(all);
  });

  await step("the nurse's second picture comes to the others, and the specialist makes it the large one", async () => {
    await nurse.press("add-second");
    await everyoneSeesEveryone(all, { nurse: { second: true } });
    await specialist.press("make-large", tileOf(nurse, "second"));
    await untilEqual(
      "the second picture is the large one at the specialist",
      async () => (await specialist.tiles()).sort((a, b) => b.area - a.area).map((x) => `${x.source}${x.large ? ", large" : ""}`)[0],
      "second, large",
    );
    await everyoneSeesEveryone(all, { nurse: { second: true } });
    await nurse.says(tileOf(nurse, "second"), /Lege Ask ser dette/);
    // The choice is the specialist's own: the patient still has the doctor large.
    assert.deepEqual((await patient.tiles()).filter((x) => x.large).map((x) => `${x.name}, ${x.source}`), [`${specialist.name}, camera`]);
    await nurse.press("add-second");
    await everyoneSeesEveryone(all);
  });

  await step("the specialist's screen comes to the others, and goes again", async () => {
    await specialist.press("add-second");
    await everyoneSeesEveryone(all, { specialist: { second: true } });
    for (const p of [nurse, patient]) await p.says(tileOf(specialist, "second"), /Skjerm.*Delt av Tuva Ask/);
    await specialist.press("add-second");
    await everyoneSeesEveryone(all);
  });

  await step("who sits beside someone, off camera, is written down for all", async () => {
    for (const p of [specialist, nurse]) await p.press("tab-people");
    await nurse.driver.type("#beside-name", "Gro Lund");
    await nurse.driver.type("#beside-role", "student");
    await nurse.key("Enter");
    await specialist.says(await rowOf(specialist, nurse), /Også i rommet: Gro Lund, student/);
  });

  await step("what one writes reaches all", async () => {
    await patient.press("chat");
    await patient.write("Foten er varm");
    await patient.says("[data-testid=chat-line][data-own]:not([data-pending])", /Foten er varm/);
    for (const p of [specialist, nurse]) {
      await p.says("[data-testid=chat]", /1 ny/);
      await p.press("chat");
      await p.says("[data-testid=chat-line]", /Olav Eik.*Foten er varm/);
    }
    await nurse.write("Eg kjenner det òg");
    for (const p of [specialist, patient]) await p.says("[data-testid=chat-line]:last-child", /Mari Bjørk.*Eg kjenner det òg/);
    await patient.press("chat");
  });

  await step("a raised hand is seen by the others", async () => {
    await patient.press("hand");
    for (const p of [specialist, nurse]) await p.says(tileOf(patient), /Vil seie noko/);
    await patient.press("hand");
    for (const p of [specialist, nurse]) await p.lacksWords(tileOf(patient), /Vil seie noko/);
  });

  await step("the specialist switches the patient's sound off: nobody hears it, and it is said who did it", async () => {
    await specialist.press("tab-people");
    await specialist.press("mute", await rowOf(specialist, patient));
    await everyoneSeesEveryone(all, { patient: { sound: false } });
    await patient.says("[data-testid=notice]", /Tuva Ask slo av lyden din/);
    for (const p of [specialist, nurse]) await p.says(tileOf(patient), /Lyd av/);
    await patient.press("microphone");
    await everyoneSeesEveryone(all);
  });

  await step("a camera that is switched off leaves initials, and comes back", async () => {
    await nurse.press("camera");
    await everyoneSeesEveryone(all, { nurse: { picture: false } });
    for (const p of [specialist, patient]) await p.says(tileOf(nurse), /MB.*Kamera av/);
    await nurse.press("camera");
    await everyoneSeesEveryone(all);
  });

  await step("another camera and another microphone are heard and seen at once", async () => {
    await patient.press("settings");
    await patient.choose("camera", "camera-rear");
    await patient.choose("microphone", "microphone-2");
    await everyoneSeesEveryone(all, { patient: { colour: people.patient.second, tone: people.patient.headset } });
    await patient.choose("camera", "camera-front");
    await patient.choose("microphone", "microphone-1");
    await everyoneSeesEveryone(all);
    await patient.press("settings");
  });

  await step("a reload keeps the place: the right people under the right tiles again", async () => {
    await patient.reload();
    await patient.on("call");
    await everyoneSeesEveryone(all);
    await specialist.reload();
    await specialist.on("call");
    await everyoneSeesEveryone(all);
  });

  await step("who leaves is gone from the others, and comes back by the same link without waiting", async () => {
    await patient.press("leave");
    await patient.on("over");
    await patient.says("[data-testid=over-left]", /Du har lagt på/);
    await everyoneSeesEveryone([specialist, nurse]);
    await patient.enter(server.links.patient, "call");
    await everyoneSeesEveryone(all);
    await nurse.press("leave");
    await nurse.on("over");
    await everyoneSeesEveryone([specialist, patient]);
    await nurse.press("retry");
    await nurse.on("welcome");
    await nurse.press("join");
    await nurse.on("call");
    await everyoneSeesEveryone(all);
  });

  await step("no page broke its rules, asked another host or wrote an error", () => noComplaints(all));
  tellTimings(t, all);
});
