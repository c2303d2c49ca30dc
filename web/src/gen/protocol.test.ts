import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isOpened, isProblem, isServerMessage, isTicket } from "./protocol";

// The same examples that Go decodes.
interface Examples {
  type: string;
  from: "page" | "server";
  good: { why: string; message: Record<string, unknown> }[];
}
const folder = new URL("../../../signaling/protocol/testdata/", import.meta.url);
const fromServer = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Examples)
  .filter((e) => e.from === "server" && e.good?.length > 0);

/** Every copy of x that lacks one required thing, or holds another kind of thing in its place. */
function* broken(x: unknown, path = ""): Generator<[string, unknown]> {
  if (Array.isArray(x)) {
    for (const [i, v] of x.entries()) {
      for (const [where, bad] of broken(v, `${path}[${i}]`)) yield [where, x.with(i, bad)];
    }
    yield [`${path} as null`, null];
  } else if (typeof x === "object" && x !== null) {
    for (const [name, v] of Object.entries(x)) {
      for (const [where, bad] of broken(v, `${path}.${name}`)) yield [where, { ...x, [name]: bad }];
    }
    yield [`${path} as a list`, [1]];
  } else {
    yield [`${path} of another kind`, typeof x === "string" ? 1 : "x"];
    yield [`${path} as null`, null];
  }
}

// Nothing is a good answer here: nobody points at anything any more, and a photo without a scale measures nothing.
const mayBeNull = ["pointed.target as null", ...["scale", "area", "longest", "widest"].map((of) => `photographed.photos[0].${of} as null`)];

describe("what the server may say", () => {
  it("has an example of each type", () => {
    expect(fromServer.map((e) => e.type)).toContain("welcome");
    expect(fromServer.length).toBeGreaterThanOrEqual(15);
  });
  for (const { type, good } of fromServer) {
    for (const { why, message } of good) {
      it(`takes ${type}: ${why}`, () => expect(isServerMessage(message)).toBe(true));
      it(`takes ${type} with a field more: ${why}`, () => expect(isServerMessage({ ...message, later: {} })).toBe(true));
      it(`refuses ${type} with any part of another kind: ${why}`, () => {
        for (const [where, bad] of broken(message)) {
          if (!mayBeNull.includes(`${type}${where}`)) expect(isServerMessage(bad), `${type}${where}`).toBe(false);
        }
      });
    }
  }
  it("refuses what is no message", () => {
    for (const x of [null, undefined, 1, "welcome", [], {}, { type: "hasOwnProperty" }, { type: "chat" }, { type: 1 }]) {
      expect(isServerMessage(x)).toBe(false);
    }
  });
});

describe("what the HTTP API may say", () => {
  const person = { id: "p", name: "Olav Eik", role: "patient", title: "Pasient", organisation: "" };
  const opened = {
    me: { ...person, language: "nn" },
    state: "booked",
    consultation: { id: "c", starts: 1, ends: 2, organisation: "", phone: "", expected: [person] },
    opensAt: 0,
    admitsItself: false,
    may: ["chat"],
    now: 3,
  };
  it("takes what a link opens", () => {
    expect(isOpened(opened)).toBe(true);
  });
  it("refuses any part of another kind", () => {
    for (const [where, bad] of broken(opened)) expect(isOpened(bad), where).toBe(false);
  });
  it("knows a ticket and a problem", () => {
    expect(isTicket({ ticket: "t", expiresAt: 1 })).toBe(true);
    expect(isTicket({ ticket: "t", expiresAt: "soon" })).toBe(false);
    expect(isProblem({ type: "about:blank", title: "t", status: 404, code: "link-unknown" })).toBe(true);
    expect(isProblem({ type: "about:blank", title: "t", status: 404, code: "novel" })).toBe(false);
  });
});
