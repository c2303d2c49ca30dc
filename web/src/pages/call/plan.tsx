// The patient's own plan in the call: who writes where is heard from the beginning, and the plan
// itself is loaded when its tab is opened.

import { signal, type ReadonlySignal } from "@preact/signals";
import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Controller } from "../../controller";
import type { Hold, ServerMessage } from "../../gen/protocol";
import type { FieldName } from "../../plan/fields";
import type { Holder, Holds } from "../../plan/holds";
import { useApp, useController } from "../../ui/app";

/** What the call tells of the plan. */
class PlanNews implements Holds {
  readonly #controller: Controller;
  readonly #holders = signal<readonly Holder[]>([]);
  readonly holders: ReadonlySignal<readonly Holder[]> = this.#holders;
  readonly #planned = new Set<() => void>();
  readonly close: () => void;

  constructor(controller: Controller) {
    this.#controller = controller;
    this.close = controller.hear((m) => this.#hear(m));
  }

  hold(field: FieldName): void {
    this.#say({ part: field });
  }

  free(): void {
    this.#say({ part: "" });
  }

  /** Calls when the plan is to be read anew. */
  planned(tell: () => void): () => void {
    this.#planned.add(tell);
    return () => void this.#planned.delete(tell);
  }

  #say(hold: Omit<Hold, "type">): void {
    this.#controller.say({ type: "hold", ...hold });
  }

  #hear(m: ServerMessage): void {
    const state = this.#controller.state.peek();
    const without = (id: string) => this.#holders.peek().filter((h) => h.participant !== id);
    switch (m.type) {
      case "welcome":
        this.#holders.value = []; // those who write are told anew
        for (const tell of this.#planned) tell();
        break;
      case "planned":
        for (const tell of this.#planned) tell();
        break;
      case "held": {
        if (m.participant === state.call?.self) break;
        const name = state.call?.participants.find((p) => p.id === m.participant)?.name ?? "";
        const at = Date.now() + state.skew;
        this.#holders.value = m.part === "" ? without(m.participant) : [...without(m.participant), { participant: m.participant, name, field: m.part as FieldName, at }];
        break;
      }
      case "left":
        this.#holders.value = without(m.participant);
        break;
      default:
    }
  }
}

const PlanContext = createContext<PlanNews | null>(null);

/** Hears of the plan for as long as its children are shown, where the session may read it. */
export function PlanHost(props: { readonly children: ComponentChildren }) {
  const controller = useController();
  const app = useApp();
  const reads = (app.invitation?.patient ?? "") !== "" && (app.call?.may.includes("read-plan") ?? false);
  const [news, setNews] = useState<PlanNews | null>(null);
  useEffect(() => {
    if (!reads) return undefined;
    const made = new PlanNews(controller);
    setNews(made);
    return () => {
      made.close();
      setNews(null);
    };
  }, [controller, reads]);
  return <PlanContext.Provider value={news}>{props.children}</PlanContext.Provider>;
}

/** Whether there is a plan to be read in this call. */
export const useHasPlan = (): boolean => useContext(PlanContext) !== null;

type Tab = typeof import("../../plan/tab");

const retryAfter = 1_000; // ms between tries to load

/** The tab's content. */
export function Plan() {
  const app = useApp();
  const controller = useController();
  const news = useContext(PlanContext);
  const [parts, setParts] = useState<Tab | null>(null);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = () =>
      import("../../plan/tab").then(
        (tab) => !gone && setParts(tab),
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
  const patient = app.invitation?.patient ?? "";
  if (!parts || !news || !app.call) return null;
  const person = app.call.participants.find((p) => p.role === "patient") ?? app.call.consultation.expected.find((p) => p.role === "patient");
  const { PlanTab } = parts;
  return (
    <PlanTab
      patient={patient}
      patientName={person?.name ?? ""}
      self={{ id: app.call.self, name: app.invitation?.name ?? "" }}
      mine={app.invitation?.role === "patient"}
      language={app.language}
      now={app.now}
      dense={app.invitation?.role !== "nurse"}
      client={() => controller.service()}
      holds={news}
      planned={(tell) => news.planned(tell)}
    />
  );
}
