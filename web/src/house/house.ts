// What every page of the house reaches: the API, the address, who is signed in, the language.

import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { createContext, type ComponentType } from "preact";
import { useContext } from "preact/hooks";
import type { Language } from "../gen/protocol";
import { ApiError, createClient, createPictures, type Client, type Pictures } from "./client";
import { createRouter, type Bar, type Router } from "./router";
import { homeOf, type Section } from "./sections";
import type { Action, Session } from "./wire";

export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** A page of the house. */
export interface HousePage {
  /** The page itself, or where it is loaded from. */
  readonly show: ComponentType<PageProps> | (() => Promise<ComponentType<PageProps>>);
  readonly lazy: boolean;
  /** Who may open it: anyone, or someone who is signed in and has chosen a role. */
  readonly needs: "nobody" | "full";
  /** Under which part of the menu it stands. */
  readonly section?: Section;
  /** It stands alone, without the frame and its menu. */
  readonly bare?: boolean;
  /** A patient's own link opens it too. */
  readonly byLink?: boolean;
}

export type Routes = readonly (readonly [pattern: string, page: HousePage])[];

/** A page that comes with the house. */
export const page = (show: ComponentType<PageProps>, more: Partial<HousePage> = {}): HousePage => ({ show, lazy: false, needs: "full", ...more });

/** A page that is loaded when it is asked for. */
export const lazyPage = (show: () => Promise<ComponentType<PageProps>>, more: Partial<HousePage> = {}): HousePage => ({ show, lazy: true, needs: "full", ...more });

/** How far someone is in. */
export type Standing =
  | { readonly kind: "opening" }
  | { readonly kind: "failed"; readonly error: unknown }
  /** why: "new": never was; "ended": the session ran out; "self": signed out. */
  | { readonly kind: "out"; readonly why: "new" | "ended" | "self" }
  | { readonly kind: "in"; readonly session: Session };

export interface House {
  readonly api: Client;
  /** Photos, under the same session. */
  readonly pictures: Pictures;
  readonly router: Router<HousePage>;
  readonly standing: ReadonlySignal<Standing>;
  /** Whose page is kept behind the sign-in, because something on it is unsaved; null: nobody's. */
  readonly held: ReadonlySignal<Session | null>;
  readonly language: ReadonlySignal<Language>;
  /** The reader's clock, to the half minute. */
  readonly now: ReadonlySignal<number>;
  /** Whether a person has done something lately. Only then may a page ask for news by itself: it renews the session. */
  active(): boolean;
  setLanguage(language: Language): void;
  /** Takes in who is signed in now. */
  signedIn(session: Session): void;
  /** Asks who is signed in. */
  open(): Promise<void>;
  signOut(): Promise<void>;
  /** Opens, and begins to listen; the returned function ends it. */
  start(): () => void;
}

export interface HouseDeps {
  readonly bar: Bar;
  readonly fetch: typeof fetch;
  readonly key: () => string;
  readonly now: () => number;
  /** The handle of the link whose session this tab has; empty: none. */
  readonly handle: () => string;
  /** The language that was chosen before; null: none was. */
  readonly language: { load(): Language | null; save(language: Language): void; readonly browser: Language };
  readonly routes: Routes;
  /** Calls every while, and when the page is shown again; the returned function ends it. */
  readonly tick: (tell: () => void) => () => void;
  /** Calls when a person does something. */
  readonly onInput: (tell: () => void) => () => void;
}

const restless = 10 * 60_000; // ms without a press or key until nobody seems to be there
const grace = 5_000; // ms past the session's end before the server is asked whether it has ended

export function createHouse(deps: HouseDeps): House {
  const router = createRouter(deps.bar, deps.routes);
  const standing = signal<Standing>({ kind: "opening" });
  const held = signal<Session | null>(null);
  const chosen = signal<Language | null>(deps.language.load());
  const now = signal(deps.now());
  let lastInput = deps.now();
  let endsAt = Infinity; // when the session ends unless the server is asked something before
  let lives = 0; // ms that it lives unused

  const language = computed(() => chosen.value ?? (standing.value.kind === "in" ? standing.value.session.language : deps.language.browser));

  const handle = (): string => (router.place.value.page?.byLink ? deps.handle() : "");
  const onSignedOut = (): void => {
    endsAt = Infinity;
    const was = standing.value;
    if (was.kind === "out") return;
    if (was.kind === "in" && was.session.stage === "full") held.value = router.guarded() ? was.session : null;
    standing.value = { kind: "out", why: was.kind === "in" ? "ended" : "new" };
  };
  const api = createClient({
    fetch: deps.fetch,
    key: deps.key,
    handle,
    onSignedOut,
    onAnswer() {
      endsAt = deps.now() + lives;
    },
  });

  function signedIn(session: Session): void {
    lives = Math.max(session.expiresAt - deps.now(), 0);
    endsAt = session.expiresAt;
    const was = standing.value;
    if (session.stage === "full") {
      held.value = null;
      // Whoever comes in by the front door begins where the role does; whoever came for a page gets it.
      const arrives = was.kind === "out" || (was.kind === "in" && was.session.stage !== "full");
      const nothingHere = homeOf(session) !== "/" && !session.may.includes("consultation.list");
      const { path } = router.place.value;
      if (path === "/sign-in" || (path === "/" && (arrives || nothingHere))) router.go(homeOf(session), "replace");
    }
    standing.value = { kind: "in", session };
  }

  async function open(): Promise<void> {
    standing.value = { kind: "opening" };
    try {
      signedIn(await api("GET /session"));
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "sign-in")) standing.value = { kind: "failed", error };
    }
  }

  return {
    api,
    pictures: createPictures({ fetch: deps.fetch, handle, onSignedOut }),
    router,
    standing,
    held,
    language,
    now,
    active: () => deps.now() - lastInput < restless,
    setLanguage(l) {
      deps.language.save(l);
      chosen.value = l;
    },
    signedIn,
    open,
    async signOut() {
      await api("DELETE /session").catch((error: unknown) => {
        if (!(error instanceof ApiError && error.code === "sign-in")) throw error; // ended already: as wished
      });
      held.value = null;
      endsAt = Infinity;
      standing.value = { kind: "out", why: "self" };
    },
    start() {
      void open();
      const ends = [
        router.start(),
        deps.onInput(() => (lastInput = deps.now())),
        deps.tick(() => {
          now.value = deps.now();
          // What stands on the screen is covered when the session has ended, also where nobody presses anything.
          if (deps.now() > endsAt + grace && standing.value.kind === "in") void api("GET /session").then(signedIn, () => undefined);
        }),
      ];
      return () => ends.forEach((end) => end());
    },
  };
}

const HouseContext = createContext<House | null>(null);
export const HouseProvider = HouseContext.Provider;

export function useHouse(): House {
  const house = useContext(HouseContext);
  if (!house) throw new Error("a part of the page stands outside HouseProvider");
  return house;
}

/** Who is signed in. Only for what stands on pages that need it. */
export function useSession(): Session {
  const house = useHouse();
  const standing = house.standing.value;
  const session = standing.kind === "in" ? standing.session : house.held.value;
  if (!session) throw new Error("a page that needs someone signed in is shown without");
  return session;
}

/** Whether the role allows it at all; to hide what it doesn't. The server asks the table itself. */
export function useMay(action: Action): boolean {
  return useSession().may.includes(action);
}
