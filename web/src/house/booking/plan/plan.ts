// A new consultation while it is planned: what is chosen, what is wrong with it, and what is
// asked of the service. Pure: the pages draw it and send what it says.

import { momentOf, wallOf, weekdayOf } from "../../../i18n/norway";
import { dayAfter } from "../../day";
import type { Booking, BookingTemplate, Colleague, CommonTime, FindTimes, NewBooking, Party, Patient, Preparation, RelatedPerson } from "../../wire";

export type Step = 1 | 2 | 3 | 4;
export type StaffRole = Colleague["role"];
export type Attends = Party["attends"];

/** Somebody of a role; who it is may be open until a time is chosen. */
export interface PlanParty {
  readonly key: string;
  readonly role: StaffRole;
  /** Kind of organisation that the template wants; empty: any. */
  readonly kind: string;
  readonly person: string; // empty: nobody chosen, or any of anyOf
  readonly anyOf: readonly string[];
  readonly required: boolean;
  readonly attends: Attends;
  readonly before: string; // minutes, as typed
  readonly after: string;
  readonly deputyAllowed: boolean;
}

export interface PlanPerson {
  readonly id: string;
  readonly name: string;
}

export interface Plan {
  readonly step: Step;
  readonly template: string;
  readonly title: string;
  readonly question: string;
  readonly prepare: readonly Preparation[];
  readonly patient: PlanPerson | null;
  readonly patientAttends: Attends;
  /** The patient's relatives as the record has them, and the ids of those who are invited. */
  readonly relatives: readonly RelatedPerson[];
  readonly invited: readonly string[];
  readonly parties: readonly PlanParty[];
  readonly minutes: string;
  readonly deadline: string;
  readonly interpreter: string; // language; empty: none is needed
  readonly interpreterBy: PlanPerson | null; // who interprets; null: nobody is asked yet
  readonly equipment: readonly string[];
  readonly organisation: string;
  readonly earliest: number; // minute of the day; 0: any
  readonly latest: number;
  readonly weeks: number; // how far ahead is looked
  readonly times: readonly number[];
  /** Times that were written and not found. */
  readonly hand: readonly number[];
  readonly mode: NewBooking["mode"];
  readonly answerBy: string; // day
  readonly anyway: boolean;
  readonly repeat: boolean;
  readonly everyWeeks: string;
  readonly count: string;
  readonly skip: boolean;
}

export const mostTimes = 5;
export const weeksAhead = 8; // as far as the service looks where nothing else is said
const usualDrive = "15"; // minutes

export const emptyPlan: Plan = {
  step: 1, template: "", title: "", question: "", prepare: [], patient: null, patientAttends: "online", relatives: [], invited: [], parties: [], minutes: "30", deadline: "", interpreter: "", interpreterBy: null, equipment: [],
  organisation: "", earliest: 0, latest: 0, weeks: weeksAhead, times: [], hand: [], mode: "propose", answerBy: "", anyway: false, repeat: false, everyWeeks: "2", count: "4", skip: true,
};

export type Act =
  | { readonly do: "template"; readonly template: BookingTemplate }
  | { readonly do: "patient"; readonly patient: PlanPerson | null }
  | { readonly do: "relatives"; readonly of: Pick<Patient, "id" | "relatives"> }
  | { readonly do: "invite"; readonly id: string; readonly on: boolean }
  | { readonly do: "party"; readonly key: string; readonly change: Partial<PlanParty> }
  | { readonly do: "add"; readonly role: StaffRole }
  | { readonly do: "remove"; readonly key: string }
  | { readonly do: "set"; readonly change: Partial<Plan> }
  | { readonly do: "prepare"; readonly at: number; readonly what: string }
  | { readonly do: "choose"; readonly starts: number; readonly on: boolean }
  | { readonly do: "hand"; readonly starts: number }
  | { readonly do: "found"; readonly times: readonly CommonTime[] }
  | { readonly do: "go"; readonly step: Step };

/** What decides which times are free: with another answer, those that were chosen mean nothing. */
const decisive: readonly (keyof Plan)[] = ["patient", "patientAttends", "invited", "parties", "interpreterBy", "minutes", "equipment"];

const staffRoles: readonly string[] = ["specialist", "nurse", "gp"];

function partyOf(key: string, role: StaffRole, more: Partial<PlanParty> = {}): PlanParty {
  const attends = more.attends ?? "online";
  const drive = attends === "visit" ? usualDrive : "0";
  return { key, role, kind: "", person: "", anyOf: [], required: true, before: drive, after: drive, deputyAllowed: true, ...more, attends };
}

/** A key that no party has. */
const freeKey = (plan: Plan): string => {
  let n = plan.parties.length + 1;
  while (plan.parties.some((p) => p.key === `p${n}`)) n++;
  return `p${n}`;
};

function changedParty(party: PlanParty, change: Partial<PlanParty>): PlanParty {
  const next = { ...party, ...change };
  if (change.attends !== undefined && change.attends !== party.attends) {
    const drive = change.attends === "visit" ? usualDrive : "0";
    return { ...next, before: drive, after: drive };
  }
  // The way back is as long as the way there, until it is said to be another.
  if (change.before !== undefined && change.after === undefined && party.after === party.before) return { ...next, after: change.before };
  return next;
}

/** The plan after an act. */
export function planned(plan: Plan, act: Act): Plan {
  const next = applied(plan, act);
  return decisive.some((field) => next[field] !== plan[field]) && next.times === plan.times ? { ...next, times: [] } : next;
}

function applied(plan: Plan, act: Act): Plan {
  switch (act.do) {
    case "template": {
      const { template } = act;
      // Whoever is chosen already for a role stays.
      const chosen = [...plan.parties];
      const parties = template.parties
        .filter((p) => staffRoles.includes(p.role))
        .map((p, i): PlanParty => {
          const at = chosen.findIndex((c) => c.role === p.role && (c.person !== "" || c.anyOf.length > 0));
          const same = at < 0 ? undefined : chosen.splice(at, 1)[0];
          return partyOf(`p${i + 1}`, p.role as StaffRole, { kind: p.organisation, required: p.required, attends: p.attends, deputyAllowed: p.deputyAllowed, ...(same ? { person: same.person, anyOf: same.anyOf } : {}) });
        });
      const patientAttends = template.parties.find((p) => p.role === "patient")?.attends ?? "online";
      return {
        ...plan, template: template.id, title: template.title, question: template.question, prepare: template.prepare, minutes: String(template.minutes), parties,
        patientAttends: patientAttends === "visit" ? "online" : patientAttends,
      };
    }
    case "patient":
      return { ...plan, patient: act.patient, relatives: [], invited: [] };
    case "relatives":
      // Another patient may have been chosen while these were on their way. A guardian decides for the patient, and comes along.
      if (plan.patient?.id !== act.of.id) return plan;
      return { ...plan, relatives: act.of.relatives, invited: act.of.relatives.filter((r) => r.kind === "guardian" || plan.invited.includes(r.id)).map((r) => r.id) };
    case "invite":
      return { ...plan, invited: act.on ? [...plan.invited, act.id] : plan.invited.filter((id) => id !== act.id) };
    case "party":
      return { ...plan, parties: plan.parties.map((p) => (p.key === act.key ? changedParty(p, act.change) : p)) };
    case "add":
      return { ...plan, parties: [...plan.parties, partyOf(freeKey(plan), act.role, { required: false })] };
    case "remove":
      return { ...plan, parties: plan.parties.filter((p) => p.key !== act.key) };
    case "set":
      return { ...plan, ...act.change };
    case "prepare":
      return { ...plan, prepare: plan.prepare.map((p, i) => (i === act.at ? { ...p, what: act.what } : p)) };
    case "choose": {
      const others = plan.times.filter((t) => t !== act.starts);
      return { ...plan, times: act.on ? [...others, act.starts].sort((a, b) => a - b) : others };
    }
    case "hand":
      return applied({ ...plan, hand: [...plan.hand.filter((t) => t !== act.starts), act.starts] }, { do: "choose", starts: act.starts, on: true });
    case "found": {
      // What isn't free any more isn't chosen any more; where nothing is left, the best are.
      const left = plan.times.filter((t) => plan.hand.includes(t) || act.times.some((f) => f.starts === t));
      return { ...plan, times: left.length > 0 ? left : firstChoice(plan, act.times) };
    }
    case "go":
      return { ...plan, step: act.step };
    default: {
      const never: never = act;
      return never;
    }
  }
}

/** Whole minutes within limits; null: it is none. */
export function whole(typed: string, least: number, most: number): number | null {
  const n = /^\s*\d{1,4}\s*$/.test(typed) ? Number(typed) : NaN;
  return n >= least && n <= most ? n : null;
}

export type Rule =
  | "template" | "patient" | "person" | "parties" | "travel" | "minutes" | "deadline" | "times" | "tooMany" | "question" | "count" | "weeks" | "answerBy";

/** What is wrong with a step, by field: "patient", "person-p1", "before-p1". The first is looked at first. */
export function faultsOf(plan: Plan, step: Step, template: BookingTemplate | undefined, today: string): ReadonlyMap<string, Rule> {
  const faults = new Map<string, Rule>();
  switch (step) {
    case 1:
      if (plan.template === "") faults.set("template", "template");
      if (!plan.patient && (!template || template.parties.some((p) => p.role === "patient" && p.required))) faults.set("patient", "patient");
      for (const p of plan.parties) {
        // Who needn't be there may be left out by leaving the line empty.
        if (p.person === "" && p.anyOf.length === 0 && p.required) faults.set(`person-${p.key}`, "person");
        if (whole(p.before, 0, 240) === null) faults.set(`before-${p.key}`, "travel");
        if (whole(p.after, 0, 240) === null) faults.set(`after-${p.key}`, "travel");
      }
      if (faults.size === 0 && partiesOf(plan).length < 2) faults.set("add", "parties");
      if (whole(plan.minutes, 5, 480) === null) faults.set("minutes", "minutes");
      if (plan.deadline !== "" && plan.deadline < today) faults.set("deadline", "deadline");
      return faults;
    case 2:
      if (plan.times.length === 0) faults.set("times", "times");
      if (plan.times.length > mostTimes) faults.set("times", "tooMany");
      return faults;
    case 3:
      if (plan.question.length > 500) faults.set("question", "question");
      return faults;
    case 4: {
      if (plan.mode === "book" && plan.repeat) {
        if (whole(plan.everyWeeks, 1, 8) === null) faults.set("everyWeeks", "weeks");
        if (whole(plan.count, 2, 52) === null) faults.set("count", "count");
      }
      const first = plan.times[0];
      if (plan.mode === "propose" && plan.answerBy !== "" && (plan.answerBy < today || (first !== undefined && plan.answerBy >= wallOf(first).day))) faults.set("answerBy", "answerBy");
      return faults;
    }
    default: {
      const never: never = step;
      return never;
    }
  }
}

/** Those who are to be in it, as the service is asked: the staff first, then the patient, relatives and who interprets. */
export function partiesOf(plan: Plan): readonly Party[] {
  const staff = plan.parties
    .filter((p) => p.person !== "" || p.anyOf.length > 0)
    .map((p): Party => ({
      person: p.person, anyOf: p.person === "" ? [...p.anyOf] : [], role: p.role, organisation: "", required: p.required, attends: p.attends,
      before: whole(p.before, 0, 240) ?? 0, after: whole(p.after, 0, 240) ?? 0, deputyAllowed: p.deputyAllowed,
    }));
  const guest = (person: string, role: Party["role"], required: boolean, attends: Attends): Party => ({ person, anyOf: [], role, organisation: "", required, attends, before: 0, after: 0, deputyAllowed: false });
  return [
    ...staff,
    ...(plan.patient ? [guest(plan.patient.id, "patient", true, plan.patientAttends)] : []),
    ...plan.relatives.filter((r) => plan.invited.includes(r.id)).map((r) => guest(r.id, "relative", r.kind === "guardian", plan.patientAttends === "beside" ? "online" : plan.patientAttends)),
    // Without the one who interprets, the others don't understand each other.
    ...(plan.interpreter !== "" && plan.interpreterBy ? [guest(plan.interpreterBy.id, "interpreter", true, "online")] : []),
  ];
}

/** The parties with the organisation that each is asked for. */
export function withOrganisations(parties: readonly Party[], colleagues: readonly Colleague[]): Party[] {
  const at = (party: Party): string => colleagues.find((c) => c.person === (party.person || party.anyOf[0]))?.organisation ?? "";
  return parties.map((p) => ({ ...p, organisation: at(p) }));
}

export const requiredOf = (plan: Plan): number => partiesOf(plan).filter((p) => p.required).length;

export function searchOf(plan: Plan, colleagues: readonly Colleague[], now: number, limit: number): FindTimes {
  const until = plan.weeks === weeksAhead ? 0 : momentOf(dayAfter(wallOf(now).day, plan.weeks * 7), 0);
  return {
    parties: withOrganisations(partiesOf(plan), colleagues), equipment: [...plan.equipment], minutes: whole(plan.minutes, 5, 480) ?? 30, from: 0, until, deadline: plan.deadline, earliest: plan.earliest, latest: plan.latest, limit, not: "",
  };
}

/**
 * The people that a found time needs where any of several would do, by the place of their
 * party; null: it needs nobody in particular.
 */
export function peopleFor(plan: Plan, time: CommonTime): ReadonlyMap<string, string> {
  const open = plan.parties.filter((p) => p.person !== "" || p.anyOf.length > 0);
  return new Map(open.flatMap((p, i) => (p.person === "" && time.parties[i] ? [[p.key, time.parties[i].person] as const] : [])));
}

/** A chosen time's people: all times that are proposed together need the same ones. */
export function fits(plan: Plan, time: CommonTime, found: readonly CommonTime[]): boolean {
  const mine = peopleFor(plan, time);
  return plan.times.every((starts) => {
    const other = found.find((t) => t.starts === starts);
    return !other || [...peopleFor(plan, other)].every(([key, person]) => mine.get(key) === person);
  });
}

/** The plan with those who were found put in, when the times are settled. */
export function settled(plan: Plan, found: readonly CommonTime[]): Plan {
  const time = found.find((t) => plan.times.includes(t.starts));
  if (!time) return plan;
  const people = peopleFor(plan, time);
  return people.size === 0 ? plan : { ...plan, parties: plan.parties.map((p) => (people.has(p.key) ? { ...p, person: people.get(p.key) ?? "", anyOf: [] } : p)) };
}

/** The best times to begin with: the first, and the next that needs the same people and is another day. */
export function firstChoice(plan: Plan, found: readonly CommonTime[]): readonly number[] {
  const [best] = found;
  if (!best) return [];
  const one = { ...plan, times: [best.starts] };
  const next = found.find((t) => wallOf(t.starts).day !== wallOf(best.starts).day && fits(one, t, found));
  return [best.starts, ...(next ? [next.starts] : [])].sort((a, b) => a - b);
}

export function requestOf(plan: Plan, colleagues: readonly Colleague[]): NewBooking {
  const book = plan.mode === "book";
  return {
    organisation: plan.organisation, mode: plan.mode, template: plan.template, title: plan.title, question: plan.question.trim(),
    prepare: plan.prepare.map((p) => ({ ...p, what: p.what.trim() })).filter((p) => p.what !== ""),
    parties: withOrganisations(partiesOf(plan), colleagues), equipment: [...plan.equipment], minutes: whole(plan.minutes, 5, 480) ?? 30,
    times: book ? plan.times.slice(0, 1) : [...plan.times],
    answerBy: book || plan.answerBy === "" ? 0 : momentOf(dayAfter(plan.answerBy, 1), 0) - 1,
    deadline: plan.deadline, interpreter: plan.interpreter, anyway: plan.anyway,
    ...(book && plan.repeat ? { series: { everyWeeks: whole(plan.everyWeeks, 1, 8) ?? 1, count: whole(plan.count, 2, 52) ?? 2, skipBusy: plan.skip } } : {}),
  };
}

/** A plan like a booking, for one that is made once more. */
export function planFrom(booking: Booking): Plan {
  const staff = booking.people.filter((p) => staffRoles.includes(p.role));
  const patient = booking.people.find((p) => p.role === "patient");
  const interpreter = booking.people.find((p) => p.role === "interpreter");
  return {
    ...emptyPlan,
    template: booking.template, title: booking.title, question: booking.question, prepare: booking.prepare,
    minutes: String(Math.round((booking.ends - booking.starts) / 60_000)),
    patient: patient && booking.patient !== "" ? { id: booking.patient, name: booking.patientName } : null,
    patientAttends: patient?.attends ?? "online",
    invited: booking.people.filter((p) => p.role === "relative").map((p) => p.person),
    interpreter: booking.interpreter,
    interpreterBy: interpreter ? { id: interpreter.person, name: interpreter.name } : null,
    equipment: booking.equipment.map((e) => e.id),
    parties: staff.map((p, i) => partyOf(`p${i + 1}`, p.role as StaffRole, { person: p.person, required: p.required, attends: p.attends, before: String(p.before), after: String(p.after), deputyAllowed: p.deputyAllowed })),
  };
}

/** Who plans and treats is in it themselves, until they choose another; a coordinator is nobody's colleague of a role. */
export function withOneself(plan: Plan, own: Pick<Colleague, "person" | "role"> | undefined): Plan {
  const seat = own && plan.parties.find((p) => p.role === own.role && p.person === "" && p.anyOf.length === 0);
  return seat ? { ...plan, parties: plan.parties.map((p) => (p === seat ? { ...p, person: own.person } : p)) } : plan;
}

/** The weekdays' next working day, which a date field begins with. */
export function nextWorkday(today: string): string {
  let day = dayAfter(today, 1);
  while (weekdayOf(day) > 5) day = dayAfter(day, 1);
  return day;
}
