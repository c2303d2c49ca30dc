// A day's lines: consultations with what stands behind each, the driving between, and what one
// is busy with otherwise.

import { dayOf } from "../../i18n/norway";
import { clock, duration } from "../../i18n/time";
import { Icon } from "../../ui/icon";
import { useMay } from "../house";
import { NewLinkButton } from "../new-link";
import type { Booking } from "../wire";
import { aboutOf, byLink, closed, selfIn, type Row } from "./board";
import { useVisitWords } from "./i18n/words";
import { callHref } from "./next";
import { Prepare, Ready, Status } from "./parts";
import { about, called, companions, stageSaid } from "./said";

export interface Kept {
  /** Whether the reader may send new links. */
  readonly mayReplace: boolean;
  /** The one that is next, and shown large. */
  readonly next?: Booking | undefined;
}

export function DayRows(props: { readonly day: string; readonly rows: readonly Row[]; readonly label: string } & Kept) {
  return (
    <ol class="sk-visits" aria-label={props.label}>
      {props.rows.map((row) => {
        switch (row.kind) {
          case "visit":
            return <VisitRow key={row.key} row={row} mayReplace={props.mayReplace} next={props.next} />;
          case "drive":
            return <DriveRow key={row.key} minutes={row.minutes} />;
          case "busy":
            return <BusyRow key={row.key} row={row} day={props.day} />;
          default: {
            const never: never = row;
            return never;
          }
        }
      })}
    </ol>
  );
}

function DriveRow(props: { readonly minutes: number }) {
  const w = useVisitWords();
  return (
    <li class="sk-visit" data-kind="drive">
      <Icon name="car" size="sm" />
      <span>{w.own.drive(props.minutes)}</span>
    </li>
  );
}

function BusyRow(props: { readonly row: Row & { kind: "busy" }; readonly day: string }) {
  const w = useVisitWords();
  const { row, day } = props;
  const before = dayOf(row.starts) < day;
  const after = dayOf(row.ends - 1) > day;
  return (
    <li class="sk-visit" data-kind="busy">
      <span class="sk-num">{before ? "" : clock(w.house, row.starts)}</span>
      <span>
        {w.own.busy[row.why]}
        {!after && `, ${w.own.until(clock(w.house, row.ends))}`}
      </span>
      {row.why === "held" && row.booking !== "" && (
        <a class="sk-link" data-side="end" href={`/answers/${encodeURIComponent(row.booking)}`}>
          {w.own.answer}
        </a>
      )}
    </li>
  );
}

function VisitRow(props: { readonly row: Row & { kind: "visit" } } & Kept) {
  const w = useVisitWords();
  const { booking, stage, starts, ends } = props.row;
  const first = props.next?.id === booking.id;
  const self = selfIn(booking);
  const over = closed(stage);
  const mayJoin = useMay("consultation.join");
  const mayBook = useMay("consultation.book");
  return (
    <li class="sk-visit" data-kind="visit" data-now={first || undefined} data-stage={stage} data-testid="visit">
      <details>
        <summary data-testid={`visit-${booking.id}`}>
          <b class="sk-num">{clock(w.house, starts)}</b>
          <span class="sk-visit__who">
            <b>{called(w, aboutOf(booking))}</b>
            <span>{self ? about(w, booking) : companions(w, booking)}</span>
          </span>
          <Status said={stageSaid(w, stage, first)} />
          <Icon name="down" size="sm" />
        </summary>
        <div class="sk-visit__more">
          {self && (
            <p class="sk-subtle">
              {w.own.places[self.attends]}, {duration(w.house, ends - starts)}
            </p>
          )}
          <Prepare booking={booking} level="h3" all />
          <Ready
            booking={booking}
            people={booking.people}
            closed={over || stage === "proposed"}
            more={(person) =>
              props.mayReplace && byLink(person) && !over && stage !== "proposed" && <NewLinkButton consultation={booking.id} person={{ id: person.id, name: person.name, role: person.role, title: person.title, organisation: person.organisationName }} />
            }
          />
          {self && stage === "proposed" && booking.may.includes("answer") && (
            <p>
              <a class="ds-button" href={`/answers/${encodeURIComponent(booking.id)}`}>
                {w.own.answer}
              </a>
            </p>
          )}
          {self && mayJoin && !over && stage !== "proposed" && !first && (
            <p>
              <a class="ds-button" data-variant={stage === "planned" ? "secondary" : undefined} href={callHref(booking)}>
                {w.house.join}
              </a>
            </p>
          )}
          {mayBook && stage !== "proposed" && booking.patient !== "" && (
            <p>
              <a class="sk-link" data-side="start" href={`/calendar/new?from=${encodeURIComponent(booking.id)}`} data-testid={`book-again-${booking.id}`}>
                <Icon name="plus" size="sm" />
                {w.own.bookNew}
              </a>
            </p>
          )}
        </div>
      </details>
    </li>
  );
}
