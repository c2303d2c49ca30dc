import { describe, expect, test } from "vitest";
import { createHouse, page, type HouseDeps } from "./house";
import type { Bar } from "./router";
import type { Session } from "./wire";

const minute = 60_000;
const Nothing = () => null;

const act = { assignment: "a1", organisation: "o1", organisationName: "Fjord sjukehus", unit: "", role: "nurse", title: "Sjukepleiar" } as const;
const session = (with_: Partial<Session> = {}): Session => ({
  handle: "", stage: "full", person: { id: "mari", name: "Mari Bjørk" }, act, acts: [act], may: [], expiresAt: 30 * minute, language: "nb", ...with_,
});
const json = (status: number, body: unknown): Response => new Response(body === null ? null : JSON.stringify(body), { status });
const out = (): Response => json(401, { type: "about:blank", title: "sign in", status: 401, code: "sign-in" });

/** A house whose service answers what is set, by method and path; its clock is turned by hand. */
function house(answers: Record<string, () => Response>) {
  let now = 0;
  let tick: () => void = () => undefined;
  let input: () => void = () => undefined;
  let saved: string | null = null;
  const asked: string[] = [];
  const bar: Bar = { here: () => "/", index: () => 0, push: () => undefined, replace: () => undefined, go: () => undefined, onWalk: () => () => undefined };
  const deps: HouseDeps = {
    bar,
    fetch: (url, init) => {
      const name = `${init?.method} ${String(url).replace("/api/v1", "")}`;
      asked.push(name);
      return Promise.resolve((answers[name] ?? out)());
    },
    key: () => "key",
    now: () => now,
    handle: () => "",
    language: { load: () => null, save: (language) => (saved = language), browser: "nn" },
    routes: [["/", page(Nothing)]],
    tick: (tell) => {
      tick = tell;
      return () => undefined;
    },
    onInput: (tell) => {
      input = tell;
      return () => undefined;
    },
  };
  return {
    house: createHouse(deps),
    asked,
    answers,
    saved: () => saved,
    at(ms: number) {
      now = ms;
      tick();
    },
    input: () => input(),
  };
}
/** Lets what has been answered arrive. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("opening", () => {
  test("finds who is signed in, and speaks their language", async () => {
    const h = house({ "GET /session": () => json(200, session()) });
    expect(h.house.language.value).toBe("nn");
    h.house.start();
    await settled();
    expect(h.house.standing.value).toMatchObject({ kind: "in", session: { stage: "full" } });
    expect(h.house.language.value).toBe("nb");
  });

  test("shows the door to someone who is not, and to nobody that they were signed out", async () => {
    const h = house({});
    h.house.start();
    await settled();
    expect(h.house.standing.value).toEqual({ kind: "out", why: "new" });
  });

  test("says that the service does not answer, and opens when it does", async () => {
    const h = house({ "GET /session": () => json(503, null) });
    h.house.start();
    await settled();
    expect(h.house.standing.value.kind).toBe("failed");
    h.answers["GET /session"] = () => json(200, session());
    await h.house.open();
    expect(h.house.standing.value.kind).toBe("in");
  });
});

describe("a session that has ended", () => {
  async function opened() {
    const h = house({ "GET /session": () => json(200, session()), "GET /day": () => json(200, { items: [], now: 0 }) });
    h.house.start();
    await settled();
    return h;
  }

  test("brings the door at the next answer", async () => {
    const h = await opened();
    delete h.answers["GET /day"];
    await h.house.api("GET /day").catch(() => undefined);
    expect([h.house.standing.value, h.house.held.value]).toEqual([{ kind: "out", why: "ended" }, null]);
  });

  test("keeps a page with something unsaved behind the door, until someone has come in", async () => {
    const h = await opened();
    const release = h.house.router.guard();
    delete h.answers["GET /day"];
    await h.house.api("GET /day").catch(() => undefined);
    expect(h.house.held.value?.person.id).toBe("mari");
    h.house.signedIn(session({ stage: "code" }));
    expect(h.house.held.value?.person.id).toBe("mari");
    h.house.signedIn(session());
    expect(h.house.held.value).toBeNull();
    release();
  });

  test("is asked about when its time is over, though nobody presses anything", async () => {
    const h = await opened();
    h.at(29 * minute);
    await settled();
    expect(h.asked).toEqual(["GET /session"]);
    delete h.answers["GET /session"];
    h.at(31 * minute);
    await settled();
    expect(h.house.standing.value).toEqual({ kind: "out", why: "ended" });
  });

  test("lives on as long as something is asked, counted from then", async () => {
    const h = await opened();
    h.at(20 * minute);
    await h.house.api("GET /day");
    h.at(31 * minute);
    await settled();
    expect(h.asked).toEqual(["GET /session", "GET /day"]);
    delete h.answers["GET /session"];
    h.at(51 * minute);
    await settled();
    expect(h.house.standing.value.kind).toBe("out");
  });
});

describe("signing out", () => {
  test("is done also where the session had ended already", async () => {
    const h = house({ "GET /session": () => json(200, session()) });
    h.house.start();
    await settled();
    await h.house.signOut();
    expect(h.house.standing.value).toEqual({ kind: "out", why: "self" });
  });

  test("is not claimed where the service did not answer", async () => {
    const h = house({ "GET /session": () => json(200, session()), "DELETE /session": () => json(503, null) });
    h.house.start();
    await settled();
    await expect(h.house.signOut()).rejects.toThrow("no-network");
    expect(h.house.standing.value.kind).toBe("in");
  });
});

test("news is asked for only while somebody is there", () => {
  const h = house({});
  h.house.start();
  expect(h.house.active()).toBe(true);
  h.at(11 * minute);
  expect(h.house.active()).toBe(false);
  h.input();
  expect(h.house.active()).toBe(true);
});

test("a chosen language is kept, and outweighs the session's", async () => {
  const h = house({ "GET /session": () => json(200, session()) });
  h.house.start();
  await settled();
  h.house.setLanguage("en");
  expect([h.house.language.value, h.saved()]).toEqual(["en", "en"]);
});
