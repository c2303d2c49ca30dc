// What the page knows, as one immutable value, and everything that can happen to it.
//
// The pages draw from AppState alone; the reducer (reducer.ts) is the only thing that makes
// a new one; the controller (controller.ts) is the only thing that feeds it. What is drawn
// many times a second (the microphone's level) is a signal of its own on the controller.

import type {
  ChatMessage,
  Code,
  CodeNeeded,
  Companion,
  Consultation,
  Language,
  Line,
  Participant,
  Permission,
  Picture,
  Presence,
  Role,
  SecondKind,
  ServerMessage,
} from "../gen/protocol";

import { noAppointment, type Appointment, type AppointmentAction, type AppointmentState } from "./appointment";

export type { Language } from "../gen/protocol";

/** The page that is shown. */
export type Page =
  | "opening" // the link is being looked up
  | "code" // the link asks for the one-time code that was sent
  | "welcome" // greeting and one button
  | "check" // device check, as the way in or, with `testing`, beforehand
  | "joining" // hello is under way, also when a reload takes up its seat
  | "waiting" // the waiting room
  | "call"
  | "over" // the visit is over, or this page's part in it: see `over`
  | "failed"; // the link can't be used, or the service can't be reached: see `failure`

/** Who is invited, and to what. */
export interface Invitation {
  readonly participant: string; // id in the call
  readonly name: string;
  readonly role: Role;
  readonly title: string;
  readonly organisation: string;
  readonly state: AppointmentState;
  readonly consultation: Consultation;
  readonly opensAt: number; // ms since 1970, UTC; joining before this is refused
  readonly admitsItself: boolean; // goes past the waiting room
  readonly patient: string; // whose measurements are open to the session; empty: nobody's, and there is no panel of them
  readonly seesRecord: boolean; // who has seen what about the patient is open to them
  readonly may: readonly Permission[];
}

/** The one-time code that the link asks for. */
export interface OneTimeCode {
  readonly needed: CodeNeeded;
  readonly problem: "" | "wrong" | "expired" | "locked" | "no-network" | "too-many" | "server";
  readonly busy: boolean; // an answer is awaited
  readonly again: boolean; // another has been sent
}

/** Why the page `failed` is shown. */
export type FailureCode =
  | "link-missing" // opened without a token
  | "link-unknown"
  | "link-expired"
  | "link-revoked"
  | "ended" // the link is good, but its consultation has been ended
  | "not-open" // tried to join before opensAt
  | "full"
  | "locked"
  | "version" // the page is older than the server: reload
  | "no-network" // the server can't be reached
  | "too-many" // too many tries; wait a minute
  | "unsupported" // a browser without WebRTC
  | "sign-in" // nobody is signed in here, or no longer
  | "refused" // signed in, and without a seat
  | "busy"
  | "server"; // the fault is the server's

export interface Failure {
  readonly code: FailureCode;
  readonly phone: string; // whom to ring; empty: not known
  readonly organisation: string;
  readonly retry: boolean; // whether Controller.retry() can help
}

/** Why the page `over` is shown. */
export interface Over {
  readonly reason:
    | "left" // by one's own wish
    | "ended" // for all
    | "removed"
    | "refused" // turned away in the waiting room
    | "replaced" // the same seat was opened elsewhere
    | "lost"; // the connection was away for longer than the place is kept
  readonly by: string; // name of who did it; empty: nobody, or not told
  readonly retry: boolean; // whether Controller.retry() can lead back
}

export type DeviceKind = "microphone" | "camera" | "speaker";

export interface Device {
  readonly id: string;
  readonly label: string; // empty until the browser tells it
}

/** Why a device could not be had (classify.ts turns the browser's errors into these). */
export type DeviceFailure =
  | "denied" // the person, or the system, said no
  | "dismissed" // the question was closed without an answer, or the picker was left
  | "missing" // no such device
  | "in-use" // another program has it
  | "unsuitable" // it can't do what is asked of it
  | "insecure" // the page is not in a secure context: http to another host
  | "unsupported" // the browser has no such function
  | "unknown";

/** Microphone or camera. */
export interface Input {
  readonly wanted: boolean; // on by the person's wish
  readonly state:
    | "off" // not wanted, or not asked for yet
    | "asking"
    | "on"
    | "interrupted" // the system took it for a while: a telephone call, a locked screen
    | "failed";
  readonly failure: DeviceFailure | null; // set when state is "failed"
  readonly devices: readonly Device[];
  readonly selected: string; // device id; empty: the system's choice
  readonly label: string; // of the device that runs
}

/** The loudspeaker. */
export interface Output {
  readonly selectable: boolean; // false: the system decides (Safari, phones)
  readonly devices: readonly Device[];
  readonly selected: string;
  readonly testing: boolean; // the tone is being played
  readonly tested: boolean; // it has been played
}

/** The second picture: wound camera or screen. */
export interface SecondPicture {
  readonly state: "off" | "starting" | "on" | "failed";
  readonly kind: SecondKind; // what runs or was tried
  readonly failure: DeviceFailure | null;
  readonly screenPossible: boolean; // the browser can share a screen
}

/** The device check. */
export interface Check {
  readonly heard: boolean; // the microphone has given a sound, not only silence
  readonly silent: boolean; // it has given none for 5 s
  readonly network: Network;
  /** Seconds until the page goes on by itself; null: it stays. */
  readonly countdown: number | null;
  readonly stayed: boolean; // "Vent litt" was pressed
  /** Nothing stands in the way: camera, microphone with sound, and network. */
  readonly good: boolean;
}

/** The network's verdict in the device check. */
export interface Network {
  readonly verdict: "testing" | "good" | "ok" | "poor" | "none";
  readonly rtt: number; // ms; 0: not known
  readonly down: number; // bits per second; 0: not known
}

/** How this page's own connection is. */
export interface Connection {
  readonly status:
    | "idle" // not joined
    | "connecting" // first time
    | "ok"
    | "signal-lost" // sound and picture run; messages and buttons wait
    | "reconnecting" // sound and picture are gone, the page is taking them up again
    | "server-closing"; // the server restarts; the page comes back by itself
  readonly since: number; // page's clock, ms: when this status began
  readonly attempt: number; // tries since it was last ok
  readonly online: boolean; // false: the browser says that there is no network, and no packet says otherwise
  readonly rtt: number; // ms, media path; 0: not known
  readonly loss: number; // share of packets lost on the way to this page, 0–1, last seconds
}

/** A chat line as shown. Own ones that the server has not acknowledged are pending. */
export interface ChatEntry extends ChatMessage {
  readonly own: boolean;
  readonly pending: boolean;
}

/** A receiving video line that has shown its present picture: it moves, or it has stood still for 2 s. */
export type LineHealth = "live" | "stalled";

/** The call, or the waiting room before it. */
export interface Call {
  readonly self: string; // own participant id
  readonly presence: Presence;
  readonly may: readonly Permission[];
  readonly consultation: Consultation;
  readonly participants: readonly Participant[]; // in the order in which they came; own included
  readonly lines: readonly Line[];
  readonly health: Readonly<Record<string, LineHealth>>; // by mid; absent: no picture yet
  readonly speaking: readonly string[]; // loudest first
  readonly chat: readonly ChatEntry[]; // acknowledged ones in the server's order, then pending ones
  readonly unread: number;
  readonly chatOpen: boolean;
  readonly locked: boolean;
  readonly lockedBy: string; // name; empty: not known
  readonly admittedBy: string; // name; empty: admitted itself
  readonly chosen: Picture | null; // what the person made large; null: the role's own choice (largePicture in view.ts)
}

/** Something to be told once; it stays until dismissed or until it is no longer true. */
export type Notice = { readonly id: number } & NoticeBody;
export type NoticeBody =
  | { readonly kind: "muted-by"; readonly by: string } // someone switched this microphone off
  | { readonly kind: "sound-blocked" } // the browser wants a press before it plays: Controller.allowSound()
  | { readonly kind: "microphone-silent" } // on, but nothing comes out of it
  | { readonly kind: "talking-while-muted" }
  | { readonly kind: "device-lost"; readonly device: "microphone" | "camera"; readonly to: string } // unplugged; `to`: label of what took over, empty: none
  | { readonly kind: "device-interrupted"; readonly device: "microphone" | "camera" }
  | { readonly kind: "device-failed"; readonly device: "microphone" | "camera" | "speaker"; readonly failure: DeviceFailure }
  | { readonly kind: "second-failed"; readonly failure: DeviceFailure }
  | { readonly kind: "not-allowed"; readonly code: Code; readonly re: string } // the server refused a message
  | { readonly kind: "left"; readonly name: string; readonly reason: string }; // someone is gone, for the live region

export type Browser =
  | "chrome"
  | "edge"
  | "firefox"
  | "safari"
  | "chrome-android"
  | "firefox-android"
  | "samsung"
  | "safari-ios"
  | "chrome-ios" // every browser on iOS that is not Safari
  | "in-app" // opened inside another app, which often has no camera
  | "other";

export interface AppState {
  readonly page: Page;
  readonly language: Language;
  readonly browser: Browser;
  readonly now: number; // the server's clock as far as known, ms since 1970, UTC; moves every 5 s
  readonly skew: number; // server's clock minus page's, ms
  readonly invitation: Invitation | null;
  readonly appointment: Appointment; // what can be answered by the link
  readonly code: OneTimeCode | null; // on page "code"
  readonly account: boolean; // came from an account's pages, and has them to go back to
  readonly failure: Failure | null; // on page "failed"
  readonly over: Over | null; // on page "over"
  readonly joining: boolean; // join was pressed and the answer is awaited
  readonly microphone: Input;
  readonly camera: Input;
  readonly speaker: Output;
  readonly second: SecondPicture;
  readonly check: Check;
  readonly testing: boolean; // the device check is a test beforehand and leads back
  readonly connection: Connection;
  readonly call: Call | null; // from Welcome until leave
  readonly hand: boolean; // own hand
  readonly beside: readonly Companion[]; // own people beside, off camera
  readonly notices: readonly Notice[];
  readonly lastNotice: number; // highest id given
  readonly soundBlocked: boolean;
}

/** Everything that can happen. */
export type Action =
  | AppointmentAction
  | { readonly type: "opened"; readonly invitation: Invitation; readonly now: number; readonly skew: number }
  | { readonly type: "code"; readonly code: OneTimeCode }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "welcome" } // to the greeting: after opening, and again by retry
  | { readonly type: "opening"; readonly account: boolean }
  | { readonly type: "language"; readonly language: Language }
  | { readonly type: "tick"; readonly now: number } // server's clock
  // device check
  | { readonly type: "check"; readonly testing: boolean }
  | { readonly type: "heard" }
  | { readonly type: "silent"; readonly silent: boolean }
  | { readonly type: "network"; readonly network: Network }
  | { readonly type: "countdown"; readonly seconds: number | null }
  | { readonly type: "stay" }
  // devices
  | { readonly type: "wanted"; readonly device: "microphone" | "camera"; readonly on: boolean }
  | { readonly type: "asking"; readonly device: "microphone" | "camera" }
  | { readonly type: "running"; readonly device: "microphone" | "camera"; readonly id: string; readonly label: string }
  | { readonly type: "stopped"; readonly device: "microphone" | "camera" }
  | { readonly type: "interrupted"; readonly device: "microphone" | "camera"; readonly on: boolean }
  | { readonly type: "device-failed"; readonly device: "microphone" | "camera"; readonly failure: DeviceFailure }
  | { readonly type: "devices"; readonly microphones: readonly Device[]; readonly cameras: readonly Device[]; readonly speakers: readonly Device[]; readonly speakerSelectable: boolean; readonly screenPossible: boolean }
  | { readonly type: "speaker"; readonly id: string }
  | { readonly type: "tone"; readonly playing: boolean }
  | { readonly type: "second"; readonly second: SecondPicture }
  // connection
  | { readonly type: "joining" }
  | { readonly type: "connection"; readonly status: Connection["status"]; readonly at: number; readonly attempt: number }
  | { readonly type: "online"; readonly online: boolean }
  | { readonly type: "path"; readonly rtt: number; readonly loss: number; readonly health: Readonly<Record<string, LineHealth>> }
  | { readonly type: "message"; readonly message: ServerMessage; readonly at: number } // at: page's clock
  | { readonly type: "over"; readonly over: Over }
  // the call
  | { readonly type: "choose"; readonly picture: Picture | null }
  | { readonly type: "hand"; readonly raised: boolean }
  | { readonly type: "beside"; readonly people: readonly Companion[] }
  | { readonly type: "chat-sent"; readonly id: string; readonly text: string; readonly at: number }
  | { readonly type: "chat-dropped"; readonly id: string } // the server will never take it
  | { readonly type: "chat-open"; readonly open: boolean }
  | { readonly type: "sound-blocked"; readonly blocked: boolean }
  // notices
  | { readonly type: "notice"; readonly notice: NoticeBody }
  | { readonly type: "dismiss"; readonly id: number }
  | { readonly type: "dismiss-kind"; readonly kind: NoticeBody["kind"] };

const input: Input = { wanted: true, state: "off", failure: null, devices: [], selected: "", label: "" };

/** The state before anything has happened. */
export function initialState(language: Language = "nn", browser: Browser = "other"): AppState {
  return {
    page: "opening",
    language,
    browser,
    now: 0,
    skew: 0,
    invitation: null,
    appointment: noAppointment,
    code: null,
    account: false,
    failure: null,
    over: null,
    joining: false,
    microphone: input,
    camera: input,
    speaker: { selectable: false, devices: [], selected: "", testing: false, tested: false },
    second: { state: "off", kind: "", failure: null, screenPossible: false },
    check: {
      heard: false,
      silent: false,
      network: { verdict: "testing", rtt: 0, down: 0 },
      countdown: null,
      stayed: false,
      good: false,
    },
    testing: false,
    connection: { status: "idle", since: 0, attempt: 0, online: true, rtt: 0, loss: 0 },
    call: null,
    hand: false,
    beside: [],
    notices: [],
    lastNotice: 0,
    soundBlocked: false,
  };
}
