// What a page asks the service for: asked when it opens and when what it asks by changes.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export type Asked<T> =
  | { readonly status: "loading"; readonly value: undefined }
  | { readonly status: "ready"; readonly value: T }
  | { readonly status: "failed"; readonly value: undefined; readonly error: unknown };

export interface Asking<T> {
  readonly asked: Asked<T>;
  /** Asks anew, with the skeleton in between: after a failure. */
  again(): void;
  /** Asks anew in the back: what is shown stays until there is something newer, also when that fails. */
  refresh(): Promise<void>;
  /** Takes in what a change answered. */
  set(value: T): void;
}

/** ask may close over by alone: when one of them changes, it is asked anew. */
export function useAsked<T>(ask: () => Promise<T>, by: readonly unknown[]): Asking<T> {
  const [asked, setAsked] = useState<Asked<T>>({ status: "loading", value: undefined });
  const turn = useRef(0); // an answer to an earlier question is not shown
  const latest = useRef(ask);
  latest.current = ask;

  const run = useCallback(async (quiet: boolean) => {
    const mine = ++turn.current;
    if (!quiet) setAsked({ status: "loading", value: undefined });
    try {
      const value = await latest.current();
      if (mine === turn.current) setAsked({ status: "ready", value });
    } catch (error) {
      if (mine === turn.current && !quiet) setAsked({ status: "failed", value: undefined, error });
    }
  }, []);

  useEffect(() => {
    void run(false);
    return () => {
      turn.current++;
    };
  }, by);

  return {
    asked,
    again: () => void run(false),
    refresh: () => run(true),
    set(value) {
      turn.current++;
      setAsked({ status: "ready", value });
    },
  };
}
