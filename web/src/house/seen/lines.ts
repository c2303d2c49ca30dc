// What a line of who has seen what says, in plain words.

import { dayOf } from "../../i18n/norway";
import { capital, clock, date, sameDay } from "../../i18n/time";
import { digitsOf } from "../patients/national-id";
import type { Role, SeenLine } from "../wire";
import type { SeenWords } from "./i18n/words";

export interface LinesOfDay<Line> {
  readonly title: string;
  readonly lines: readonly Line[];
}

const yearOf = (ms: number): string => dayOf(ms).slice(0, 4);

/** Lines, the newest first, by Norway's days. */
export function days<Line extends { readonly at: number }>(w: SeenWords, lines: readonly Line[], now: number): readonly LinesOfDay<Line>[] {
  const out: { title: string; at: number; lines: Line[] }[] = [];
  for (const line of lines) {
    const last = out[out.length - 1];
    if (last && sameDay(last.at, line.at)) {
      last.lines.push(line);
      continue;
    }
    const year = yearOf(line.at);
    const day = sameDay(line.at, now) ? w.house.today : capital(date(w.house, line.at));
    out.push({ title: year === yearOf(now) ? day : `${day} ${year}`, at: line.at, lines: [line] });
  }
  return out;
}

/** Who it was. The patient, who reads it or is read about, is told apart from all others. */
export function who(w: SeenWords, line: Pick<SeenLine, "name" | "role">, mine: boolean): string {
  switch (line.role) {
    case "patient":
      return w.own.you(mine);
    case "":
      return w.own.unknown;
    case "machine":
      return line.name === "" ? w.own.system : line.name;
    default:
      return line.name === "" ? w.own.erased : line.name;
  }
}

/** As what, and for whom: "sjukepleiar, Fjordvik kommune" */
export function asWhat(w: SeenWords, line: Pick<SeenLine, "role" | "organisation">): string {
  const role = line.role === "" || line.role === "patient" || line.role === "machine" ? "" : w.house.role(line.role as Role); // the API's text is a role's name, or empty
  return [role, line.organisation].filter((part) => part !== "").join(", ");
}

/** What someone did; of what was refused that it was tried, for nothing was seen or changed. */
export function deed(w: SeenWords, line: SeenLine): string {
  if (!line.refused) return w.own.action(line.action);
  const right = w.house.action(line.action);
  return right === "" ? `${w.own.refused}: ${w.own.action(line.action)}` : w.own.tried(right);
}

/** When, and how often within that hour: "kl. 10.05", "3 gonger, sist kl. 10.05" */
export function when(w: SeenWords, line: SeenLine): string {
  const at = w.house.at(clock(w.house, line.at));
  return line.times === 1 ? at : `${w.own.times(line.times)}, ${w.own.last(at)}`;
}

/** Why it was allowed: "etter ein samarbeidsavtale, du har sagt ja"; empty where it needs no words. */
export function because(w: SeenWords, line: SeenLine, mine: boolean): string {
  const words: Readonly<Record<string, ((mine: boolean) => string) | undefined>> = w.own.because;
  return capital(
    line.by
      .map((relation) => words[relation]?.(mine) ?? "")
      .filter((word) => word !== "")
      .join(", "),
  );
}

/** Whether it was an emergency, which is shown so that it is found. */
export const urgent = (line: SeenLine): boolean => line.action === "emergency.open" || line.by.includes("emergency");

/** Whether what is typed can be an identity number: control digits are not asked for, they may be wrong (CLINICAL.md, Identifiers). */
export const elevenDigits = (typed: string): boolean => /^\d{11}$/.test(digitsOf(typed));
