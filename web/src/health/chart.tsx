// A trend as a picture: the patient's green as a band with its numbers written, values outside of
// it as triangles. Its points are read with the arrow keys; the table beside it has the same.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { MeasuredKind, Trend, TrendPoint } from "../gen/api";
import type { Target } from "../gen/protocol";
import { clock } from "../i18n/time";
import { useApp } from "../ui/app";
import { useHealth } from "./host";
import { useHealthWords } from "./i18n/words";
import { number, valueText, whole } from "./kinds";
import { ZoneMark } from "./parts";
import { useNames } from "./rows";
import { dateShort, dayText, limitText } from "./said";
import { daysOf, nearest, scaleOf } from "./scale";

const edge = { left: 44, right: 92, top: 12, bottom: 30 }; // px
const everyPoint = 160; // more points than this are a line alone, and what lies outside

/** What a component's value is by the patient's limits of it. */
function colourOf(data: Trend, component: number, v: number): "" | "yellow" | "red" {
  const l = data.limits?.limits[component];
  if (!l) return "";
  if ((l.yellowHigh !== null && v > l.yellowHigh) || (l.yellowLow !== null && v < l.yellowLow)) return "red";
  if ((l.greenHigh !== null && v > l.greenHigh) || (l.greenLow !== null && v < l.greenLow)) return "yellow";
  return "";
}

export function Chart(props: { readonly kind: MeasuredKind; readonly data: Trend; readonly period: string; readonly name: string }) {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const nameOf = useNames();
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0, em: 16 });
  const [at, setAt] = useState(-1);
  const { kind, data } = props;
  const { points } = data;
  const self = app.call?.self ?? "";

  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return undefined;
    const measure = () => setSize({ width: el.clientWidth, height: el.clientHeight, em: parseFloat(getComputedStyle(document.documentElement).fontSize) });
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(el);
    return () => watch.disconnect();
  }, []);

  const grow = size.em / 16; // 200 % text needs its room at the edges, too
  const narrow = size.width < 420 * grow;
  const left = edge.left * grow;
  const right = (narrow ? 14 : edge.right) * grow;
  const plot = { width: Math.max(10, size.width - left - right), height: Math.max(10, size.height - (edge.top + edge.bottom) * grow) };
  const limits = (data.limits?.limits ?? []).flatMap((l) => [l.greenLow, l.greenHigh]).filter((v): v is number => v !== null);
  const numbers = points.flatMap((p) => p.values);
  const y0 = scaleOf([...numbers, ...limits], Math.max(2, Math.floor(plot.height / (64 * grow))));
  const x = (t: number): number => left + ((t - data.from) / (data.until - data.from || 1)) * plot.width;
  const y = (v: number): number => edge.top * grow + (1 - (v - y0.least) / (y0.most - y0.least || 1)) * plot.height;
  const decimals = (i: number): number => kind.components[i]?.decimals ?? 0;
  const foot = edge.top * grow + plot.height;
  const cursor = Math.min(at, points.length - 1);
  const here = points[cursor];
  const saidOf = (p: TrendPoint): string => `${dayText(w, p.at, app.now)} ${clock(w.time, p.at)}: ${whole(kind, p.values, w.language)}`;
  const pointAt = (p: TrendPoint | undefined) => {
    if (p) desk.point({ kind: kind.id, measurement: "", at: p.at, value: p.values[0] ?? 0 });
  };
  const marks = Object.entries(state.pointed).filter(([, t]) => t.kind === kind.id && t.at > 0);
  const [first] = points;
  const last = points.at(-1);

  const onMove = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect();
    if (rect) setAt(nearest(points.map((p) => p.at), data.from + ((event.clientX - rect.left - left) / plot.width) * (data.until - data.from)));
  };

  return (
    <div class="sk-chart">
      <p class="sk-chart__said" aria-hidden="true">
        {here && (
          <>
            <b>{saidOf(here)}</b>
            <ZoneMark kind={kind} zone={{ colour: here.colour, crossed: [] }} short />
          </>
        )}
      </p>
      <div
        ref={box}
        class="sk-chart__box"
        data-testid="chart"
        data-points={points.length}
        tabIndex={0}
        role="slider"
        aria-label={w.chartOf(props.name, props.period, data.total, first ? valueText(kind, first.values, w.language) : "", last ? valueText(kind, last.values, w.language) : "")}
        aria-valuemin={1}
        aria-valuemax={points.length}
        aria-valuenow={(cursor < 0 ? points.length - 1 : cursor) + 1}
        aria-valuetext={saidOf(here ?? last ?? { at: data.until, values: [], colour: "" }) + (here?.colour ? `. ${w.colour[here.colour]}` : "")}
        onKeyDown={(event) => {
          const from = cursor < 0 ? points.length : cursor;
          const to = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, PageUp: from + 10, PageDown: from - 10, Home: 0, End: points.length - 1 }[event.key];
          if (to !== undefined) setAt(Math.max(0, Math.min(points.length - 1, to)));
          else if ((event.key === "Enter" || event.key === " ") && state.pointing) pointAt(here ?? last);
          else return;
          event.preventDefault();
        }}
        onPointerMove={onMove}
        onPointerLeave={() => setAt(-1)}
        onClick={(event) => {
          if (!state.pointing) return;
          const rect = event.currentTarget.getBoundingClientRect();
          pointAt(points[nearest(points.map((p) => p.at), data.from + ((event.clientX - rect.left - left) / plot.width) * (data.until - data.from))]);
        }}
      >
        {size.width > 0 && (
          <svg width={size.width} height={size.height} viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true" focusable="false">
            {y0.ticks.map((t) => (
              <g key={t}>
                <path class="sk-grid" d={`M${left} ${y(t)}H${left + plot.width}`} />
                <text x={left - 8} y={y(t) + 4} text-anchor="end">
                  {number(t, 0, w.language)}
                </text>
              </g>
            ))}
            {daysOf(data.from, data.until, Math.max(2, Math.floor(plot.width / (110 * grow)))).map((t) => (
              <g key={t}>
                <path class="sk-tickmark" d={`M${x(t)} ${foot}v5`} />
                <text x={x(t)} y={foot + 22 * grow} text-anchor="middle">
                  {dateShort(w, t)}
                </text>
              </g>
            ))}
            {kind.components.map((c, i) => {
              const l = data.limits?.limits[i];
              const text = l ? limitText(w, l.greenLow, l.greenHigh, c.decimals) : "";
              if (!l || text === "") return null;
              const top = l.greenHigh === null ? edge.top * grow : y(l.greenHigh);
              const bottom = l.greenLow === null ? foot : y(l.greenLow);
              return (
                <g key={c.id}>
                  <rect class="sk-band" x={left} y={top} width={plot.width} height={Math.max(0, bottom - top)} />
                  {[l.greenLow, l.greenHigh].map((v) => v !== null && <path key={v} class="sk-limit" d={`M${left} ${y(v)}H${left + plot.width}`} />)}
                  {kind.components.length === 1 && [l.yellowLow, l.yellowHigh].map((v) => v !== null && v > y0.least && v < y0.most && (
                    <g key={v}>
                      <path class="sk-limit" data-red d={`M${left} ${y(v)}H${left + plot.width}`} />
                      <text x={left + 8} y={y(v) - 5}>{`${w.colour.red} ${v === l.yellowHigh ? w.over(number(v, c.decimals, w.language)) : w.under(number(v, c.decimals, w.language))}`}</text>
                    </g>
                  ))}
                  <text x={left + 8} y={bottom - 7}>
                    {w.limit(text)}
                  </text>
                </g>
              );
            })}
            {kind.components.map((c, i) => {
              const shown = points.filter((p) => p.values[i] !== undefined);
              const path = shown.map((p, n) => `${n === 0 ? "M" : "L"}${x(p.at).toFixed(1)} ${y(p.values[i]!).toFixed(1)}`).join("");
              return (
                <g key={c.id}>
                  <path class="sk-line" data-second={i > 0 || undefined} d={path} />
                  {shown.map((p) => {
                    const v = p.values[i]!;
                    const colour = colourOf(data, i, v);
                    const [cx, cy] = [x(p.at), y(v)];
                    if (colour === "") return shown.length > everyPoint ? null : <circle key={p.at} class="sk-dot" data-second={i > 0 || undefined} cx={cx} cy={cy} r="3" />;
                    return <path key={p.at} class="sk-outside" data-zone={colour} d={`M${cx.toFixed(1)} ${(cy - 6).toFixed(1)}l5.5 9.5h-11z`} />;
                  })}
                  {!narrow && last?.values[i] !== undefined && (
                    <>
                      <text data-strong x={left + plot.width + 12} y={y(last.values[i]!)}>
                        {number(last.values[i]!, decimals(i), w.language)}
                      </text>
                      {c.id !== "" && (
                        <text x={left + plot.width + 12} y={y(last.values[i]!) + 18 * grow}>
                          {c.words[w.language].toLowerCase()}
                        </text>
                      )}
                    </>
                  )}
                </g>
              );
            })}
            {here && <path class="sk-cursor" d={`M${x(here.at)} ${edge.top * grow}V${foot}`} />}
            {marks.map(([id, t]) => (
              <Mark key={id} target={t} name={id === self ? w.youPoint : w.pointsAt(nameOf(id))} x={x(t.at)} y={t.value === undefined ? null : y(t.value)} left={left} right={left + plot.width} top={edge.top * grow} foot={foot} />
            ))}
          </svg>
        )}
      </div>
    </div>
  );
}

/** Where somebody points in the curve, with their name. */
function Mark(props: { readonly target: Target; readonly name: string; readonly x: number; readonly y: number | null; readonly left: number; readonly right: number; readonly top: number; readonly foot: number }) {
  if (props.x < props.left || props.x > props.right) return null; // in another period
  const leftwards = props.x > (props.left + props.right) / 2;
  return (
    <g class="sk-mark" data-testid="mark">
      <path d={`M${props.x} ${props.top}V${props.foot}`} />
      {props.y !== null && <circle cx={props.x} cy={props.y} r="9" />}
      <text data-strong x={props.x + (leftwards ? -12 : 12)} y={props.top + 14} text-anchor={leftwards ? "end" : "start"}>
        {props.name}
      </text>
    </g>
  );
}
