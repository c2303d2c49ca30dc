// The browser, as the engine wants it: the only place besides rtc.ts and eyes.ts that
// reaches for globals.

import { createApi, type Entrance } from "./api";
import { createDoors } from "./appointment/doors";
import { languageFrom } from "./browser-language";
import { watchElement } from "./call/eyes";
import { canCall, createPath } from "./call/rtc";
import { createSeatStore } from "./call/seat";
import { browserOf } from "./devices/browser";
import { Sound } from "./devices/sound";
import { createHandle } from "./handle";
import type { Deps, PageEvent } from "./deps";
import { loadMemory, saveMemory, storage } from "./memory";

/** Chromium's and Android's word on which network is used (Network Information API); elsewhere undefined. */
interface Connection extends EventTarget {
  readonly type?: string;
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
  const handle = createHandle(storage("sessionStorage"));
  const fetcher: typeof fetch = (...request) => fetch(...request);
  const where = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/call`;
  return {
    api: createApi(fetcher, () => performance.now(), handle),
    doors: createDoors({ fetch: fetcher, handle, key, load: () => import("./house/client").then((house) => house.createClient), loadPictures: () => import("./house/client").then((house) => house.createPictures) }),
    connect: () => new WebSocket(where),
    newPath: createPath,
    seats: createSeatStore(storage("sessionStorage")),
    media: navigator.mediaDevices,
    sound: new Sound(() => new AudioContext()),
    watch: watchElement,
    streamOf: (track) => new MediaStream([track]),
    memory: { load: loadMemory, save: saveMemory },
    entrance: () => entranceOf(location.pathname, location.hash),
    go: (path) => location.replace(path),
    reload: () => location.reload(),
    offer,
    on: listen,
    online: () => navigator.onLine,
    browser: browserOf(navigator.userAgent, navigator.maxTouchPoints > 1),
    language: languageFrom(navigator.languages),
    supported: canCall(),
    small: (navigator.hardwareConcurrency || 4) <= 2,
    random: randomly,
  };
}

/** 0 ≤ x < 1, from the browser's own source: chat ids must not meet. */
function randomly(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;
}

/** A key that nobody else has: 128 random bits. */
function key(): string {
  return crypto.getRandomValues(new Uint32Array(4)).reduce((text, x) => text + x.toString(16).padStart(8, "0"), "");
}

const kept = 60_000; // ms that a file can be fetched: iOS asks the person first

function offer(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), kept);
}
