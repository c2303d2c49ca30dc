// Stretches of days, as agreements and roles have them: they begin and end in Norway, wherever the reader is.

import type { Day } from "../../i18n/norway";

/** How a stretch of days stands to a day: until is its last one, "" for no end. */
export function standing(from: Day, until: Day, today: Day): "coming" | "current" | "over" {
  if (today < from) return "coming";
  return until !== "" && until < today ? "over" : "current";
}
