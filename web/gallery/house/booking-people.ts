// The people, bookings and days of the coordinator's pages, as in the drawn week: week 48 of
// 2026, seen on its Monday morning. Times are Norway's, wherever the pictures are taken.

import { dayAfter } from "../../src/house/day";
import type { Booking, BookingOption, BookingPerson, BusySpan, CalendarPerson, CalendarWeek, Colleague, WaitingItem } from "../../src/house/wire";
import { momentOf } from "../../src/i18n/norway";

export const monday = "2026-11-23";
/** A clock time, as "10.30", on a day of the week; 0 is Monday. */
export const on = (weekday: number, time: string): number => {
  const [hour, minute] = time.split(".").map(Number);
  return momentOf(dayAfter(monday, weekday), (hour ?? 0) * 60 + (minute ?? 0));
};
export const now = on(0, "9.12");
const min = 60_000; // ms

const organisations = {
  hospital: { organisation: "hospital", organisationName: "Fjord sjukehus", organisationKind: "hospital" },
  municipality: { organisation: "municipality", organisationName: "Fjordvik kommune", organisationKind: "municipality" },
  gp: { organisation: "gp", organisationName: "Fjordvik legekontor", organisationKind: "gp" },
} as const;

export const colleague = (person: string, name: string, role: Colleague["role"], title: string, at: keyof typeof organisations, more: Partial<Colleague> = {}): Colleague => ({
  person, name, role, title, competence: "", unit: "", actFor: false, ...organisations[at], ...more,
});
export const colleagues: readonly Colleague[] = [
  colleague("tuva", "Tuva Ask", "specialist", "Overlege, sår", "hospital", { unit: "Sårpoliklinikken" }),
  colleague("jon", "Jon Furu", "specialist", "Lege, sår", "hospital", { unit: "Sårpoliklinikken" }),
  colleague("liv", "Liv Osp", "specialist", "Psykologspesialist", "hospital"),
  colleague("mari", "Mari Bjørk", "nurse", "Heimesjukepleiar", "municipality"),
  colleague("ane", "Ane Rogn", "nurse", "Heimesjukepleiar", "municipality"),
  colleague("bo", "Bo Lind", "nurse", "Psykisk helse", "municipality"),
  colleague("per", "Per Selje", "gp", "Fastlege", "gp"),
];

/** Someone in a booking. */
export const party = (who: string, more: Partial<BookingPerson> = {}): BookingPerson => {
  const at = colleagues.find((c) => c.person === who);
  return {
    id: `p-${who}`, person: who, name: at?.name ?? "", role: at?.role ?? "patient", title: at?.title ?? "Pasient", organisation: at?.organisation ?? "", organisationName: at?.organisationName ?? "", required: true, attends: "online", before: 0, after: 0,
    answer: "accepted", answeredAt: on(-3, "13.20"), answeredBy: "", comment: "", deputyFor: "", deputyAllowed: at !== undefined, readiness: { state: at ? "unknown" : "not-opened", at: 0, minutes: 0, test: "" }, ...more,
  };
};
export const patient = (name: string, more: Partial<BookingPerson> = {}): BookingPerson => party(name.toLowerCase().replaceAll(" ", "-"), { name, ...more });
export const drives = (minutes: number): Partial<BookingPerson> => ({ attends: "visit", before: minutes, after: minutes });

export const booking = (id: string, patientName: string, title: string, starts: number, minutes: number, people: readonly BookingPerson[], more: Partial<Booking> = {}): Booking => ({
  id, version: 3, state: "booked", starts, ends: starts + minutes * min, organisation: "hospital", organisationName: "Fjord sjukehus", phone: "+4712345678", template: "wound", title, question: "", prepare: [], patient: patientName === "" ? "" : `person-${id}`, patientName,
  people: [...people, ...(patientName === "" ? [] : [patient(patientName, more.options ? { answer: "needs-action", answeredAt: 0 } : {})])],
  equipment: [], options: [], answerBy: 0, deadline: "", interpreter: "", series: "", reason: "", words: "", madeBy: "Siv Hassel", movedFrom: 0, mine: "", may: ["answer-for", "move", "cancel", "deputy", "people", "remind", "link"], ...more,
});
export const option = (id: string, starts: number, minutes: number, answers: Readonly<Record<string, "accepted" | "declined" | "tentative">>, more: Partial<BookingOption> = {}): BookingOption => ({
  id, starts, ends: starts + minutes * min, suggestedBy: "", taken: false, answers: Object.entries(answers).map(([participant, answer]) => ({ participant, answer })), ...more,
});

export const eik = booking("eik", "Olav Eik", "Sårkontroll", on(0, "10.00"), 30, [
  party("tuva"), party("mari", { ...drives(25), readiness: { state: "on-the-way", at: on(0, "9.05"), minutes: 0, test: "" } }), party("per", { required: false, answer: "needs-action", answeredAt: 0 }),
], { question: "Kan vi gå ned til skift to gonger i veka?", prepare: [{ for: "nurse", what: "Skiftesett og måleband" }, { for: "specialist", what: "Bilete frå førre veke" }] });
export const alm = booking("alm", "Ingrid Alm", "Sårkontroll", on(1, "12.30"), 30, [party("tuva"), party("mari", drives(25))], {
  state: "pending", answerBy: on(1, "8.00"), deadline: dayAfter(monday, 4),
  options: [option("o1", on(1, "12.30"), 30, { "p-tuva": "accepted", "p-mari": "accepted" }), option("o2", on(3, "9.00"), 30, { "p-tuva": "accepted", "p-mari": "accepted" })],
});
export const hegg = booking("hegg", "Nils Hegg", "Fyrste samtale", on(2, "10.00"), 30, [party("jon"), party("ane", { ...drives(30), answer: "declined", comment: "Har vaktskifte då." })], {
  state: "pending", answerBy: on(1, "16.00"),
  options: [option("o1", on(2, "10.00"), 30, { "p-jon": "accepted", "p-ane": "declined" }), option("o2", on(2, "14.00"), 30, { "p-ane": "accepted" }, { suggestedBy: "p-ane" })],
});
const rest: readonly Booking[] = [
  booking("or", "Gerd Or", "Sårkontroll", on(2, "13.00"), 30, [party("tuva"), party("mari", drives(35))]),
  booking("barlind", "Kåre Barlind", "Sårkontroll", on(1, "9.00"), 30, [party("jon"), party("ane", drives(20))]),
  booking("pil", "Åse Pil", "Sårkontroll", on(4, "13.00"), 30, [party("jon"), party("ane", drives(25))]),
  booking("asp", "Leif Asp", "Oppfølging", on(1, "11.00"), 45, [party("liv"), party("bo")]),
  booking("lonn", "Oddny Lønn", "Utskriving", on(3, "9.00"), 45, [party("liv"), party("bo"), party("per", { required: false })]),
];
export const bookings: readonly Booking[] = [eik, alm, hegg, ...rest].sort((a, b) => a.starts - b.starts);

/** When each is busy with other things, by weekday. */
const busy: Readonly<Record<string, readonly string[]>> = {
  tuva: ["8.00-9.30 13.00-14.30", "8.00-10.00 14.00-16.00", "8.00-12.00", "10.00-16.00", "8.00-16.00"],
  jon: ["8.00-12.00", "10.00-12.00", "8.00-10.00", "8.00-16.00", "9.00-11.00"],
  liv: ["9.00-12.00", "8.00-9.00", "8.00-16.00", "13.00-15.00", "9.00-12.00"],
  mari: ["8.00-9.25 11.00-14.00", "8.00-11.30", "8.00-11.00", "10.30-14.00", "8.00-12.00"],
  ane: ["8.00-14.00", "11.00-15.00", "8.00-12.00", "8.00-16.00", ""],
  bo: ["8.00-11.00", "13.00-16.00", "8.00-12.00", "", "8.00-12.00"],
  per: ["8.00-9.40 11.00-15.00", "8.00-12.00 13.00-15.00", "8.00-15.00", "8.00-9.00 10.00-15.00", "8.00-12.00"],
};
export const spansOf = (text: string, weekday: number): BusySpan[] =>
  text.split(" ").filter(Boolean).map((span) => {
    const [from, until] = span.split("-");
    return { starts: on(weekday, from!), ends: on(weekday, until!), kind: "elsewhere", booking: "" };
  });

/** What a person's bookings take of their days. */
export function taken(who: string, all: readonly Booking[]): BusySpan[] {
  return all.flatMap((b) => {
    const me = b.people.find((p) => p.person === who);
    if (!me) return [];
    const times = b.options.length > 0 ? b.options.filter((o) => !o.answers.some((a) => a.answer === "declined")) : [b];
    return times.flatMap(({ starts, ends }): BusySpan[] => [
      ...(me.before > 0 ? [{ starts: starts - me.before * min, ends: starts, kind: "travel" as const, booking: b.id }] : []),
      { starts, ends, kind: b.options.length > 0 ? "held" : "call", booking: b.id },
      ...(me.after > 0 ? [{ starts: ends, ends: ends + me.after * min, kind: "travel" as const, booking: b.id }] : []),
    ]);
  });
}

const away: Readonly<Record<string, CalendarPerson["away"]>> = {
  tuva: [{ id: "a1", starts: on(4, "0.00"), ends: on(5, "0.00"), kind: "course", cover: false }],
  ane: [{ id: "a2", starts: on(3, "0.00"), ends: on(4, "0.00"), kind: "sick", cover: true }],
};

export const people: readonly CalendarPerson[] = colleagues.map((c) => ({
  person: c.person, name: c.name, role: c.role, title: c.title, unit: c.unit, organisation: c.organisation, organisationName: c.organisationName, organisationKind: c.organisationKind,
  busy: [...(busy[c.person] ?? []).flatMap(spansOf), ...taken(c.person, bookings)], away: away[c.person] ?? [],
}));

export const week = (more: Partial<CalendarWeek> = {}): CalendarWeek => ({ from: monday, days: 7, people: [...people], bookings: [...bookings], holidays: [], more: 0, now, ...more });

/** Fifty people, each with five bookings and some busy hours a day: as large as a calendar is. */
export function fifty(): CalendarWeek {
  const last = ["Ask", "Furu", "Osp", "Bjørk", "Rogn", "Lind", "Selje", "Gran", "Hassel", "Lønn"];
  const first = ["Tuva", "Jon", "Liv", "Mari", "Ane"];
  const staff = Array.from({ length: 50 }, (_, i) => {
    const at = i < 20 ? "hospital" : i < 45 ? "municipality" : "gp";
    return colleague(`s${i}`, `${first[i % 5]} ${last[Math.floor(i / 5)]}`, at === "hospital" ? "specialist" : at === "municipality" ? "nurse" : "gp", at === "hospital" ? "Overlege" : at === "municipality" ? "Heimesjukepleiar" : "Fastlege", at);
  });
  const person = (i: number): BookingPerson => {
    const c = staff[i % 50]!;
    return { ...party(c.person), name: c.name, role: c.role, title: c.title, organisation: c.organisation, organisationName: c.organisationName, ...(c.role === "nurse" ? drives(20) : {}) };
  };
  // 125 bookings of two each are five for everybody, one a day.
  const all = Array.from({ length: 125 }, (_, n) => booking(`b${n}`, `Pasient ${last[n % 10]}`, "Sårkontroll", on(Math.floor(n / 25), `${9 + (n % 6)}.00`), 30, [person(n % 25), person((n % 25) + 25)]));
  return {
    ...week(), bookings: all,
    people: staff.map((c, i) => ({
      person: c.person, name: c.name, role: c.role, title: c.title, unit: "", organisation: c.organisation, organisationName: c.organisationName, organisationKind: c.organisationKind, away: [],
      busy: [...[0, 1, 2, 3, 4].flatMap((d) => spansOf(`8.00-${8 + ((i + d) % 2)}.30 10.30-11.30 13.${i % 2 ? "00" : "30"}-14.00 15.00-15.30`, d)), ...taken(c.person, all)],
    })),
  };
}

export const waitingItems: readonly WaitingItem[] = [
  { kind: "suggested", since: on(-3, "14.00"), booking: hegg, person: "p-ane", option: "o2", free: true, deputy: [], message: "", why: "" as const, again: false },
  { kind: "missing", since: on(0, "8.02"), booking: booking("gran", "Turid Gran", "Sårkontroll", on(3, "10.00"), 30, [party("jon"), party("ane", drives(25))]), person: "p-ane", option: "", free: false, deputy: ["mari"], message: "", why: "" as const, again: false },
  { kind: "unanswered", since: now - 50 * 60 * min, booking: alm, person: "p-ingrid-alm", option: "", free: false, deputy: [], message: "", why: "" as const, again: false },
  { kind: "not-ready", since: on(0, "9.00"), booking: eik, person: "p-per", option: "", free: false, deputy: [], message: "", why: "" as const, again: false },
];
