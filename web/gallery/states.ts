// Every page and state that the gallery shows, by name. A state that is missing here has not
// been looked at and not been through axe.

import type { FailureCode, NoticeBody, Over } from "../src/state/state";
import type { AppState, OneTimeCode } from "../src/state/state";
import type { Booking, BookingPerson } from "../src/gen/api";
import { asked, at, base, booking, call, chatLine, inCall, invited, nextDay, on, option, participant } from "./fixtures";

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

/** Olav's answer and how ready he is, the others' as they are given. */
const people = (own: Partial<BookingPerson>, others: Partial<Record<"tuva" | "mari" | "ragna", Partial<BookingPerson>>> = {}): Booking["people"] => [
  invited("tuva", { answer: "accepted", ...others.tuva }),
  invited("mari", { answer: "accepted", ...others.mari }),
  invited("olav", own),
  invited("ragna", others.ragna),
];
const isLate = (minutes: number): Partial<BookingPerson> => ({ readiness: { state: "late", at: at(9, 50), minutes, test: "" } });
const tested = (test: "good" | "poor" | "failed"): Partial<BookingPerson> => ({ answer: "accepted", readiness: { state: "tested", at: at(9, 0), minutes: 0, test } });
const yes = { answer: "accepted" } as const;
const early = { now: at(8, 0) };
const booked = (own: Partial<BookingPerson>, with_: Partial<Booking> = {}) => booking("olav", { people: people(own), ...with_ });
const tomorrow = (own: Partial<BookingPerson>, with_: Partial<Booking> = {}) => booked(own, { starts: nextDay(12, 30), ...with_ });
const answered = (answer: "accepted" | "declined") => [{ participant: "olav", answer }];
const times = [option("a", nextDay(12, 30)), option("b", nextDay(14, 0)), option("c", on("2026-11-26", 9, 15))];
const proposed = (with_: Partial<Booking> = {}) => booking("olav", { state: "proposed", starts: nextDay(12, 30), options: times, answerBy: at(15, 0), people: people({}), ...with_ });
const others = [
  { starts: on("2026-12-07", 10, 0), ends: on("2026-12-07", 10, 30), state: "booked", organisationName: "Fjord sjukehus" },
  { starts: on("2026-12-21", 10, 0), ends: on("2026-12-21", 10, 30), state: "pending", organisationName: "Fjordvik kommune" },
  { starts: on("2026-12-28", 13, 0), ends: on("2026-12-28", 13, 30), state: "cancelled", organisationName: "Fjord sjukehus" },
] as const;
const notSent = (what: "answer" | "readiness" | "calendar", problem: "no-network" | "taken" | "gone") => ({ saying: { what, busy: false, problem } });

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
  "times": asked("olav", proposed(), {}, early),
  "times-en": asked("olav", proposed(), {}, { ...early, language: "en" }),
  "times-sending": asked("olav", proposed(), { saying: { what: "answer", busy: true, problem: "" } }, early),
  "times-taken": asked("olav", proposed({ options: [{ ...times[0]!, taken: true }, times[1]!, times[2]!] }), notSent("answer", "taken"), early),
  "times-changing": asked("olav", proposed({ state: "pending", options: times.map((o, i) => ({ ...o, answers: answered(i === 1 ? "declined" : "accepted") })) }), { step: "times" }, early),
  "times-loading": { ...asked("olav", proposed(), { reading: "loading", booking: null }, early) },
  "times-unreadable": { ...asked("olav", proposed(), { reading: "failed", booking: null }, early) },
  "times-none": asked("olav", proposed(), { step: "suggest" }, early),
  "times-none-exact": asked("olav", proposed(), { step: "suggest", ...notSent("answer", "no-network") }, early),
  "times-thanks": asked("olav", proposed({ state: "pending", options: times.map((o, i) => ({ ...o, answers: answered(i === 1 ? "declined" : "accepted") })) }), { others }, early),
  "times-thanks-none": asked("olav", proposed({ state: "pending", options: times.map((o) => ({ ...o, answers: answered("declined") })) }), {}, early),
  "welcome-loading": asked("olav", booked({}), { reading: "loading", booking: null }, early),
  "welcome-unread": asked("olav", booked({}), { reading: "failed", booking: null }, early),
  confirm: asked("olav", booked({}), {}, early),
  "confirm-day": asked("olav", tomorrow({}), {}, early),
  "confirm-relative": asked("ragna", booking("ragna", { starts: nextDay(12, 30), people: people(yes) }), {}, early),
  "confirm-not-sent": asked("olav", tomorrow({}), notSent("answer", "no-network"), early),
  "confirm-no": asked("olav", tomorrow({}), { step: "suggest" }, early),
  declined: asked("olav", tomorrow({ answer: "declined" }), {}, early),
  coming: asked("olav", tomorrow(yes), { others }, early),
  "coming-settled": asked("olav", tomorrow(yes), { settled: true }, early),
  "coming-tested": asked("olav", booked(tested("good"), { interpreter: "pl" }), {}, early),
  "coming-tested-day": asked("olav", tomorrow(tested("good")), {}, early),
  "coming-tested-poor": asked("olav", tomorrow(tested("poor")), {}, early),
  "coming-near": asked("olav", booked({ ...tested("good"), ...yes }), notSent("calendar", "no-network"), { now: at(9, 10) }),
  "coming-late-self": asked("olav", booked({ ...yes, ...isLate(10) }), {}, { now: at(9, 10) }),
  interpreter: asked("olav", tomorrow(yes), { step: "interpreter" }, early),
  "interpreter-wished": asked("olav", booked(yes, { interpreter: "pl" }), { step: "interpreter" }, early),
  "late-choice": asked("olav", booked(yes), { step: "late" }, { now: at(9, 50) }),
  "open-late": asked("olav", booked(yes, { people: people(yes, { tuva: isLate(10) }) }), {}, { now: at(9, 50) }),
  "open-late-overdue": asked("olav", booked(yes, { people: people(yes, { tuva: isLate(5), mari: isLate(5) }) }), {}, { now: at(10, 7) }),
  "open-late-self": asked("olav", booked({ ...yes, ...isLate(10) }), {}, { now: at(9, 50) }),
  moved: asked("olav", tomorrow({}), { movedFrom: at(10, 0) }, early),
  "moved-today": asked("olav", booked({}, { starts: at(13, 30) }), { movedFrom: at(10, 0) }, early),
  cancelled: asked("olav", booked(yes, { state: "cancelled", reason: "staff" }), { others }, early),
  "cancelled-unread": { ...asked("olav", booked(yes, { state: "cancelled" }), { reading: "failed", booking: null }, early) },
  check: base("olav", { page: "check", now: at(9, 49), check: good }),
  "check-stayed": base("olav", { page: "check", now: at(9, 49), check: { ...good, countdown: null, stayed: true } }),
  "check-running": { ...base("olav", { page: "check", check: checking }), camera: { ...base("olav").camera, state: "asking" } },
  "check-test": asked("olav", booked(yes), {}, { page: "check", testing: true, now: at(8, 0), check: { ...good, countdown: null } }),
  "check-test-day": asked("olav", tomorrow(yes), {}, { page: "check", testing: true, now: at(8, 0), check: { ...good, countdown: null } }),
  "check-test-denied": { ...micFailed("denied", true), testing: true },
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
  "waiting-late": waitingRoom([participant("mari")], at(10, 3), { appointment: asked("olav", booked(yes, { people: people(yes, { tuva: isLate(15), mari: isLate(5) }) })).appointment }),
  "waiting-moved": waitingRoom([participant("mari")], at(9, 54), (({ appointment, invitation }) => ({ appointment, invitation }))(asked("olav", booked({}, { starts: at(10, 20) }), { movedFrom: at(10, 0) }))),
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
  "times-none-exact": ["suggest-exact"],
  "call-patient-chat": ["chat"],
  "call-patient-second": ["settings"],
  "call-specialist-chat": ["tab-chat"],
  "call-specialist-en": ["tab-devices"],
  "call-specialist-end": ["end"],
  "call-specialist-remove": ["remove"],
  "call-nurse-chat": ["chat"],
};
