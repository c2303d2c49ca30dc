// People who sign in: their password and authenticator, the ways they get them, and what they
// ask the service from inside their page.

import { createHmac } from "node:crypto";
import { untilEqual } from "./wait.mjs";

/** What a browser writes in its console when a page asks who is signed in, and nobody is. */
export const nobodyIn = /status of 401 \(Unauthorized\) \S+\/api\/v1\/session$/;

export const password = "fire ville hestar spring";

/** An authenticator app (RFC 6238) for a secret in base32. Each code is good once: one that has been used is followed by the next. */
export function authenticator(secret) {
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

/** By a demo's link, which signs a member of staff in. */
export async function comeIn(person, link) {
  await person.open(link);
  await person.has("[data-testid=me]");
}

/** Opens the link that gives someone a way in, and uses it. Returns what they sign in with. */
export async function enrol(person, link) {
  await person.open(link);
  await person.has("[data-testid=enrol]");
  const email = await person.text("[data-testid=email]");
  const code = authenticator(await person.text("[data-testid=secret]"));
  await person.driver.type("[data-testid=password]", password);
  await person.driver.type("[data-testid=code]", code());
  await person.press("enrol-go");
  await person.has("[data-testid=me], [data-testid=roles]"); // who has several roles chooses first
  return { email, code };
}

/** At the door, by the keyboard alone: the address, the password and the code. */
export async function signIn(person, { email, code }) {
  const { page } = person.driver;
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

/** An administrator sends someone a new way in, from the list of an organisation's people. */
export async function sendWayIn(administrator, organisation, name) {
  const { page } = administrator.driver;
  await go(administrator, "/admin/staff");
  await page.getByLabel("Organisasjon", { exact: true }).selectOption({ label: organisation });
  await page.getByRole("link", { name }).click();
  await administrator.press("invite");
  await administrator.press("invite-send");
}

/** Asks the API from inside a person's page, with the session of that tab: a link's, or the account's. */
export function ask(person, method, path, body, headers = {}) {
  return person.evaluate(
    async ([method, path, body, headers]) => {
      const handle = sessionStorage.getItem("samkonsult.session"); // as handle.ts keeps it
      const answer = await fetch(`/api/v1${path}`, {
        method,
        headers: { ...(handle ? { "samkonsult-session": handle } : {}), ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    },
    [method, path, body, headers],
  );
}

/** Moves inside the page, as a link in it would; nothing is loaded anew. */
export async function go(person, path) {
  await person.evaluate((to) => {
    const link = document.createElement("a");
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await untilEqual(`${person.name} is at ${path}`, () => person.evaluate(() => location.pathname + location.search), path);
}

/**
 * An administrator makes an organisation that nobody cooperates with, and a nurse there who
 * signs in: someone to whom no patient here is known.
 */
export async function stranger(server, administrator, nurse, organisation) {
  const made = async (path, body) => {
    const answer = await ask(administrator, "POST", path, body, { "idempotency-key": `"${crypto.randomUUID()}"` });
    if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer)}`);
    return answer.body;
  };
  const { id } = await made("/organisations", { kind: "municipality", name: organisation, number: "", phone: "57000009", active: true, contacts: [] });
  const assignment = { id: "", organisation: id, unit: "", role: "nurse", title: "Sjukepleiar", competence: "", from: new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Oslo" }).format(Date.now()), until: "" };
  const { name, email } = nurse.who;
  const staff = await made("/staff", { name, email, phone: "", hpr: "", language: "nn", assignments: [assignment] });
  await ask(administrator, "POST", `/staff/${staff.id}/enrolment`);
  return enrol(nurse, (await server.message("enrol", email)).link);
}
