// The only dialog: "Legg på for alle?". Nothing else lies over a picture.

import { useEffect, useRef } from "preact/hooks";
import { useWords } from "../../i18n/i18n";

export function Confirm(props: {
  readonly heading: string;
  readonly text?: string;
  readonly yes: string;
  readonly testid: string;
  readonly onYes: () => void;
  readonly onClose: () => void;
}) {
  const w = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  // The browser traps focus, closes on Escape and gives focus back to the button that opened.
  useEffect(() => {
    if (ref.current && !ref.current.open) ref.current.showModal();
  }, []);
  return (
    <dialog ref={ref} class="sk-dialog" aria-labelledby="dialog-heading" onClose={props.onClose} data-testid={props.testid}>
      <div class="sk-stack" data-gap="3">
        <h2 class="ds-heading" data-size="sm" id="dialog-heading">
          {props.heading}
        </h2>
        {props.text !== undefined && <p class="sk-subtle">{props.text}</p>}
      </div>
      <div class="sk-dialog__buttons">
        {/* The harmless one is first, and so has focus. */}
        <button class="ds-button" data-variant="secondary" type="button" onClick={() => ref.current?.close()}>
          {w.cancel}
        </button>
        <button
          class="ds-button"
          data-color="danger"
          type="button"
          data-testid={`${props.testid}-yes`}
          onClick={() => {
            props.onYes();
            ref.current?.close();
          }}
        >
          {props.yes}
        </button>
      </div>
    </dialog>
  );
}
