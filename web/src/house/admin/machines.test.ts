import { expect, test } from "vitest";
import { table } from "../../gen/access";
import { en } from "./i18n/en";
import { nb } from "./i18n/nb";
import { nn } from "./i18n/nn";
import { scopes } from "./machines";

test("whatever the table lets a machine do can be given to one, and has words", () => {
  expect([...scopes].sort()).toEqual(Object.keys(table.machine).sort());
  for (const words of [nn, nb, en]) expect(scopes.filter((scope) => !words.machine.scope[scope])).toEqual([]);
});
