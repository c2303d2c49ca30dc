// Keeps a phone or tablet from falling asleep in the waiting room and the call: a sleeping
// phone takes camera and network away (W3C Screen Wake Lock). The browser lets go by itself
// whenever the page is hidden, so the lock is asked for again each time it is shown.

interface Lock {
  release(): Promise<void>;
}

/** What is needed of the browser. */
export interface Awake {
  readonly wakeLock?: { request(type: "screen"): Promise<Lock> };
  readonly visible: () => boolean;
  readonly onVisible: (tell: () => void) => () => void;
}

export function browserAwake(): Awake {
  return {
    ...("wakeLock" in navigator ? { wakeLock: navigator.wakeLock } : {}),
    visible: () => document.visibilityState === "visible",
    onVisible: (tell) => {
      document.addEventListener("visibilitychange", tell);
      return () => document.removeEventListener("visibilitychange", tell);
    },
  };
}

/** Holds the screen awake until the returned function is called. Does nothing where the browser can't. */
export function keepAwake(browser: Awake): () => void {
  let lock: Lock | undefined;
  let over = false;
  const hold = () => {
    if (over || !browser.visible()) return;
    browser.wakeLock?.request("screen").then(
      (got) => {
        if (over) void got.release();
        else lock = got;
      },
      () => undefined, // low battery, or the system says no: the call goes on
    );
  };
  const stop = browser.onVisible(hold);
  hold();
  return () => {
    over = true;
    stop();
    void lock?.release();
  };
}
