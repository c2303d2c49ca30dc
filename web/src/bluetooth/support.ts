// Whether this browser can reach health devices, and if not, what kind of help its reader needs.

import type { Browser } from "../state/state";

export type Support =
  | "ready"
  | "off" // Bluetooth is switched off, or this machine has none
  | "insecure" // not https
  | "in-app" // a page inside another app
  | "android" // another browser than Chrome, or an old one
  | "apple" // no browser there has it
  | "computer";

/** What the browser can do is asked of it; its name only chooses the words. */
export function supportOf(has: { bluetooth: boolean; secure: boolean }, browser: Browser): Support {
  if (has.bluetooth) return "ready";
  if (!has.secure) return "insecure";
  switch (browser) {
    case "in-app":
      return "in-app";
    case "chrome-android":
    case "firefox-android":
    case "samsung":
      return "android";
    case "safari-ios":
    case "chrome-ios":
      return "apple";
    case "chrome":
    case "edge":
    case "firefox":
    case "safari":
    case "other":
      return "computer";
    default: {
      const never: never = browser;
      return never;
    }
  }
}
