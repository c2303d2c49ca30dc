// Bookings for the gallery: the people of the mock-ups, and what stands in their day.

import type { Booking, BookingPerson, BusySpan, CalendarWeek, Readiness } from "../../src/house/wire";
import { at } from "../fixtures";

const minute = 60_000; // ms
export const dayLength = 24 * 3_600_000; // ms; the gallery's weeks have no change of clocks

const none: Readiness = { state: "unknown", at: 0, minutes: 0, test: "" };
export const ready = (state: Readiness["state"], more: Partial<Readiness> = {}): Readiness => ({ ...none, state, ...more });

function person(id: string, name: string, role: BookingPerson["role"], title: string, organisation: string, organisationName: string): BookingPerson {
  const linked = role === "patient" || role === "relative" || role === "interpreter";
  return {
    id, person: id, name, role, title, organisation, organisationName, required: true, attends: "online", before: 0, after: 0,
    answer: "accepted", answeredAt: at(8, 0) - 3 * dayLength, answeredBy: "", comment: "", deputyFor: "", deputyAllowed: !linked, readiness: linked ? ready("not-opened") : none,
  };
}
export const with_ = (p: BookingPerson, more: Partial<BookingPerson>): BookingPerson => ({ ...p, ...more });

/** Persons have the ids of the gallery's sessions where they are signed in (people.ts). */
export const who = {
  tuva: with_(person("tuva", "Tuva Ask", "specialist", "Overlege", "hospital", "Fjord sjukehus"), { person: "specialist" }),
  mari: with_(person("mari", "Mari Bjørk", "nurse", "Sjukepleiar", "municipality", "Fjordvik kommune"), { person: "nurse", attends: "visit", before: 25, after: 25 }),
  ane: person("ane", "Ane Rogn", "nurse", "Sjukepleiar", "municipality", "Fjordvik kommune"),
  per: person("per", "Per Selje", "gp", "Fastlege", "gp", "Fjordvik legekontor"),
  jon: person("jon", "Jon Furu", "specialist", "Lege", "hospital", "Fjord sjukehus"),
  olav: person("olav", "Olav Eik", "patient", "Pasient", "", ""),
  ragna: person("ragna", "Ragna Eik", "relative", "Dotter", "", ""),
  amina: person("amina", "Amina Vik", "interpreter", "Tolk", "", ""),
  gerd: person("gerd", "Gerd Alm", "patient", "Pasient", "", ""),
  nils: person("nils", "Nils Or", "patient", "Pasient", "", ""),
  else: person("else", "Else Barlind", "patient", "Pasient", "", ""),
  turid: person("turid", "Turid Hegg-Solbakken Kristoffersen", "patient", "Pasient", "", ""),
} as const;

export function booking(id: string, starts: number, people: readonly BookingPerson[], more: Partial<Booking> = {}): Booking {
  const patient = people.find((p) => p.role === "patient");
  return {
    id, version: 1, state: "booked", starts, ends: starts + 30 * minute, organisation: "hospital", organisationName: "Fjord sjukehus", phone: "12 34 56 78", template: "wound",
    title: "Sårkontroll", question: "", prepare: [], patient: patient?.person ?? "", patientName: patient?.name ?? "", people: [...people], equipment: [], options: [],
    answerBy: 0, deadline: "", interpreter: "", series: "", reason: "", words: "", madeBy: "Siv Hassel", movedFrom: 0, mine: "", may: [], ...more,
  };
}

/** The bookings as somebody reads them who has a part in those they are invited to. */
export const asRead = (by: string, bookings: readonly Booking[]): Booking[] => bookings.map((b) => ({ ...b, mine: b.people.some((p) => p.id === by) ? by : "" }));

export const olavs = booking("c2", at(10, 0), [
  who.olav,
  with_(who.tuva, { readiness: ready("tested", { test: "good" }) }),
  with_(who.mari, { readiness: ready("unknown", { test: "good" }) }),
  with_(who.ragna, { readiness: ready("waiting", { at: at(9, 45) }) }),
  with_(who.per, { required: false, readiness: ready("late", { minutes: 20 }) }),
], {
  question: "Skal bandasjen bytast oftare, og treng såret ein ny antibiotikakur?",
  prepare: [
    { for: "nurse", what: "Sårbilete med målband" },
    { for: "nurse", what: "Blodtrykk, blodsukker, vekt og NEWS2" },
    { for: "specialist", what: "Svar på dyrkingsprøva frå fredag" },
    { for: "patient", what: "Lista over medisinane dine" },
  ],
  equipment: [{ id: "e1", name: "Nettbrett 4" }],
});

/** Monday. */
export const monday: readonly Booking[] = [
  booking("c1", at(8, 0), [who.gerd, who.tuva, with_(who.mari, { before: 0 })], { state: "fulfilled", title: "Medisin" }),
  booking("c6", at(8, 50), [who.nils, who.jon, with_(who.mari, { before: 10, after: 0 })], { state: "fulfilled", title: "Stell" }),
  olavs,
  booking("c3", at(9, 30), [who.nils, with_(who.jon, { readiness: ready("here") }), with_(who.ane, { readiness: ready("here") })], { title: "Samtale om medisinane" }),
  booking("c4", at(13, 0), [who.else, who.tuva, who.mari, who.amina], { title: "Oppfølging av KOLS", interpreter: "so" }),
  booking("c5", at(14, 15), [who.turid, who.tuva, who.ane], { title: "Kontroll etter operasjon" }),
  booking("c7", at(15, 0), [who.nils, who.tuva, who.mari], { state: "cancelled", reason: "patient" }),
];

const proposed = (id: string, days: number, hour: number, with2: Partial<Booking> = {}): Booking => {
  const first = at(hour, 0) + days * dayLength;
  return booking(id, first, [who.olav, with_(who.tuva, { answer: "needs-action" }), with_(who.mari, { answer: "needs-action" })], {
    state: "proposed", answerBy: at(16, 0) + dayLength, deadline: "2026-12-11", may: ["answer", "deputy"],
    options: [0, 1, 2].map((i) => ({ id: `o${i + 1}`, starts: first + i * (dayLength + 90 * minute), ends: first + i * (dayLength + 90 * minute) + 30 * minute, suggestedBy: "", taken: false, answers: [{ participant: "olav", answer: i === 1 ? "declined" as const : "accepted" as const }] })),
    ...with2,
  });
};
export const asked: readonly Booking[] = [
  proposed("p1", 2, 9),
  proposed("p2", 3, 12, { title: "Kontroll av blodtrykk", people: [who.else, with_(who.tuva, { answer: "accepted", comment: "Helst før lunsj om det går" }), with_(who.mari, { answer: "needs-action" }), who.per] }),
];

/** The days after. */
export const ahead: readonly Booking[] = [
  booking("d1", at(9, 0) + dayLength, [who.gerd, who.tuva, with_(who.mari, { before: 20, after: 20 })]),
  booking("d2", at(12, 30) + dayLength, [who.turid, who.tuva, who.mari], { title: "Kontroll etter operasjon" }),
  booking("d3", at(11, 0) + 3 * dayLength, [who.olav, who.tuva, who.mari]),
  asked[0]!,
];

export const busyOf = (days = 0): BusySpan[] => [
  { starts: at(7, 30) + days * dayLength, ends: at(8, 30) + days * dayLength, kind: "call", booking: "c1" },
  { starts: at(11, 15) + days * dayLength, ends: at(12, 0) + days * dayLength, kind: "elsewhere", booking: "" },
  { starts: at(14, 0) + days * dayLength, ends: at(15, 30) + days * dayLength, kind: "away", booking: "" },
];

/** One's own line of the calendar. */
export const calendar = (person: string, busy: readonly BusySpan[]): CalendarWeek => ({
  from: "2026-11-23", days: 1, more: 0, holidays: [], bookings: [], now: at(9, 48),
  people: [{ person, name: "", role: "nurse", title: "", organisation: "municipality", organisationName: "Fjordvik kommune", organisationKind: "municipality", unit: "", busy: [...busy], away: [] }],
});
