// NEWS2 in the panel: a number in a frame, a word and the times; what is missing by name; its points
// on request. It has no colour of a zone and alarms nobody.

import { useState } from "preact/hooks";
import type { NEWS2 } from "../gen/api";
import { clock } from "../i18n/time";
import { useApp } from "../ui/app";
import { Icon } from "../ui/icon";
import { useHealth } from "./host";
import { useHealthWords } from "./i18n/words";
import { isAir, kindName, kindOf, whole } from "./kinds";
import { listed, whenShort } from "./said";

export function News(props: { readonly news: NEWS2 }) {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const [open, setOpen] = useState(false);
  const { news } = props;
  const name = (kind: string) => kindName(state.kinds, kind, w.language);
  const there = news.missing.length === 0;
  const given = news.parts.find((p) => p.kind === "oxygen-given")?.values[0];
  const air = given === undefined ? "" : `, ${given > 0 ? w.oxygen : w.air}`;
  const small = there ? w.newsTimes(clock(w.time, news.from), clock(w.time, news.until), news.scale) + air : w.newsWithin(w.counts[news.parts.length] ?? String(news.parts.length));
  return (
    <section class="sk-news" data-testid="news2" aria-label="NEWS2">
      <span class="sk-news__score" data-testid="news2-score">
        {there ? news.total : "–"}
      </span>
      <span>
        <b>{there ? w.news(w.risks[news.risk] ?? "") : w.newsMissing(listed(w, news.missing.map((k) => name(k).toLowerCase())))}</b>
        <span class="sk-subtle sk-xs">{small}</span>
      </span>
      {there ? (
        <button class="ds-button" data-variant="tertiary" data-size="sm" type="button" data-testid="news2-points" aria-expanded={open} onClick={() => setOpen(!open)}>
          {w.points}
          <Icon name={open ? "down" : "right"} size="xs" />
        </button>
      ) : (
        app.call?.may.includes("ask") && (
          <button class="ds-button" data-variant="secondary" data-size="sm" type="button" data-testid="news2-ask" onClick={() => news.missing.forEach((kind) => desk.ask(kind))}>
            {w.askThem}
          </button>
        )
      )}
      {open && there && (
        <div class="sk-news__points">
          <dl>
            {news.parts.map((p) => (
              <div key={p.kind}>
                <dt>{name(p.kind)}</dt>
                <dd>
                  {isAir(p.kind, p.values) ? w.air : whole(kindOf(state.kinds, p.kind), p.values, w.language)}
                  <span class="sk-subtle">, {whenShort(w, p.at, app.now)}</span>
                </dd>
                <dd>
                  <b>{w.pointsOf(p.points)}</b>
                </dd>
              </div>
            ))}
          </dl>
          <p class="sk-subtle sk-xs">{w.newsSource}</p>
        </div>
      )}
    </section>
  );
}
