// The wound's area over time: a chart, and the table that has the same and all else. The arithmetic of
// the chart is the measurements'. It draws the wound's own assessments and not the trend of the kind
// wound-area: a patient with two wounds has two curves.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { daysOf, nearest, scaleOf } from "../health/scale";
import { sameDay } from "../i18n/time";
import { Choice, Glyph, useReader, WrongMark } from "./parts";
import { areasOf, dayShort, dayText, number, sizeText, tissueText, whoText } from "./said";
import { counts, type Assessment } from "./types";

const edge = { left: 38, right: 56, top: 12, bottom: 28 }; // px

function Chart(props: { readonly all: readonly Assessment[] }) {
  const { w, now } = useReader();
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0, em: 16 });
  const [at, setAt] = useState(-1);
  const points = areasOf(props.all);

  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return undefined;
    const measure = () => setSize({ width: el.clientWidth, height: el.clientHeight, em: parseFloat(getComputedStyle(document.documentElement).fontSize) });
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(el);
    return () => watch.disconnect();
  }, []);

  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return <p class="sk-subtle">{w.tooFew}</p>;
  const grow = size.em / 16; // 200 % text needs its room at the edges, too
  const plot = { left: edge.left * grow, width: Math.max(10, size.width - (edge.left + edge.right) * grow), height: Math.max(10, size.height - (edge.top + edge.bottom) * grow) };
  const scale = scaleOf([0, ...points.map((p) => p.area)], Math.max(2, Math.floor(plot.height / (48 * grow)))); // from nothing: half as large is half as high
  const x = (t: number): number => plot.left + ((t - first.at) / (last.at - first.at || 1)) * plot.width;
  const y = (v: number): number => edge.top * grow + (1 - (v - scale.least) / (scale.most - scale.least || 1)) * plot.height;
  const foot = edge.top * grow + plot.height;
  const cursor = Math.min(at, points.length - 1);
  const here = points[cursor];
  const said = (p: { readonly at: number; readonly area: number }): string => `${dayText(w, p.at, now)}: ${number(w, p.area)}\u00a0cm²`;
  return (
    <div class="sk-wound__chart">
      <p class="sk-wound__said" aria-hidden="true">
        {said(here ?? last)}
      </p>
      <div
        ref={box}
        class="sk-wound__plot"
        data-testid="wound-chart"
        data-points={points.length}
        tabIndex={0}
        role="slider"
        aria-label={w.chartOf(points.length, `${number(w, first.area)} cm²`, `${number(w, last.area)} cm²`)}
        aria-valuemin={1}
        aria-valuemax={points.length}
        aria-valuenow={(cursor < 0 ? points.length - 1 : cursor) + 1}
        aria-valuetext={said(here ?? last)}
        onKeyDown={(event) => {
          const from = cursor < 0 ? points.length - 1 : cursor;
          const to = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, Home: 0, End: points.length - 1 }[event.key];
          if (to === undefined) return;
          setAt(Math.max(0, Math.min(points.length - 1, to)));
          event.preventDefault();
        }}
        onPointerMove={(event) => {
          const rect = event.currentTarget.getBoundingClientRect();
          setAt(nearest(points.map((p) => p.at), first.at + ((event.clientX - rect.left - plot.left) / plot.width) * (last.at - first.at)));
        }}
        onPointerLeave={() => setAt(-1)}
      >
        {size.width > 0 && (
          <svg width={size.width} height={size.height} viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true" focusable="false">
            {scale.ticks.map((t) => (
              <g key={t}>
                <path data-part="grid" d={`M${plot.left} ${y(t)}H${plot.left + plot.width}`} />
                <text x={plot.left - 8} y={y(t) + 4} text-anchor="end">
                  {number(w, t, 0)}
                </text>
              </g>
            ))}
            {daysOf(first.at, last.at, Math.max(2, Math.floor(plot.width / (90 * grow)))).map((t) => (
              <text key={t} x={x(t)} y={foot + 20 * grow} text-anchor="middle">
                {dayShort(w, t)}
              </text>
            ))}
            <path data-part="line" d={points.map((p, i) => `${i === 0 ? "M" : "L"}${x(p.at).toFixed(1)} ${y(p.area).toFixed(1)}`).join("")} />
            {points.map((p) => (
              <circle key={p.id} data-part="dot" cx={x(p.at)} cy={y(p.area)} r={p === here ? 6 : 4} />
            ))}
            <text data-strong x={plot.left + plot.width + 10} y={y(last.area) + 4}>
              {number(w, last.area)}
            </text>
            {here && <path data-part="cursor" d={`M${x(here.at)} ${edge.top * grow}V${foot}`} />}
          </svg>
        )}
      </div>
    </div>
  );
}

function Table(props: { readonly all: readonly Assessment[]; readonly onCorrect: ((a: Assessment) => void) | null }) {
  const { w, now } = useReader();
  const { onCorrect } = props;
  const c = w.columns;
  return (
    <div class="sk-wound__scroll" tabIndex={0} role="region" aria-label={w.all} data-testid="wound-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{c.day}</th>
            <th scope="col">{c.size}, cm</th>
            <th scope="col">{c.area}, cm²</th>
            <th scope="col">{c.tissue}</th>
            <th scope="col">{c.pain}</th>
            <th scope="col">{c.by}</th>
          </tr>
        </thead>
        <tbody>
          {props.all.map((a) => {
            const wrong = !counts(a);
            const text = (v: string) => (v === "" ? "–" : wrong ? <s>{v}</s> : v);
            return (
              <tr key={a.id} data-wrong={wrong || undefined} data-testid="wound-row">
                <th scope="row">
                  {sameDay(a.at, now) ? dayText(w, a.at, now) : dayShort(w, a.at)}
                  <WrongMark of={a} text={w.wrong} />
                  {onCorrect && !wrong && (
                    <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" data-testid={`correct-${a.id}`} aria-label={w.correctOf(dayText(w, a.at, now).toLowerCase())} onClick={() => onCorrect(a)}>
                      {w.correct}
                    </button>
                  )}
                </th>
                <td>{text(sizeText(w, a))}</td>
                <td>{text(a.area === null ? "" : number(w, a.area))}</td>
                <td>{text(a.tissue ? tissueText(w, a.tissue) : "")}</td>
                <td>{text(a.pain === null ? "" : String(a.pain))}</td>
                <td>{whoText(w, a)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** onCorrect: an assessment is opened to be corrected; null: the reader may not. */
export function OverTime(props: { readonly all: readonly Assessment[]; readonly onCorrect: ((a: Assessment) => void) | null }) {
  const { w } = useReader();
  const [view, setView] = useState<"chart" | "table">("chart");
  if (props.all.length === 0) return null;
  return (
    <section class="sk-wound__part" aria-labelledby="wound-time">
      <div class="sk-wound__head">
        <h3 class="ds-heading" data-size="2xs" id="wound-time">
          {w.overTime}
        </h3>
        <Choice
          label={w.view}
          testid="wound-view"
          value={view}
          options={[
            { value: "chart", text: <><Glyph name="chart" />{w.chart}</> },
            { value: "table", text: <><Glyph name="table" />{w.table}</> },
          ]}
          onChoose={setView}
        />
      </div>
      {view === "chart" ? <Chart all={props.all} /> : <Table all={props.all} onCorrect={props.onCorrect} />}
    </section>
  );
}

