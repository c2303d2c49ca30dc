// What lies over a picture: its strokes with who drew them, and the place where one draws oneself.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Drawing, Surface } from "../gen/protocol";
import { keyOf, type DrawDesk, type Stroke } from "./desk";
import { onPicture, pathOf, pictureBox, type Fit, type Size } from "./geometry";
import type { DrawWords } from "./words";
import "./draw.css";

function Ink(props: { readonly stroke: Pick<Stroke, "shape" | "colour" | "points">; readonly size: Size; readonly name?: string }) {
  const { stroke, size } = props;
  const d = pathOf(stroke.shape, stroke.points, size);
  return (
    <g data-testid="stroke" data-name={props.name} data-colour={stroke.colour}>
      <path class="sk-ink__rim" d={d} />
      <path class="sk-ink__line" d={d} />
    </g>
  );
}

const step = 0.02; // of the picture, for one press of an arrow key

export function DrawLayer(props: {
  readonly desk: DrawDesk;
  readonly words: DrawWords;
  readonly surface: Surface;
  readonly size: Size; // of the picture itself
  readonly fit: Fit;
  readonly mirrored?: boolean;
  readonly saved?: readonly Drawing[];
  readonly draws: boolean; // this person draws here now
}) {
  const { desk, surface, size, fit } = props;
  const ref = useRef<SVGSVGElement>(null);
  const pointer = useRef<number | null>(null);
  const [marker, setMarker] = useState<readonly [number, number] | null>(null);
  const { tool, strokes } = desk.state.value;
  const there = strokes.get(keyOf(surface)) ?? [];
  const latest = props.draws ? undefined : there.at(-1);

  const places = (events: readonly PointerEvent[]): (readonly [number, number])[] => {
    const frame = ref.current?.getBoundingClientRect();
    const box = frame && pictureBox(frame, size, fit);
    return frame && box ? events.map((e) => onPicture(box, e.clientX - frame.left, e.clientY - frame.top, props.mirrored)) : [];
  };
  const down = (e: PointerEvent) => {
    const [at] = places([e]);
    if (!props.draws || pointer.current !== null || !e.isPrimary || e.button !== 0 || !at) return;
    e.preventDefault();
    pointer.current = e.pointerId;
    ref.current?.setPointerCapture(e.pointerId);
    if (tool === "eraser") desk.erase(surface, at, size);
    else desk.begin(surface, at);
  };
  const move = (e: PointerEvent) => {
    if (pointer.current !== e.pointerId) return;
    // Pointer Events 3 §4.3: a stylus gives more places than there are frames.
    const events = e.getCoalescedEvents?.() ?? [];
    const all = places(events.length > 0 ? events : [e]);
    if (tool === "eraser") for (const at of all) desk.erase(surface, at, size);
    else desk.extend(all.flat());
  };
  const up = (e: PointerEvent) => {
    if (pointer.current !== e.pointerId) return;
    pointer.current = null;
    desk.end();
  };
  const key = (e: KeyboardEvent) => {
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[e.key];
    const [x, y] = marker ?? [0.5, 0.5];
    if (by) setMarker([Math.min(1, Math.max(0, x + (props.mirrored ? -1 : 1) * (by[0] ?? 0))), Math.min(1, Math.max(0, y + (by[1] ?? 0)))]);
    else if (e.key === "Enter" || e.key === " ") desk.mark(surface, [x, y]);
    else return;
    e.preventDefault();
    e.stopPropagation(); // the page's own keys
  };
  useEffect(() => {
    if (!props.draws) {
      pointer.current = null;
      setMarker(null);
    }
  }, [props.draws]);

  const [x, y] = marker ?? [0.5, 0.5];
  return (
    <div class="sk-draw" data-draws={props.draws || undefined} data-mirrored={props.mirrored || undefined}>
      <svg
        ref={ref}
        data-testid="draw-surface"
        viewBox={`0 0 ${size.width} ${size.height}`}
        preserveAspectRatio={`xMidYMid ${fit === "contain" ? "meet" : "slice"}`}
        {...(props.draws ? { tabIndex: 0, role: "application", "aria-label": props.words.surface } : { "aria-hidden": true })}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onKeyDown={props.draws ? key : undefined}
      >
        {(props.saved ?? []).map((d) => (
          <Ink key={d.id} stroke={d} size={size} name={d.by} />
        ))}
        {there.map((s) => (
          <Ink key={`${s.participant} ${s.id}`} stroke={s} size={size} name={s.name} />
        ))}
        {props.draws && marker && (
          <g class="sk-draw__marker" transform={`translate(${x * size.width} ${y * size.height}) scale(${Math.max(size.width, size.height) / 60})`}>
            <path d="M-1 0H1M0-1V1" />
          </g>
        )}
      </svg>
      {latest && latest.name !== "" && <span class="sk-draw__name">{latest.name}</span>}
    </div>
  );
}
