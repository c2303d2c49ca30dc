// The panel's tab: rows, or the trend of one of them. Closing a trend leads back to its row.

import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useHealth } from "./host";
import { Loading, Rows } from "./rows";
import type { OpenTrend } from "./state";

type Trend = ComponentType<{ readonly trend: OpenTrend }>;

const retryAfter = 1_000; // ms between tries to load the trend

/** The trend's chart and table, loaded while the panel is looked at. */
function useTrend(): Trend | null {
  const [View, setView] = useState<Trend | null>(null);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = () =>
      import("./trend").then(
        (module) => {
          if (!gone) setView(() => module.TrendView);
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
  return View;
}

export function MeasurePanel() {
  const { state } = useHealth();
  const View = useTrend();
  const was = useRef("");
  const here = useRef<HTMLDivElement>(null);
  const open = state.trend?.kind ?? "";
  useEffect(() => {
    if (open === "" && was.current !== "") here.current?.querySelector<HTMLElement>(`[data-testid="measurement"][data-kind="${was.current}"]`)?.focus();
    was.current = open;
  }, [open]);
  return (
    <div ref={here} class="sk-health-body">
      {state.trend ? View ? <View key={state.trend.kind} trend={state.trend} /> : <Loading /> : <Rows />}
    </div>
  );
}
