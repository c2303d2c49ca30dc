// What is asked of oneself, and what one answers: time for time, all at once, or another. Pure.

import { typedMoment } from "../../../i18n/norway";
import type { AnswerBooking, Booking, BookingOption, BookingPerson, Colleague, GivenAnswer } from "../../wire";
import { ApiError } from "../../client";

export type Answer = GivenAnswer["answer"] | "none";

/** A time that one is asked about. */
export interface Offer {
  readonly id: string; // of the option; empty: the booked time
  readonly starts: number;
  readonly ends: number;
  readonly mine: Answer;
  /** Participants who have said yes, and no, without oneself. */
  readonly yes: readonly BookingPerson[];
  readonly no: readonly BookingPerson[];
  /** Who wants this time instead; undefined: who booked. */
  readonly suggestedBy: BookingPerson | undefined;
  /** It can't be had any more. */
  readonly gone: boolean;
}

const answerOf = (answer: BookingPerson["answer"] | undefined): Answer => (answer === undefined || answer === "needs-action" ? "none" : answer);

/** The times that are asked about, the first first; gone: starts that have turned out to be taken. */
export function offersOf(b: Booking, gone: ReadonlySet<number> = new Set()): readonly Offer[] {
  const byId = (id: string): BookingPerson | undefined => b.people.find((p) => p.id === id);
  const said = (o: BookingOption, answer: Answer): readonly BookingPerson[] =>
    o.answers.filter((a) => a.participant !== b.mine && a.answer === answer).flatMap((a) => byId(a.participant) ?? []);
  if (b.options.length === 0) {
    if (b.state !== "booked") return [];
    const others = b.people.filter((p) => p.id !== b.mine);
    return [
      {
        id: "", starts: b.starts, ends: b.ends, mine: answerOf(byId(b.mine)?.answer), gone: gone.has(b.starts), suggestedBy: undefined,
        yes: others.filter((p) => p.answer === "accepted"), no: others.filter((p) => p.answer === "declined"),
      },
    ];
  }
  return [...b.options]
    .sort((x, y) => x.starts - y.starts)
    .map((o) => ({
      id: o.id, starts: o.starts, ends: o.ends, mine: answerOf(o.answers.find((a) => a.participant === b.mine)?.answer), gone: o.taken || gone.has(o.starts),
      yes: said(o, "accepted"), no: said(o, "declined"), suggestedBy: byId(o.suggestedBy),
    }));
}

const nothingElse = { participant: "", starts: 0 }; // one's own answer, and no other time; a wish for an interpreter stays

/** The same answer to some times, or to all that can still be had. */
export function answering(b: Booking, answer: GivenAnswer["answer"], comment: string, gone: ReadonlySet<number>, only?: string): AnswerBooking {
  const offers = offersOf(b, gone).filter((o) => (only === undefined ? !o.gone : o.id === only));
  return { ...nothingElse, comment, answers: offers.map((o) => ({ option: o.id, answer })) };
}

/** Another time that would suit: what is not answered yet does not suit, what is answered stays so. */
export function suggesting(b: Booking, starts: number, comment: string): AnswerBooking {
  return { ...nothingElse, comment, starts, answers: offersOf(b).map((o) => ({ option: o.id, answer: o.mine === "none" ? "declined" : o.mine })) };
}

/** The starts that the service says are taken; empty: it is another error. */
export function takenStarts(err: unknown): ReadonlySet<number> {
  return new Set(err instanceof ApiError && err.code === "taken" ? (err.problem?.taken ?? []).map((t) => t.starts) : []);
}

/** The answer without the times that are taken; null: nothing is left of it. */
export function without(body: AnswerBooking, b: Booking, taken: ReadonlySet<number>): AnswerBooking | null {
  const left = body.answers.filter((given) => !offersOf(b).some((o) => o.id === given.option && taken.has(o.starts)));
  return left.length === 0 || left.length === body.answers.length ? null : { ...body, answers: left };
}

/** How it stands with it after one's answer. */
export type Outcome = "open" | "some" | "held" | "declined" | "booked" | "confirmed" | "not-suit" | "cancelled" | "over";

export function outcomeOf(b: Booking, gone: ReadonlySet<number> = new Set()): Outcome {
  switch (b.state) {
    case "proposed":
    case "pending": {
      const offers = offersOf(b, gone).filter((o) => !o.gone);
      if (offers.length === 0 || offers.every((o) => o.mine === "none")) return "open";
      if (offers.some((o) => o.mine === "none")) return "some";
      return offers.some((o) => o.mine !== "declined") ? "held" : "declined";
    }
    case "booked": {
      const mine = answerOf(b.people.find((p) => p.id === b.mine)?.answer);
      return mine === "declined" ? "not-suit" : mine === "accepted" ? "confirmed" : "booked";
    }
    case "cancelled":
      return "cancelled";
    case "arrived":
    case "fulfilled":
    case "noshow":
      return "over";
    default: {
      const never: never = b.state;
      return never;
    }
  }
}

/** Who may go in one's place: of the same role, in one's own organisation, and not in it already. */
export function deputies(b: Booking, colleagues: readonly Colleague[]): readonly Colleague[] {
  const self = b.people.find((p) => p.id === b.mine);
  if (!self) return [];
  const there = new Set<string>(b.people.map((p) => p.person));
  return colleagues.filter((c) => c.role === self.role && c.organisation === self.organisation && !there.has(c.person));
}

/** What is wrong with another time that is typed. */
export type TimeFault = "day" | "time" | "left-out" | "twice" | "past";

/** The moment that is typed; which: the first or the second of a time that comes twice, "" where nobody has said. */
export function suggested(day: string, time: string, which: "" | "first" | "second", now: number): { readonly at: number } | { readonly fault: TimeFault } {
  const typed = typedMoment(day, time);
  switch (typed.kind) {
    case "no-day":
      return { fault: "day" };
    case "no-time":
      return { fault: "time" };
    case "left-out":
      return { fault: "left-out" };
    case "twice":
      if (typed.at[1] <= now) return { fault: "past" };
      return which === "" ? { fault: "twice" } : { at: typed.at[which === "first" ? 0 : 1] };
    case "moment":
      return typed.at <= now ? { fault: "past" } : { at: typed.at };
    default: {
      const never: never = typed;
      return never;
    }
  }
}
