// The next two weeks, a day at a time; days without anything are left out.

import { dayOf } from "../../i18n/norway";
import { capital, date } from "../../i18n/time";
import { useAsked } from "../asked";
import { dayAfter, noonOf } from "../day";
import { useHouse, useMay } from "../house";
import { Empty, Heading, Shown } from "../parts";
import { coming } from "./board";
import { useVisitWords } from "./i18n/words";
import { DayRows } from "./list";
import { daysAhead, MineOrAll, useMineOnly, Views } from "./views";

export function ComingPage() {
  const house = useHouse();
  const w = useVisitWords();
  const mayReplace = useMay("link.replace");
  const now = house.now.value;
  const today = dayOf(now);
  const { mineOnly, own } = useMineOnly();
  const days = Array.from({ length: daysAhead }, (_, i) => dayAfter(today, i + 1));
  const asking = useAsked(() => house.api("GET /bookings", { query: { from: dayAfter(today, 1), days: String(daysAhead) } }), [today]);
  return (
    <div class="sk-page sk-board" data-wide>
      <header class="sk-board__head">
        <Heading size="md">{w.own.comingTitle}</Heading>
        <Views />
      </header>
      <Shown of={asking} loading={w.own.comingLoading} rows={6}>
        {({ items }) => {
          const groups = coming(days, mineOnly ? items.filter((b) => b.mine !== "") : items, now);
          return (
            <>
              {groups.length === 0 && <Empty title={w.own.comingEmpty} {...(own ? { text: w.own.comingEmptyText } : {})} />}
              <div class="sk-board__days">
                {groups.map(({ day, rows }) => (
                  <section key={day} class="sk-card" data-testid={`day-${day}`}>
                    <h2 class="ds-heading sk-card__head" data-size="xs">
                      {capital(day === days[0] ? `${w.own.tomorrow}, ${date(w.house, noonOf(day))}` : date(w.house, noonOf(day)))}
                    </h2>
                    <DayRows day={day} rows={rows} label={capital(date(w.house, noonOf(day)))} mayReplace={mayReplace} />
                  </section>
                ))}
              </div>
              <MineOrAll />
            </>
          );
        }}
      </Shown>
    </div>
  );
}
