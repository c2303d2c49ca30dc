// What each message from the server does to the state. Pure.

import type { ChatMessage, Line, Participant, Room, ServerMessage } from "../gen/protocol";
import type { AppState, Call, ChatEntry, LineHealth, Notice, NoticeBody, Over } from "./state";

/** What a person asks for, so that they should know when it was refused. */
const orders: readonly string[] = ["admit", "refuse", "confirm", "remove", "mute", "lock", "end", "chat", "media"];

/** Adds a notice. One of the same kind (and device) is replaced: nobody reads it twice. */
export function withNotice(state: AppState, body: NoticeBody): AppState {
  const same = (n: Notice) => n.kind === body.kind && ("device" in n && "device" in body ? n.device === body.device : true);
  const id = state.lastNotice + 1;
  return { ...state, lastNotice: id, notices: [...state.notices.filter((n) => !same(n)), { ...body, id }] };
}

/** Takes away the notices that keep doesn't want; the same state when there are none. */
export function keepNotices(state: AppState, keep: (n: Notice) => boolean): AppState {
  const notices = state.notices.filter(keep);
  return notices.length === state.notices.length ? state : { ...state, notices };
}

/** Replaces a participant where it stands, or puts a new one last: tiles never change places. */
function upsert(list: readonly Participant[], p: Participant): readonly Participant[] {
  return list.some((x) => x.id === p.id) ? list.map((x) => (x.id === p.id ? p : x)) : [...list, p];
}

/** The room's list in the order that the page already shows, newcomers last. */
function inKnownOrder(known: readonly Participant[], now: readonly Participant[]): readonly Participant[] {
  const rank = new Map(known.map((p, i) => [p.id, i]));
  return [...now].sort((a, b) => (rank.get(a.id) ?? known.length) - (rank.get(b.id) ?? known.length));
}

/** Keeps what is known of lines whose picture is still the same one. */
function healthFor(call: Call | null, lines: readonly Line[]): Record<string, LineHealth> {
  const out: Record<string, LineHealth> = {};
  if (!call) return out;
  for (const l of lines) {
    const before = call.lines.find((x) => x.mid === l.mid);
    const health = call.health[l.mid];
    if (health && before?.participant === l.participant && before.source === l.source) out[l.mid] = health;
  }
  return out;
}

function entry(m: ChatMessage, self: string): ChatEntry {
  return { ...m, own: m.from === self, pending: false };
}

/** The journal's messages, then the own ones that it has not acknowledged. */
function mergeChat(before: readonly ChatEntry[], journal: readonly ChatMessage[], self: string): readonly ChatEntry[] {
  const known = new Set(journal.map((m) => `${m.from} ${m.id}`));
  return [
    ...journal.filter((m, i) => journal.findIndex((x) => x.from === m.from && x.id === m.id) === i).map((m) => entry(m, self)),
    ...before.filter((m) => m.pending && !known.has(`${m.from} ${m.id}`)),
  ];
}

function withRoom(call: Call, room: Room): Call {
  const seen = new Set(call.chat.filter((m) => !m.pending).map((m) => `${m.from} ${m.id}`));
  const fresh = room.chat.filter((m) => m.from !== call.self && !seen.has(`${m.from} ${m.id}`)).length;
  return {
    ...call,
    participants: inKnownOrder(call.participants, room.participants),
    lines: room.lines,
    health: healthFor(call, room.lines),
    speaking: room.speaking,
    chat: mergeChat(call.chat, room.chat, call.self),
    unread: call.chatOpen ? 0 : call.unread + fresh,
    locked: room.locked,
    lockedBy: room.locked ? call.lockedBy : "",
  };
}

/** What is over, as the page says it. Only those can come back who were neither turned away nor taken over. */
export function overBy(reason: Over["reason"], by = ""): Over {
  return { reason, by, retry: reason === "left" || reason === "lost" || reason === "replaced" };
}

/** The state after a seat has ended: nothing of the call is kept, and no chat. */
export function toOver(state: AppState, over: Over): AppState {
  return {
    ...state,
    page: "over",
    over,
    call: null,
    joining: false,
    hand: false,
    notices: [],
    soundBlocked: false,
    connection: { ...state.connection, status: "idle", attempt: 0 },
  };
}

/** One message from the server. at: the page's clock when it came, ms. */
export function applyMessage(state: AppState, m: ServerMessage, at: number): AppState {
  if (m.type === "welcome") {
    const before = state.call?.self === m.self && state.call.consultation.id === m.consultation.id ? state.call : null;
    const presence = m.presence === "waiting" ? "waiting" : "here";
    const base: Call = before ?? {
      self: m.self,
      presence,
      may: m.may,
      consultation: m.consultation,
      participants: [],
      lines: [],
      health: {},
      speaking: [],
      chat: [],
      unread: 0,
      chatOpen: false,
      locked: false,
      lockedBy: "",
      admittedBy: "",
      chosen: null,
    };
    const call = withRoom({ ...base, presence, may: m.may, consultation: m.consultation }, m.room);
    const own = call.participants.find((p) => p.id === call.self);
    return {
      ...state,
      page: presence === "waiting" ? "waiting" : "call",
      joining: false,
      failure: null,
      over: null,
      now: m.now,
      skew: m.now - at,
      // A fresh seat comes with the people that the invitation told of; a later change is the page's own.
      beside: before || state.beside.length > 0 ? state.beside : (own?.beside ?? []),
      hand: before ? state.hand : (own?.hand ?? false),
      // What was unread in an earlier call has been counted; a first welcome's history is not news.
      call: before ? call : { ...call, unread: 0 },
    };
  }
  const call = state.call;
  if (!call) return state; // a late message of a connection that is over
  const withCall = (c: Partial<Call>): AppState => ({ ...state, call: { ...call, ...c } });
  switch (m.type) {
    case "admitted":
      return { ...state, page: "call", call: { ...withRoom(call, m.room), presence: "here", admittedBy: m.by } };
    case "joined":
    case "updated": {
      const participants = upsert(call.participants, m.participant);
      const gone = call.chosen?.source === "second" && call.chosen.participant === m.participant.id && m.participant.media.second === "";
      return withCall(gone ? { participants, chosen: null } : { participants });
    }
    case "left": {
      const who = call.participants.find((p) => p.id === m.participant);
      if (!who || m.participant === call.self) return state; // one's own end comes as `ended`
      const lines = call.lines.filter((l) => l.participant !== m.participant);
      const next = withCall({
        participants: call.participants.filter((p) => p.id !== m.participant),
        speaking: call.speaking.filter((id) => id !== m.participant),
        lines,
        health: healthFor(call, lines),
        chosen: call.chosen?.participant === m.participant ? null : call.chosen,
      });
      return who.presence === "waiting" ? next : withNotice(next, { kind: "left", name: who.name, reason: m.reason });
    }
    case "lines":
      return withCall({ lines: m.lines, health: healthFor(call, m.lines) });
    case "speaking":
      return withCall({ speaking: m.participants });
    case "chatted": {
      const { from, id } = m.message;
      const same = (e: ChatEntry) => e.from === from && e.id === id;
      if (call.chat.some((e) => same(e) && !e.pending)) return state;
      const settled = call.chat.filter((e) => !e.pending);
      const pending = call.chat.filter((e) => e.pending && !same(e));
      const mine = from === call.self;
      return withCall({
        chat: [...settled, entry(m.message, call.self), ...pending],
        unread: mine || call.chatOpen ? call.unread : call.unread + 1,
      });
    }
    case "muted":
      return withNotice({ ...state, microphone: { ...state.microphone, wanted: false } }, { kind: "muted-by", by: m.by });
    case "locked":
      return withCall({ locked: m.locked, lockedBy: m.locked ? m.by : "" });
    case "ended":
      return toOver(state, overBy(m.reason, m.by ?? ""));
    case "error":
      // The fatal ones are the connection's to answer; too many messages are sent again by
      // themselves; what the page says of its own accord is nothing to trouble a person with.
      if (m.fatal || m.code === "rate" || !orders.includes(m.re ?? "")) return state;
      return withNotice(state, { kind: "not-allowed", code: m.code, re: m.re ?? "" });
    case "measured":
    case "limited":
    case "pointed":
    case "sampled":
    case "asked":
    case "planned":
    case "held":
    case "photographed":
    case "wounded":
    case "drawn":
    case "frozen":
    case "shown":
      return state; // for the measurements beside the video, which keep their own state
    case "send":
    case "pong":
    case "closing":
      return state; // for the media path and the connection, not for the pages
    default: {
      const unknown: never = m;
      return unknown;
    }
  }
}
