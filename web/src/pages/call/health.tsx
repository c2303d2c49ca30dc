// Where the measurements of the patient stand in the call page: nothing of them is loaded for who
// may not see them. The desk lives as long as the call page does, over reconnections.

import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Desk } from "../../health/desk";
import { useApp, useController } from "../../ui/app";
import { Instruments } from "./instruments";

type Parts = typeof import("../../health/index");

interface Loaded {
  readonly parts: Parts;
  readonly desk: Desk;
  readonly instruments: Instruments;
}

/** null: there are none for this session. loading: they are on their way. */
const HealthContext = createContext<Loaded | "loading" | null>(null);

const retryAfter = 1_000; // ms between tries to load

/** A key that nobody else has: 128 random bits. */
function key(): string {
  return crypto.getRandomValues(new Uint32Array(4)).reduce((text, x) => text + x.toString(16).padStart(8, "0"), "");
}

/** Loads the measurements and keeps their desk open while its children are shown. */
export function HealthHost(props: { readonly children: ComponentChildren }) {
  const controller = useController();
  const app = useApp();
  const patient = app.invitation?.patient ?? "";
  const consultation = app.call?.consultation.id ?? "";
  const self = app.call?.self ?? "";
  const [loaded, setLoaded] = useState<Loaded | null>(null);

  useEffect(() => {
    if (patient === "" || self === "") return undefined;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let desk: Desk | undefined;
    let instruments: Instruments | undefined;
    const load = () =>
      import("../../health/index").then(
        (parts) => {
          if (gone) return;
          let factory: IDBFactory | undefined;
          try {
            factory = globalThis.indexedDB;
          } catch {
            // forbidden, as in some private windows: values are kept by the page alone
          }
          desk = new parts.Desk({
            client: () => controller.service(),
            hear: (tell) => controller.hear(tell),
            say: (m) => controller.say(m),
            patient,
            consultation,
            self,
            name: controller.state.peek().invitation?.name ?? "",
            now: () => Date.now() + controller.state.peek().skew,
            shelf: parts.createShelf(factory),
            key,
            online: (tell) => {
              window.addEventListener("online", tell);
              return () => window.removeEventListener("online", tell);
            },
          });
          desk.open();
          instruments = new Instruments(controller, desk);
          setLoaded({ parts, desk, instruments });
        },
        () => {
          if (!gone) timer = setTimeout(load, retryAfter);
        },
      );
    void load();
    return () => {
      gone = true;
      clearTimeout(timer);
      instruments?.close();
      desk?.close();
      setLoaded(null);
    };
  }, [controller, patient, consultation, self]);

  const Desks = loaded?.parts.DeskContext.Provider;
  return (
    <HealthContext.Provider value={patient === "" ? null : (loaded ?? "loading")}>
      {Desks && loaded ? <Desks value={loaded.desk}>{props.children}</Desks> : props.children}
    </HealthContext.Provider>
  );
}

export const useLoadedHealth = (): Loaded | "loading" | null => useContext(HealthContext);

/** Whether a trend is open: the panel is then wider. */
export function useTrendOpen(): boolean {
  const health = useLoadedHealth();
  return health !== null && health !== "loading" && health.desk.state.value.trend !== null;
}
