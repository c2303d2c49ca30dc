import { describe, expect, it } from "vitest";
import { view } from "../testing/messages";
import { ask, readAnswer } from "./records";

describe("a glucose meter is asked", () => {
  it("for its last record alone, when it is not known", () => expect([...ask(null)]).toEqual([0x01, 0x06]));
  it("for what is newer than the last that was fetched", () => {
    expect([...ask(7)]).toEqual([0x01, 0x03, 0x01, 0x08, 0x00]);
    expect([...ask(0x01ff)]).toEqual([0x01, 0x03, 0x01, 0x00, 0x02]);
  });
  it("for its last one when its numbers come round", () => expect([...ask(0xffff)]).toEqual([0x01, 0x06]));
});

describe("its answer", () => {
  it.each([
    ["done", [0x06, 0x00, 0x01, 0x01]],
    ["none", [0x06, 0x00, 0x01, 0x06]],
    ["refused", [0x06, 0x00, 0x01, 0x02]],
    ["other", [0x05, 0x00, 0x03, 0x00]], // a number of records
    ["other", [0x06, 0x00, 0x03, 0x01]], // to another request
    ["other", [0x06, 0x00]], // cut
    ["other", []],
  ])("%s", (answer, bytes) => expect(readAnswer(view(bytes))).toBe(answer));
});
