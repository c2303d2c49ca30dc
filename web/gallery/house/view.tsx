// Shows a state of the house: the real pages, client and router over a service that answers as
// the state says.

import { render } from "preact";
import "../../src/house/house.css";
import { HouseApp } from "../../src/house/app";
import { createHouse, HouseProvider } from "../../src/house/house";
import { routes } from "../../src/house/routes";
import { at } from "../fixtures";
import { fakeBar, fakeFetch, type HouseState } from "./fake";

declare global {
  interface Window {
    /** Returns when nothing is waited for any more; for tests that press something. */
    settled?: () => Promise<void>;
  }
}

const patience = 300; // frames until a field counts as missing

const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));

/** Draws it into root, and returns when nothing is waited for any more. */
export async function showHouse(root: HTMLElement, state: HouseState, calls: unknown[][]): Promise<void> {
  const now = state.now ?? at(9, 48);
  const service = fakeFetch(state, (name, body) => calls.push([name, body]));
  let keys = 0;
  const house = createHouse({
    bar: fakeBar(state.path),
    fetch: service.fetch,
    key: () => `key-${++keys}`,
    now: () => now,
    handle: () => state.session?.handle ?? "",
    language: { load: () => state.language ?? null, save: () => undefined, browser: "nn" },
    routes,
    tick: () => () => undefined,
    onInput: () => () => undefined,
  });
  house.start();
  render(
    <HouseProvider value={house}>
      <HouseApp />
    </HouseProvider>,
    root,
  );
  const settled = async (): Promise<void> => {
    for (let still = 0; still < 3; ) {
      await frame();
      still = service.pending() === 0 && root.querySelector("h1") ? still + 1 : 0;
    }
  };
  window.settled = settled;
  await settled();
  for (const [name, text] of Object.entries(state.typed ?? {})) {
    const find = () => root.querySelector<HTMLInputElement>(`[data-testid="${name}"], [name="${name}"]`);
    // A page's heading is there before its form is: between two requests nothing is pending.
    for (let waited = 0; waited < patience && !find(); waited++) await frame();
    const field = find();
    if (!field) throw new Error(`nothing to type "${name}" into`);
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  await settled();
}
