// Dates as the API has them: "2026-11-23", a day in Norway. They compare as their text does.

/** A day as the API writes it; "" where there is none. */
export type Day = string;

/** The day at a moment, in Norway: agreements and roles begin and end there, wherever the reader is. */
export function dayOf(ms: number): Day {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Oslo", year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(ms);
  const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Year, month 0–11 and day of the month; null for what is no date. */
export function partsOf(day: Day): readonly [number, number, number] | null {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!m) return null;
  const [year, month, date] = [Number(m[1]), Number(m[2]) - 1, Number(m[3])];
  const d = new Date(Date.UTC(year, month, date));
  return d.getUTCMonth() === month && d.getUTCDate() === date ? [year, month, date] : null;
}

/** How a stretch of days stands to a day: until is its last one, "" for no end. */
export function standing(from: Day, until: Day, today: Day): "coming" | "current" | "over" {
  if (today < from) return "coming";
  return until !== "" && until < today ? "over" : "current";
}
