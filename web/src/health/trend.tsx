// One kind over time: the chart and its twin, the table. The panel widens for it; nothing covers
// the picture.

import { useEffect, useRef } from "preact/hooks";
import type { Measurement } from "../gen/protocol";
import { capital, clock } from "../i18n/time";
import { useApp } from "../ui/app";
import { Icon } from "../ui/icon";
import { Chart } from "./chart";
import { Correct } from "./correct";
import { useHealth } from "./host";
import { useHealthWords } from "./i18n/words";
import { kindName, kindOf, unitText, valueText } from "./kinds";
import { Choice, Glyph, ZoneMark } from "./parts";
import { Loading, PointButton, RunningRows, useNames } from "./rows";
import { dateLong, dayText, limitsText, meanText, meta, source } from "./said";
import { periods, type OpenTrend } from "./state";

/** Whether a value is the reader's own to correct. */
function own(m: Measurement, name: string, role: string): boolean {
  return m.by === name && m.role === role && m.status !== "entered-in-error";
}

function Table(props: { readonly trend: OpenTrend }) {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const { trend } = props;
  const kind = kindOf(state.kinds, trend.kind);
  const from = trend.data?.from ?? 0;
  const shown = trend.values.filter((m) => m.measuredAt >= from);
  const goesOn = trend.next !== "" && shown.length === trend.values.length;
  const self = app.call?.participants.find((p) => p.id === app.call?.self);
  const mine = (m: Measurement): boolean => (state.panel?.mayMeasure ?? false) && own(m, self?.name ?? "", self?.role ?? "");
  const corrects = shown.some(mine);
  const unit = unitText(kind);
  const name = kindName(state.kinds, trend.kind, w.language);
  const pointedAt = new Set(Object.values(state.pointed).map((t) => t.measurement));
  return (
    <div class="sk-scroll" tabIndex={0} role="region" aria-label={`${name}: ${w.table}`} data-testid="trend-table">
      <table class="sk-table">
        <thead>
          <tr>
            <th scope="col">{w.columns.date}</th>
            <th scope="col">{w.columns.time}</th>
            <th scope="col">{w.columns.value(name, unit)}</th>
            <th scope="col">{w.columns.zone}</th>
            <th scope="col">{w.columns.by}</th>
            {corrects && <th scope="col">{w.columns.do}</th>}
          </tr>
        </thead>
        <tbody>
          {shown.map((m) => {
            const wrong = m.status === "entered-in-error";
            const value = valueText(kind, m.values, w.language);
            return (
              <tr key={m.id} data-wrong={wrong || undefined} data-pointed={pointedAt.has(m.id) || undefined}>
                <td>{dayText(w, m.measuredAt, app.now)}</td>
                <td class="sk-num">{clock(w.time, m.measuredAt)}</td>
                <td class="sk-num">
                  {state.pointing ? (
                    <button class="sk-inline" type="button" aria-pressed={pointedAt.has(m.id)} onClick={() => desk.point({ kind: m.kind, measurement: m.id, at: 0 })}>
                      {value}
                    </button>
                  ) : wrong ? (
                    <s>{value}</s>
                  ) : (
                    <b>{value}</b>
                  )}
                </td>
                <td>{wrong ? <span class="sk-subtle">{w.doesNotCount}</span> : m.zone.colour === "" ? <span class="sk-subtle">{w.noValue}</span> : <ZoneMark kind={kind} zone={m.zone} short />}</td>
                <td>{m.corrected ? meta(w, m, app.now) : capital(source(w, m))}</td>
                {corrects && (
                  <td>
                    {mine(m) && (
                      <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" data-testid="wrong" aria-label={`${w.wrong}: ${value}`} onClick={() => desk.correct(m)}>
                        {w.wrong}
                      </button>
                    )}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown.length === 0 && <p class="sk-subtle sk-table__none">{w.chartEmpty}</p>}
      {goesOn && (
        <button class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid="more-values" aria-disabled={trend.more || undefined} onClick={() => desk.moreValues()}>
          {trend.more ? w.loadingMore : w.more}
        </button>
      )}
    </div>
  );
}

function Body(props: { readonly trend: OpenTrend; readonly name: string }) {
  const { desk, state } = useHealth();
  const w = useHealthWords();
  const { trend } = props;
  const kind = kindOf(state.kinds, trend.kind);
  if (trend.view === "table") return <Table trend={trend} />;
  if (!trend.data && trend.reading === "failed") {
    return (
      <div class="sk-notice" data-kind="error">
        <Icon name="info" size="sm" />
        <b>{w.trendFailed}</b>
        <span>{w.failedText}</span>
        <div class="sk-row">
          <button class="ds-button" data-size="sm" data-variant="secondary" type="button" onClick={() => desk.setPeriod(trend.period)}>
            {w.tryAgain}
          </button>
        </div>
      </div>
    );
  }
  if (!trend.data || !kind) return <Loading />;
  if (trend.data.points.length === 0) {
    return (
      <div class="sk-empty">
        <h3 class="ds-heading" data-size="2xs">
          {w.chartEmpty}
        </h3>
        <p class="sk-subtle">{w.chartEmptyText}</p>
      </div>
    );
  }
  return <Chart kind={kind} data={trend.data} period={w.periods[trend.period]} name={props.name} />;
}

export function TrendView(props: { readonly trend: OpenTrend }) {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const nameOf = useNames();
  const heading = useRef<HTMLHeadingElement>(null);
  const { trend } = props;
  const { data } = trend;
  const kind = kindOf(state.kinds, trend.kind);
  const name = kindName(state.kinds, trend.kind, w.language);
  const latest = state.panel?.rows.find((r) => r.kind === trend.kind)?.latest;
  const limits = limitsText(w, kind, data?.limits ?? null);
  const setBy = data ? [w.roles[data.set.setRole] ?? "", data.set.setBy].filter((part) => part !== "").join(" ") : "";
  const pointing = Object.entries(state.pointed).filter(([id, t]) => t.kind === trend.kind && id !== app.call?.self);

  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      if (state.pointing) desk.setPointing(false);
      else if (state.correcting) desk.correct(null);
      else desk.closeTrend();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [desk, state.pointing, state.correcting !== null]);

  return (
    <section class="sk-trend" aria-labelledby="trend-name" data-testid="trend" data-kind={trend.kind} data-reading={trend.reading}>
      <header class="sk-trend__head">
        <div>
          <button class="sk-trend__back" type="button" data-testid="trend-back" onClick={() => desk.closeTrend()}>
            <Icon name="back" size="xs" />
            {w.back}
          </button>
          <h2 ref={heading} class="ds-heading" data-size="md" id="trend-name" tabIndex={-1}>
            {name}
          </h2>
        </div>
        {latest && (
          <div class="sk-trend__latest">
            <span class="sk-measure__value">
              {latest.status === "entered-in-error" ? <s>{valueText(kind, latest.values, w.language)}</s> : <b>{valueText(kind, latest.values, w.language)}</b>}
              <span>{unitText(kind)}</span>
            </span>
            <span class="sk-row">
              {latest.status !== "entered-in-error" && <ZoneMark kind={kind} zone={latest.zone} />}
              <span class="sk-subtle sk-xs">
                {dayText(w, latest.measuredAt, app.now).toLowerCase()} {clock(w.time, latest.measuredAt)}
              </span>
            </span>
          </div>
        )}
      </header>
      <RunningRows />
      <p class="sk-subtle">{data && (limits === "" ? w.noLimitsFor : w.limitsAre(limits, setBy, dateLong(w, data.set.setAt)))}</p>
      <div class="sk-trend__choices">
        <Choice label={w.period} testid="period" value={trend.period} options={periods.map((p) => ({ value: p, text: w.periods[p] }))} onChoose={(p) => desk.setPeriod(p)} />
        <Choice
          label={w.view}
          testid="view"
          value={trend.view}
          options={[
            { value: "chart", text: <><Glyph name="chart" />{w.chart}</> },
            { value: "table", text: <><Glyph name="table" />{w.table}</> },
          ]}
          onChoose={(v) => desk.setView(v)}
        />
        <PointButton />
      </div>
      {pointing.length > 0 && (
        <p class="sk-status" data-state="new" data-testid="pointed">
          <Glyph name="point" />
          {pointing.map(([id]) => w.pointsAt(nameOf(id))).join(". ")}
        </p>
      )}
      <Correct />
      <div class="sk-trend__body">
        <Body trend={trend} name={name} />
      </div>
      <dl class="sk-trend__means">
        <div>
          <dt>{w.week}</dt>
          <dd>{meanText(w, kind, data?.week ?? [])}</dd>
        </div>
        <div>
          <dt>{trend.period === "all" ? w.meanAll : w.mean(w.periods[trend.period])}</dt>
          <dd>{meanText(w, kind, data?.mean ?? [])}</dd>
        </div>
        <div>
          <dt>{w.outside}</dt>
          <dd>{data && data.limits ? w.ofAll(data.out, data.total) : w.noValue}</dd>
        </div>
      </dl>
    </section>
  );
}
