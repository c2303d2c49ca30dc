// Which of the browser's sessions this tab speaks for. An account has one session in the whole
// browser; a link makes one of its own beside it, so that the nurse's tablet can have the
// patient's link open in another tab. The secrets are in cookies that no script can read; the
// handle only names one of them, and goes with the tab.

const key = "samkonsult.session";

/** The request header that names the session; without it the account's is meant. */
export const sessionHeader = "samkonsult-session";

export interface Handle {
  /** Empty: the account's. */
  load(): string;
  save(handle: string): void;
}

/** storage: the page's session storage; undefined where the browser forbids it: a reload then opens the link anew. */
export function createHandle(storage: Storage | undefined): Handle {
  let kept = "";
  try {
    kept = storage?.getItem(key) ?? "";
  } catch {
    // Forbidden: as good as nothing there.
  }
  return {
    load: () => kept,
    save(handle) {
      kept = handle;
      try {
        if (handle === "") storage?.removeItem(key);
        else storage?.setItem(key, handle);
      } catch {
        // Full or forbidden: this page remembers it as long as it lives.
      }
    },
  };
}
