// A press that can't be taken back is asked about once, in place.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Notice } from "../../parts";
import { problemWords } from "../../problems";
import { useMineWords } from "./i18n/words";

export function Sure(props: { readonly label: string; readonly name?: string; readonly text: string; readonly yes: string; readonly run: () => Promise<void>; readonly testid: string }) {
  const w = useMineWords();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const yes = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  const alive = useRef(true);
  useLayoutEffect(
    () => () => {
      alive.current = false;
    },
    [],
  );
  useLayoutEffect(() => {
    // The focus follows what is pressed: to what the press opened, and back.
    if (open) yes.current?.focus();
    else if (was.current) opener.current?.focus();
    was.current = open;
  }, [open]);
  const go = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await props.run();
      if (alive.current) setOpen(false);
    } catch (err) {
      if (alive.current) setProblem(err);
    } finally {
      if (alive.current) setBusy(false);
    }
  };
  if (!open) {
    return (
      <button ref={opener} class="ds-button" data-variant="secondary" type="button" aria-label={props.name} data-testid={props.testid} onClick={() => setOpen(true)}>
        {props.label}
      </button>
    );
  }
  return (
    <div
      class="sk-sure"
      onKeyDown={(event) => {
        if (event.key === "Escape") setOpen(false);
      }}
    >
      <p>{props.text}</p>
      {problem !== null && <Notice kind="error">{problemWords(w.house, problem)}</Notice>}
      <div class="sk-row sk-wrap">
        <button ref={yes} class="ds-button" type="button" aria-busy={busy || undefined} data-testid={`${props.testid}-yes`} onClick={() => void go()}>
          {props.yes}
        </button>
        <button class="ds-button" data-variant="tertiary" type="button" onClick={() => setOpen(false)}>
          {w.house.cancel}
        </button>
      </div>
    </div>
  );
}
