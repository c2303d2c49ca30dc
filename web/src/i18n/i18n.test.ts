import { describe, expect, test } from "vitest";
import { browserHelp } from "./help";
import { clock, date, dictionaries, distance, duration, moment, sameDay, type Dictionary } from "./i18n";
import { interpreterLanguage, interpreterLanguages } from "./interpreters";

const minute = 60_000;
const monday = Date.UTC(2026, 10, 23, 9, 5);

describe("times", () => {
  test("are said as in each language", () => {
    expect(`${date(dictionaries.nn, monday)} kl. ${clock(dictionaries.nn, monday)}`).toBe("måndag 23. november kl. 10.05");
    expect(date(dictionaries.nb, monday)).toBe("mandag 23. november");
    expect(clock(dictionaries.en, monday)).toBe("10:05");
  });

  test("are Norway's, on whatever clock the reader's device stands", () => {
    const newYear = Date.UTC(2026, 11, 31, 23, 5);
    expect(moment(dictionaries.en, newYear)).toBe("Friday 1\u00a0January at\u00a000:05");
    expect(moment(dictionaries.nn, Date.UTC(2026, 5, 28, 22, 30))).toBe("måndag 29.\u00a0juni kl.\u00a000.30");
    expect(sameDay(newYear, newYear - 10 * minute)).toBe(false);
    expect(sameDay(newYear, newYear + 23 * 60 * minute - 6 * minute)).toBe(true);
  });

  test("lasts are whole words where there is one", () => {
    expect(duration(dictionaries.nn, 30 * minute)).toBe("ein halv time");
    expect(duration(dictionaries.nn, 60 * minute)).toBe("ein time");
    expect(duration(dictionaries.nn, 45 * minute)).toBe("45 minutt");
  });

  test("a distance is never zero minutes", () => {
    expect(distance(dictionaries.nn, 1_000)).toBe("eitt minutt");
    expect(distance(dictionaries.nn, -12 * minute)).toBe("12 minutt");
    expect(distance(dictionaries.nn, 180 * minute)).toBe("3 timar");
  });
});

describe("words on screen", () => {
  // What a button says: no full stop (design/README.md, principle 5).
  const buttons = [
    "joinCall", "goOn", "waitABit", "tryAgain", "soundOnly", "listenOnly", "letIn", "turnAway", "mute", "removeShort", "lock", "unlock",
    "endForAll", "hangUp", "raiseHand", "send", "comeBack", "reload", "hearOthers", "turnOnSound",
    "sendAnswer", "timesNone", "changeAnswer", "yesComing", "notSuits", "ringMe", "testDevices", "testAgain", "testDone", "interpreterSend", "toCalendar", "readyNow",
  ] as const satisfies readonly (keyof Dictionary)[];

  test.each(Object.entries(dictionaries))("%s: none is empty, and no button ends in a full stop", (_, words) => {
    for (const [key, value] of Object.entries(words)) if (typeof value === "string") expect(value, key).not.toBe("");
    for (const key of buttons) expect(words[key].endsWith("."), key).toBe(false);
  });

  test("nynorsk holds no word that only bokmål has, nor bokmål one of nynorsk's", () => {
    const onlyBokmål = /(?<!\p{L})(ikke|jeg|noe|noen|hvem|hva|hvor|hvis|bilde|bilder|lenken?|fra|siden|klokken|hjemme|virker|venter|kobler|slipp|tiden)(?!\p{L})/iu;
    const onlyNynorsk = /(?<!\p{L})(ikkje|eg|noko|nokon|kven|kva|korleis|bilete|biletet|lenkje|lenkja|frå|sida|klokka|verkar|ventar|koplar|slepp|høyrer|dykk)(?!\p{L})/iu;
    const hits = (words: Dictionary, wrong: RegExp) => Object.entries(words).flatMap(([key, value]) => (wrong.test(String(value)) ? [`${key}: ${String(value)}`] : []));
    expect(hits(dictionaries.nn, onlyBokmål)).toEqual([]);
    expect(hits(dictionaries.nb, onlyNynorsk)).toEqual([]);
  });

  test("every browser's help has steps in every language, and as many", () => {
    for (const [browser, help] of Object.entries(browserHelp.nn)) {
      expect(help.steps.length, browser).toBeGreaterThan(1);
      for (const language of ["nb", "en"] as const) {
        expect(browserHelp[language][browser as keyof typeof browserHelp.nn].steps, `${language} ${browser}`).toHaveLength(help.steps.length);
      }
      // Stars come in pairs, or half the sentence turns bold.
      for (const step of help.steps) expect(step.split("*").length % 2, step).toBe(1);
    }
  });
});

describe("languages of interpreters", () => {
  test("stand by their own name beside the reader's, so that who reads no Norwegian finds theirs", () => {
    expect(interpreterLanguage("nn", "pl")).toEqual({ code: "pl", own: "Polski", name: "polsk" });
    expect(interpreterLanguage("en", "uk")).toMatchObject({ own: "Українська", name: "Ukrainian" });
    const all = interpreterLanguages("nn");
    expect(new Set(all.map((l) => l.code)).size).toBe(all.length);
    for (const { code, own, name } of all) {
      expect(own, code).not.toBe(code);
      expect(name, code).not.toBe("");
    }
  });

  test("that the page does not know, or that are none, are shown as they came", () => {
    expect(interpreterLanguage("nn", "xx-not a tag")).toEqual({ code: "xx-not a tag", own: "xx-not a tag", name: "xx-not a tag" });
    expect(interpreterLanguage("nn", "cy")).toMatchObject({ own: "cy", name: "walisisk" });
  });
});

test("a moment is broken only between its day, date and time", () => {
  expect(moment(dictionaries.nn, monday)).toBe("måndag 23.\u00a0november kl.\u00a010.05");
  expect(moment(dictionaries.en, monday)).toBe("Monday 23\u00a0November at\u00a010:05");
});
