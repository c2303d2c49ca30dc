// Which browser this is, for one purpose only: the help with a denied permission shows
// this very browser's own buttons. What the browser can do is asked of it, never guessed from this.

import type { Browser } from "../state/state";

/** Reads a User-Agent (RFC 9110 §10.1.5). touch: the screen takes several fingers; iPadOS says it is a Mac. */
export function browserOf(agent: string, touch: boolean): Browser {
  const ios = /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touch);
  const android = /Android/.test(agent);
  // Apps that open links inside themselves; on Android "; wv)" is the system's own mark of a web view.
  if (/FBAN|FBAV|Instagram|Snapchat|Line\/|LinkedInApp|GSA\//.test(agent) || (android && /; wv\)/.test(agent))) return "in-app";
  if (ios && !/Safari\//.test(agent)) return "in-app";
  if (ios) return /CriOS|FxiOS|EdgiOS/.test(agent) ? "chrome-ios" : "safari-ios";
  if (/SamsungBrowser\//.test(agent)) return "samsung";
  if (/Firefox\//.test(agent)) return android ? "firefox-android" : "firefox";
  if (/Edg\//.test(agent)) return "edge";
  if (/Chrome\/|Chromium\//.test(agent)) return android ? "chrome-android" : "chrome";
  if (/Safari\//.test(agent)) return "safari";
  return "other";
}

/** Telephones and tablets mostly let a page have one camera at a time. */
export function oneCameraAtATime(browser: Browser): boolean {
  return ["chrome-android", "firefox-android", "samsung", "safari-ios", "chrome-ios", "in-app"].includes(browser);
}
