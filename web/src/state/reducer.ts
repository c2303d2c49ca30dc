// The one place that makes a new state out of an old one. Pure: no clock, no I/O, no chance.

import { applyAppointment, noAppointment } from "./appointment";
import { applyMessage, keepNotices, toOver, withNotice } from "./message";
import type { Action, AppState, Check, Input } from "./state";

const freshCheck: Check = {
  heard: false,
  silent: false,
  network: { verdict: "testing", rtt: 0, down: 0 },
  countdown: null,
  stayed: false,
  good: false,
};

/** Nothing stands in the way: camera and microphone run, the microphone has been heard, the network carries. */
function good(state: AppState): boolean {
  const { check, camera, microphone } = state;
  const network = check.network.verdict === "good" || check.network.verdict === "ok";
  return network && check.heard && camera.state === "on" && microphone.state === "on";
}

/** Works out check.good anew, and stops the countdown when it no longer holds. */
function judged(state: AppState): AppState {
  const ok = good(state);
  if (ok === state.check.good && (ok || state.check.countdown === null)) return state;
  return { ...state, check: { ...state.check, good: ok, countdown: ok ? state.check.countdown : null } };
}

function withInput(state: AppState, device: "microphone" | "camera", change: Partial<Input>): AppState {
  const input = { ...state[device], ...change };
  return judged(device === "microphone" ? { ...state, microphone: input } : { ...state, camera: input });
}

function withCheck(state: AppState, change: Partial<Check>): AppState {
  return judged({ ...state, check: { ...state.check, ...change } });
}

export function reducer(state: AppState, action: Action): AppState {
  switch (action.type) {
    case "opening":
      return { ...state, appointment: noAppointment, page: "opening", account: action.account, code: null, failure: null, over: null, joining: false };
    case "opened":
      return {
        ...state,
        page: "welcome",
        code: null,
        invitation: action.invitation,
        failure: null,
        over: null,
        now: action.now,
        skew: action.skew,
      };
    case "code":
      return { ...state, page: "code", code: action.code, failure: null };
    case "failed":
      return {
        ...state,
        page: "failed",
        failure: action.failure,
        call: null,
        joining: false,
        notices: [],
        connection: { ...state.connection, status: "idle", attempt: 0 },
      };
    case "welcome":
      return { ...state, page: "welcome", failure: null, over: null, joining: false, call: null, check: freshCheck, testing: false };
    case "language":
      return { ...state, language: action.language };
    case "tick":
      return state.now === action.now ? state : { ...state, now: action.now };

    case "check":
      return { ...state, page: "check", check: freshCheck, testing: action.testing };
    case "heard":
      return withCheck(state, { heard: true, silent: false });
    case "silent":
      return action.silent === state.check.silent ? state : withCheck(state, { silent: action.silent });
    case "network":
      return withCheck(state, { network: action.network });
    case "countdown":
      return withCheck(state, { countdown: action.seconds });
    case "stay":
      return withCheck(state, { stayed: true, countdown: null });

    case "wanted": {
      const next = withInput(state, action.device, { wanted: action.on });
      if (action.device !== "microphone") return next;
      return keepNotices(next, (n) => !(action.on ? ["muted-by", "talking-while-muted"] : ["microphone-silent"]).includes(n.kind));
    }
    case "asking":
      return withInput(state, action.device, { state: "asking", failure: null });
    case "running": {
      const next = withInput(state, action.device, { state: "on", failure: null, selected: action.id, label: action.label });
      const over = ["device-interrupted", "device-failed"];
      return keepNotices(next, (n) => !("device" in n && n.device === action.device && over.includes(n.kind)));
    }
    case "stopped":
      return keepNotices(
        withInput(state, action.device, { state: "off", failure: null, label: "" }),
        (n) => !(n.kind === "device-interrupted" && n.device === action.device),
      );
    case "interrupted":
      if (!action.on) {
        return keepNotices(withInput(state, action.device, { state: "on" }), (n) => !(n.kind === "device-interrupted" && n.device === action.device));
      }
      return withNotice(withInput(state, action.device, { state: "interrupted" }), { kind: "device-interrupted", device: action.device });
    case "device-failed":
      return withInput(state, action.device, { state: "failed", failure: action.failure, label: "" });
    case "devices":
      return {
        ...state,
        microphone: { ...state.microphone, devices: action.microphones },
        camera: { ...state.camera, devices: action.cameras },
        speaker: { ...state.speaker, devices: action.speakers, selectable: action.speakerSelectable },
        second: { ...state.second, screenPossible: action.screenPossible },
      };
    case "speaker":
      return { ...state, speaker: { ...state.speaker, selected: action.id } };
    case "tone":
      return { ...state, speaker: { ...state.speaker, testing: action.playing, tested: state.speaker.tested || action.playing } };
    case "second":
      return { ...state, second: { ...action.second, screenPossible: state.second.screenPossible } };

    case "joining":
      return { ...state, joining: true, page: state.page === "check" ? "check" : "joining", check: { ...state.check, countdown: null } };
    case "connection":
      return {
        ...state,
        connection: {
          ...state.connection,
          status: action.status,
          attempt: action.attempt,
          since: action.status === state.connection.status ? state.connection.since : action.at,
        },
      };
    case "online":
      return { ...state, connection: { ...state.connection, online: action.online } };
    case "path":
      return {
        ...state,
        connection: { ...state.connection, rtt: action.rtt, loss: action.loss },
        call: state.call && { ...state.call, health: action.health },
      };
    case "message":
      return applyMessage(state, action.message, action.at);
    case "over":
      return toOver(state, action.over);

    case "choose":
      return state.call ? { ...state, call: { ...state.call, chosen: action.picture } } : state;
    case "hand":
      return { ...state, hand: action.raised };
    case "beside":
      return { ...state, beside: action.people };
    case "chat-sent": {
      const call = state.call;
      if (!call) return state;
      const name = call.participants.find((p) => p.id === call.self)?.name ?? state.invitation?.name ?? "";
      const entry = { id: action.id, from: call.self, name, text: action.text, at: action.at, own: true, pending: true };
      return { ...state, call: { ...call, chat: [...call.chat, entry] } };
    }
    case "chat-dropped": {
      const call = state.call;
      if (!call) return state;
      return { ...state, call: { ...call, chat: call.chat.filter((e) => !(e.pending && e.id === action.id)) } };
    }
    case "chat-open":
      return state.call ? { ...state, call: { ...state.call, chatOpen: action.open, unread: action.open ? 0 : state.call.unread } } : state;
    case "sound-blocked": {
      const next = { ...state, soundBlocked: action.blocked };
      return action.blocked ? withNotice(next, { kind: "sound-blocked" }) : keepNotices(next, (n) => n.kind !== "sound-blocked");
    }

    case "appointment-loading":
    case "appointment-failed":
    case "appointment":
    case "appointment-said":
    case "appointment-saying":
    case "appointment-step":
      return applyAppointment(state, action);

    case "notice":
      return withNotice(state, action.notice);
    case "dismiss":
      return keepNotices(state, (n) => n.id !== action.id);
    case "dismiss-kind":
      return keepNotices(state, (n) => n.kind !== action.kind);
    default: {
      const unknown: never = action;
      return unknown;
    }
  }
}
