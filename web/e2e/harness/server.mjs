// The real program, started as a person would start it, on free ports and with its own folder.

import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defer, onExit } from "./cleanup.mjs";
import { until } from "./wait.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
export const program = process.env.SAMKONSULT ?? path.join(root, "bin/samkonsult");

/**
 * Starts the service in demo mode and stops it when the test ends; it must then have ended
 * well and have logged no error.
 * @param host address to listen on
 * @param flags more flags of serve
 * @returns {links: the links file, other: the links that are only printed, by name,
 *   message: the next one that has been sent, see nextMessage}
 */
export async function startServer(t, { host = "127.0.0.1", flags = [] } = {}) {
  if (!existsSync(program)) throw new Error(`${program} is not there: make build`);
  const folder = await mkdtemp(path.join(tmpdir(), "samkonsult-e2e-"));
  const file = path.join(folder, "links.json");
  const args = ["serve", "--demo", "--links", file, "--data", path.join(folder, "data"), "--addr", `${host}:0`, "--admin", "127.0.0.1:0", "--log-format", "json", ...flags];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const kept = onExit(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  let printed = "";
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (s) => (printed += s));
  child.stderr.setEncoding("utf8").on("data", (s) => (log += s));
  const ended = new Promise((done) => {
    child.on("error", (error) => done({ error }));
    child.on("close", (code, signal) => done({ code, signal }));
  });

  let stopped;
  const stop = () =>
    (stopped ??= (async () => {
      child.kill("SIGTERM");
      const dead = setTimeout(() => child.kill("SIGKILL"), 15_000);
      const end = await ended;
      clearTimeout(dead);
      kept();
      await rm(folder, { recursive: true, force: true });
      if (end.code !== 0) throw new Error(`the service ended with ${JSON.stringify(end)}\n${log}`);
      const errors = log.split("\n").filter((line) => line.includes('"level":"ERROR"') || /^(panic|fatal error|WARNING: DATA RACE)/.test(line));
      if (errors.length > 0) throw new Error(`the service logged errors:\n${errors.join("\n")}`);
    })());
  defer(t, stop);

  let over = false;
  void ended.then(() => (over = true));
  const links = await until("the service has written its links and serves pages", async () => {
    if (over) throw new Error(`the service ended: ${printed}\n${log}`);
    return { problem: "", value: JSON.parse(await readFile(file, "utf8")) };
  });
  const other = {};
  for (const [, name, link] of printed.matchAll(/^ {2}(\S.*?) {2,}(\S+\/k#\S+)$/gm)) other[name] = link;
  return { links, other, stop, log: () => log, message: nextMessage(links.messages) };
}

/**
 * A reader of what would have been sent by SMS and e-mail: waits for a message of a kind
 * ("link", "code", "enrol") to an address. Each message is read once.
 */
function nextMessage(tray) {
  const read = new Set();
  return (kind, address) =>
    until(`a message with a ${kind} has been sent to ${address}`, async () => {
      const all = (await (await fetch(tray)).json()).map((sent) => sent.message);
      const value = all.find((m) => m.kind === kind && m.address === address && !read.has(m.id));
      if (!value) return { problem: `sent: ${JSON.stringify(all.map((m) => `${m.kind} to ${m.address}${read.has(m.id) ? ", read" : ""}`))}` };
      read.add(value.id);
      return { problem: "", value };
    });
}
