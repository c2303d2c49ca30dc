// A list that goes on: what is shown, and the button for older ones.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Live, Notice } from "../parts";
import { problemWords } from "../problems";
import type { Page } from "../wire";
import { useSeenWords } from "./i18n/words";

export function useOlder<Line>(first: Page<Line>, ask: (cursor: string) => Promise<Page<Line>>): { readonly lines: readonly Line[]; readonly older: ComponentChildren } {
  const w = useSeenWords();
  const [lines, setLines] = useState<readonly Line[]>(first.items);
  const [next, setNext] = useState(first.next);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<unknown>(null);

  const more = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const page = await ask(next);
      setLines((before) => [...before, ...page.items]);
      setNext(page.next);
      setSaid(w.own.olderShown(page.items.length));
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };

  return {
    lines,
    older: (
      <>
        <Live text={said} />
        {problem !== null && <Notice kind="error">{problemWords(w.house, problem)}</Notice>}
        {next !== "" && (
          <p>
            <button class="ds-button" data-variant="secondary" type="button" data-testid="older" aria-busy={busy || undefined} onClick={() => void more()}>
              {busy ? w.own.olderLoading : w.own.older}
            </button>
          </p>
        )}
      </>
    ),
  };
}
