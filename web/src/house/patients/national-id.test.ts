import { expect, test } from "vitest";
import { digitsOf, judge } from "./national-id";

// Synthetic numbers only: the month is 80 or 65 too high.
const good = [
  ["month + 80", "15915410038"],
  ["month + 80, in summer", "21814510007"],
  ["month + 65", "09066510260"],
  ["a D-number, day + 40", "51817510004"],
] as const;

test.each(good)("a number with right control digits is good: %s", (_, number) => {
  expect(judge(number)).toBe("good");
});

test.each(good)("one wrong digit is noticed wherever it stands: %s", (_, number) => {
  for (let i = 0; i < 11; i++) {
    const wrong = number.slice(0, i) + String((Number(number[i]) + 1) % 10) + number.slice(i + 1);
    expect(judge(wrong)).toBe("doubtful");
  }
});

test("spaces are no mistake, and half a number is not judged", () => {
  for (const typed of ["159154 10038", " 15 91 54 100 38 ", "159154-10038", "159154\u00a010038"]) expect(digitsOf(typed)).toBe("15915410038");
  expect(judge("")).toBe("empty");
  expect(judge("159154 100")).toBe("unfinished");
  expect(judge("1591541003x")).toBe("unfinished");
});
