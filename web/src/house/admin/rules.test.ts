import { describe, expect, test } from "vitest";
import { blank, contacts, digits, email, found, period, phone, relocated, required } from "./rules";

describe("before anything is sent", () => {
  test.each(["", "55 00 00 00", "+47 55 00 00 00", "0046 8 123 45 67", "+4755000000"])("%j may be a telephone number", (typed) => expect(phone("phone", typed)).toEqual([]));
  test.each(["5500000", "55 00 00 00 x", "+47", "hei"])("%j is no telephone number", (typed) => expect(phone("phone", typed)).toEqual([["phone", "phone"]]));
  test.each(["", "ane.rogn@fjordvik.kommune.no", " a@b.no "])("%j may be an e-mail address", (typed) => expect(email("email", typed)).toEqual([]));
  test.each(["ane", "ane@fjordvik", "a b@c.no", "@c.no"])("%j is no e-mail address", (typed) => expect(email("email", typed)).toEqual([["email", "email"]]));

  test("a period has a first day, and no last day before it", () => {
    expect(period("", "2026-11-23", "")).toEqual([]);
    expect(period("", "2026-11-23", "2026-11-23")).toEqual([]);
    expect(period("", "", "")).toEqual([["from", "date"]]);
    expect(period("assignments[1].", "2026-11-23", "2026-11-22")).toEqual([["assignments[1].until", "untilBeforeFrom"]]);
  });

  test("numbers have as many digits as they should, spaces aside", () => {
    expect(digits("number", "983 974 678", 9, 9, "number")).toEqual([]);
    expect(digits("number", "98397467", 9, 9, "number")).toEqual([["number", "number"]]);
    expect(digits("hpr", "", 7, 9, "hpr")).toEqual([]);
  });

  test("every broken rule is found, each at its field", () => {
    expect([...found(required("name", " "), phone("phone", "1"))]).toEqual([["name", "required"], ["phone", "phone"]]);
  });
});

describe("contacts that nobody has written", () => {
  const empty = { for: "clinical", name: "", phone: " ", email: "" } as const;
  const bo = { for: "technical", name: "Bo Lind", phone: "12", email: "" } as const;

  test("are no mistake, and are not counted by the service", () => {
    expect(blank(empty)).toBe(true);
    expect(contacts([empty, bo])).toEqual([["contacts[1].phone", "phone"]]);
    expect(relocated("contacts[0].phone", "contacts", [empty, bo], (c) => !blank(c))).toBe("contacts[1].phone");
    expect(relocated("name", "contacts", [empty, bo], (c) => !blank(c))).toBe("name");
  });
});
