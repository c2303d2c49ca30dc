// What the page of one booking works out of it. Pure.

import type { Booking, BookingPerson, FindTimes, OptionAnswer, Party } from "../../wire";

/** Someone who is in it, as those are asked for who are to be in it. */
export const partyOf = (p: BookingPerson): Party => ({
  person: p.person, anyOf: [], role: p.role, organisation: p.organisation, required: p.required, attends: p.attends, before: p.before, after: p.after, deputyAllowed: p.deputyAllowed,
});

export const minutesOf = (booking: Pick<Booking, "starts" | "ends">): number => Math.round((booking.ends - booking.starts) / 60_000);

/** Other times for the same people, as if it weren't there. */
export const searchFor = (booking: Booking, limit: number): FindTimes => ({
  parties: booking.people.map(partyOf), equipment: booking.equipment.map((e) => e.id), minutes: minutesOf(booking), from: 0, until: 0, deadline: booking.deadline, earliest: 0, latest: 0, limit, not: booking.id,
});

/** Whether it stands to be answered, or is to come. */
export const isOpen = (booking: Booking): boolean => booking.state === "proposed" || booking.state === "pending" || booking.state === "booked";
export const isProposal = (booking: Booking): boolean => booking.options.length > 0;

/** Those whose answer is still wanted: by the options, or to the booked time. */
export function unanswered(booking: Booking): readonly BookingPerson[] {
  if (!isOpen(booking)) return [];
  if (!isProposal(booking)) return booking.people.filter((p) => p.answer === "needs-action");
  return booking.people.filter((p) => booking.options.some((o) => !o.taken && answerTo(booking, p.id, o.id) === "needs-action"));
}

/** Whether a coordinator may answer for someone: their own people, and where their organisation invites who comes by a link. */
export const answersFor = (booking: Pick<Booking, "organisation" | "may">, person: Pick<BookingPerson, "organisation">, own: string): boolean =>
  booking.may.includes("answer-for") && own !== "" && (person.organisation === own || (person.organisation === "" && booking.organisation === own));

/** What someone has answered to an option; who suggested it wants it. */
export function answerTo(booking: Booking, participant: string, option: string): OptionAnswer["answer"] | "needs-action" {
  const found = booking.options.find((o) => o.id === option);
  const given = found?.answers.find((a) => a.participant === participant)?.answer;
  return given ?? (found?.suggestedBy === participant ? "accepted" : "needs-action");
}

/** The patient first, then relatives, then those who work with them. */
export function ordered(people: readonly BookingPerson[]): readonly BookingPerson[] {
  const order: Record<BookingPerson["role"], number> = { patient: 0, relative: 1, interpreter: 2, specialist: 3, nurse: 4, gp: 5 };
  return [...people].sort((a, b) => order[a.role] - order[b.role]);
}
