import { describe, expect, test } from "vitest";
import { keepAwake, type Awake } from "./awake";

function phone() {
  const held = new Set<number>();
  let asked = 0;
  let visible = true;
  const listeners = new Set<() => void>();
  const browser: Awake = {
    wakeLock: {
      request: () => {
        const id = ++asked;
        held.add(id);
        return Promise.resolve({ release: () => Promise.resolve(void held.delete(id)) });
      },
    },
    visible: () => visible,
    onVisible: (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
  return {
    browser,
    held,
    asked: () => asked,
    show(on: boolean) {
      visible = on;
      if (!on) held.clear(); // the browser lets go by itself
      for (const tell of listeners) tell();
    },
    listeners,
  };
}

describe("a phone in the call", () => {
  test("stays awake until the call is over", async () => {
    const p = phone();
    const letGo = keepAwake(p.browser);
    await Promise.resolve();
    expect(p.held.size).toBe(1);
    letGo();
    await Promise.resolve();
    expect(p.held.size).toBe(0);
    expect(p.listeners.size).toBe(0);
  });

  test("is kept awake again when the page is shown after having been away", async () => {
    const p = phone();
    keepAwake(p.browser);
    await Promise.resolve();
    p.show(false);
    expect(p.asked()).toBe(1);
    p.show(true);
    await Promise.resolve();
    expect(p.held.size).toBe(1);
  });

  test("lets go of a lock that came after the call was over", async () => {
    const p = phone();
    keepAwake(p.browser)();
    await Promise.resolve();
    await Promise.resolve();
    expect(p.held.size).toBe(0);
  });

  test("does without where the browser has no such thing", () => {
    expect(() => keepAwake({ visible: () => true, onVisible: () => () => undefined })()).not.toThrow();
  });
});
