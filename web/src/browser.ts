// The browser, as the engine wants it: the only place besides rtc.ts and eyes.ts that
// reaches for globals.

import { createApi, type Entrance } from "./api";
import { watchElement } from "./call/eyes";
import { canCall, createPath } from "./call/rtc";
import { createSeatStore } from "./call/seat";
import { browserOf } from "./devices/browser";
import { Sound } from "./devices/sound";
import { createHandle } from "./handle";
import type { Deps, Memory, PageEvent } from "./deps";
import { languageValues, type Language } from "./gen/protocol";

const memoryKey = "samkonsult.page";

/** Chromium's and Android's word on which network is used (Network Information API); elsewhere undefined. */
interface Connection extends EventTarget {
  readonly type?: string;
}

function storage(name: "sessionStorage" | "localStorage"): Storage | undefined {
  try {
    return window[name];
  } catch {
    return undefined; // cookies are blocked: the page works, it only remembers nothing
  }
}

function loadMemory(): Memory {
  const none: Memory = { language: null, devices: { microphone: "", camera: "", speaker: "" } };
  try {
    const m = JSON.parse(storage("localStorage")?.getItem(memoryKey) ?? "null") as Partial<Memory> | null;
    const id = (x: unknown) => (typeof x === "string" ? x : "");
    return {
      language: languageValues.find((l) => l === m?.language) ?? null,
      devices: { microphone: id(m?.devices?.microphone), camera: id(m?.devices?.camera), speaker: id(m?.devices?.speaker) },
    };
  } catch {
    return none;
  }
}

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

function listen(event: PageEvent, tell: () => void): () => void {
  const connection = (navigator as Navigator & { connection?: Connection }).connection;
  let type = connection?.type;
  const otherNetwork = () => {
    if (connection?.type === type) return; // only its guess at the speed has changed
    type = connection?.type;
    tell();
  };
  const pairs: [EventTarget | undefined, string, () => void][] = {
    online: [[window, "online", tell]],
    offline: [[window, "offline", tell]],
    network: [[connection, "change", otherNetwork]],
    shown: [
      [document, "visibilitychange", () => document.visibilityState === "visible" && tell()],
      [window, "pageshow", tell],
    ],
    hidden: [
      [document, "visibilitychange", () => document.visibilityState === "hidden" && tell()],
      [window, "pagehide", tell],
    ],
    press: [
      [window, "pointerup", tell],
      [window, "keydown", tell],
    ],
    link: [[window, "hashchange", tell]],
  }[event] as [EventTarget | undefined, string, () => void][];
  for (const [target, name, fn] of pairs) target?.addEventListener(name, fn);
  return () => {
    for (const [target, name, fn] of pairs) target?.removeEventListener(name, fn);
  };
}

/** /call/<id> is a consultation of someone who is signed in; /k#<token> a link. */
export function entranceOf(path: string, hash: string): Entrance {
  const id = /^\/call\/([A-Za-z0-9_-]{1,64})$/.exec(path)?.[1];
  return id === undefined ? { kind: "link", token: hash.slice(1) } : { kind: "consultation", id };
}

/** The real thing. */
export function browserDeps(): Deps {
  const where = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/call`;
  return {
    api: createApi((...request) => fetch(...request), () => performance.now(), createHandle(storage("sessionStorage"))),
    connect: () => new WebSocket(where),
    newPath: createPath,
    seats: createSeatStore(storage("sessionStorage")),
    media: navigator.mediaDevices,
    sound: new Sound(() => new AudioContext()),
    watch: watchElement,
    streamOf: (track) => new MediaStream([track]),
    memory: { load: loadMemory, save: (m) => save(m) },
    entrance: () => entranceOf(location.pathname, location.hash),
    go: (path) => location.replace(path),
    reload: () => location.reload(),
    on: listen,
    online: () => navigator.onLine,
    browser: browserOf(navigator.userAgent, navigator.maxTouchPoints > 1),
    language: languageFrom(navigator.languages),
    supported: canCall(),
    small: (navigator.hardwareConcurrency || 4) <= 2,
    random: randomly,
  };
}

function save(m: Memory): void {
  try {
    storage("localStorage")?.setItem(memoryKey, JSON.stringify(m));
  } catch {
    // Full or forbidden: the page only remembers nothing.
  }
}

/** 0 ≤ x < 1, from the browser's own source: chat ids must not meet. */
function randomly(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;
}
