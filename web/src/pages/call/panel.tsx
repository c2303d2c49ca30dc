// The panel of those who treat: who is here and waits, then tabs. Measurements stand first, where the
// session may see them, and the wound after them.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useWords } from "../../i18n/i18n";
import { useApp } from "../../ui/app";
import { DeviceChoices } from "../../ui/devices";
import { Icon } from "../../ui/icon";
import { LanguageChoice } from "../../ui/shell";
import { BesideEditor } from "./beside";
import { Chat } from "./chat";
import { useLoadedHealth, useTrendOpen } from "./health";
import { DeviceKey, DevicesShown } from "./instruments";
import { KeyHelp } from "./keys";
import { Plan, useHasPlan } from "./plan";
import { People, Present, RoomControls } from "./present";
import { useHasWounds, Wounds } from "./wound";

export type Tab = "measurements" | "wound" | "plan" | "people" | "chat" | "devices";
const always: readonly Tab[] = ["people", "chat", "devices"];

/** The tabs of this panel, in their order. */
export function useTabs(): readonly Tab[] {
  const measured = useLoadedHealth() !== null;
  const wounds = useHasWounds();
  const plan = useHasPlan();
  return [...(measured ? (["measurements"] as const) : []), ...(wounds ? (["wound"] as const) : []), ...(plan ? (["plan"] as const) : []), ...always];
}

/** Which tab is open, and whether the person asked for it just now (then focus follows). */
export interface TabState {
  readonly tab: Tab;
  readonly focus: boolean;
}

/** Measurements: the nurse's tab opens on the keypad, the others' on the latest values. */
function Measurements(props: { readonly entry: boolean }) {
  const health = useLoadedHealth();
  if (health === null || health === "loading") return null;
  const { Entry, MeasurePanel } = health.parts;
  if (!props.entry) return <MeasurePanel />;
  if (health.instruments.shown.value) return <DevicesShown of={health.instruments} />;
  return <Entry device={<DeviceKey of={health.instruments} />} />;
}

function TabBody(props: { readonly state: TabState; readonly entry: boolean }) {
  const { tab } = props.state;
  const all = useTabs();
  switch (tab) {
    case "measurements":
      return <Measurements entry={props.entry} />;
    case "wound":
      return <Wounds entry={props.entry} />;
    case "plan":
      return <Plan />;
    case "people":
      return (
        <>
          <People />
          <RoomControls />
          <BesideEditor />
        </>
      );
    case "chat":
      return <Chat focus={props.state.focus} />;
    case "devices":
      return (
        <>
          <DeviceChoices />
          <KeyHelp tabs={all.length} />
          <LanguageChoice />
        </>
      );
    default: {
      const never: never = tab;
      return never;
    }
  }
}

/** entry: whoever holds the tablet measures. */
export function Panel(props: { readonly state: TabState; readonly onTab: (state: TabState) => void; readonly entry: boolean; readonly extra?: ComponentChildren }) {
  const app = useApp();
  const w = useWords();
  const list = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  const { tab, focus } = props.state;
  const tabs = useTabs();
  const trend = useTrendOpen();
  const measures = tab === "measurements";
  const enters = props.entry && (measures || tab === "wound"); // fills the panel, with its button under the thumb
  const unread = app.call?.unread ?? 0;
  const label: Record<Tab, string> = { measurements: props.entry ? w.measureTab : w.measurements, wound: w.woundTab, plan: w.planTab, people: w.people, chat: w.messages, devices: w.settings };

  // Asked for from elsewhere on a narrow window, the panel may be below the fold.
  useEffect(() => {
    if (focus) panel.current?.scrollIntoView({ block: "nearest" });
  }, [focus, tab]);

  const move = (by: number) => {
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
    if (!next) return;
    props.onTab({ tab: next, focus: false });
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };

  return (
    <section ref={panel} class="sk-call__panel" aria-label={w.aboutCall} data-trend={(measures && trend) || undefined} data-entry={enters || undefined}>
      <Present />
      <div class="sk-tabs">
        <div
          ref={list}
          role="tablist"
          aria-label={w.aboutCall}
          onKeyDown={(event) => {
            if (event.key === "ArrowRight") move(1);
            else if (event.key === "ArrowLeft") move(-1);
            else return;
            event.preventDefault();
          }}
        >
          {tabs.map((name) => (
            <button
              key={name}
              id={`tab-${name}`}
              role="tab"
              type="button"
              aria-selected={tab === name}
              aria-controls="panel"
              tabIndex={tab === name ? 0 : -1}
              data-testid={`tab-${name}`}
              onClick={() => props.onTab({ tab: name, focus: false })}
            >
              {label[name]}
              {name === "chat" && unread > 0 && (
                <span class="sk-count">
                  <span aria-hidden="true">{unread}</span>
                  <span class="ds-sr-only">{w.newMessages(unread)}</span>
                </span>
              )}
            </button>
          ))}
        </div>
        {props.extra}
      </div>
      <div id="panel" class="sk-panel-body" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={tab === "chat" || enters || (measures && trend) ? -1 : 0} data-fill={tab === "chat" || enters || (measures && trend) || undefined}>
        <TabBody state={props.state} entry={props.entry} />
      </div>
    </section>
  );
}

/** The arrows that put the panel on the side of the working hand. */
export function HandButton(props: { readonly onClick: () => void }) {
  const w = useWords();
  return (
    <button class="ds-button sk-hand" data-variant="tertiary" data-icon type="button" aria-label={w.otherHand} title={w.otherHand} onClick={props.onClick}>
      <Icon name="mirror" />
    </button>
  );
}
