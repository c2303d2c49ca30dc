// The day's consultations of the own organisation. Who has a seat in one sees the next one
// first, with one large button; whoever coordinates sees who is there, and can send a new link.

import { useEffect, useRef } from "preact/hooks";
import { capital, clock, date, distance, duration } from "../i18n/time";
import { Icon, type IconName } from "../ui/icon";
import { dayOf, partsOf } from "./admin/days";
import { useAsked } from "./asked";
import { aboutOf, byLink, dayAfter, nextOf, noonOf, othersOf } from "./day";
import { useHouse, useMay, type PageProps } from "./house";
import { useWords, type HouseWords } from "./i18n/words";
import { NewLinkButton } from "./new-link";
import { Empty, Heading, Shown } from "./parts";
import type { DayVisit, Person } from "./wire";

const icons: Record<DayVisit["state"], IconName> = { planned: "clock", open: "unlock", running: "cam", ended: "check" };
const looks: Record<DayVisit["state"], string | undefined> = { planned: undefined, open: "new", running: "ready", ended: undefined };

function State(props: { readonly visit: DayVisit }) {
  const w = useWords();
  const { state, here } = props.visit;
  return (
    <span class="sk-status" data-state={looks[state]}>
      <Icon name={icons[state]} size="sm" />
      {state === "running" && here > 0 ? w.runningWith(here) : w.states[state]}
    </span>
  );
}

/** Whoever may not see a name sees what the person is there as. */
function called(w: HouseWords, person: Person | undefined): string {
  if (!person) return "";
  return person.name !== "" ? person.name : person.title !== "" ? person.title : capital(w.role(person.role));
}

function visitHref(visit: DayVisit): string {
  return `/call/${encodeURIComponent(visit.id)}`;
}

/** "om 12 minutt", or that it is time, or under way. */
function nearness(w: HouseWords, visit: DayVisit, now: number): string {
  if (visit.state === "running") return w.runningNow;
  return visit.starts > now ? w.nextIn(w.inTime(distance(w, visit.starts - now))) : w.shouldHaveBegun;
}

/** The one to go to now or next. */
function Next(props: { readonly visit: DayVisit; readonly now: number }) {
  const w = useWords();
  const { visit } = props;
  const about = aboutOf(visit);
  const ready = visit.state !== "planned";
  return (
    <section class="sk-next" aria-labelledby="next" data-testid="next">
      <div class="sk-stack" data-gap="2">
        <p class="sk-accent">
          <b>{nearness(w, visit, props.now)}</b>
        </p>
        <h2 class="ds-heading" data-size="md" id="next">
          {w.visitAt(clock(w, visit.starts))} {about && w.withWhom(called(w, about))}
        </h2>
        <p class="sk-subtle sk-row sk-wrap sk-next__facts">
          {capital(duration(w, visit.ends - visit.starts))}
          <State visit={visit} />
        </p>
      </div>
      <ul class="sk-next__people">
        {othersOf(visit).map((person) => (
          <li key={person.id}>
            <span>{called(w, person)}</span>
            <span class="sk-subtle">{[person.title, person.organisation].filter((part) => part !== "").join(", ")}</span>
          </li>
        ))}
      </ul>
      <a class="ds-button sk-main-button" data-variant={ready ? undefined : "secondary"} href={visitHref(visit)} data-testid="join">
        {ready ? w.joinNow : w.join}
      </a>
    </section>
  );
}

function Visit(props: { readonly visit: DayVisit; readonly first: boolean; readonly mayReplace: boolean }) {
  const w = useWords();
  const { visit } = props;
  const about = aboutOf(visit);
  return (
    <li class="sk-day__visit" data-now={props.first || undefined} data-state={visit.state} data-testid="visit">
      <details>
        <summary data-testid={`visit-${visit.id}`}>
          <b class="sk-day__time sk-num">{clock(w, visit.starts)}</b>
          <span class="sk-day__who">
            <b>{called(w, about)}</b>
            <span>
              {othersOf(visit)
                .map((p) => called(w, p))
                .join(", ")}
            </span>
          </span>
          <State visit={visit} />
          <Icon name="down" size="sm" />
        </summary>
        <div class="sk-day__more">
          <ul aria-label={w.people}>
            {visit.people.map((person) => (
              <li key={person.id} class="sk-day__person">
                <span class="sk-day__name">
                  <span>{called(w, person)}</span>
                  <span class="sk-subtle sk-small">{[person.name === "" ? "" : person.title, person.organisation].filter((part) => part !== "").join(", ")}</span>
                </span>
                {props.mayReplace && byLink(person) && visit.state !== "ended" && <NewLinkButton consultation={visit.id} person={person} />}
              </li>
            ))}
          </ul>
          {visit.seat !== "" && visit.state !== "ended" && !props.first && (
            <p>
              <a class="ds-button" data-variant={visit.state === "planned" ? "secondary" : undefined} href={visitHref(visit)}>
                {w.join}
              </a>
            </p>
          )}
        </div>
      </details>
    </li>
  );
}

export function TodayPage(props: PageProps) {
  const house = useHouse();
  const w = useWords();
  const mayReplace = useMay("link.replace");
  const now = house.now.value;
  const today = dayOf(now);
  const wanted = props.query.get("date") ?? "";
  const day = partsOf(wanted) ? wanted : today;
  const isToday = day === today;
  const asking = useAsked(() => house.api("GET /day", { query: { date: day } }), [day]);

  const shownAt = useRef(now);
  useEffect(() => {
    // News comes by itself as long as somebody is there.
    if (now === shownAt.current || !house.active()) return;
    shownAt.current = now;
    void asking.refresh();
  }, [now]);

  const href = (by: number): string => {
    const to = dayAfter(day, by);
    return to === today ? "/" : `/?date=${to}`;
  };
  return (
    <div class="sk-page" data-wide>
      <header class="sk-head__row">
        <div>
          <Heading>{isToday ? w.dayTitle : w.dayTitleOther}</Heading>
          <p class="sk-lead" data-testid="date" aria-live="polite">
            {capital(date(w, noonOf(day)))}
          </p>
        </div>
        <nav class="sk-head__actions" aria-label={w.days}>
          <a class="ds-button" data-variant="tertiary" data-icon href={href(-1)} aria-label={w.dayBefore}>
            <Icon name="left" />
          </a>
          {!isToday && (
            <a class="ds-button" data-variant="tertiary" href="/">
              {w.toThisDay}
            </a>
          )}
          <a class="ds-button" data-variant="tertiary" data-icon href={href(1)} aria-label={w.dayAfter}>
            <Icon name="right" />
          </a>
        </nav>
      </header>
      <Shown of={asking} loading={w.dayLoading} rows={6}>
        {({ items, now: asOf }) => {
          if (items.length === 0) {
            return <Empty title={isToday ? w.dayEmptyToday : w.dayEmpty} text={w.dayEmptyText} />;
          }
          const next = isToday ? nextOf(items) : undefined;
          return (
            <div class="sk-day" data-next={next ? "" : undefined}>
              {next && <Next visit={next} now={now} />}
              <section class="sk-stack" data-gap="2" aria-label={w.dayList}>
                <ul class="sk-lines">
                  {[...items]
                    .sort((a, b) => a.starts - b.starts)
                    .map((visit) => (
                      <Visit key={visit.id} visit={visit} first={visit === next} mayReplace={mayReplace} />
                    ))}
                </ul>
                <p class="sk-subtle sk-xs sk-num">{w.updatedAt(clock(w, asOf))}</p>
              </section>
            </div>
          );
        }}
      </Shown>
    </div>
  );
}
