// The small parts that the house's pages share.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Language } from "../gen/protocol";
import { languageNames } from "../i18n/time";
import { Icon, type IconName } from "../ui/icon";
import { readable, telephone } from "../ui/telephone";
import type { Asking } from "./asked";
import { useHouse } from "./house";
import { useWords } from "./i18n/words";
import { problemWords, refusalOf } from "./problems";

/**
 * The page's heading, one on each. It takes focus when it is new, so that a screen reader
 * reads it and the keyboard starts there, and the window's title follows it.
 */
export function Heading(props: { readonly children: string; readonly title?: string; readonly size?: "lg" | "md" }) {
  const ref = useRef<HTMLHeadingElement>(null);
  const w = useWords();
  const title = `${props.title ?? props.children} – ${w.service}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={ref} class="ds-heading" data-size={props.size ?? "lg"} tabIndex={-1}>
      {props.children}
    </h1>
  );
}

/** The heading of a page with what belongs to all of it: a lead under, and what to press beside. */
export function PageHead(props: { readonly title: string; readonly lead?: ComponentChildren; readonly children?: ComponentChildren; readonly back?: { readonly href: string; readonly text: string } }) {
  return (
    <header class="sk-head">
      {props.back && (
        <a class="sk-link sk-head__back" data-side="start" href={props.back.href}>
          <Icon name="left" size="sm" />
          {props.back.text}
        </a>
      )}
      <div class="sk-head__row">
        <Heading>{props.title}</Heading>
        {props.children && <div class="sk-head__actions">{props.children}</div>}
      </div>
      {props.lead && <p class="sk-lead">{props.lead}</p>}
    </header>
  );
}

/** What happened, that nothing is lost, and what to do. An error is said to screen readers at once. */
export function Notice(props: { readonly kind?: "info" | "offline" | "error"; readonly icon?: IconName; readonly title?: string; readonly children?: ComponentChildren; readonly actions?: ComponentChildren }) {
  const kind = props.kind ?? "info";
  return (
    <div class="sk-notice" data-kind={kind} role={kind === "error" ? "alert" : "status"}>
      <Icon name={props.icon ?? "info"} size="sm" />
      {props.title && (
        <p>
          <b>{props.title}</b>
        </p>
      )}
      {props.children && <p>{props.children}</p>}
      {props.actions && <div class="sk-row">{props.actions}</div>}
    </div>
  );
}

/** Nothing is here yet: what to do next, with its button. */
export function Empty(props: { readonly title: string; readonly text?: string; readonly children?: ComponentChildren }) {
  return (
    <div class="sk-empty">
      <b>{props.title}</b>
      {props.text && <span class="sk-subtle">{props.text}</span>}
      {props.children}
    </div>
  );
}

/** Grey lines and what is waited for; drawn after 300 ms, so that short waits show nothing. */
export function Loading(props: { readonly text: string; readonly rows?: number }) {
  const widths = ["l", "m", "s"] as const;
  return (
    <div class="sk-stack sk-late" role="status" aria-busy="true">
      {Array.from({ length: props.rows ?? 3 }, (_, i) => (
        <span key={i} class="sk-skeleton" data-width={widths[i % widths.length]} />
      ))}
      <span class="sk-subtle sk-small">{props.text}</span>
    </div>
  );
}

/** A right that is refused: the rule, and whom to ask. It stands where the content would have. */
export function Refused(props: { readonly error: unknown }) {
  const house = useHouse();
  const w = useWords();
  const standing = house.standing.value;
  const role = standing.kind === "in" ? (standing.session.act?.role ?? null) : null;
  const refusal = refusalOf(w, props.error, role);
  if (!refusal) return null;
  return (
    <Notice
      icon="lock"
      title={w.refusedTitle}
      actions={
        refusal.phone !== "" && (
          <a class="ds-button" data-variant="secondary" href={telephone(refusal.phone)}>
            <Icon name="phone" size="sm" />
            {w.ring(readable(refusal.phone))}
          </a>
        )
      }
    >
      {refusal.rule} {refusal.ask}
    </Notice>
  );
}

/** An error in place of what was asked for. */
export function Failed(props: { readonly error: unknown; readonly again: () => void }) {
  const house = useHouse();
  const w = useWords();
  const standing = house.standing.value;
  if (refusalOf(w, props.error, standing.kind === "in" ? (standing.session.act?.role ?? null) : null)) return <Refused error={props.error} />;
  return (
    <Notice
      kind="error"
      title={w.problemFetch}
      actions={
        <button class="ds-button" data-variant="secondary" type="button" onClick={props.again}>
          {w.tryAgain}
        </button>
      }
    >
      {problemWords(w, props.error)}
    </Notice>
  );
}

/** What was asked for: the wait, the error, or the thing itself. */
export function Shown<T>(props: { readonly of: Asking<T>; readonly loading: string; readonly rows?: number; readonly children: (value: T) => ComponentChildren }) {
  const { asked } = props.of;
  switch (asked.status) {
    case "loading":
      return <Loading text={props.loading} {...(props.rows === undefined ? {} : { rows: props.rows })} />;
    case "failed":
      return <Failed error={asked.error} again={props.of.again} />;
    case "ready":
      return <>{props.children(asked.value)}</>;
    default: {
      const never: never = asked;
      return never;
    }
  }
}

/** Says something to screen readers, politely, without moving focus. */
export function Live(props: { readonly text: string }) {
  return (
    <p class="ds-sr-only" role="status">
      {props.text}
    </p>
  );
}

/** First letters of the first and last name. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((part) => part !== "");
  const first = words[0]?.charAt(0) ?? "";
  return (words.length > 1 ? first + (words[words.length - 1]?.charAt(0) ?? "") : first).toUpperCase();
}

export function LanguageChoice() {
  const house = useHouse();
  const w = useWords();
  return (
    <span class="sk-lang">
      <Icon name="globe" size="sm" />
      <select
        aria-label={w.language}
        value={house.language.value}
        onChange={(event) => house.setLanguage(event.currentTarget.value as Language)}
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

export function Brand() {
  const w = useWords();
  return (
    <span class="sk-brand">
      <svg class="sk-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <circle cx="12" cy="8" r="4.5" />
        <circle cx="8" cy="15" r="4.5" />
        <circle cx="16" cy="15" r="4.5" />
      </svg>
      {w.service}
    </span>
  );
}

/** One column with one thing to do: the frame of pages outside the menu. */
export function Column(props: { readonly children: ComponentChildren }) {
  return (
    <div class="sk-column">
      <header class="sk-column__top">
        <Brand />
        <LanguageChoice />
      </header>
      <main class="sk-column__main">{props.children}</main>
    </div>
  );
}
