// The house's start: one house, one tree.

import { render } from "preact";
import { languageFrom } from "../browser-language";
import { createHandle } from "../handle";
import { loadMemory, saveMemory, storage } from "../memory";
import { HouseApp } from "./app";
import { createHouse, HouseProvider, type HouseDeps } from "./house";
import "./house.css";
import { browserBar } from "./router";
import { routes } from "./routes";

const tickEvery = 15_000; // ms

/** 128 random bits. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function browserDeps(): HouseDeps {
  const handle = createHandle(storage("sessionStorage"));
  return {
    bar: browserBar(),
    fetch: (...request) => fetch(...request),
    key: randomKey,
    now: () => Date.now(),
    handle: () => handle.load(),
    language: {
      load: () => loadMemory().language,
      save: (language) => saveMemory({ ...loadMemory(), language }),
      browser: languageFrom(navigator.languages),
    },
    routes,
    tick(tell) {
      const timer = setInterval(() => document.visibilityState === "visible" && tell(), tickEvery);
      const shown = (): void => {
        if (document.visibilityState === "visible") tell();
      };
      document.addEventListener("visibilitychange", shown);
      return () => {
        clearInterval(timer);
        document.removeEventListener("visibilitychange", shown);
      };
    },
    onInput(tell) {
      const events = ["pointerdown", "keydown"] as const;
      for (const event of events) window.addEventListener(event, tell, { passive: true });
      return () => {
        for (const event of events) window.removeEventListener(event, tell);
      };
    },
  };
}

/** Draws the house into an element and opens it. */
export function startHouse(root: HTMLElement): void {
  const house = createHouse(browserDeps());
  house.start();
  render(
    <HouseProvider value={house}>
      <HouseApp />
    </HouseProvider>,
    root,
  );
}
