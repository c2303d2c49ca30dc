// The browsers' errors, put into the few kinds for which the page has words.

import type { DeviceFailure } from "../state/state";

/** Turns what getUserMedia or getDisplayMedia rejected with into a kind (Media Capture and Streams §10.2). */
export function classify(err: unknown, picker = false): DeviceFailure {
  const name = err instanceof Error ? err.name : typeof err === "object" && err !== null && "name" in err ? String(err.name) : "";
  const message = err instanceof Error ? err.message : "";
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError": // older WebKit
      // Chromium says "Permission dismissed" when the question was closed; leaving the screen picker reads as a no.
      return picker || /dismissed/i.test(message) ? "dismissed" : "denied";
    case "SecurityError": // Firefox, when the user or a policy has forbidden it for good
      return "denied";
    case "NotFoundError":
    case "DevicesNotFoundError":
      return "missing";
    case "NotReadableError":
    case "TrackStartError": // older Chromium
    case "AbortError": // Firefox: the device gave up at the start
      return "in-use";
    case "OverconstrainedError":
    case "ConstraintNotSatisfiedError":
      return "unsuitable";
    case "InsecureContext": // ours: see inputs.ts
      return "insecure";
    case "NotSupportedError":
    case "TypeError": // no such function, or constraints that the browser can't read
      return "unsupported";
    default:
      return "unknown";
  }
}
