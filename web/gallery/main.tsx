// Shows one state: /#call-patient. Without one, the list of all.

import { signal } from "@preact/signals";
import { render } from "preact";
import "../src/styles/base.css";
import "../src/styles/pages.css";
import type { Controller } from "../src/controller";
import { App } from "../src/pages/app";
import { ControllerProvider } from "../src/ui/app";
import closeUp from "./pictures/close-up.svg";
import mari from "./pictures/mari.svg";
import olav from "./pictures/olav.svg";
import tuva from "./pictures/tuva.svg";
import { devicePresses, deviceStates, leaveDevices, showDevices } from "./devices";
import { housePresses, houseStates } from "./house/index";
import { tabStates } from "./house/plan-states";
import { showHouse } from "./house/view";
import { healthPresses, healthReady, healthServed, healthStates, hearing, service } from "./health";
import { showTab } from "./plan-tab";
import { woundPicture } from "./wounds";
import { WoundActionsContext } from "../src/pages/call/wound";
import { presses as callPresses, states as callStates } from "./states";

const states = { ...callStates, ...healthStates };
const presses = { ...callPresses, ...healthPresses };

declare global {
  interface Window {
    calls: unknown[][];
  }
}

const portraits: Readonly<Record<string, string>> = { mari, olav, tuva };

/** A controller that holds one state still, and draws portraits where pictures would be. */
function still(name: string): Controller {
  const start = states[name];
  if (!start) throw new Error(`no state called ${name}`);
  const state = signal(start);
  const self = start.call?.self ?? start.invitation?.participant ?? "";
  const calls: unknown[][] = [];
  window.calls = calls;
  /** Keeps what was asked, for tests. */
  const asked =
    (name: keyof Controller) =>
    (...args: unknown[]): void => {
      calls.push([name, ...args]);
    };
  const nothing = () => undefined;
  const served = healthServed[name];
  return {
    state,
    level: signal(0.62),
    open: asked("open"), answerCode: asked("answerCode"), sendCodeAgain: asked("sendCodeAgain"), readAgain: asked("readAgain"), answer: asked("answer"), tell: asked("tell"), addToCalendar: asked("addToCalendar"), testDevices: asked("testDevices"), join: asked("join"), continueFromCheck: asked("continueFromCheck"), stayInCheck: asked("stayInCheck"),
    retryDevices: asked("retryDevices"), back: asked("back"), retry: asked("retry"), setMicrophone: asked("setMicrophone"), setCamera: asked("setCamera"),
    switchDevice: asked("switchDevice"), flipCamera: asked("flipCamera"), startSecond: asked("startSecond"), stopSecond: asked("stopSecond"),
    playTestSound: asked("playTestSound"), allowSound: asked("allowSound"), admit: asked("admit"), refuse: asked("refuse"), confirm: asked("confirm"), mute: asked("mute"),
    remove: asked("remove"), lock: asked("lock"), endForAll: asked("endForAll"), leave: asked("leave"), sendChat: asked("sendChat"),
    openChat: asked("openChat"), raiseHand: asked("raiseHand"), setBeside: asked("setBeside"), dismiss: asked("dismiss"), close: asked("close"),
    step: (step) => {
      calls.push(["step", step]);
      state.value = { ...state.value, appointment: { ...state.value.appointment, step } };
    },
    choose: (picture) => {
      calls.push(["choose", picture]);
      const call = state.value.call;
      if (call) state.value = { ...state.value, call: { ...call, chosen: picture } };
    },
    service: served ? service(served) : () => Promise.reject(new Error("not in this state")),
    pictures: (path) => woundPicture(path),
    ownTrack: () => null,
    hear: served ? hearing(served) : () => nothing,
    say: (m) => (calls.push(["say", m]), true),
    attachVideo(el, participant, source) {
      el.poster = source === "second" ? closeUp : (portraits[participant === "self" ? self : participant] ?? "");
      return nothing;
    },
    attachAudio: () => nothing,
    setLanguage: (language) => {
      state.value = { ...state.value, language };
    },
  };
}

/** Keeps what the wounds ask of the rest of the call. */
const actions = {
  takeStill: (of: { readonly wound: string }) => (window.calls.push(["takeStill", of]), Promise.resolve()),
  show: (photo: string) => void window.calls.push(["show", photo]),
};

const root = document.getElementById("app");
if (!root) throw new Error("no #app");

/** #call-patient shows that state; nothing lists them all. Changing it makes a new tree. */
function show(): void {
  const name = decodeURIComponent(location.hash.slice(1));
  if (!root) return;
  render(null, root);
  leaveDevices();
  if (name === "") {
    render(
      <main class="sk-app__main">
        <h1 class="ds-heading" data-size="lg">
          Galleri
        </h1>
        <ul class="sk-stack" data-gap="2" id="states">
          {[...Object.keys(states), ...Object.keys(houseStates), ...Object.keys(deviceStates), ...Object.keys(tabStates)].map((key) => (
            <li key={key}>
              <a href={`#${key}`} data-state={key} data-press={(presses[key] ?? housePresses[key] ?? devicePresses[key] ?? []).join(" ")}>
                {key}
              </a>
            </li>
          ))}
        </ul>
      </main>,
      root,
    );
    return;
  }
  const tabbed = tabStates[name];
  if (!tabbed) document.documentElement.removeAttribute("data-color-scheme"); // of a tab that was shown before
  const devices = deviceStates[name];
  if (devices) {
    window.calls = [];
    showDevices(root, devices, window.calls);
    root.dataset["state"] = name;
    return;
  }
  if (tabbed) {
    window.calls = [];
    void showTab(root, tabbed, window.calls).then(() => (root.dataset["state"] = name));
    return;
  }
  const house = houseStates[name];
  if (house) {
    window.calls = [];
    void showHouse(root, house, window.calls).then(() => (root.dataset["state"] = name));
    return;
  }
  render(
    <ControllerProvider value={still(name)}>
      <WoundActionsContext.Provider value={actions}>
        <App />
      </WoundActionsContext.Provider>
    </ControllerProvider>,
    root,
  );
  const shown = () => (healthServed[name] && !document.querySelector(healthServed[name].wounds ? '[role="tab"]' : healthReady) ? void requestAnimationFrame(shown) : (root.dataset["state"] = name));
  shown();
}
window.addEventListener("hashchange", show);
show();
