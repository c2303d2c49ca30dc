// The day. Who has a part in a consultation sees the next one first, with one large button, and
// their day beside it; whoever coordinates sees all of the organisation's, and can send new links.

import { useEffect, useRef } from "preact/hooks";
import { dayOf, partsOf, type Day } from "../i18n/norway";
import { capital, clock, date } from "../i18n/time";
import { Icon } from "../ui/icon";
import { useAsked } from "./asked";
import { dayAfter, noonOf } from "./day";
import { useHouse, useMay, useSession, type PageProps } from "./house";
import { Empty, Heading, Notice, Shown } from "./parts";
import { nextOf, rowsOf } from "./visits/board";
import { useVisitWords } from "./visits/i18n/words";
import { DayRows } from "./visits/list";
import { Next } from "./visits/next";
import { headlineOf } from "./visits/said";
import { daysAhead, MineOrAll, useMineOnly, Views } from "./visits/views";
import "./visits/visits.css";
import type { BusySpan } from "./wire";

/** What one is busy with beside the consultations; null: it could not be had. */
function useBusy(day: Day): readonly BusySpan[] | null {
  const house = useHouse();
  const session = useSession();
  const { own } = useMineOnly();
  const may = useMay("calendar.read") && own;
  const asking = useAsked(async () => {
    if (!may) return [];
    const week = await house.api("GET /calendar", { query: { from: day, days: "1" } });
    return week.people.find((p) => p.person === session.person.id)?.busy ?? [];
  }, [day, may]);
  return asking.asked.status === "failed" ? null : (asking.asked.value ?? []);
}

/** How many wait for an answer from oneself. */
function useAskedOf(now: number): number {
  const house = useHouse();
  const may = useMay("consultation.answer");
  const asking = useAsked(async () => (may ? (await house.api("GET /waiting")).items.filter((item) => item.kind === "asked").length : 0), [may]);
  const at = useRef(now);
  useEffect(() => {
    if (now - at.current < 60_000 || !house.active()) return; // a minute is soon enough for what has days
    at.current = now;
    void asking.refresh();
  }, [now]);
  return asking.asked.value ?? 0;
}

export function TodayPage(props: PageProps) {
  const house = useHouse();
  const w = useVisitWords();
  const mayReplace = useMay("link.replace");
  const mayJoin = useMay("consultation.join"); // who coordinates in this role has no seat, also where the same person has one in another
  const now = house.now.value;
  const today = dayOf(now);
  const wanted = props.query.get("date") ?? "";
  const day = partsOf(wanted) ? wanted : today;
  const isToday = day === today;
  const { mineOnly } = useMineOnly();
  const busy = useBusy(day);
  const waiting = useAskedOf(now);
  const asking = useAsked(() => house.api("GET /bookings", { query: { from: day, days: "1" } }), [day]);

  const shownAt = useRef(now);
  useEffect(() => {
    // News comes by itself as long as somebody is there.
    if (now === shownAt.current || !house.active()) return;
    shownAt.current = now;
    void asking.refresh();
  }, [now]);

  const href = (by: number): string => {
    const to = dayAfter(day, by);
    const next = new URLSearchParams(props.query); // whose days they are stays
    if (to === today) next.delete("date");
    else next.set("date", to);
    return next.size > 0 ? `/?${next}` : "/";
  };
  const title = isToday ? w.house.dayTitle : w.house.dayTitleOther;
  return (
    <div class="sk-page sk-board" data-wide>
      <header class="sk-board__head">
        <div class="sk-board__title">
          <Heading size="md">{title}</Heading>
          <p class="sk-subtle" data-testid="date" aria-live="polite">
            {capital(date(w.house, noonOf(day)))}
          </p>
        </div>
        <nav class="sk-head__actions" aria-label={w.house.days}>
          <a class="ds-button" data-variant="tertiary" data-icon href={href(-1)} aria-label={w.house.dayBefore}>
            <Icon name="left" />
          </a>
          {!isToday && (
            <a class="ds-button" data-variant="tertiary" href="/">
              {w.house.toThisDay}
            </a>
          )}
          <a class="ds-button" data-variant="tertiary" data-icon href={href(1)} aria-label={w.house.dayAfter}>
            <Icon name="right" />
          </a>
        </nav>
        <Views />
      </header>
      {waiting > 0 && (
        <a class="sk-board__asked" href="/answers" data-testid="asked">
          <Icon name="bell" size="sm" />
          <span>{w.own.waiting(waiting)}</span>
          <Icon name="right" size="sm" />
        </a>
      )}
      <Shown of={asking} loading={w.house.dayLoading} rows={6}>
        {(answer) => {
          const items = mineOnly ? answer.items.filter((b) => b.mine !== "") : answer.items;
          const rows = rowsOf(day, items, mineOnly ? (busy ?? []) : [], now);
          const next = isToday && mayJoin ? nextOf(items, now) : undefined;
          const told = (booking: (typeof items)[number]): void => asking.set({ ...answer, items: answer.items.map((b) => (b.id === booking.id ? booking : b)) });
          return (
            <div class="sk-board__two" data-next={next ? "" : undefined}>
              {next && <Next key={next.id} booking={next} now={now} onTold={told} />}
              <div class="sk-stack" data-gap="3">
                {items.length === 0 && (isToday && mineOnly ? <NothingToday now={now} /> : <Empty title={isToday ? w.house.dayEmptyToday : w.house.dayEmpty} text={w.house.dayEmptyText} />)}
                {rows.length > 0 && (
                  <section class="sk-card" aria-labelledby="day-list">
                    <h2 class="ds-sr-only" id="day-list">
                      {w.house.dayList}
                    </h2>
                    <DayRows day={day} rows={rows} label={w.house.dayList} mayReplace={mayReplace} next={next} />
                  </section>
                )}
                {busy === null && mineOnly && <Notice kind="offline">{w.own.busyFailed}</Notice>}
                <div class="sk-board__foot">
                  <p class="sk-subtle sk-xs sk-num">{w.house.updatedAt(clock(w.house, answer.now))}</p>
                  <MineOrAll />
                </div>
              </div>
            </div>
          );
        }}
      </Shown>
    </div>
  );
}

/** Nothing today: what is next. */
function NothingToday(props: { readonly now: number }) {
  const house = useHouse();
  const w = useVisitWords();
  const today = dayOf(props.now);
  const asking = useAsked(() => house.api("GET /bookings", { query: { from: dayAfter(today, 1), days: String(daysAhead) } }), [today]);
  const items = asking.asked.value?.items;
  const next = items && nextOf(items, props.now);
  return (
    <Empty title={w.own.emptyMine} {...(items ? { text: next ? headlineOf(w, next, props.now) : w.own.emptyNone } : {})}>
      {next && (
        <a class="ds-button" data-variant="secondary" href="/coming">
          {w.own.comingShort}
        </a>
      )}
    </Empty>
  );
}
