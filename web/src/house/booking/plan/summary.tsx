// What is chosen up to now, beside the later steps.

import type { Plan } from "./plan";
import { capital } from "../../../i18n/time";
import { useHouse } from "../../house";
import { useBookingWords, type BookingWords } from "../i18n/words";
import { dayWords, languageName, lastName } from "../say";
import type { Offered } from "./page";
import { whole } from "./plan";

/** Who is asked for a role, in words: a name and title, or that any of several will do. */
export function partyWords(w: BookingWords, party: Plan["parties"][number], offered: Offered): string {
  const who = offered.colleagues.find((c) => c.person === party.person);
  if (who) return [who.name, who.title.toLocaleLowerCase("nb")].filter(Boolean).join(", ");
  return `${capital(w.theRole(party.role))}: ${w.plan.anyoneOf(party.anyOf.length)}`;
}

export function Summary(props: { readonly plan: Plan; readonly offered: Offered; readonly change: () => void }) {
  const w = useBookingWords();
  const { language } = useHouse();
  const { plan, offered } = props;
  const staff = plan.parties.filter((p) => p.person !== "" || p.anyOf.length > 0);
  const must = [...staff.filter((p) => p.required).map((p) => partyWords(w, p, offered)), ...(plan.patient ? [capital(w.theRole("patient"))] : [])];
  const relatives = plan.relatives.filter((r) => plan.invited.includes(r.id)).map((r) => r.title || r.name);
  const may = [...staff.filter((p) => !p.required).map((p) => partyWords(w, p, offered)), ...relatives];
  const equipment = offered.equipment.filter((e) => plan.equipment.includes(e.id)).map((e) => e.name);
  const driving = staff.filter((p) => (whole(p.before, 0, 240) ?? 0) + (whole(p.after, 0, 240) ?? 0) > 0);
  return (
    <section class="sk-box sk-stack" data-gap="3" aria-labelledby="summary">
      <div class="sk-spread">
        <h2 class="ds-heading" data-size="2xs" id="summary">
          {[plan.title || w.aCall, plan.patient ? lastName(plan.patient.name) : ""].filter(Boolean).join(", ")}
        </h2>
        <button class="ds-button" data-variant="tertiary" data-size="sm" type="button" data-testid="change" onClick={props.change}>
          {w.plan.change}
        </button>
      </div>
      <dl class="sk-facts">
        <Fact term={w.plan.required} lines={must} />
        <Fact term={w.plan.optional} lines={may} />
        <Fact term={w.plan.lasts} lines={[w.minutes(whole(plan.minutes, 5, 480) ?? 0)]} />
        <Fact term={w.plan.deadline} lines={plan.deadline === "" ? [] : [capital(dayWords(w, plan.deadline))]} />
        {driving.map((p) => (
          <Fact
            key={p.key}
            term={w.plan.drivingFor(w.theRole(p.role))}
            lines={[p.before === p.after ? w.plan.eachWay(w.minutes(whole(p.before, 0, 240) ?? 0)) : w.plan.bothWays(whole(p.before, 0, 240) ?? 0, whole(p.after, 0, 240) ?? 0)]}
          />
        ))}
        <Fact term={w.plan.interpreter} lines={plan.interpreter === "" ? [] : [[capital(languageName(language.value, plan.interpreter)), plan.interpreterBy?.name ?? ""].filter(Boolean).join(", ")]} />
        <Fact term={w.plan.equipment} lines={equipment} />
      </dl>
    </section>
  );
}

/** A term and what is said of it; nothing where nothing is. */
export function Fact(props: { readonly term: string; readonly lines: readonly string[] }) {
  if (props.lines.length === 0) return null;
  return (
    <div>
      <dt class="sk-subtle sk-xs">{props.term}</dt>
      {props.lines.map((line) => (
        <dd key={line}>{line}</dd>
      ))}
    </div>
  );
}
