// Every page and state that the gallery shows, by name. A state that is missing here has not
// been looked at and not been through axe.

import type { FailureCode, NoticeBody, Over } from "../src/state/state";
import type { AppState, OneTimeCode } from "../src/state/state";
import { at, base, call, chatLine, inCall, participant } from "./fixtures";

const good = { heard: true, silent: false, network: { verdict: "good", rtt: 22, down: 9e6 }, countdown: 3, stayed: false, good: true } as const;
const checking = { heard: false, silent: false, network: { verdict: "testing", rtt: 0, down: 0 }, countdown: null, stayed: false, good: false } as const;

const everyone = [
  participant("olav", { beside: [{ name: "Inga Eik", role: "kone" }] }),
  participant("mari", { media: { microphone: true, camera: true, second: "camera" } }),
  participant("ragna", { quality: "audio-only" }),
  participant("tuva"),
];
const poorRagna = everyone;
const chat = [
  { ...chatLine("mari", "Eg set på bakkameraet no.", 4), own: false, pending: false },
  { ...chatLine("tuva", "Fint. Hald det litt nærare, om du kan, så eg ser kanten av såret.", 5), own: true, pending: false },
  { ...chatLine("ragna", "Eg høyrer dykk godt. Biletet mitt er borte.", 6), own: false, pending: false },
  { ...chatLine("tuva", "Det går fint.", 7), own: true, pending: true },
];

const notice = (body: NoticeBody) => [{ id: 1, ...body }];
const waitingRoom = (present: Parameters<typeof call>[1], now: number, extra: Partial<AppState> = {}) =>
  base("olav", { page: "waiting", now, call: call("olav", [participant("olav", { presence: "waiting" }), ...present], { presence: "waiting" }), ...extra });

const failed = (code: FailureCode, retry: boolean): AppState =>
  base("olav", { page: "failed", failure: { code, retry, phone: "12 34 56 78", organisation: "Fjord sjukehus" }, invitation: null });
const over = (reason: Over["reason"], by: string, retry: boolean): AppState => base("olav", { page: "over", over: { reason, by, retry } });
const micFailed = (failure: "denied" | "missing" | "in-use" | "insecure" | "dismissed" | "unknown", both: boolean): AppState => {
  const state = base("olav", { page: "check", check: checking });
  return {
    ...state,
    microphone: { ...state.microphone, state: "failed", failure },
    camera: both ? { ...state.camera, state: "failed", failure } : state.camera,
  };
};

const eight = [
  participant("olav"),
  participant("mari", { media: { microphone: false, camera: true, second: "camera" } }),
  participant("ragna", { media: { microphone: true, camera: false, second: "" } }),
  participant("per", { presence: "away", quality: "lost" }),
  participant("tolk", { hand: true }),
  participant("tuva"),
];

const codeNeeded: OneTimeCode["needed"] = { channel: "sms", hint: "••• •• 412", expiresAt: at(9, 58), triesLeft: 5, organisation: "Fjord sjukehus", phone: "12 34 56 78" };

/** Before the code nobody is known: there is no invitation. */
function code(with_: Partial<OneTimeCode>): AppState {
  return { ...base("olav", { page: "code", code: { needed: codeNeeded, problem: "", busy: false, again: false, ...with_ } }), invitation: null };
}

export const states: Readonly<Record<string, AppState>> = {
  opening: { ...base("olav"), page: "opening", invitation: null },
  welcome: base("olav"),
  "welcome-relative": base("ragna"),
  "welcome-relative-no-record": base("ragna", { invitation: { ...base("ragna").invitation!, seesRecord: false } }),
  "welcome-late": base("olav", { now: at(10, 5) }),
  "welcome-early": base("olav", { now: at(9, 10) }),
  "welcome-nurse": base("mari"),
  "welcome-en": base("olav", { language: "en" }),
  check: base("olav", { page: "check", now: at(9, 49), check: good }),
  "check-stayed": base("olav", { page: "check", now: at(9, 49), check: { ...good, countdown: null, stayed: true } }),
  "check-running": { ...base("olav", { page: "check", check: checking }), camera: { ...base("olav").camera, state: "asking" } },
  "check-silent": base("olav", { page: "check", check: { ...checking, silent: true, network: { verdict: "poor", rtt: 400, down: 2e5 } } }),
  "check-no-camera": { ...base("olav", { page: "check", check: { ...good, good: false, countdown: null } }), camera: { ...base("olav").camera, state: "failed", failure: "missing", devices: [] } },
  "check-denied": micFailed("denied", true),
  "check-mic-missing": micFailed("missing", false),
  "check-mic-in-use": micFailed("in-use", false),
  "check-insecure": micFailed("insecure", true),
  "check-dismissed": micFailed("dismissed", true),
  joining: base("olav", { page: "joining" }),
  resuming: base("olav", { page: "joining", connection: { status: "reconnecting", since: 0, attempt: 2, online: true, rtt: 0, loss: 0 } }),
  waiting: waitingRoom([participant("tuva"), participant("mari")], at(9, 54)),
  "waiting-alone": waitingRoom([], at(9, 54)),
  "waiting-reconnecting": waitingRoom([participant("mari")], at(10, 2), { connection: { status: "reconnecting", since: 0, attempt: 1, online: true, rtt: 0, loss: 0 } }),
  "call-patient": inCall("olav", call("olav", [participant("olav"), participant("tuva"), participant("mari"), participant("ragna", { quality: "audio-only" })], { speaking: ["tuva"] })),
  "call-patient-chat": inCall("olav", call("olav", [participant("olav"), participant("tuva"), participant("mari")], { chat, unread: 2 })),
  "call-patient-alone": inCall("olav", call("olav", [participant("olav")])),
  "call-patient-two": inCall("olav", call("olav", [participant("olav"), participant("tuva")])),
  "call-patient-muted": inCall("olav", call("olav", [participant("olav", { media: { microphone: false, camera: true, second: "" } }), participant("tuva"), participant("mari")]), {
    microphone: { ...base("olav").microphone, wanted: false, state: "off" },
    notices: notice({ kind: "muted-by", by: "Tuva Ask" }),
  }),
  "call-patient-blocked": inCall("olav", call("olav", [participant("olav"), participant("tuva"), participant("mari")]), { soundBlocked: true }),
  "call-patient-offline": inCall("olav", call("olav", [participant("olav"), participant("tuva"), participant("mari")]), {
    connection: { status: "reconnecting", since: 0, attempt: 1, online: false, rtt: 0, loss: 0 },
  }),
  "call-patient-many": inCall("olav", call("olav", eight, { speaking: ["tuva"] })),
  "call-patient-second": inCall("olav", call("olav", [participant("olav"), participant("tuva"), participant("mari", { media: { microphone: true, camera: true, second: "camera" } })], { chosen: { participant: "mari", source: "second" } })),
  "call-nurse": inCall("mari", call("mari", [participant("mari", { media: { microphone: false, camera: true, second: "" } }), participant("tuva"), participant("ragna", { quality: "audio-only" })], { speaking: ["tuva"], unread: 1 }), {
    beside: [{ name: "Olav Eik", role: "Pasient" }, { name: "Inga Eik", role: "Kone, utanfor biletet" }],
    microphone: { ...base("mari").microphone, wanted: false, state: "off" },
  }),
  "call-nurse-wound": inCall(
    "mari",
    call("mari", [
      participant("mari", { media: { microphone: true, camera: true, second: "camera" } }),
      participant("tuva", { watching: { participant: "mari", source: "second" } }),
      participant("ragna", { quality: "audio-only" }),
      participant("olav", { presence: "waiting" }),
    ]),
    { second: { state: "on", kind: "camera", failure: null, screenPossible: false }, beside: [{ name: "Inga Eik", role: "Kone" }] },
  ),
  "call-nurse-chat": inCall("mari", call("mari", [participant("mari"), participant("tuva"), participant("olav")], { chat })),
  "call-specialist": inCall("tuva", call("tuva", [...poorRagna, participant("per", { presence: "waiting", identified: "password+totp" })], { speaking: ["olav"], unread: 1 })),
  "call-specialist-unconfirmed": inCall(
    "tuva",
    call("tuva", [
      participant("tuva"),
      participant("mari", { identified: "password+totp" }),
      participant("olav", { unconfirmed: true }),
      participant("ragna", { presence: "waiting", identified: "link+code", unconfirmed: true }),
    ]),
  ),
  "call-nurse-unconfirmed": inCall(
    "mari",
    call("mari", [
      participant("mari"),
      participant("tuva", { identified: "password+totp" }),
      participant("olav", { identified: "recognised", confirmed: { by: "Tuva Ask", at: base("mari").now } }),
      participant("ragna", { unconfirmed: true, media: { microphone: true, camera: false, second: "" } }),
    ]),
  ),
  "call-specialist-second": inCall("tuva", call("tuva", everyone, { chosen: { participant: "mari", source: "second" }, speaking: ["olav"] })),
  "call-specialist-chat": inCall("tuva", call("tuva", everyone, { chat, unread: 0 })),
  "call-specialist-alone": inCall("tuva", call("tuva", [participant("tuva"), participant("olav", { presence: "waiting" }), participant("ragna", { presence: "waiting" })])),
  "call-specialist-locked": inCall("tuva", call("tuva", everyone, { locked: true }), { notices: notice({ kind: "second-failed", failure: "denied" }) }),
  "call-specialist-many": inCall("tuva", call("tuva", eight, { speaking: ["mari"] })),
  "call-specialist-en": inCall("tuva", call("tuva", everyone), { language: "en" }),
  "call-specialist-end": inCall("tuva", call("tuva", everyone)),
  "call-specialist-remove": inCall("tuva", call("tuva", everyone)),
  "over-left": over("left", "", true),
  "over-ended": over("ended", "Tuva Ask", false),
  "over-removed": over("removed", "Tuva Ask", false),
  "over-refused": over("refused", "", false),
  "over-replaced": over("replaced", "", true),
  "over-lost": over("lost", "", true),
  "over-left-account": { ...over("left", "", true), account: true },
  "failed-link-missing": failed("link-missing", false),
  "failed-link-unknown": failed("link-unknown", false),
  "failed-link-expired": failed("link-expired", false),
  "failed-link-revoked": failed("link-revoked", false),
  "failed-ended": failed("ended", false),
  "failed-not-open": { ...failed("not-open", true), invitation: base("olav").invitation },
  "failed-full": failed("full", true),
  "failed-locked": failed("locked", true),
  "failed-version": failed("version", true),
  "failed-no-network": failed("no-network", true),
  "failed-too-many": failed("too-many", true),
  "failed-unsupported": failed("unsupported", false),
  "failed-server": failed("server", true),
  "failed-refused": failed("refused", false),
  code: code({}),
  "code-email": code({ needed: { ...codeNeeded, channel: "email", hint: "r•••@posten.no" }, again: true }),
  "code-wrong": code({ needed: { ...codeNeeded, triesLeft: 1 }, problem: "wrong" }),
  "code-locked": code({ needed: { ...codeNeeded, triesLeft: 0 }, problem: "locked" }),
};

/** What is pressed after the page is drawn, by data-testid, to open what a state does not hold. */
export const presses: Readonly<Record<string, readonly string[]>> = {
  "call-patient-chat": ["chat"],
  "call-patient-second": ["settings"],
  "call-specialist-chat": ["tab-chat"],
  "call-specialist-en": ["tab-devices"],
  "call-specialist-end": ["end"],
  "call-specialist-remove": ["remove"],
  "call-nurse-chat": ["chat"],
};
