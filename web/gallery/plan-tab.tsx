// Shows a state of the plan's tab as it stands in the call's panel: dark, and as wide as the panel is.

import { signal } from "@preact/signals";
import { render } from "preact";
import { createClient } from "../src/house/client";
import { PlanTab } from "../src/plan/tab";
import { fakeFetch } from "./house/fake";
import type { TabState } from "./house/plan-states";

export async function showTab(root: HTMLElement, of: TabState, calls: unknown[][]): Promise<void> {
  const service = fakeFetch(of.state, (name, body) => calls.push([name, body]));
  const client = createClient({ fetch: service.fetch, key: () => "key", handle: () => "", onSignedOut: () => undefined, onAnswer: () => undefined });
  const key = "samkonsult.plan.olav.tuva";
  const kept = Object.entries(of.kept ?? {}).map(([field, text]) => [field, { text, base: 2 }] as const);
  if (kept.length > 0) sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(kept)));
  else sessionStorage.removeItem(key);
  const dense = of.dense ?? true;
  const holders = signal(of.holders ?? []);
  document.documentElement.dataset["colorScheme"] = "dark";
  render(
    <main style={{ maxWidth: "30rem", marginInline: "auto", padding: "1.25rem", background: "var(--ds-color-neutral-surface-default)", minHeight: "100dvh" }}>
      <h1 class="ds-sr-only">Plan</h1>
      {/* For whoever looks at targets: it is the specialist's call, at a PC. */}
      {dense && <span class="sk-cs" hidden />}
      <PlanTab
        patient="olav"
        patientName="Olav Eik"
        self={{ id: "tuva", name: "Tuva Ask" }}
        mine={of.mine ?? false}
        language="nn"
        now={of.state.now ?? 0}
        dense={dense}
        client={() => Promise.resolve(client)}
        holds={{ hold: (field) => calls.push(["hold", field]), free: () => calls.push(["free"]), holders }}
        planned={() => () => undefined}
      />
    </main>,
    root,
  );
  const settled = async (): Promise<void> => {
    for (let still = 0; still < 3; ) {
      await new Promise((next) => requestAnimationFrame(next));
      still = service.pending() === 0 && root.querySelector("[data-testid=plan]") ? still + 1 : 0;
    }
  };
  window.settled = settled;
  await settled();
}
