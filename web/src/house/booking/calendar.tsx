// The coordinator's calendar: the week by person across organisations, the day, and the list.
//
// Ours and no calendar library's: none of them draws people as rows with days to scale beside
// what is booked, which is all this page is; the day and the list are a table and a list.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { partsOf, wallOf, weekdayOf, type Day } from "../../i18n/norway";
import { capital } from "../../i18n/time";
import { Icon, type IconName } from "../../ui/icon";
import { useAsked } from "../asked";
import { dayAfter, mondayOf, weekOf } from "../day";
import { useHouse, useMay, type PageProps } from "../house";
import { Empty, Failed, Heading } from "../parts";
import type { Away, CalendarPerson, CalendarWeek } from "../wire";
import { useBookingWords, type BookingWords } from "./i18n/words";
import { Appointment, DayBar, entryIcons, HourMarks, Legend, useMedia } from "./parts";
import { clockOf, dayShort, dayWords, periodWords, titleOf } from "./say";
import { WaitingPanel } from "./waiting";
import { frameOf, listOf, partiesOf, sheetOf, usualHours, type Cell, type Entry, type Frame, type Group, type Sheet } from "./week";

type View = "week" | "day" | "list";
const views = ["week", "day", "list"] as const;

const refreshEvery = 30_000; // ms
const wide = "(min-width: 56em)"; // room for five days beside the names

const orgIcons: Readonly<Record<CalendarPerson["organisationKind"], IconName>> = { hospital: "hosp", municipality: "home", gp: "hosp" };

export function CalendarPage(props: PageProps) {
  const house = useHouse();
  const w = useBookingWords();
  const hasRoom = useMedia(wide);
  const now = house.now.value;
  const today = wallOf(now).day;
  const asked = props.query.get("date") ?? "";
  const day = partsOf(asked) ? asked : today;
  const wanted = props.query.get("view");
  const view: View = views.find((v) => v === wanted) ?? "week";
  const party = props.query.get("party") ?? "";
  const from = view === "day" ? day : mondayOf(day);
  const days = view === "day" ? 1 : 7;
  const asking = useAsked(() => house.api("GET /calendar", { query: { from, days: String(days) } }), [from, days]);
  const waiting = useAsked(() => house.api("GET /waiting"), []);
  const mayBook = useMay("consultation.book");

  // News comes by itself as long as somebody is there, and when they come back.
  const shownAt = useRef(now);
  const refresh = (): void => {
    shownAt.current = house.now.peek();
    void asking.refresh();
    void waiting.refresh();
  };
  useEffect(() => {
    if (now - shownAt.current >= refreshEvery && house.active()) refresh();
  }, [now]);
  useEffect(() => {
    window.addEventListener("focus", refresh);
    return () => window.removeEventListener("focus", refresh);
  }, []);

  const href = (change: { readonly date?: Day; readonly view?: View; readonly party?: string }): string => {
    const next = { date: day, view, party, ...change };
    const query = new URLSearchParams();
    if (next.date !== today) query.set("date", next.date);
    if (next.view !== "week") query.set("view", next.view);
    if (next.party !== "") query.set("party", next.party);
    return query.size > 0 ? `/calendar?${query}` : "/calendar";
  };
  const step = view === "day" ? 1 : 7;
  const week = asking.asked.status === "ready" ? asking.asked.value : null;
  const parties = useMemo(() => partiesOf(week?.people ?? []), [week]);
  const isNow = view === "day" ? day === today : mondayOf(day) === mondayOf(today);
  const heading = view === "day" ? capital(dayWords(w, day)) : w.cal.week(weekOf(day));
  const shown: View = view === "week" && !hasRoom ? "list" : view;

  return (
    <div class="sk-week" data-size="sm">
      <section class="sk-week__main" aria-label={w.cal.title}>
        <div class="sk-week__head">
          <div class="sk-row sk-wrap">
            <Heading size="md" title={w.cal.title}>
              {heading}
            </Heading>
            {view !== "day" && <span class="sk-subtle sk-small">{periodWords(w, from, dayAfter(from, 4))}</span>}
            <nav class="sk-row sk-week__steps" aria-label={w.cal.steps}>
              <a class="ds-button" data-variant="tertiary" data-icon href={href({ date: dayAfter(day, -step) })} aria-label={view === "day" ? w.dayBefore : w.cal.weekBefore} data-testid="calendar-before">
                <Icon name="left" size="sm" />
              </a>
              <a class="ds-button" data-variant="tertiary" data-icon href={href({ date: dayAfter(day, step) })} aria-label={view === "day" ? w.dayAfter : w.cal.weekAfter} data-testid="calendar-after">
                <Icon name="right" size="sm" />
              </a>
              {!isNow && (
                <a class="ds-button" data-variant="tertiary" data-size="sm" href={href({ date: today })} data-testid="calendar-today">
                  {w.cal.today}
                </a>
              )}
            </nav>
          </div>
          <div class="sk-row sk-wrap">
            <nav class="sk-views" aria-label={w.cal.views}>
              {views.map((v) => (
                <a key={v} href={href({ view: v })} aria-current={v === shown ? "page" : undefined} data-testid={`view-${v}`} data-narrow={v === "week" ? "no" : undefined}>
                  {w.cal.view[v]}
                </a>
              ))}
            </nav>
            <select class="sk-input sk-party" aria-label={w.cal.party} value={party} data-testid="party" onChange={(event) => house.router.go(href({ party: event.currentTarget.value }))}>
              <option value="">{w.cal.allParties}</option>
              {parties.map((p) => (
                <option key={p.id} value={p.id}>
                  {p.name}
                </option>
              ))}
            </select>
            {mayBook && (
              <a class="ds-button" data-size="sm" href="/calendar/new" data-testid="new-call">
                <Icon name="plus" size="xs" />
                {w.cal.newCall}
              </a>
            )}
          </div>
        </div>
        {shown !== "list" && <Legend appointments />}
        {asking.asked.status === "failed" ? (
          <Failed error={asking.asked.error} again={asking.again} />
        ) : shown === "list" ? (
          week ? <ListView week={week} party={party} today={today} /> : <Waits text={w.cal.loading} />
        ) : week && week.people.length === 0 ? (
          <Empty title={w.cal.empty} text={w.cal.emptyText} />
        ) : shown === "week" ? (
          <WeekView week={week} monday={from} party={party} today={today} />
        ) : week ? (
          <DayView week={week} party={party} />
        ) : (
          <Waits text={w.cal.loading} />
        )}
        {shown !== "list" && week !== null && week.more > 0 && (
          <p class="sk-subtle sk-small" data-testid="more">
            {w.cal.more(week.more)}
          </p>
        )}
        <div class="sk-spread">
          {mayBook && (
            <a class="sk-link" data-side="start" href="/equipment" data-testid="to-equipment">
              {w.kit.link}
              <Icon name="right" size="sm" />
            </a>
          )}
          {week && <span class="sk-subtle sk-xs sk-num">{w.updatedAt(clockOf(w, week.now))}</span>}
        </div>
      </section>
      <WaitingPanel asking={waiting} people={week?.people ?? []} changed={() => void asking.refresh()} />
    </div>
  );
}

function Waits(props: { readonly text: string }) {
  return (
    <div class="sk-stack sk-late" role="status" aria-busy="true">
      {[0, 1, 2, 3, 4].map((i) => (
        <span key={i} class="sk-skeleton" data-width={i % 2 === 0 ? "l" : "m"} />
      ))}
      <span class="sk-subtle sk-small">{props.text}</span>
    </div>
  );
}

/** Marks every time of the same booking when one of them is pointed at, or has focus. By the elements: no row is drawn anew for it. */
function markSame(event: Event): void {
  const table = event.currentTarget;
  if (!(table instanceof HTMLElement) || !(event.target instanceof Element)) return;
  const id = event.target.closest<HTMLElement>("[data-booking]")?.dataset["booking"];
  for (const el of table.querySelectorAll<HTMLElement>("[data-booking]")) el.toggleAttribute("data-selected", id !== undefined && el.dataset["booking"] === id);
}

/** "Borte, kurs", "Sjuk, treng vikar" */
function awayWords(w: BookingWords, away: Away): string {
  const kind = w.cal.away[away.kind];
  return away.cover ? w.cal.cover(kind) : kind;
}

function WeekView(props: { readonly week: CalendarWeek | null; readonly monday: Day; readonly party: string; readonly today: Day }) {
  const w = useBookingWords();
  const { week, party, today, monday } = props;
  const sheet = useMemo<Sheet>(
    () => (week ? sheetOf(week, party) : { hours: usualHours, frames: Array.from({ length: 5 }, (_, i) => frameOf(dayAfter(monday, i), usualHours)), groups: [] }),
    [week, party, monday],
  );
  // What is drawn depends on the sheet alone: a tick of the clock draws nothing anew.
  return useMemo(() => {
    const { hours, frames } = sheet;
    const holidays = new Map((week?.holidays ?? []).map((h) => [h.day, w.holiday(h.name)]));
    return (
      <table class="sk-cal" onPointerOver={markSame} onFocusIn={markSame} onPointerLeave={markSame} data-testid="week" aria-busy={week === null || undefined}>
        <caption class="ds-sr-only">{w.cal.caption(weekOf(monday), hours.from, hours.until)}</caption>
        <thead>
          <tr>
            <td>
              <span class="sk-subtle">{w.cal.hours(hours.from, hours.until)}</span>
            </td>
            {frames.map(({ day }) => (
              <th key={day} scope="col" data-today={day === today ? "" : undefined}>
                <b>{capital(w.weekday(weekdayOf(day) % 7))}</b>{" "}
                <span class="sk-subtle sk-nowrap">
                  {dayShort(w, day)}
                  {day === today && `, ${w.cal.isToday}`}
                </span>
                {holidays.has(day) && <span class="sk-cal__holiday">{holidays.get(day)}</span>}
              </th>
            ))}
          </tr>
        </thead>
        {week === null ? (
          <tbody class="sk-late">
            {[0, 1, 2, 3, 4, 5].map((i) => (
              <tr key={i}>
                <td>
                  <span class="sk-skeleton" data-width="l" />
                  {i === 0 && <span class="sk-subtle">{w.cal.loading}</span>}
                </td>
                {frames.map(({ day }) => (
                  <td key={day}>
                    <span class="sk-cal__bar" />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ) : (
          sheet.groups.map((group) => <WeekGroup key={group.organisation} group={group} w={w} frames={frames} today={today} />)
        )}
      </table>
    );
  }, [sheet, w, today]);
}

function GroupHead(props: { readonly group: Group; readonly span: number }) {
  return (
    <tr class="sk-cal__org">
      <th scope="rowgroup" colSpan={props.span}>
        <span class="sk-row">
          <Icon name={orgIcons[props.group.kind]} size="xs" />
          {props.group.name}
        </span>
      </th>
    </tr>
  );
}

function PersonHead(props: { readonly person: CalendarPerson; readonly w: BookingWords }) {
  const { person, w } = props;
  return (
    <th scope="row">
      <b>{person.name}</b>
      <span class="sk-subtle">{person.title || (person.role === "" ? w.cal.equipment : "")}</span>
    </th>
  );
}

function WeekGroup(props: { readonly group: Group; readonly w: BookingWords; readonly frames: readonly Frame[]; readonly today: Day }) {
  const { group, w, frames, today } = props;
  return (
    <tbody>
      <GroupHead group={group} span={frames.length + 1} />
      {group.rows.map((row) => (
        <tr key={row.person.person}>
          <PersonHead person={row.person} w={w} />
          {row.cells.map((cell, i) => (
            <td key={i} data-today={frames[i]?.day === today ? "" : undefined}>
              <DayBar class="sk-cal__bar" bars={cell.bars} />
              <CellWords cell={cell} w={w} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function CellWords(props: { readonly cell: Cell; readonly w: BookingWords }) {
  const { cell, w } = props;
  return (
    <>
      {cell.entries.map((entry) => (
        <Appointment key={entry.key} entry={entry} w={w} />
      ))}
      {cell.away.map((away) => (
        <span key={away.id} class="sk-appt" data-state="away">
          <Icon name="x" size="xs" />
          <span>{awayWords(w, away)}</span>
        </span>
      ))}
    </>
  );
}

function DayView(props: { readonly week: CalendarWeek; readonly party: string }) {
  const w = useBookingWords();
  const { week, party } = props;
  const sheet = useMemo(() => sheetOf(week, party), [week, party]);
  const frame = sheet.frames[0]!;
  const holiday = week.holidays.find((h) => h.day === week.from);
  return (
    <>
      {holiday && (
        <p class="sk-row">
          <Icon name="info" size="sm" />
          {w.holiday(holiday.name)}
        </p>
      )}
      <table class="sk-cal sk-cal--day" data-testid="day" onPointerOver={markSame} onFocusIn={markSame} onPointerLeave={markSame}>
        <caption class="ds-sr-only">{w.cal.dayCaption(capital(dayWords(w, week.from)), sheet.hours.from, sheet.hours.until)}</caption>
        <thead>
          <tr>
            <td>
              <span class="sk-subtle">{capital(w.atSpan(String(sheet.hours.from), String(sheet.hours.until)))}</span>
            </td>
            <td>
              <HourMarks frame={frame} hours={sheet.hours} />
            </td>
          </tr>
        </thead>
        {sheet.groups.map((group) => (
          <tbody key={group.organisation}>
            <GroupHead group={group} span={2} />
            {group.rows.map((row) => (
              <tr key={row.person.person}>
                <PersonHead person={row.person} w={w} />
                {row.cells.map((cell, i) => (
                  <td key={i}>
                    <DayBar class="sk-lane" bars={cell.bars} />
                    {(cell.entries.length > 0 || cell.away.length > 0) && (
                      <span class="sk-cal__words">
                        <CellWords cell={cell} w={w} />
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </>
  );
}

function ListView(props: { readonly week: CalendarWeek; readonly party: string; readonly today: Day }) {
  const w = useBookingWords();
  const { week, party, today } = props;
  const days = useMemo(() => listOf(week, party), [week, party]);
  const holidays = new Map(week.holidays.map((h) => [h.day, w.holiday(h.name)]));
  if (days.every((day) => day.entries.length === 0)) return <Empty title={week.days === 1 ? w.cal.emptyDay : w.cal.emptyWeek} text={w.cal.emptyListText} />;
  return (
    <div class="sk-stack" data-gap="6" data-testid="list">
      {days
        .filter((day) => day.entries.length > 0 || day.day === today || holidays.has(day.day))
        .map(({ day, entries }) => (
          <section key={day} class="sk-list-day" aria-label={capital(dayWords(w, day))}>
            <h2 class="ds-heading" data-size="2xs">
              {capital(dayWords(w, day))}
              {day === today && <span class="sk-subtle">, {w.cal.isToday}</span>}
              {holidays.has(day) && <span class="sk-subtle">, {holidays.get(day)}</span>}
            </h2>
            {entries.length === 0 ? <p class="sk-subtle sk-small">{w.cal.emptyDay}</p> : <ListLines entries={entries} w={w} />}
          </section>
        ))}
    </div>
  );
}

function ListLines(props: { readonly entries: readonly Entry[]; readonly w: BookingWords }): ComponentChildren {
  const { entries, w } = props;
  return (
    <ul class="sk-lines">
      {entries.map((entry) => (
        <li key={entry.key}>
          <a class="sk-list-line" href={`/bookings/${encodeURIComponent(entry.booking.id)}`} data-testid={`entry-${entry.booking.id}`}>
            <b class="sk-num">
              {clockOf(w, entry.starts)}–{clockOf(w, entry.ends)}
            </b>
            <span class="sk-list-line__what">
              <b>{titleOf(w, entry.booking)}</b>
              <span class="sk-subtle sk-small">
                {entry.booking.people
                  .filter((p) => p.role !== "patient")
                  .map((p) => p.name || p.title || w.theRole(p.role))
                  .join(", ")}
              </span>
            </span>
            <span class="sk-status" data-state={entry.state === "booked" ? "ready" : "new"}>
              <Icon name={entryIcons[entry.state]} size="xs" />
              {w.entry(entry.state)}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
