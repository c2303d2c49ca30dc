import { expect, test } from "vitest";
import { changed, diff } from "./diff";

const said = (before: string, after: string): string => diff(before, after).map((p) => ({ same: p.text, added: `{+${p.text}+}`, removed: `{-${p.text}-}` })[p.how]).join("");

test("words that are new and gone are marked, the others stay", () => {
  expect(said("Ein tur kvar dag.", "Ein lang tur kvar dag.")).toBe("Ein {+lang +}tur kvar dag.");
  expect(said("Ring heimetenesta same dag", "Ring legevakta same dag")).toBe("Ring {-heimetenesta -}{+legevakta +}same dag");
});
test("a text that was not there is all new, and one that is gone all removed", () => {
  expect(diff("", "Ein tur")).toEqual([{ how: "added", text: "Ein tur" }]);
  expect(diff("Ein tur", "")).toEqual([{ how: "removed", text: "Ein tur" }]);
  expect(diff("", "")).toEqual([]);
});
test("another space between the same words is no change", () => {
  expect(changed(diff("Ein tur\nut", "Ein  tur ut"))).toBe(false);
  expect(changed(diff("Ein tur", "Ein"))).toBe(true);
});
test("what stays and is new is the new text, what stays and is removed has the old words", () => {
  const before = "Bandasje kvar tredje dag. Blodsukker før frukost.\nEin tur ut.";
  const after = "Bandasje kvar andre dag.\nBlodsukker før og etter frukost. Ein tur.";
  const pieces = diff(before, after);
  const of = (not: string): string => pieces.filter((p) => p.how !== not).map((p) => p.text).join("");
  expect(of("removed")).toBe(after);
  expect(of("added").split(/\s+/)).toEqual(before.split(/\s+/));
});
