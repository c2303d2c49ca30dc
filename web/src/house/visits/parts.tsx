// Small parts of a consultation that the day's pages share: a state in words, who is ready,
// what is to be prepared.

import type { ComponentChildren } from "preact";
import { capital } from "../../i18n/time";
import { Icon } from "../../ui/icon";
import type { Booking, BookingPerson, Preparation } from "../wire";
import { prepared, selfIn } from "./board";
import { useVisitWords } from "./i18n/words";
import { introduced, readinessOf, type Said } from "./said";

/** An icon with two or three words. */
export function Status(props: { readonly said: Said }) {
  return (
    <span class="sk-status" data-state={props.said.look}>
      <Icon name={props.said.icon} size="sm" />
      {props.said.text}
    </span>
  );
}

/** Who is ready, a line each. more: what stands beneath a name. */
export function Ready(props: { readonly booking: Booking; readonly people: readonly BookingPerson[]; readonly more?: (person: BookingPerson) => ComponentChildren; readonly closed?: boolean }) {
  const w = useVisitWords();
  return (
    <ul class="sk-ready" aria-label={w.own.readyLabel}>
      {props.people.map((person) => (
        <li key={person.id} data-testid={`ready-${person.id}`}>
          <span class="sk-ready__who">
            {introduced(w, person)}
            {person.organisationName !== "" && <span class="sk-subtle sk-small">{person.organisationName}</span>}
          </span>
          {!props.closed && <Status said={readinessOf(w, props.booking, person)} />}
          {props.more?.(person)}
        </li>
      ))}
    </ul>
  );
}

const asked = (list: readonly Preparation[]) => (
  <ul class="sk-prepare__list">
    {list.map((p, i) => (
      <li key={i}>{p.what}</li>
    ))}
  </ul>
);

/** The question that is to be answered, and what one is to have at hand; all: also what the others are asked for. */
export function Prepare(props: { readonly booking: Booking; readonly level: "h2" | "h3"; readonly all?: boolean }) {
  const w = useVisitWords();
  const { booking, level: Title } = props;
  const role = selfIn(booking)?.role ?? "";
  const { mine, others } = prepared(booking, role);
  const title = (text: string) => (
    <Title class="ds-heading" data-size="2xs">
      {text}
    </Title>
  );
  const roles = [...new Set(others.map((p) => p.for))];
  return (
    <>
      {booking.question !== "" && (
        <div class="sk-prepare">
          {title(w.own.question)}
          <p>{booking.question}</p>
        </div>
      )}
      {mine.length > 0 && (
        <div class="sk-prepare">
          {title(role === "nurse" ? w.own.asksNurse : w.own.asks)}
          {asked(mine)}
        </div>
      )}
      {props.all && roles.length > 0 && (
        <div class="sk-prepare">
          {title(w.own.othersPrepare)}
          <dl class="sk-prepare__others">
            {roles.map((r) => (
              <div key={r}>
                <dt class="sk-subtle">{capital(w.house.role(r))}</dt>
                <dd>{asked(others.filter((p) => p.for === r))}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      {props.all && booking.equipment.length > 0 && (
        <div class="sk-prepare">
          {title(w.own.equipment)}
          <p>{booking.equipment.map((e) => e.name).join(", ")}</p>
        </div>
      )}
    </>
  );
}
