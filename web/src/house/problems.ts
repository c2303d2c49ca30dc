// What the page says of what went wrong: that nothing is lost, and what to do. Pure.

import { distance } from "../i18n/time";
import { ApiError } from "./client";
import type { HouseWords } from "./i18n/words";
import type { Role } from "./wire";

/** Those who are here by a link, and have no administrator to ask. */
const guests: readonly (Role | null)[] = ["patient", "relative", "interpreter"];

/** A refusal of the table's: the rule, and whom to ask. */
export interface Refusal {
  readonly rule: string;
  readonly ask: string;
  readonly phone: string; // empty: none is known
}

/** The refusal in an error; null: it is another. */
export function refusalOf(w: HouseWords, err: unknown, role: Role | null): Refusal | null {
  if (!(err instanceof ApiError) || err.code !== "refused") return null;
  const { rule = "", organisation = "", phone = "" } = err.problem ?? {};
  return {
    rule: w.refusedRule(role ? w.role(role) : "", role ? w.action(rule) : ""),
    ask: guests.includes(role) ? w.refusedAskGuest : organisation === "" ? w.refusedAsk : w.refusedAskWhom(organisation),
    phone,
  };
}

/** One or two sentences about an error, whatever it is. */
export function problemWords(w: HouseWords, err: unknown): string {
  const code = err instanceof ApiError ? err.code : "internal";
  const problem = err instanceof ApiError ? err.problem : null;
  const wait = problem?.retryAfter ? distance(w, problem.retryAfter) : "";
  switch (code) {
    case "no-network":
      return w.noNetwork;
    case "busy":
      return w.busy;
    case "under-way":
      return w.underWay;
    case "too-many":
      return w.tooMany(wait);
    case "locked":
      return w.lockedOut(wait);
    case "sign-in":
      return w.signInNeeded;
    case "sign-in-wrong":
      return w.signInWrong;
    case "code-wrong":
      return w.codeWrong;
    case "code-expired":
      return w.codeExpired;
    case "refused":
      return `${w.refusedTitle}. ${w.refusedAsk}`;
    case "changed":
      return w.changedMeanwhile;
    case "taken":
      return w.takenMeanwhile;
    case "exists":
      return w.existsAlready;
    case "invalid":
      return problem?.field ? w.invalidHere : w.invalidField;
    case "link-unknown":
      return w.linkUnknown;
    case "link-expired":
      return w.linkExpired;
    case "link-revoked":
      return w.linkRevoked;
    case "consultation-ended":
      return w.consultationEnded;
    case "not-yet-open":
      return w.notYetOpen;
    case "no-seat":
      return w.noSeat;
    case "not-found":
      return w.notFoundText;
    case "version-needed": // the page's own mistake, and not the reader's
    case "unreadable":
    case "internal":
      return w.serverFailed;
    default: {
      const never: never = code;
      return never;
    }
  }
}

/** The field that a rule was broken in, as the form names it; "": none, or not this one's. */
export function brokenField(err: unknown): string {
  if (!(err instanceof ApiError) || (err.code !== "invalid" && err.code !== "exists")) return "";
  return err.problem?.field ?? "";
}

/** Whether it is the code of the second factor that is wrong, or used. */
export function codeIsWrong(err: unknown): boolean {
  return err instanceof ApiError && (err.code === "sign-in-wrong" || err.code === "code-wrong");
}
