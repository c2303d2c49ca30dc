// What this browser remembers between visits, and where it is kept.

import type { Memory } from "./deps";
import { languageValues } from "./gen/protocol";

const key = "samkonsult.page";

export function storage(name: "sessionStorage" | "localStorage"): Storage | undefined {
  try {
    return window[name];
  } catch {
    return undefined; // cookies are blocked: the page works, it only remembers nothing
  }
}

export function loadMemory(): Memory {
  const none: Memory = { language: null, devices: { microphone: "", camera: "", speaker: "" } };
  try {
    const m = JSON.parse(storage("localStorage")?.getItem(key) ?? "null") as Partial<Memory> | null;
    const id = (x: unknown) => (typeof x === "string" ? x : "");
    return {
      language: languageValues.find((l) => l === m?.language) ?? null,
      devices: { microphone: id(m?.devices?.microphone), camera: id(m?.devices?.camera), speaker: id(m?.devices?.speaker) },
    };
  } catch {
    return none;
  }
}

export function saveMemory(m: Memory): void {
  try {
    storage("localStorage")?.setItem(key, JSON.stringify(m));
  } catch {
    // Full or forbidden: the page only remembers nothing.
  }
}
