import { describe, expect, test } from "vitest";
import { recorded } from "../../gen/access";
import { momentOf } from "../../i18n/norway";
import type { SeenLine } from "../wire";
import { seenWords } from "./i18n/words";
import { asWhat, because, days, deed, elevenDigits, urgent, when, who } from "./lines";

const w = seenWords.nn;
const at = (day: number, hour: number, minute = 0): number => momentOf(`2026-11-${day}`, hour * 60 + minute);
const line = (change: Partial<SeenLine> = {}): SeenLine => ({
  at: at(23, 10, 5), times: 1, name: "Mari Bjørk", role: "nurse", organisation: "Fjordvik kommune", action: "patient.read", refused: false, by: ["same-organisation"], reason: "", ...change,
});

describe("a line", () => {
  test("says who, as what, when and why", () => {
    expect(who(w, line(), true)).toBe("Mari Bjørk");
    expect(asWhat(w, line())).toBe("sjukepleiar, Fjordvik kommune");
    expect(when(w, line())).toBe("kl. 10.05");
    expect(when(w, line({ times: 3 }))).toBe("3 gonger, sist kl. 10.05");
    expect(because(w, line(), true)).toBe("Arbeider der du får helsehjelp");
    expect(because(w, line({ by: ["agreement", "consent"] }), false)).toBe("Etter ein samarbeidsavtale, pasienten har sagt ja");
    expect(because(w, line({ by: ["self"] }), true)).toBe("");
  });

  test("of a refusal says what was tried, and not that it was seen", () => {
    expect(deed(w, line({ action: "patient.read" }))).toBe("Såg namn, fødselsnummer, telefon og pårørande");
    expect(deed(w, line({ action: "patient.read", refused: true }))).toBe("Prøvde å sjå pasienten, og fekk ikkje lov");
    expect(deed(w, line({ action: "sign-in", refused: true }))).toBe("Prøvde, og fekk det ikkje til: Logga inn");
  });

  test("tells the patient, an erased person, nobody and a machine apart", () => {
    expect(who(w, line({ role: "patient", name: "Olav Eik" }), true)).toBe("Du");
    expect(who(w, line({ role: "patient", name: "Olav Eik" }), false)).toBe("Pasienten");
    expect(who(w, line({ name: "" }), true)).toBe("Ein som ikkje finst her lenger");
    expect(who(w, line({ name: "", role: "" }), true)).toBe("Nokon som ikkje var logga inn");
    expect(who(w, line({ name: "", role: "machine" }), true)).toBe("Eit anna datasystem");
  });

  test("of an emergency stands out, also the looks that it opened", () => {
    expect(urgent(line({ action: "emergency.open" }))).toBe(true);
    expect(urgent(line({ by: ["emergency"] }))).toBe(true);
    expect(urgent(line())).toBe(false);
  });
});

test("lines stand under Norway's days, with the year where it is another", () => {
  const lines = [line(), line({ at: at(23, 8) }), line({ at: at(22, 23, 59) }), line({ at: momentOf("2025-01-02", 9 * 60) })];
  expect(days(w, lines, at(23, 12)).map((day) => [day.title, day.lines.length])).toEqual([
    ["I dag", 2],
    ["Søndag 22. november", 1],
    ["Torsdag 2. januar 2025", 1],
  ]);
});

test.each(Object.entries(seenWords))("in %s there are words for everything that stands in the record", (_, words) => {
  expect(recorded.length).toBeGreaterThan(40);
  const unknown = words.own.action("something.new"); // an older page, or a newer service
  expect(unknown).toContain("something.new");
  for (const code of recorded) expect(words.own.action(code), code).not.toBe(unknown.replace("something.new", code));
});

test("an identity number is eleven digits, with or without a space", () => {
  for (const typed of ["15915410038", "159154 10038", " 15915410038 "]) expect(elevenDigits(typed), typed).toBe(true);
  for (const typed of ["", "1591541003", "159154100388", "1591541003x", "olav"]) expect(elevenDigits(typed), typed).toBe(false);
});
