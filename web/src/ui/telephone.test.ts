import { expect, it } from "vitest";
import { readable, telephone } from "./telephone";

it.each([
  ["+4712345678", "12 34 56 78"],
  ["12345678", "12 34 56 78"],
  ["+4790000412", "900 00 412"],
  ["116117", "116117"],
  ["+46812345678", "+46812345678"],
  ["", ""],
])("%s is read as %s", (phone, read) => expect(readable(phone)).toBe(read));

it("is dialled without spaces", () => expect(telephone("12 34 56 78")).toBe("tel:12345678"));
