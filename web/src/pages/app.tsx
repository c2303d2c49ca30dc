// Which page is shown, in which language and theme.

import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { dictionaries, WordsProvider } from "../i18n/i18n";
import type { AppState } from "../state/state";
import { useApp } from "../ui/app";
import { browserAwake, keepAwake } from "../ui/awake";
import { CheckPage } from "./check";
import { CodePage } from "./code";
import { FailedPage, Joining, Opening, OverPage } from "./other";
import { Waiting } from "./waiting";
import { Welcome } from "./welcome";

let loading: Promise<ComponentType> | undefined;

/** The call page and its style, loaded once; a failed try is tried again at the next call. */
export function loadCallPage(): Promise<ComponentType> {
  loading ??= import("./call/call").then(
    (module) => module.CallPage,
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

const retryAfter = 1_000; // ms between tries to load the call page

function LazyCall() {
  const [Page, setPage] = useState<ComponentType | null>(null);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = () =>
      loadCallPage().then(
        (page) => {
          if (!gone) setPage(() => page);
        },
        () => {
          if (!gone) timer = setTimeout(load, retryAfter);
        },
      );
    void load();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);
  return Page ? <Page /> : <Joining />;
}

function Current(props: { readonly page: AppState["page"] }) {
  switch (props.page) {
    case "opening":
      return <Opening />;
    case "code":
      return <CodePage />;
    case "welcome":
      return <Welcome />;
    case "check":
      return <CheckPage />;
    case "joining":
      return <Joining />;
    case "waiting":
      return <Waiting />;
    case "call":
      return <LazyCall />;
    case "over":
      return <OverPage />;
    case "failed":
      return <FailedPage />;
    default: {
      const never: never = props.page;
      return never;
    }
  }
}

export function App() {
  const app = useApp();
  const inCall = app.page === "call";
  const role = app.invitation?.role;
  // Designsystemet reads its density from body and its theme from html. PC density only where
  // the person sits at a PC: the nurse has a tablet, and everyone's way in may be a phone.
  const dense = inCall && (role === "specialist" || role === "gp");
  useLayoutEffect(() => {
    const html = document.documentElement;
    html.lang = app.language;
    html.dataset["page"] = app.page;
    html.dataset["colorScheme"] = inCall ? "dark" : "light";
    document.body.dataset["size"] = dense ? "sm" : "md";
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", inCall ? "#0a0f12" : "#ffffff"); // tokens.css: --sk-stage, background
  }, [app.language, app.page, inCall, dense]);
  useEffect(() => {
    // The device check takes some seconds: enough to have the call page ready.
    if (app.page === "check" || app.page === "waiting" || app.page === "joining") void loadCallPage().catch(() => undefined);
  }, [app.page]);
  const awake = inCall || app.page === "waiting";
  useEffect(() => (awake ? keepAwake(browserAwake()) : undefined), [awake]);
  return (
    <WordsProvider value={dictionaries[app.language]}>
      <Current page={app.page} />
    </WordsProvider>
  );
}
