// Which interpreters are offered, and in what order. Pure.

import type { Interpreter } from "../wire";

const primary = (tag: string): string => tag.split("-")[0]?.toLowerCase() ?? "";

/**
 * Those who are invited still: who speaks the language first, each by name. The others follow,
 * for what stands in a register may lack a language.
 */
export function interpretersFor(all: readonly Interpreter[], language: string): readonly Interpreter[] {
  // RFC 4647 §3.3.1: who speaks ar speaks what is asked for as ar-SY, too, as far as this list knows.
  const speaks = (i: Interpreter): boolean => language !== "" && i.speaks.some((tag) => primary(tag) === primary(language));
  return all.filter((i) => i.active).sort((a, b) => Number(speaks(b)) - Number(speaks(a)) || a.name.localeCompare(b.name, "nb"));
}
