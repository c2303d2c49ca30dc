import { describe, expect, test } from "vitest";
import { blank, complete, faultOf, keyOf, press, type Key, type Typed } from "./typed";
import { kind } from "./testing";

const typing = (id: string, keys: string): Typed => [...keys].reduce((t, k) => press(kind(id), t, (k === "<" ? "back" : k === ">" ? "next" : k) as Key), blank(kind(id)));

describe("the keypad", () => {
  test.each([
    ["14886", ["148", "86"]],
    ["9862", ["98", "62"]], // 98x can't be: the next digit is the second number's
    ["300110", ["300", "110"]],
    ["95>60", ["95", "60"]],
  ])("a blood pressure in a row: %s", (keys, fields) => expect(typing("blood-pressure", keys).fields).toEqual(fields));

  test("erasing goes back into the first number", () => {
    expect(typing("blood-pressure", "148<").fields).toEqual(["14", ""]);
    expect(typing("blood-pressure", "1488<<<").fields).toEqual(["1", ""]);
  });
  test("a comma where the kind has decimals, and nowhere else", () => {
    expect(typing("temperature", "37,42").fields).toEqual(["37.4"]);
    expect(typing("temperature", ",5").fields).toEqual(["0.5"]);
    expect(typing("heart-rate", "9,4").fields).toEqual(["94"]);
  });
  test("a leading zero is no digit", () => expect(typing("oxygen-given", "05").fields).toEqual(["5"]));
  test("one digit too many is shown, more are not", () => expect(typing("heart-rate", "148077").fields).toEqual(["1480"]));
  test("the keyboard means the same", () => {
    expect(["7", ".", ",", "Backspace", "/", "a", "Enter", "Tab"].map(keyOf)).toEqual(["7", ",", ",", "back", "next", null, null, null]);
  });
});

describe("what is wrong is told in place", () => {
  const fault = (id: string, keys: string, checked = false) => faultOf(kind(id), { ...typing(id, keys), checked });
  test("over the range at once, under it when the number is done", () => {
    expect(fault("heart-rate", "1480")).toEqual({ field: 0, rule: "range" });
    expect(fault("heart-rate", "1")).toBeNull(); // may become 15
    expect(fault("heart-rate", "1", true)).toEqual({ field: 0, rule: "range" });
  });
  test("on the edge of the range is within it", () => {
    expect(fault("heart-rate", "15", true)).toBeNull();
    expect(fault("heart-rate", "300", true)).toBeNull();
    expect(fault("heart-rate", "301")).toEqual({ field: 0, rule: "range" });
  });
  test("what is missing, when Save was pressed", () => {
    expect(fault("blood-pressure", "148")).toBeNull();
    expect(fault("blood-pressure", "148", true)).toEqual({ field: 1, rule: "missing" });
  });
  test("the second pressure is under the first", () => expect(fault("blood-pressure", "12>130")).toEqual({ field: 0, rule: "range" }));
  test("two pressures in the wrong order", () => expect(fault("blood-pressure", "120130", true)).toEqual({ field: 1, rule: "order" }));
});

test("only what is whole and possible is saved", () => {
  expect(complete(kind("blood-pressure"), typing("blood-pressure", "14886"))).toEqual([148, 86]);
  expect(complete(kind("blood-pressure"), typing("blood-pressure", "148"))).toBeNull();
  expect(complete(kind("temperature"), typing("temperature", "38,2"))).toEqual([38.2]);
  expect(complete(kind("temperature"), typing("temperature", "99"))).toBeNull();
});
