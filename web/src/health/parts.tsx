// Small parts that the panel, the trend and the entry share.

import type { ComponentChildren } from "preact";
import type { KindLimits, MeasuredKind, TrendPoint } from "../gen/api";
import type { Zone } from "../gen/protocol";
import { useHealthWords } from "./i18n/words";
import { zoneSaid } from "./said";
import { isColour, type Colour } from "./zone";

// A disc with a tick, a triangle, an octagon: the zone is told by shape, word and colour.
const shapes: Readonly<Record<Exclude<Colour, "">, string>> = {
  green: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.3 14.3-4-4 1.5-1.5 2.5 2.5 5.5-5.5 1.5 1.5z",
  yellow: "M10.3 3.6a2 2 0 0 1 3.4 0l8.3 14.3a2 2 0 0 1-1.7 3H3.7a2 2 0 0 1-1.7-3zM11 9v5.5h2V9zm0 7.2v2h2v-2z",
  red: "M8 2h8l6 6v8l-6 6H8l-6-6V8zm3 5v6.5h2V7zm0 8.5v2h2v-2z",
};

/** A zone, with the limit that was crossed. Nothing is drawn where the patient has no limits. */
export function ZoneMark(props: { readonly kind: MeasuredKind | undefined; readonly zone: Zone; readonly short?: boolean; readonly text?: string }) {
  const w = useHealthWords();
  const { colour } = props.zone;
  if (!isColour(colour)) return null;
  return (
    <span class="sk-zone" data-zone={colour}>
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={shapes[colour]} fill-rule="evenodd" />
      </svg>
      {props.text ?? (props.short ? w.colour[colour] : zoneSaid(w, props.kind, props.zone))}
    </span>
  );
}

const box = { width: 88, height: 28, inset: 3 };
const leastSpan = 0.06; // of the value: what the small picture's height is at least

/** The latest values as a small picture: the first number's curve, with the patient's green as a band. */
export function Spark(props: { readonly points: readonly TrendPoint[]; readonly limits: KindLimits | undefined }) {
  const values = props.points.map((p) => p.values[0]).filter((v): v is number => v !== undefined);
  if (values.length < 2) return <span class="sk-measure__spark" />;
  const low = props.limits?.limits[0]?.greenLow ?? null;
  const high = props.limits?.limits[0]?.greenHigh ?? null;
  // So little is never drawn as much: a per cent up and down is no alarm.
  const found = [Math.min(...values, high ?? Infinity), Math.max(...values, low ?? -Infinity)] as const;
  const middle = (found[0] + found[1]) / 2;
  const span = Math.max(found[1] - found[0], Math.abs(middle) * leastSpan) || 1;
  const least = middle - span / 2;
  const y = (v: number): number => box.height - box.inset - ((v - least) / span) * (box.height - 2 * box.inset);
  const clamped = (v: number): number => Math.min(box.height - box.inset, Math.max(box.inset, y(v)));
  const x = (i: number): number => box.inset + (i / (values.length - 1)) * (box.width - 2 * box.inset - 2);
  const points = values.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`);
  const top = high === null ? box.inset : clamped(high);
  const bottom = low === null ? box.height - box.inset : clamped(low);
  const last = values.at(-1) ?? 0;
  return (
    <svg class="sk-measure__spark" viewBox={`0 0 ${box.width} ${box.height}`} aria-hidden="true" focusable="false">
      {(low !== null || high !== null) && <rect class="sk-band" x="0" y={top} width={box.width} height={Math.max(0, bottom - top)} rx="2" />}
      <polyline class="sk-line" points={points.join(" ")} />
      <circle class="sk-dot" cx={x(values.length - 1)} cy={y(last)} r="3" />
    </svg>
  );
}

/** A curve that runs. */
export function RunningCurve(props: { readonly points: readonly { readonly at: number; readonly values: readonly number[] }[] }) {
  return <Spark points={props.points.map((p) => ({ at: p.at, values: [...p.values], colour: "" as const }))} limits={undefined} />;
}

const icons = {
  up: "M12 20V5M5.5 11.5 12 5l6.5 6.5",
  down: "M12 4v15M5.5 12.5 12 19l6.5-6.5",
  same: "M4 12h15M12.5 5.5 19 12l-6.5 6.5",
  both: "M8 20V5M4 9l4-4 4 4M16 4v15M12 15l4 4 4-4",
  chart: "M4 4v14.5a1.5 1.5 0 0 0 1.5 1.5H20M7.5 15l4-5 3 3 4.5-6.5",
  table: "M5 4.5h14A1.5 1.5 0 0 1 20.5 6v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18V6A1.5 1.5 0 0 1 5 4.5zM3.5 9.5h17M3.5 14.5h17M10 9.5v10",
  erase: "M9 5.5h10A1.5 1.5 0 0 1 20.5 7v10a1.5 1.5 0 0 1-1.5 1.5H9L3.5 12zM11.5 9.5l5 5M16.5 9.5l-5 5",
  point: "M9 13.5V5.4a1.5 1.5 0 0 1 3 0v5.6l5.2 1.1a2 2 0 0 1 1.6 2.2l-.5 3.7a3 3 0 0 1-3 2.5h-3.2a4 4 0 0 1-3.2-1.6L5.3 14.6a1.4 1.4 0 0 1 2-1.9z",
} as const;

/** The icons that only measurements need: they come with them. */
export function Glyph(props: { readonly name: keyof typeof icons; readonly size?: "xs" | "sm" | "md" }) {
  return (
    <svg class="sk-icon" data-size={props.size ?? "xs"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={icons[props.name]} />
    </svg>
  );
}

/** A choice of one among few, all in sight. */
export function Choice<T extends string>(props: {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly text: ComponentChildren }[];
  readonly value: T;
  readonly testid: string;
  readonly onChoose: (value: T) => void;
}) {
  return (
    <div class="sk-segments" role="group" aria-label={props.label}>
      {props.options.map((o) => (
        <button key={o.value} class="ds-button" data-size="sm" type="button" data-testid={`${props.testid}-${o.value}`} aria-pressed={o.value === props.value} onClick={() => props.onChoose(o.value)}>
          {o.text}
        </button>
      ))}
    </div>
  );
}
