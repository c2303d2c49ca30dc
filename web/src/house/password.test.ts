import { expect, test } from "vitest";
import { passwordRules } from "./password";

const email = "mari.bjørk@fjordvik.example";

test.each([
  ["", { length: false, variety: false, email: false }],
  ["gul hest", { length: false, variety: true, email: true }],
  ["gul hest spring fort", { length: true, variety: true, email: true }],
  ["aaaaaaaaaaaa", { length: true, variety: false, email: true }],
  ["Bjørk er eit fint tre", { length: true, variety: true, email: false }],
  ["MARImarimari12", { length: true, variety: true, email: false }],
  ["🐴🐴🐴🐴🐴🐴🐴🐴🐴🐴🐴🐴", { length: true, variety: false, email: true }],
  ["eit tre ved fjordvik", { length: true, variety: true, email: true }], // only what stands before the @
])("%j meets %j", (password, met) => {
  expect(passwordRules(password, email)).toEqual(met);
});

test("the short parts of an address are in ordinary words", () => {
  expect(passwordRules("ola har ein raud bil", "ola.nes@x.example").email).toBe(true);
});
