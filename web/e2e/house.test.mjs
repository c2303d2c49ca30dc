// The pages of signed-in people, against the real program: someone gets their way in from an
// administrator's link, signs in with password and code, is where they wanted to be, sees where
// they are signed in and ends it.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { startChromium } from "./harness/chromium.mjs";
import { defer, onExit } from "./harness/cleanup.mjs";
import { until } from "./harness/wait.mjs";

const program = process.env.SAMKONSULT ?? fileURLToPath(new URL("../../bin/samkonsult", import.meta.url));
const email = "jon.vik@fjord.example";
const password = "fire ville hestar spring";

/** An authenticator app (RFC 6238) for a secret in base32. Each code is good once: one that has been used is followed by the next. */
function authenticator(secret) {
  const bits = [...secret.replace(/\s/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(Date.now() / 30_000));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(last));
    const mac = createHmac("sha1", key).update(counter).digest();
    return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  };
}

/** A free port of this machine; the program's own address must be known before it starts. */
async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A service that nobody has used, and the link of its first administrator. */
async function newService(t) {
  const folder = await mkdtemp(path.join(tmpdir(), "samkonsult-house-"));
  const base = `http://localhost:${await freePort()}`;
  const where = ["--data", path.join(folder, "data"), "--public-url", base];
  const setup = spawnSync(
    program,
    ["setup", ...where, "--organisation", "Fjord sjukehus", "--kind", "hospital", "--phone", "12345678", "--name", "Jon Vik", "--email", email],
    { encoding: "utf8" },
  );
  const link = /http\S+\/enrol#\S+/.exec(setup.stdout)?.[0];
  assert.ok(link, `setup prints a link: ${setup.stdout}${setup.stderr}`);
  const child = spawn(program, ["serve", ...where, "--addr", base.replace("http://", ""), "--admin", ""], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (s) => (log += s));
  const kept = onExit(() => child.kill("SIGKILL"));
  const ended = new Promise((done) => child.on("close", done));
  defer(t, async () => {
    child.kill("SIGTERM");
    await ended;
    kept();
    await rm(folder, { recursive: true, force: true });
  });
  await until("the service serves pages", async () => {
    if (child.exitCode !== null) throw new Error(log);
    return { problem: (await fetch(base)).ok ? "" : "not yet", value: true };
  });
  return { base, link };
}

async function looked(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" "))}`));
  assert.deepEqual(found, []);
}

/** Signs in by the keyboard alone. */
async function signIn(page, code) {
  await page.getByTestId("email").focus();
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.getByTestId("second-factor").waitFor();
  await page.getByTestId("code").focus();
  await page.keyboard.type(code());
  await page.keyboard.press("Enter");
}

test("an administrator gets a way in, signs in again with password and code, and ends it elsewhere", { timeout: 120_000 }, async (t) => {
  const { base, link } = await newService(t);
  const browser = await startChromium(t);
  const context = await browser.newContext({ locale: "nn-NO" });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));

  await page.goto(link);
  await page.getByTestId("enrol").waitFor();
  await looked(page);
  const code = authenticator(await page.getByTestId("secret").innerText());
  await page.getByTestId("password").fill("kort");
  await page.getByTestId("enrol-go").click();
  await page.getByText("Passordet oppfyller ikkje alle krava.").waitFor();
  await page.getByTestId("password").fill(password);
  await page.getByTestId("code").fill(code());
  await page.getByTestId("enrol-go").click();
  await page.getByTestId("me").waitFor();
  assert.equal(await page.evaluate(() => location.pathname + location.hash), "/admin", "the link's token has left the address, and an administrator begins with the administration");
  await looked(page);

  // The same link opens nothing twice.
  const other = await (await browser.newContext({ locale: "nn-NO" })).newPage();
  await other.goto(link);
  await other.getByText("Lenkja verkar ikkje lenger").waitFor();

  // Elsewhere: a page that needs someone asks for them, and is there when they have come.
  await other.goto(`${base}/sessions`);
  await other.getByTestId("email").fill(email);
  await other.getByTestId("password").fill("feil passord her");
  await other.getByTestId("sign-in-go").click();
  await other.getByText("E-post eller passord er feil").waitFor();
  await other.getByTestId("email").fill("");
  await other.getByTestId("password").fill("");
  await signIn(other, code);
  await other.getByTestId("session").nth(1).waitFor();
  assert.equal(new URL(other.url()).pathname, "/sessions");
  await looked(other);

  // Ended from here, the other page is at the door at its next question.
  await page.getByTestId("me").click();
  await page.getByRole("link", { name: "Kvar eg er logga inn" }).click();
  await page.getByTestId("session").nth(1).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1", "a new page begins at its heading");
  await page.getByTestId("end-others").click();
  await page.getByText("Du er no berre logga inn her.").first().waitFor();
  await other.reload();
  await other.getByTestId("sign-in").waitFor();

  await page.goBack();
  assert.equal(new URL(page.url()).pathname, "/admin");
  await page.getByTestId("me").click();
  await page.getByTestId("sign-out").click();
  await page.getByTestId("sign-in-again").waitFor();
  assert.deepEqual(await context.cookies().then((all) => all.filter((c) => c.value !== "")), []);
  await page.goto(`${base}/ikkje/ei/side`);
  await page.getByTestId("sign-in").waitFor();
  assert.deepEqual(complaints, []);
});
