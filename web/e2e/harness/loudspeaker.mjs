// A loudspeaker that nobody hears. Firefox starts no AudioContext on a machine without one
// (Chromium makes its own), and the page's device check needs it to hear the microphone.

import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { defer, onExit } from "./cleanup.mjs";
import { until } from "./wait.mjs";

/** Starts a sound server with a null sink, until the test ends. Returns what a program needs in its environment to find it. */
export async function startLoudspeaker(t) {
  const folder = await mkdtemp(path.join(tmpdir(), "samkonsult-sound-"));
  const socket = path.join(folder, "socket");
  const args = ["-n", "--daemonize=no", "--use-pid-file=no", "--disable-shm=yes", "--exit-idle-time=-1"];
  const modules = [`--load=module-native-protocol-unix socket=${socket} auth-anonymous=1`, "--load=module-null-sink"];
  const child = spawn("pulseaudio", [...args, ...modules], {
    env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (s) => (log += s));
  let over = "";
  const ended = new Promise((done) => {
    child.on("error", (error) => done((over = `pulseaudio did not start: ${error}`)));
    child.on("close", (code) => done((over ||= `pulseaudio ended with ${code}`)));
  });
  const kept = onExit(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  defer(t, async () => {
    child.kill();
    await ended;
    kept();
    await rm(folder, { recursive: true, force: true });
  });
  await until("the sound server takes connections", async () => {
    if (over !== "") throw new Error(`${over}\n${log}`);
    return { problem: (await stat(socket)).isSocket() ? "" : `${socket} is no socket` };
  });
  return { PULSE_SERVER: `unix:${socket}` };
}
