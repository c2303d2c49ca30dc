// The call page. It is loaded while the person is in the device check.
//
// Focus order is the document's: heading, controls, tiles, panel tabs, panel.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import "../../styles/call.css";
import "../../styles/call-more.css";
import { clock, useWords } from "../../i18n/i18n";
import type { Role } from "../../gen/protocol";
import { me, presentPeople } from "../../state/view";
import { useApp } from "../../ui/app";
import { DeviceChoices } from "../../ui/devices";
import { Icon } from "../../ui/icon";
import { byRole, called } from "../../ui/people";
import { Quality, Say } from "../../ui/say";
import { LanguageChoice } from "../../ui/shell";
import { Announce } from "./announce";
import { BesideEditor, WithMe } from "./beside";
import { Chat } from "./chat";
import { ChatControl, HandControl, LeaveControl, PictureControl, RearControl, ScreenControl, SoundControl, SwapControl, useToggles } from "./controls";
import { KeyHelp, useKeys } from "./keys";
import { HealthHost, useLoadedHealth, useTrendOpen } from "./health";
import { DrawHost, DrawNews, useShow, PictureControls } from "./draw";
import { HandButton, Panel, useTabs, type TabState } from "./panel";
import { PlanHost } from "./plan";
import { Stage } from "./stage";
import { StillHost, useTakeStill } from "./still";
import { WoundActionsContext, WoundHost } from "./wound";

/** Read when the call opens; not drawn, as the pictures say it. */
function CallHeading() {
  const app = useApp();
  const w = useWords();
  const ref = useRef<HTMLHeadingElement>(null);
  const call = app.call;
  const title = call && call.consultation.organisation !== "" ? w.titleCall(call.consultation.organisation) : w.titleCallPlain;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  const others = call ? byRole(presentPeople(call).filter((p) => p.id !== call.self)) : [];
  return (
    <h1 ref={ref} class="ds-sr-only" tabIndex={-1}>
      {w.callWith(w.ofSeveral(others.map((p) => called(w, p))))}
    </h1>
  );
}

function TimeLeft() {
  const app = useApp();
  const w = useWords();
  const ends = app.call?.consultation.ends ?? 0;
  const left = Math.round((ends - app.now) / 60_000);
  return (
    <p class="sk-call__clock">
      <b>{clock(w, app.now)}</b>{" "}
      {ends > 0 && Math.abs(left) < 120 && <span class="sk-subtle">· {left >= 0 ? w.timeLeft(left) : w.timeOver(-left)}</span>}
    </p>
  );
}

type Side = "chat" | "settings" | "measurements" | null;

/** Patient, relative, interpreter. */
function Visitor(props: { readonly own: Role }) {
  const app = useApp();
  const w = useWords();
  const [side, setSide] = useState<Side>(null);
  const health = useLoadedHealth();
  const opener = useRef<HTMLButtonElement | null>(null);
  const toggles = useToggles();
  const toggle = (next: Side) => setSide(side === next ? null : next);
  const close = () => {
    setSide(null);
    requestAnimationFrame(() => opener.current?.focus()); // on a phone it is drawn again first
  };
  useKeys({ m: toggles.toggleSound, v: toggles.togglePicture, h: toggles.toggleHand, "?": () => setSide("settings") });
  useEffect(() => {
    if (side === null) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") close();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [side]);
  const unread = app.call?.unread ?? 0;
  return (
    <main class="sk-call sk-cp" data-side={side ?? undefined}>
      <CallHeading />
      <header class="sk-call__top">
        <button
          class="sk-top-button"
          type="button"
          aria-expanded={side === "settings"}
          data-testid="settings"
          onClick={(event) => {
            opener.current = event.currentTarget;
            toggle("settings");
          }}
        >
          <Icon name="tune" size="sm" />
          {w.settings}
        </button>
        <p class="sk-call__clock">
          <span class="ds-sr-only">{w.clockIs} </span>
          <b>{clock(w, app.now)}</b>
        </p>
        <button
          class="sk-top-button"
          type="button"
          aria-expanded={side === "chat"}
          data-testid="chat"
          onClick={(event) => {
            opener.current = event.currentTarget;
            toggle("chat");
          }}
        >
          <Icon name="chat" size="sm" />
          {w.messages}
          {unread > 0 && (
            <span class="sk-count">
              <span aria-hidden="true">{unread}</span>
              <span class="ds-sr-only">{w.newMessages(unread)}</span>
            </span>
          )}
        </button>
      </header>
      <div class="sk-call__controls" role="group" aria-label={w.callControls}>
        <SoundControl size="lg" />
        <PictureControl size="lg" />
        <HandControl size="lg" />
        <LeaveControl size="lg" />
      </div>
      <Stage layout="cp" own={props.own} />
      {side !== null && (
        <section class="sk-cp__side" aria-labelledby="side">
          <header>
            <h2 class="ds-heading" data-size="2xs" id="side">
              {side === "chat" ? w.messages : side === "settings" ? w.settings : w.measurements}
            </h2>
            <button class="sk-top-button" type="button" onClick={close}>
              <Icon name="x" size="sm" />
              {w.close}
            </button>
          </header>
          {side === "chat" ? (
            <Chat focus />
          ) : side === "measurements" ? (
            <div class="sk-panel-body" tabIndex={0} role="group" aria-labelledby="side">
              {health !== null && health !== "loading" && <health.parts.OwnList />}
            </div>
          ) : (
            <div class="sk-panel-body" tabIndex={0} role="group" aria-labelledby="side">
              <DeviceChoices />
              <BesideEditor />
              <KeyHelp tabs={0} />
              <LanguageChoice />
            </div>
          )}
        </section>
      )}
      <div class="sk-cp__say">
        {health !== null && (
          <button
            class="sk-cp__own"
            type="button"
            aria-expanded={side === "measurements"}
            data-testid="tab-measurements"
            onClick={(event) => {
              opener.current = event.currentTarget;
              toggle("measurements");
            }}
          >
            {health === "loading" ? w.measurements : <health.parts.OwnLine />}
            <Icon name={side === "measurements" ? "down" : "right"} size="sm" />
          </button>
        )}
        <Say />
        <Quality />
      </div>
      <Announce />
      {health !== null && health !== "loading" && <health.parts.OwnNews />}
    </main>
  );
}

const handKey = "sk-hand";

function storedHand(): "left" | "right" {
  try {
    return globalThis.localStorage?.getItem(handKey) === "left" ? "left" : "right";
  } catch {
    return "right";
  }
}

/** Nurse, specialist, GP: those with the panel. */
function Staff(props: { readonly layout: "cn" | "cs"; readonly own: Role }) {
  const app = useApp();
  const w = useWords();
  const tabs = useTabs();
  const trend = useTrendOpen();
  const draws = props.layout === "cs" && (app.call?.may.includes("draw") ?? false); // who draws leads, and need not ask for the word
  const many = draws || (props.layout === "cs" && (app.call?.may.includes("ask") ?? false));
  const [tab, setTab] = useState<TabState>({ tab: tabs[0] ?? "people", focus: false });
  const [hand, setHand] = useState(storedHand);
  const toggles = useToggles();
  const openTab = (i: number) => {
    const name = tabs[i];
    if (name) setTab({ tab: name, focus: true });
  };
  useKeys({
    m: toggles.toggleSound,
    v: toggles.togglePicture,
    h: toggles.toggleHand,
    "?": () => openTab(tabs.length - 1),
    "1": () => openTab(0),
    "2": () => openTab(1),
    "3": () => openTab(2),
    "4": () => openTab(3),
  });
  const swapHand = () => {
    const next = hand === "left" ? "right" : "left";
    setHand(next);
    try {
      globalThis.localStorage?.setItem(handKey, next);
    } catch {
      // kept for this visit only
    }
  };
  const chat = <ChatControl open={tab.tab === "chat"} onClick={() => setTab({ tab: tab.tab === "chat" ? (tabs[0] ?? "people") : "chat", focus: true })} />;
  const second = app.call?.may.includes("second") ?? false;
  return (
    <main class={`sk-call sk-${props.layout}`} data-hand={props.layout === "cn" ? hand : undefined} data-panel={trend && tab.tab === "measurements" ? "wide" : undefined}>
      <CallHeading />
      <header class="sk-call__top">
        <Say />
        <TimeLeft />
      </header>
      <div class="sk-call__controls" role="group" aria-label={w.callControls} data-many={many || undefined}>
        {props.layout === "cn" ? (
          <>
            <SoundControl />
            <PictureControl />
            {second && <RearControl />}
            {second && <ScreenControl testid="add-screen" />}
            {chat}
            <HandControl />
            <LeaveControl />
          </>
        ) : (
          <>
            <div>
              <SoundControl />
              <PictureControl />
            </div>
            <div>
              <SwapControl />
              <PictureControls />
              {second && <ScreenControl testid="add-second" />}
            </div>
            <div>
              {!draws && <HandControl />}
              {chat}
            </div>
            <div>
              <LeaveControl />
            </div>
          </>
        )}
        <Quality />
      </div>
      <Stage layout={props.layout} own={props.own}>
        {props.layout === "cn" ? <WithMe onEdit={() => setTab({ tab: "people", focus: true })} /> : undefined}
      </Stage>
      <Panel state={tab} onTab={setTab} entry={props.layout === "cn"} extra={props.layout === "cn" ? <HandButton onClick={swapHand} /> : undefined} />
      <Announce />
    </main>
  );
}

/** What the wound's pages leave to the call: taking a still, and showing a photo to all. */
function WithActions(props: { readonly children: ComponentChildren }) {
  const takeStill = useTakeStill();
  const show = useShow();
  return <WoundActionsContext.Provider value={{ takeStill, show }}>{props.children}</WoundActionsContext.Provider>;
}

export function CallPage() {
  return (
    <DrawHost>
      <HealthHost>
        <PlanHost>
          <StillHost>
            <DrawNews /> {/* before the call: after it, what is only heard would make the page a pixel longer */}
            <WithActions>
              <WoundHost>
                <ByRole />
              </WoundHost>
            </WithActions>
          </StillHost>
        </PlanHost>
      </HealthHost>
    </DrawHost>
  );
}

function ByRole() {
  const app = useApp();
  const call = app.call;
  if (!call) return null;
  const own = me(call)?.role ?? app.invitation?.role ?? "patient";
  switch (own) {
    case "nurse":
      return <Staff layout="cn" own={own} />;
    case "specialist":
    case "gp":
      return <Staff layout="cs" own={own} />;
    case "patient":
    case "relative":
    case "interpreter":
      return <Visitor own={own} />;
    default: {
      const never: never = own;
      return never;
    }
  }
}
