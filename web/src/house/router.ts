// Which page the address asks for, and moving between pages without loading anew. Links are
// links: a press on one is taken over only where nothing else was meant by it.

import { signal, type ReadonlySignal } from "@preact/signals";

/** The browser's address bar and history, or a test's. */
export interface Bar {
  /** Path, query and fragment as they stand now. */
  readonly here: () => string;
  /** The number that push and replace were given for this entry; 0 for one that came otherwise. */
  readonly index: () => number;
  readonly push: (path: string, index: number) => void;
  readonly replace: (path: string, index: number) => void;
  readonly go: (by: number) => void;
  /** Listens to the history being walked, until the returned function is called. */
  readonly onWalk: (tell: () => void) => () => void;
}

/** What stands in the address. */
export interface Place<Page> {
  readonly page: Page | null; // null: no such page
  readonly path: string; // without query and fragment
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly fragment: string; // without #
}

export interface Router<Page> {
  readonly place: ReadonlySignal<Place<Page>>;
  /** The path that is held up until someone answers whether to go; null: none is. */
  readonly heldUp: ReadonlySignal<string | null>;
  go(path: string, how?: "push" | "replace"): void;
  /** Holds moves up as long as something is unsaved; the returned function lets them pass again. */
  guard(): () => void;
  /** Whether something is unsaved. */
  guarded(): boolean;
  /** Answers what is held up. */
  answer(go: boolean): void;
  /** Whether a path of this origin is one of the pages here. */
  knows(path: string): boolean;
  /** Begins to listen; the returned function ends it. */
  start(): () => void;
}

/** Matches "/patients/{id}" against a path; null: it doesn't. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/");
  const have = path.split("/");
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const given = have[i] ?? "";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== given) return null;
      continue;
    }
    try {
      params[name] = decodeURIComponent(given);
    } catch {
      return null; // a % that stands for nothing
    }
    if (params[name] === "") return null;
  }
  return params;
}

/** routes: page by pattern; the first that matches is it. */
export function createRouter<Page>(bar: Bar, routes: readonly (readonly [pattern: string, page: Page])[]): Router<Page> {
  const find = (path: string): Pick<Place<Page>, "page" | "params"> => {
    for (const [pattern, page] of routes) {
      const params = match(pattern, path);
      if (params) return { page, params };
    }
    return { page: null, params: {} };
  };
  const read = (): Place<Page> => {
    const url = new URL(bar.here(), "http://here");
    const path = url.pathname.length > 1 ? url.pathname.replace(/\/+$/, "") || "/" : url.pathname;
    return { ...find(path), path, query: url.searchParams, fragment: url.hash.slice(1) };
  };

  const place = signal(read());
  const heldUp = signal<string | null>(null);
  let index = bar.index();
  const guards = new Set<symbol>();
  let resume: (() => void) | null = null; // what was held up
  let ignored = 0; // walks that this router made itself

  const moved = (): void => {
    index = bar.index();
    place.value = read();
  };
  const hold = (path: string, go: () => void): void => {
    resume = go;
    heldUp.value = path;
  };

  return {
    place,
    heldUp,
    go(path, how = "push") {
      const move = (): void => {
        if (how === "push") bar.push(path, index + 1);
        else bar.replace(path, index);
        moved();
      };
      if (guards.size > 0) hold(path, move);
      else move();
    },
    guard() {
      const mine = Symbol();
      guards.add(mine);
      return () => guards.delete(mine);
    },
    guarded: () => guards.size > 0,
    answer(go) {
      const then = resume;
      resume = null;
      heldUp.value = null;
      if (go) then?.();
    },
    knows: (path) => find(path).page !== null,
    start: () =>
      bar.onWalk(() => {
        if (ignored > 0) {
          ignored--;
          return;
        }
        const by = bar.index() - index;
        if (guards.size === 0 || by === 0) return moved();
        // The address has changed already: back to where one was, and on if the answer is yes.
        const wanted = bar.here();
        ignored++;
        bar.go(-by);
        hold(wanted, () => {
          guards.clear(); // the answer holds for this page, and its guards end with it
          bar.go(by);
        });
      }),
  };
}

/** The real one. */
export function browserBar(): Bar {
  const index = (): number => {
    const state: unknown = history.state;
    return typeof state === "object" && state !== null && "index" in state && typeof state.index === "number" ? state.index : 0;
  };
  return {
    here: () => location.pathname + location.search + location.hash,
    index,
    push: (path, i) => history.pushState({ index: i }, "", path),
    replace: (path, i) => history.replaceState({ index: i }, "", path),
    go: (by) => history.go(by),
    onWalk(tell) {
      window.addEventListener("popstate", tell);
      return () => window.removeEventListener("popstate", tell);
    },
  };
}

/** The path that a press leads to within the router; null: the browser's own business. */
export function pressedPath(event: MouseEvent, origin: string, knows: (path: string) => boolean): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.hasAttribute("download")) return null;
  const url = new URL(link.href);
  if (url.origin !== origin || url.hash !== "" || !knows(url.pathname)) return null;
  return url.pathname + url.search;
}
