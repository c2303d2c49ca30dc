// Languages that one can ask an interpreter for, as each is called by those who speak it:
// who does not read Norwegian must find it. They are those most asked for of IMDi's register of
// interpreters, with the sign language and North Sami.

import type { Language } from "../gen/protocol";

/** By BCP 47, with its own name. */
const own: Readonly<Record<string, string>> = {
  ar: "العربية", sq: "Shqip", am: "አማርኛ", my: "မြန်မာ", bs: "Bosanski", prs: "دری", en: "English", et: "Eesti", tl: "Filipino", fr: "Français",
  ka: "ქართული", zh: "中文", hr: "Hrvatski", kmr: "Kurmancî", ckb: "سۆرانی", lv: "Latviešu", lt: "Lietuvių", nsl: "Norsk teiknspråk", om: "Afaan Oromoo",
  ps: "پښتو", fa: "فارسی", pl: "Polski", pt: "Português", ro: "Română", ru: "Русский", se: "Davvisámegiella", sr: "Српски", so: "Soomaali", es: "Español",
  sw: "Kiswahili", ta: "தமிழ்", th: "ไทย", ti: "ትግርኛ", tr: "Türkçe", de: "Deutsch", uk: "Українська", ur: "اردو", vi: "Tiếng Việt",
};

export interface InterpreterLanguage {
  readonly code: string;
  readonly own: string;
  readonly name: string; // in the reader's language; its own where the browser knows no other
}

/** What a language is called in the reader's one; as it is known where it is not of the list. */
export function interpreterLanguage(reader: Language, code: string): InterpreterLanguage {
  const called = own[code] ?? code;
  let name: string | undefined;
  try {
    name = new Intl.DisplayNames([reader, "nb"], { type: "language", fallback: "none" }).of(code);
  } catch {
    // Not a language by its form: ECMA-402 §12.3.2 throws.
  }
  // Some browsers say Kurdish of every kind, and the sign language is to none of them known.
  const plain = code === "kmr" || code === "nsl" ? undefined : name;
  return { code, own: called, name: plain ?? called };
}

/** All of them in the reader's alphabet. */
export function interpreterLanguages(reader: Language): readonly InterpreterLanguage[] {
  return Object.keys(own)
    .map((code) => interpreterLanguage(reader, code))
    .sort((a, b) => a.name.localeCompare(b.name, reader));
}
