import { describe, expect, test } from "vitest";
import { languageValues, problemCodeValues } from "../gen/protocol";
import { actions, roles } from "../gen/access";
import { ApiError } from "./client";
import { houseWords, type HouseWords } from "./i18n/words";
import { brokenField, problemWords, refusalOf } from "./problems";
import type { Problem } from "./wire";

const error = (code: ApiError["code"], more: Partial<Problem> = {}): ApiError =>
  new ApiError(code, code === "no-network" || code === "unreadable" ? null : { type: "about:blank", title: code, status: 400, code, ...more });
const codes: readonly ApiError["code"][] = [...problemCodeValues, "no-network", "unreadable"];

describe("a problem", () => {
  test.each(languageValues.flatMap((language) => codes.map((code) => [language, code] as const)))("in %s has a sentence for %s", (language, code) => {
    const said = problemWords(houseWords[language], error(code));
    expect(said).toMatch(/^\p{Lu}.*[.]$/su);
    expect(said).not.toContain("undefined");
  });

  test("that is none of the service's is ours", () => {
    expect(problemWords(houseWords.nn, new Error("x"))).toBe(houseWords.nn.serverFailed);
  });

  test("says how long to wait where that is known", () => {
    expect(problemWords(houseWords.nn, error("locked", { retryAfter: 240_000 }))).toContain("Vent 4 minutt");
    expect(problemWords(houseWords.nb, error("too-many", { retryAfter: 30_000 }))).toContain("Vent ett minutt");
  });

  test("names its field only where a field is what is wrong", () => {
    expect(brokenField(error("invalid", { field: "email" }))).toBe("email");
    expect(brokenField(error("exists", { field: "number" }))).toBe("number");
    expect(brokenField(error("refused", { field: "email" }))).toBe("");
    expect(brokenField(new Error("x"))).toBe("");
  });
});

describe("a refusal", () => {
  test("says the rule, and whom to ask", () => {
    expect(refusalOf(houseWords.nn, error("refused", { rule: "patient.read", organisation: "Fjord sjukehus", phone: "12 34 56 78" }), "coordinator")).toEqual({
      rule: "Som koordinator kan du ikkje sjå pasienten her.",
      ask: "Treng du det i arbeidet ditt? Spør Fjord sjukehus.",
      phone: "12 34 56 78",
    });
  });

  test("is said in words where the rule has none, and where nobody to ask is known", () => {
    const refusal = refusalOf(houseWords.nn, error("refused", { rule: "something.new" }), "nurse");
    expect(refusal?.rule).toBe("Rolla di som sjukepleiar gjev ikkje tilgang her.");
    expect(refusal?.ask).toBe(houseWords.nn.refusedAsk);
  });

  test("sends a relative to those who invited, and not to an employer", () => {
    const refusal = refusalOf(houseWords.nn, error("refused", { rule: "seen.read" }), "relative");
    expect(refusal?.ask).toBe("Lurer du på noko, spør dei som sende deg lenkja.");
  });

  test("is not what other problems are", () => {
    expect(refusalOf(houseWords.nn, error("internal"), "nurse")).toBeNull();
  });
});

describe("words", () => {
  const strings = (words: object): string[] => Object.values(words).map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));

  test.each(languageValues)("in %s: none is empty, each role has one, and what a page may be refused too", (language) => {
    const words = houseWords[language];
    for (const text of strings(words)) expect(text).not.toBe("");
    for (const role of roles) expect(words.role(role)).not.toBe("");
    // What happens in a call is refused by the call.
    for (const action of actions.filter((a) => !a.startsWith("call."))) expect(words.action(action), action).not.toBe("");
  });

  test.each(languageValues)("in %s: no button ends in a full stop", (language) => {
    const buttons = ["signIn", "goOn", "tryAgain", "cancel", "finish", "join", "joinNow", "newLink", "newLinkSend", "endOne", "endAll", "signOut", "switchRole", "signInAgain", "unsavedStay", "unsavedGo", "toToday"] as const satisfies readonly (keyof HouseWords)[];
    for (const key of buttons) expect(houseWords[language][key].endsWith("."), key).toBe(false);
  });

  test("nynorsk holds no word that only bokmål has, nor bokmål one of nynorsk's", () => {
    const onlyBokmål = /(?<!\p{L})(ikke|jeg|noe|noen|hvem|hva|hvor|hvis|bilde|bilder|lenken?|fra|siden|klokken|virker|venter|tiden|gir|åpen|åpne|nå)(?!\p{L})/iu;
    const onlyNynorsk = /(?<!\p{L})(ikkje|eg|noko|nokon|kven|kva|kvar|korleis|bilete|biletet|lenkje|lenkja|frå|sida|klokka|verkar|ventar|gjev|mista|opne|no)(?!\p{L})/iu;
    const hits = (words: object, wrong: RegExp): string[] => Object.entries(words).filter(([, value]) => wrong.test(typeof value === "object" ? JSON.stringify(value) : String(value))).map(([key]) => key);
    expect(hits(houseWords.nn, onlyBokmål)).toEqual([]);
    expect(hits(houseWords.nb, onlyNynorsk)).toEqual([]);
  });
});
