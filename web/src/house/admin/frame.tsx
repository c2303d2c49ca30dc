// The frame of the administrator's pages: their parts at the side, and lists of things.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon, type IconName } from "../../ui/icon";
import type { Asking } from "../asked";
import { useHouse, useSession } from "../house";
import { Empty, PageHead, Shown } from "../parts";
import type { Action, Organisation } from "../wire";
import { useAdminWords } from "./i18n/words";
import { matches } from "./people";
import "./admin.css";

const parts = [
  ["overview", "/admin", "organisation.write"],
  ["agreements", "/admin/agreements", "organisation.read"],
  ["organisations", "/admin/organisations", "organisation.read"],
  ["staff", "/admin/staff", "staff.read"],
  ["communities", "/admin/communities", "community.write"],
  ["machines", "/admin/machines", "machine.write"],
] as const satisfies readonly (readonly [string, string, Action])[];

export function AdminFrame(props: { readonly children: ComponentChildren }) {
  const w = useAdminWords();
  const { may } = useSession();
  const path = useHouse().router.place.value.path;
  return (
    <div class="sk-admin">
      <nav class="sk-admin__nav" aria-label={w.parts.label}>
        {parts
          .filter(([, , action]) => may.includes(action))
          .map(([part, href]) => (
            <a key={part} href={href} aria-current={path === href ? "page" : href !== "/admin" && path.startsWith(`${href}/`) ? "true" : undefined}>
              {w.parts[part]}
            </a>
          ))}
      </nav>
      <div class="sk-admin__main">{props.children}</div>
    </div>
  );
}

export interface Line {
  readonly key: string;
  readonly href: string;
  readonly name: string;
  readonly about?: string;
  readonly state?: { readonly text: string; readonly icon: IconName; readonly kind?: "ready" | "new" };
}

/** Things, a line each, that lead to their pages. */
export function Lines(props: { readonly lines: readonly Line[]; readonly label: string; readonly go?: string }) {
  return (
    <ul class="sk-lines" aria-label={props.label}>
      {props.lines.map((line) => (
        <li key={line.key}>
          <a class="sk-go" href={line.href}>
            <span class="sk-line__text">
              <b>{line.name}</b>
              {line.about && <span class="sk-subtle sk-small">{line.about}</span>}
            </span>
            {line.state && (
              <span class="sk-status" data-state={line.state.kind}>
                <Icon name={line.state.icon} size="xs" />
                {line.state.text}
              </span>
            )}
            {props.go && <span class="sk-accent sk-small sk-nowrap">{props.go}</span>}
            <Icon name="right" size="sm" />
          </a>
        </li>
      ))}
    </ul>
  );
}

const manyLines = 8; // from so many on, a list can be searched
const shownAtOnce = 100; // lines drawn at a time, so that a list of thousands answers each key at once

/** A list that can be searched by name, and is drawn a piece at a time. */
export function SearchedLines(props: {
  readonly lines: readonly Line[];
  readonly label: string;
  /** What is said of how many are shown. */
  readonly count: (shown: number, all: number) => string;
  readonly always?: boolean; // the search is there also for a few
}) {
  const w = useAdminWords();
  const [query, setQuery] = useState("");
  const [pieces, setPieces] = useState(1);
  const hits = query.trim() === "" ? props.lines : props.lines.filter((line) => matches(line.name, query.trim()));
  const shown = hits.slice(0, pieces * shownAtOnce);
  return (
    <div class="sk-stack">
      {(props.always || props.lines.length >= manyLines) && (
        <div class="sk-spread sk-search">
          <label class="sk-search__field">
            <span class="ds-sr-only">{w.form.search}</span>
            <input
              class="sk-input"
              type="search"
              name="search"
              placeholder={w.form.search}
              autocomplete="off"
              value={query}
              onInput={(event) => {
                setQuery(event.currentTarget.value);
                setPieces(1);
              }}
            />
          </label>
          <span class="sk-subtle sk-small" role="status">
            {props.count(hits.length, props.lines.length)}
          </span>
        </div>
      )}
      {hits.length === 0 && props.lines.length > 0 ? <Empty title={w.form.noHits(query.trim())} text={w.form.noHitsText} /> : <Lines lines={shown} label={props.label} />}
      {hits.length > shown.length && (
        <button class="ds-button" data-variant="secondary" type="button" onClick={() => setPieces(pieces + 1)}>
          {w.form.more}
        </button>
      )}
    </div>
  );
}

/**
 * Whether the reader may change an organisation and its people: their own, or any where they
 * act for the host; it takes all organisations to tell. The server asks the table itself; this
 * hides what it would refuse.
 */
export function useMayChange(organisations: readonly Organisation[]): (id: string) => boolean {
  const own = useSession().act?.organisation ?? "";
  const atHost = organisations.some((o) => o.host && o.id === own);
  return (id) => atHost || id === own;
}

/** What a page is about: its heading is there while it waits, and where it could not be had. */
export function Loaded<T>(props: {
  readonly of: Asking<T>;
  readonly title: string;
  readonly rows?: number;
  readonly back?: { readonly href: string; readonly text: string };
  readonly children: (value: T) => ComponentChildren;
}) {
  const w = useAdminWords();
  const { of, title, rows = 6, back, children } = props;
  return (
    <>
      {of.asked.status !== "ready" && <PageHead title={title} {...(back ? { back } : {})} />}
      <Shown of={of} loading={w.loading} rows={rows}>
        {children}
      </Shown>
    </>
  );
}
