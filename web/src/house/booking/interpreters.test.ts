import { expect, test } from "vitest";
import type { Interpreter } from "../wire";
import { interpretersFor } from "./interpreters";

const interpreter = (name: string, speaks: string[], active = true): Interpreter => ({ id: name, version: 1, name, phone: "40000000", email: "", language: "nn", speaks, active });
const all = [interpreter("Øyvind", ["pl"]), interpreter("Amina", ["so", "ar"]), interpreter("Bashir", ["ar-SY"]), interpreter("Cecilie", ["ar"], false)];
const names = (language: string): readonly string[] => interpretersFor(all, language).map((i) => i.name);

test("who speaks the language is offered first, and nobody who is not invited any more", () => {
  expect(names("ar")).toEqual(["Amina", "Bashir", "Øyvind"]);
  expect(names("pl")).toEqual(["Øyvind", "Amina", "Bashir"]);
});
test("without a language they stand by name", () => {
  expect(names("")).toEqual(["Amina", "Bashir", "Øyvind"]);
});
