// One's own day as a bar beside a proposed time, and the same in words.

import { useEffect, useRef, useState } from "preact/hooks";
import { dayOf, type Day } from "../../../i18n/norway";
import { clock, date } from "../../../i18n/time";
import { noonOf } from "../../day";
import { useHouse, useMay, useSession } from "../../house";
import type { BusySpan } from "../../wire";
import { barOf, inTheWay } from "../board";
import { useMineWords, type MineWords } from "./i18n/words";

const minute = 60_000; // ms

/** One's own days: what one is busy with, by day; null: it could not be had. */
export type Days = ReadonlyMap<Day, readonly BusySpan[] | null>;

/** Asks for each day once, when it is first needed. */
export function useOwnDays(days: readonly Day[]): Days {
  const { api } = useHouse();
  const me = useSession().person.id;
  const may = useMay("calendar.read");
  const [known, setKnown] = useState<Days>(new Map());
  const askedFor = useRef(new Set<Day>());
  const alive = useRef(true);
  useEffect(
    () => () => {
      alive.current = false;
    },
    [],
  );
  useEffect(() => {
    if (!may) return;
    const put = (day: Day, spans: readonly BusySpan[] | null): void => {
      if (alive.current) setKnown((before) => new Map(before).set(day, spans));
    };
    for (const day of days) {
      if (askedFor.current.has(day)) continue;
      askedFor.current.add(day);
      api("GET /calendar", { query: { from: day, days: "1" } }).then(
        (week) => put(day, week.people.find((p) => p.person === me)?.busy ?? []),
        () => put(day, null),
      );
    }
  }, [days.join(" "), may, me, api]);
  return known;
}

/** What is in the way of a time, in words; that nothing is. */
export function wayWords(w: MineWords, busy: readonly BusySpan[], at: { readonly starts: number; readonly ends: number }, booking: string): readonly string[] {
  const met = inTheWay(busy, at, booking);
  return met.length === 0 ? [w.mine.free] : [...new Set(met.map((span) => w.mine.inTheWay[span.kind](clock(w.house, span.starts), clock(w.house, span.ends))))];
}

/** The bar has no words of its own: they stand below it. before, after: minutes of travel that belong to the time. */
export function DayBar(props: { readonly busy: readonly BusySpan[] | null; readonly starts: number; readonly ends: number; readonly before: number; readonly after: number; readonly booking: string }) {
  const w = useMineWords();
  const { busy, starts, ends } = props;
  if (busy === null) return <p class="sk-subtle sk-small">{w.mine.barFailed}</p>;
  const day = dayOf(starts);
  const whole = { starts: starts - props.before * minute, ends: ends + props.after * minute };
  const travel: BusySpan[] = [
    { starts: whole.starts, ends: starts, kind: "travel", booking: props.booking },
    { starts: ends, ends: whole.ends, kind: "travel", booking: props.booking },
  ];
  const others = busy.filter((span) => !(span.booking !== "" && span.booking === props.booking));
  const { hours, pieces } = barOf(day, [...others, ...travel], { starts, ends });
  const words = wayWords(w, busy, whole, props.booking).join(". ");
  return (
    <div class="sk-daybar">
      <div class="sk-daybar__line" role="img" aria-label={`${w.mine.dayBar(date(w.house, noonOf(day)))}: ${words}`}>
        {pieces.map((piece, i) => (
          <i key={i} data-kind={piece.kind} style={{ left: `${piece.from}%`, width: `${piece.width}%` }} />
        ))}
      </div>
      <p class="sk-daybar__words">
        <span class="sk-num sk-subtle" aria-hidden="true">
          {w.house.clock(String(hours[0]).padStart(2, "0"), "00")}
        </span>
        <span>{words}</span>
        <span class="sk-num sk-subtle" aria-hidden="true">
          {w.house.clock(String(hours[1]).padStart(2, "0"), "00")}
        </span>
      </p>
    </div>
  );
}
