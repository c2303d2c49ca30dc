// The browsers' errors, put into the few kinds for which the panel has words.

/** Why a device is not connected. */
export type Failure =
  | "out-of-reach"
  | "pairing" // it refuses who is not paired with it
  | "no-service" // it measures by no standard
  | "not-allowed" // by a policy of the browser
  | "unknown";

/** Turns what Web Bluetooth rejected with into a kind. */
export function classify(err: unknown): Failure {
  const { name = "", message = "" } = (typeof err === "object" && err !== null ? err : {}) as { name?: string; message?: string };
  // Chromium tells what went wrong between the two only in its message.
  if (/authenti|not paired|pair(ed|ing)|encrypt|not authorized|insufficient/i.test(message)) return "pairing";
  switch (name) {
    case "NetworkError": // Web Bluetooth §5.2: the connection failed, or was lost
    case "TimeoutError":
    case "AbortError":
    case "InvalidStateError": // what was found went with the connection
      return "out-of-reach";
    case "NoHealthService": // ours: see device.ts
    case "NotFoundError":
      return "no-service";
    case "SecurityError":
    case "NotAllowedError":
      return "not-allowed";
    default:
      return "unknown";
  }
}
