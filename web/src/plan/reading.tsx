// What the tab and the page have in common: a desk for as long as they are shown, and the print.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Language } from "../gen/protocol";
import { Desk, type DeskConfig } from "./desk";
import { versionsOf } from "./fields";
import { planWords, type PlanWords } from "./i18n/words";
import type { Reader } from "./parts";
import { putSheet } from "./sheet";
import type { Open } from "./view";

/** A desk that is open while the part is shown. by: what makes it another one. */
export function useDesk(config: DeskConfig, by: readonly unknown[]): Desk {
  const desk = useMemo(() => new Desk(config), by);
  useEffect(() => {
    desk.open();
    // What is typed is on its way before the tab is put away, or a telephone is locked.
    const hidden = (): void => {
      if (document.visibilityState === "hidden") desk.flushAll();
    };
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("pagehide", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("pagehide", hidden);
      desk.close();
    };
  }, [desk]);
  return desk;
}

/** Calls when the browser says that there is a network again. */
export function onOnline(tell: () => void): () => void {
  window.addEventListener("online", tell);
  return () => window.removeEventListener("online", tell);
}

export const wordsOf = (language: Language): PlanWords => planWords[language];

export interface Printing {
  readonly print: () => void;
  /** The name could not be had: there is a line for it. */
  readonly nameless: boolean;
}

/**
 * The sheet stands ready as long as there is a plan, so that the browser's own print is right too.
 * It shows the version that is read, or what all have approved, or the draft. The name is asked for
 * when one prints, and not before: to ask is on record as a reading of it.
 */
export function usePrint(reader: Reader, open: Open, name: () => Promise<string>): Printing {
  const { desk, w, language, now } = reader;
  const { plans, kinds } = desk.state.value;
  const [nameless, setNameless] = useState(false);
  const plan = plans && ((typeof open === "number" ? versionsOf(plans).find((p) => p.version === open) : undefined) ?? plans.active ?? plans.draft);
  const off = useRef<() => void>(() => undefined);
  const put = (with_: string): void => {
    off.current();
    off.current = plan ? putSheet({ plan, kinds, w, language, now, name: with_ }) : () => undefined;
  };
  useEffect(() => {
    put("");
    return () => off.current();
  }, [plan, kinds, w, language, now]);
  return {
    nameless,
    print() {
      void name()
        .catch(() => "")
        .then((known) => {
          setNameless(known === "");
          put(known);
          window.print();
        });
    },
  };
}
