// Firefox, the second engine, in a network namespace of its own.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { defer, onExit } from "./cleanup.mjs";
import { eyes, fakeDevices } from "./inside.mjs";
import { startLoudspeaker } from "./loudspeaker.mjs";
import { palette } from "./people.mjs";
import { devicesOf, Person } from "./person.mjs";
import { patience } from "./wait.mjs";

const program = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
const prefs = {
  "media.autoplay.default": 0, // the tests' own ears; the page has a press
  "media.peerconnection.ice.obfuscate_host_addresses": false, // a namespace has no mDNS
};

/** Opens Firefox in a namespace for a person and closes it when the test ends. */
export async function firefoxPerson(t, who, namespace, { viewport = { width: 1280, height: 800 }, expect = [] } = {}) {
  const inside = fileURLToPath(new URL("firefox-inside.mjs", import.meta.url));
  const sound = await startLoudspeaker(t);
  const child = spawn("ip", ["netns", "exec", namespace, process.execPath, inside], {
    env: { ...process.env, ...sound },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const kept = onExit(() => child.kill());
  const waiting = new Map();
  const ended = new Promise((done) => child.once("close", done));
  let over = "";
  const end = (why) => {
    over = why;
    for (const { fail } of waiting.values()) fail(new Error(why));
    waiting.clear();
  };
  child.on("message", ({ id, value, error }) => {
    const { done, fail } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) done(value);
    else fail(new Error(error));
  });
  child.on("error", (error) => end(`Firefox's driver did not start: ${error}`));
  child.on("close", (code) => end(`Firefox's driver ended with ${code}`));
  let last = 0;
  const order = (name, ...args) =>
    new Promise((done, fail) => {
      if (over !== "") return fail(new Error(over));
      const id = ++last;
      waiting.set(id, { done, fail });
      child.send({ id, order: name, args });
    });

  defer(t, async () => {
    await order("close");
    await ended;
    kept();
  });
  const script = (fn, arg) => `(${fn})(${JSON.stringify(arg)})`;
  await order("launch", {
    executablePath: program,
    viewport,
    patience,
    prefs,
    scripts: [script(eyes, { palette }), script(fakeDevices, devicesOf(who))],
  });
  return new Person(who, {
    evaluate: (fn, arg) => order("evaluate", `(${fn})(${JSON.stringify(arg) ?? ""})`),
    goto: (url) => order("goto", url),
    reload: () => order("reload"),
    click: (selector) => order("click", selector),
    type: (selector, text) => order("type", selector, text),
    select: (selector, value) => order("select", selector, value),
    press: (key) => order("press", key),
    screenshot: (file) => order("screenshot", file),
    complaints: async () => (await order("complaints")).filter((text) => !expect.some((pattern) => pattern.test(text))),
    close: () => order("close"),
  });
}
