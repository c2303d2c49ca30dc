// A service that nobody has used: no demo, no links, one administrator who has been sent a way in.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { defer, onExit } from "./cleanup.mjs";
import { program } from "./server.mjs";
import { until } from "./wait.mjs";

/** A free port of this machine; the program's own address must be known before it starts. */
async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Sets a service up for a hospital, and starts it. flags: more of serve. Returns its address, the link of its first administrator, and its log. */
export async function newService(t, { name, email, flags = [] }) {
  const folder = await mkdtemp(path.join(tmpdir(), "samkonsult-house-"));
  defer(t, () => rm(folder, { recursive: true, force: true }));
  const base = `http://localhost:${await freePort()}`;
  const where = ["--data", path.join(folder, "data"), "--public-url", base];
  const hospital = ["--organisation", "Fjord sjukehus", "--kind", "hospital", "--phone", "12345678"];
  const setup = spawnSync(program, ["setup", ...where, ...hospital, "--name", name, "--email", email], { encoding: "utf8" });
  const link = /http\S+\/enrol#\S+/.exec(setup.stdout)?.[0];
  assert.ok(link, `setup prints a link: ${setup.stdout}${setup.stderr}`);
  const child = spawn(program, ["serve", ...where, "--addr", base.replace("http://", ""), "--admin", "", ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (s) => (log += s));
  const kept = onExit(() => child.kill("SIGKILL"));
  const ended = new Promise((done) => child.on("close", done));
  defer(t, async () => {
    child.kill("SIGTERM");
    await ended;
    kept();
  });
  await until("the service serves pages", async () => {
    if (child.exitCode !== null) throw new Error(log);
    return { problem: (await fetch(base)).ok ? "" : "not yet", value: true };
  });
  return { base, link, log: () => log };
}
