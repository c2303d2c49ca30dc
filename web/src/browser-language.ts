import { languageValues, type Language } from "./gen/protocol";

/** The first language of the browser's that the page is written in (BCP 47; "no" is Norwegian of either kind). */
export function languageFrom(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0];
    const found = languageValues.find((l) => l === primary);
    if (found) return found;
    if (primary === "no") return "nb";
  }
  return "nn";
}
