// The frame of the pages before and after the call, and the small parts they share.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { clock, languageNames, useWords } from "../i18n/i18n";
import type { Language } from "../state/state";
import { useApp, useController } from "./app";
import { Icon } from "./icon";
import { readable, telephone } from "./telephone";

export { readable, telephone };

/** One column: top line, the page's one thing, and what to press at the bottom. */
export function Phone(props: {
  readonly top: ComponentChildren;
  readonly children: ComponentChildren;
  readonly bottom?: ComponentChildren;
  readonly spacing?: "tight" | "room";
}) {
  return (
    <div class="sk-phone">
      <header class="sk-phone__top">{props.top}</header>
      <main class="sk-phone__main" data-tight={props.spacing === "tight" || undefined} data-room={props.spacing === "room" || undefined}>
        {props.children}
      </main>
      <footer class="sk-phone__bottom">{props.bottom}</footer>
    </div>
  );
}

/**
 * The page's heading. When it is new it takes focus, so that a screen reader reads it and
 * the keyboard starts there; the page's title follows it.
 */
export function Heading(props: { readonly children: ComponentChildren; readonly title: string; readonly small?: boolean }) {
  const ref = useRef<HTMLHeadingElement>(null);
  const app = useApp();
  const organisation = app.invitation?.consultation.organisation || app.code?.needed.organisation || app.failure?.organisation || "samkonsult";
  const title = `${props.title} – ${organisation}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={ref} class="ds-heading" data-size="lg" data-small={props.small || undefined} tabIndex={-1}>
      {props.children}
    </h1>
  );
}

export function Organisation(props: { readonly name: string }) {
  const w = useWords();
  return (
    <span class="sk-phone__org">
      <Icon name="hosp" />
      {props.name === "" ? w.service : props.name}
    </span>
  );
}

export function LanguageChoice() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  return (
    <span class="sk-lang">
      <Icon name="globe" size="sm" />
      <select
        aria-label={w.language}
        value={app.language}
        onChange={(event) => controller.setLanguage(event.currentTarget.value as Language)}
        data-testid="language"
      >
        {(Object.keys(languageNames) as Language[]).map((language) => (
          <option key={language} value={language} lang={language}>
            {languageNames[language]}
          </option>
        ))}
      </select>
      <Icon name="down" size="xs" />
    </span>
  );
}

export function Clock() {
  const w = useWords();
  const app = useApp();
  if (app.now === 0) return null;
  return (
    <span class="sk-num">
      <span class="sk-subtle">{w.clockIs}</span> <b>{clock(w, app.now)}</b>
    </span>
  );
}

/** A number to ring. Nothing where none is known. */
export function Help(props: { readonly text: string; readonly phone: string }) {
  if (props.phone === "") return null;
  return (
    <a class="sk-help" href={telephone(props.phone)}>
      <Icon name="phone" />
      <span>
        {props.text} <b class="sk-nowrap">{readable(props.phone)}</b>
      </span>
    </a>
  );
}

/** Text with *strong* words. */
export function Marked(props: { readonly text: string }) {
  return (
    <>
      {props.text.split("*").map((part, i) => (i % 2 === 1 ? <b key={i}>{part}</b> : part))}
    </>
  );
}

/** Says something to screen readers, politely, without moving focus. */
export function Live(props: { readonly text: string }) {
  return (
    <p class="ds-sr-only" role="status">
      {props.text}
    </p>
  );
}

