// The appointment behind a personal link, as its patient, relative or interpreter answers it:
// what the page shows of it, and what each answer says to the service. Pure.
//
// Nothing here stands in the way of the call: without an appointment that could be read, the
// greeting is what it always was, and one joins.

import type { AnswerBooking, Booking, BookingOption, BookingPerson, Invitation, OwnConsultation, TellReadiness } from "../gen/api";
import type { Participant, Role } from "../gen/protocol";
import { typedMoment } from "../i18n/norway";
import type { AppState } from "./state";

export type AppointmentState = Booking["state"];

/** A page of its own that was asked for; empty: what the appointment itself asks for. */
export type Step =
  | ""
  | "times" // another answer to the proposed times
  | "confirm" // another answer to the booked time
  | "suggest" // nothing suits: when it would
  | "interpreter"
  | "late";

/** What is being said to the service, or was last. */
export interface Saying {
  readonly what: "" | "answer" | "readiness" | "calendar";
  readonly busy: boolean;
  readonly problem: "" | "no-network" | "taken" | "gone" | "too-many" | "server";
}

export interface Appointment {
  readonly reading:
    | "none" // not asked for: staff, who answer in the house
    | "loading"
    | "ready" // what was read last is shown, also when reading it anew fails
    | "failed";
  readonly booking: Booking | null;
  readonly others: readonly OwnConsultation[]; // the person's other consultations
  readonly movedFrom: number; // start that the person knew before, ms; 0: it is where it was
  readonly settled: boolean; // the time was decided while the page was open
  readonly step: Step;
  readonly saying: Saying;
}

const silent: Saying = { what: "", busy: false, problem: "" };
export const noAppointment: Appointment = { reading: "none", booking: null, others: [], movedFrom: 0, settled: false, step: "", saying: silent };

/** Everything that can happen to it. */
export type AppointmentAction =
  | { readonly type: "appointment-loading" }
  | { readonly type: "appointment-failed" }
  | { readonly type: "appointment"; readonly read: Invitation }
  | { readonly type: "appointment-said"; readonly booking: Booking } // the service has taken what was said
  | { readonly type: "appointment-saying"; readonly saying: Saying }
  | { readonly type: "appointment-step"; readonly step: Step };

const states: readonly AppointmentState[] = ["proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow"];

/** The state as the page knows it; one that it does not know is a consultation like any other. */
export function knownState(state: string): AppointmentState {
  return states.find((s) => s === state) ?? "booked";
}

/** Whether one of its times is still to be chosen: there is no call to join yet. */
export function undecided(state: AppointmentState): boolean {
  return state === "proposed" || state === "pending";
}

/** Those who answer by their link. Staff answer in the house, where they see their day. */
export function answersByLink(role: Role): boolean {
  return role === "patient" || role === "relative" || role === "interpreter";
}

export function applyAppointment(state: AppState, action: AppointmentAction): AppState {
  const { appointment } = state;
  const change = (c: Partial<Appointment>): AppState => ({ ...state, appointment: { ...appointment, ...c } });
  switch (action.type) {
    case "appointment-loading":
      return change({ reading: appointment.booking ? "ready" : "loading" });
    case "appointment-failed":
      return change({ reading: appointment.booking ? "ready" : "failed" });
    case "appointment":
      return withBooking(change({ reading: "ready", others: action.read.others }), action.read.booking);
    case "appointment-said":
      return withBooking(change({ reading: "ready", step: "", saying: { ...appointment.saying, busy: false, problem: "" } }), action.booking);
    case "appointment-saying":
      return change({ saying: action.saying });
    case "appointment-step":
      return change({ step: action.step, saying: silent });
    default: {
      const unknown: never = action;
      return unknown;
    }
  }
}

/**
 * Takes in a booking as read now. The link told the time when it was opened: what has changed
 * since then changes the greeting, and from when one can join.
 */
function withBooking(state: AppState, booking: Booking): AppState {
  const invitation = state.invitation;
  if (!invitation) return state;
  const { consultation } = invitation;
  const by = booking.starts - consultation.starts;
  const hadTime = !undecided(invitation.state);
  const hasTime = !undecided(booking.state);
  const before = state.appointment.movedFrom || consultation.starts;
  // Who opens the link after it was moved knows the old time, until they have answered to the new one.
  const asked = (b: Booking | null): boolean => b !== null && mine(b)?.answer === "needs-action";
  const unheard = hasTime && asked(booking) && booking.movedFrom !== booking.starts ? booking.movedFrom : 0;
  const answered = by === 0 && asked(state.appointment.booking) && !asked(booking);
  const moved = hadTime && hasTime && !answered && before !== booking.starts ? before : unheard;
  return {
    ...state,
    invitation: {
      ...invitation,
      state: booking.state,
      opensAt: invitation.opensAt + by,
      consultation: by === 0 && consultation.ends === booking.ends ? consultation : { ...consultation, starts: booking.starts, ends: booking.ends },
    },
    appointment: { ...state.appointment, booking, movedFrom: moved, settled: state.appointment.settled || (!hadTime && hasTime && booking.state !== "cancelled") },
  };
}

// ------------------------------------------------------------ what is shown

export type View =
  | "plain" // the greeting alone
  | "loading"
  | "unreadable" // times are proposed, and can't be read now
  | "times" // which of them suit?
  | "suggest" // none: when, then?
  | "thanks" // all are answered; the time is not decided
  | "confirm" // does the booked time suit?
  | "declined" // it does not, and that is known
  | "coming" // it does: what can be done before
  | "interpreter"
  | "late"
  | "open" // one can join
  | "cancelled";

export function viewOf(app: AppState): View {
  const { appointment, invitation, now } = app;
  const { booking, reading, step } = appointment;
  if (!invitation) return "plain";
  if (invitation.state === "cancelled") return "cancelled";
  if (reading === "none") return "plain";
  if (undecided(invitation.state)) {
    if (!booking) return reading === "failed" ? "unreadable" : "loading";
    if (!mayAnswer(booking)) return "thanks";
    if (step === "suggest") return "suggest";
    return step === "times" || unanswered(booking).length > 0 ? "times" : "thanks";
  }
  // Whoever writes is not interrupted because the call opens meanwhile.
  if (booking && mayAnswer(booking) && (step === "late" || step === "suggest" || step === "interpreter")) return step;
  if (now >= invitation.opensAt) return "open";
  if (!booking) return reading === "failed" ? "plain" : "loading";
  if (!mayAnswer(booking)) return "coming";
  const answer = mine(booking)?.answer;
  if (step === "confirm" || answer === undefined || answer === "needs-action" || answer === "tentative") return "confirm";
  return answer === "declined" ? "declined" : "coming";
}

/** The reader's own entry. */
export function mine(booking: Booking): BookingPerson | undefined {
  return booking.people.find((p) => p.id === booking.mine);
}

export function mayAnswer(booking: Booking): boolean {
  return booking.mine !== "" && booking.may.includes("answer");
}

/** Times that one can still say yes to, by start. */
export function openOptions(booking: Booking): readonly BookingOption[] {
  return booking.options.filter((o) => !o.taken).sort((a, b) => a.starts - b.starts);
}

function ownAnswer(booking: Booking, option: BookingOption): string {
  if (option.suggestedBy === booking.mine) return "accepted"; // who asks for a time can keep it
  return option.answers.find((a) => a.participant === booking.mine)?.answer ?? "";
}

/** Times that one has said nothing to yet. */
export function unanswered(booking: Booking): readonly BookingOption[] {
  return openOptions(booking).filter((o) => ownAnswer(booking, o) === "");
}

/** Ids of the times that one has said yes to. */
export function chosen(booking: Booking): readonly string[] {
  return openOptions(booking).filter((o) => ownAnswer(booking, o) === "accepted").map((o) => o.id);
}

/** Somebody whom the others wait for. */
export interface Latecomer {
  readonly person: BookingPerson;
  readonly minutes: number;
  readonly until: number; // when they are expected, ms
  readonly overdue: boolean; // they were expected before now
}

/**
 * Who is late, those who are waited for longest first. The room knows at once who has come;
 * what was read of the booking may be half a minute old, and never says that somebody who is
 * here is late.
 */
export function latecomers(booking: Booking | null, now: number, room: readonly Participant[] = []): readonly Latecomer[] {
  if (!booking) return [];
  return booking.people
    .filter((p) => p.id !== booking.mine && p.readiness.state === "late" && p.readiness.minutes > 0)
    .filter((p) => !room.some((r) => r.id === p.id && r.presence !== "away"))
    .map((person) => {
      const { minutes } = person.readiness;
      const until = booking.starts + minutes * 60_000;
      return { person, minutes, until, overdue: until <= now };
    })
    .sort((a, b) => b.minutes - a.minutes);
}

/** How late one has said to be oneself; 0: not. */
export function ownDelay(booking: Booking | null): number {
  const own = booking && mine(booking)?.readiness;
  return own?.state === "late" ? own.minutes : 0;
}

const lateFrom = 2 * 60 * 60_000; // ms before the start from which one may know that one is late

/** Whether it is near enough to say that one is late. */
export function maySayLate(app: AppState): boolean {
  const { booking } = app.appointment;
  const invitation = app.invitation;
  return booking !== null && invitation !== null && mayAnswer(booking) && app.now >= invitation.consultation.starts - lateFrom;
}

// ------------------------------------------------------------ what is said

export type Said = Pick<AnswerBooking, "answers"> & Partial<Pick<AnswerBooking, "comment" | "starts" | "interpreter">>;
type Given = AnswerBooking["answers"][number];

const mostWords = 300; // letters of a comment that the service takes

/** Yes to those that were chosen, no to the rest: all are answered, and nobody is asked again. */
export function answersTo(booking: Booking, suit: readonly string[]): readonly Given[] {
  if (!undecided(booking.state)) return [{ option: "", answer: suit.length > 0 ? "accepted" : "declined" }];
  return openOptions(booking).map((o) => ({ option: o.id, answer: suit.includes(o.id) ? "accepted" : "declined" }));
}

/** Nothing suits; in one's own words, and at another time where one knows of one. */
export function declining(booking: Booking, words: string, starts: number): Said {
  return { answers: [...answersTo(booking, [])], comment: words.trim().slice(0, mostWords), starts };
}

/** A wish for an interpreter, or with an empty one that none is needed any more. What has been answered stays. */
export const wishing = (interpreter: string): Said => ({ answers: [], interpreter });

export function answerBody(said: Said): AnswerBooking {
  const { answers, comment = "", starts = 0, interpreter } = said;
  // Left out it stays what it was: an answer takes no wish back.
  return { participant: "", answers: [...answers], comment, starts, ...(interpreter === undefined ? {} : { interpreter }) };
}

export type Telling = { readonly state: "late"; readonly minutes: number } | { readonly state: "ready" } | { readonly state: "tested"; readonly test: "good" | "poor" | "failed" };

export function readinessBody(telling: Telling): TellReadiness {
  return { state: telling.state, minutes: telling.state === "late" ? telling.minutes : 0, test: telling.state === "tested" ? telling.test : "" };
}

/** Where a day and a time typed in two fields lead, or why they lead nowhere; 0: neither was typed. */
export function suggested(day: string, time: string, now: number): number | "day" | "time" | "past" {
  if (day === "" && time === "") return 0;
  if (day === "") return "day";
  const typed = typedMoment(day, time);
  if (typed.kind === "no-day") return "day";
  if (typed.kind === "no-time" || typed.kind === "left-out") return "time";
  // Of an hour that comes twice the earlier: it is a wish in the night, and the coordinator answers it.
  const starts = typed.kind === "twice" ? typed.at[0] : typed.at;
  return starts <= now ? "past" : starts;
}

/** What the device check has found, as it is told: failed, where one could not be heard; poor, where something is missing. */
export function testResult(app: Pick<AppState, "check" | "camera" | "microphone">): "" | "good" | "poor" | "failed" {
  const { verdict } = app.check.network;
  if (app.check.good) return "good";
  if (app.microphone.state === "failed" || verdict === "none") return "failed";
  if (app.check.silent || app.camera.state === "failed" || verdict === "poor") return "poor";
  return "";
}
