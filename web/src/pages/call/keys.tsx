// The keyboard in the call: M, V, H, ?, and the panel's tabs by number. Never while typing,
// and it can be turned off (WCAG 2.1.4: shortcuts of one character).

import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { useWords } from "../../i18n/i18n";

const remembered = "sk-keys";

function stored(): boolean {
  try {
    return globalThis.localStorage?.getItem(remembered) !== "off";
  } catch {
    return true; // storage may be forbidden; the keys still work
  }
}

/** Whether this browser uses the keys. */
export const keysOn = signal(stored());

export function setKeys(on: boolean): void {
  keysOn.value = on;
  try {
    globalThis.localStorage?.setItem(remembered, on ? "on" : "off");
  } catch {
    // kept for this visit only
  }
}

/** What a key press asks for; null when it is meant for something else. */
export function keyFor(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "repeat"> & { readonly typing: boolean }): string | null {
  if (event.typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.toLowerCase();
  return ["m", "v", "h", "?", "1", "2", "3", "4"].includes(key) ? key : null;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
}

export function useKeys(handlers: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!keysOn.value) return;
      const key = keyFor({ key: event.key, ctrlKey: event.ctrlKey, metaKey: event.metaKey, altKey: event.altKey, repeat: event.repeat, typing: typing(event.target) });
      const handler = key === null ? undefined : handlers[key];
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}

/** The list of keys, and the switch. */
export function KeyHelp(props: { readonly tabs: number }) {
  const w = useWords();
  return (
    <section class="sk-stack" data-gap="2" aria-labelledby="keys">
      <h3 class="ds-heading" data-size="2xs" id="keys">
        {w.keyboard}
      </h3>
      <dl class="sk-keys">
        <dt>
          <kbd>M</kbd>
        </dt>
        <dd>
          {w.soundOn} / {w.soundOff.toLowerCase()}
        </dd>
        <dt>
          <kbd>V</kbd>
        </dt>
        <dd>
          {w.pictureOn} / {w.pictureOff.toLowerCase()}
        </dd>
        <dt>
          <kbd>H</kbd>
        </dt>
        <dd>{w.raiseHand}</dd>
        {props.tabs > 0 && (
          <>
            <dt>
              <kbd>1–{props.tabs}</kbd>
            </dt>
            <dd>{w.keyTab}</dd>
          </>
        )}
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>{w.keyHelp}</dd>
      </dl>
      <label class="sk-tick">
        <input type="checkbox" checked={keysOn.value} onChange={(event) => setKeys(event.currentTarget.checked)} />
        <span>{w.keysOn}</span>
      </label>
    </section>
  );
}
