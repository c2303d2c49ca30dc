// Measuring on a photo: two points on the ruler make the scale; length and width are lines, and the
// area is what the traced outline holds. Every point is a button, so that arrows move it as well as a finger.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { across, areaBy, areaWithin, closes, corners, ellipse, lastOutline, lengthOf, moved, numbersOf, pixelsPerCm, rounded, thinned, within, type Point } from "./measure";
import { Button, Choice, PhotoPicture, ProblemLine, useFocus, useReader } from "./parts";
import { number } from "./said";
import type { Problem } from "./state";
import type { Photo } from "./types";

type Step = "scale" | "lines" | "outline";

export interface Measures {
  readonly length: number | null; // cm
  readonly width: number | null;
  readonly area: number | null; // cm², of the outline; null: by length and width
}

const most = 16; // points of an outline that are moved by themselves
const grip = 22; // px from a point of the outline within which a press moves it, and begins no new line
const distances = [1, 5] as const; // cm, that a ruler shows

interface Lines {
  readonly length: readonly [Point, Point];
  readonly width: readonly [Point, Point];
}
const firstLines: Lines = { length: [{ x: 0.35, y: 0.5 }, { x: 0.65, y: 0.5 }], width: [{ x: 0.5, y: 0.38 }, { x: 0.5, y: 0.62 }] };

/** A point that is dragged, or moved by the arrows. */
function Handle(props: { readonly at: Point; readonly label: string; readonly id: string; readonly small?: boolean; readonly onMove: (to: Point) => void }) {
  const { w } = useReader();
  const { at } = props;
  const drag = useRef<DOMRect | null>(null);
  const percent = (v: number) => String(Math.round(v * 100));
  return (
    <button
      class="sk-wound__handle"
      type="button"
      style={{ left: `${at.x * 100}%`, top: `${at.y * 100}%` }}
      data-small={props.small || undefined}
      data-testid={props.id}
      aria-label={`${props.label}. ${w.place(percent(at.x), percent(at.y))}`}
      onKeyDown={(event) => {
        const to = moved(at, event.key, event.shiftKey);
        if (!to) return;
        event.preventDefault();
        props.onMove(to);
      }}
      onPointerDown={(event) => {
        event.stopPropagation();
        const frame = event.currentTarget.parentElement;
        if (!frame) return;
        drag.current = frame.getBoundingClientRect();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const rect = drag.current;
        if (rect) props.onMove(within({ x: (event.clientX - rect.left) / rect.width, y: (event.clientY - rect.top) / rect.height }));
      }}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
    />
  );
}

/** onUse: what was measured goes into the assessment; null: there is none to go into. */
export function Ruler(props: { readonly photo: Photo; readonly onUse: ((of: Measures) => void) | null; readonly onClose: () => void }) {
  const { desk, w } = useReader();
  const { photo } = props;
  const known = photo.scale;
  const [step, setStep] = useState<Step>(known ? "outline" : "scale");
  const [ends, setEnds] = useState<readonly [Point, Point]>(known ? [{ x: known[0]!, y: known[1]! }, { x: known[2]!, y: known[3]! }] : [{ x: 0.4, y: 0.85 }, { x: 0.6, y: 0.85 }]);
  const [cm, setCm] = useState(known ? known[4]! : 5);
  const [set, setSet] = useState(known !== null); // somebody has put the points where they belong
  const [lines, setLines] = useState<Lines>(firstLines);
  const [lined, setLined] = useState(false);
  const [outline, setOutline] = useState<readonly Point[]>(() => corners(lastOutline(photo.drawings), most));
  const [changed, setChanged] = useState(false); // the outline is another than what is kept
  const [trace, setTrace] = useState<readonly Point[] | null>(null); // while it is drawn
  const [gripped, setGripped] = useState(-1); // point of the outline that is dragged
  const [problem, setProblem] = useState<Problem>("");
  const [state, setState] = useState<"" | "busy" | "kept">("");
  const heading = useFocus<HTMLHeadingElement>();
  const frame = useRef<HTMLDivElement>(null);
  const alive = useRef(true);
  useEffect(() => () => void (alive.current = false), []);

  const perCm = set ? pixelsPerCm(photo, ends[0], ends[1], cm) : 0;
  const traced = outline.length >= 3 && perCm > 0;
  const round = across(photo, perCm, outline);
  const length = traced ? round.length : lined && perCm > 0 ? lengthOf(photo, perCm, ...lines.length) : null;
  const width = traced ? round.width : lined && perCm > 0 ? lengthOf(photo, perCm, ...lines.width) : null;
  const area = traced ? areaWithin(photo, perCm, outline) : areaBy("ellipse", length, width);
  const text = (v: number | null) => (v === null ? "–" : number(w, v));

  const moveEnd = (i: 0 | 1, to: Point) => {
    setEnds(i === 0 ? [to, ends[1]] : [ends[0], to]);
    setSet(true);
    setState("");
  };
  const moveLine = (line: "length" | "width", i: 0 | 1, to: Point) => {
    setLines({ ...lines, [line]: i === 0 ? [to, lines[line][1]] : [lines[line][0], to] });
    setLined(true);
    setState("");
  };
  const draw = (next: readonly Point[]) => {
    setOutline(next);
    setChanged(true);
    setState("");
  };
  const pointAt = (event: PointerEvent): Point => {
    const rect = frame.current!.getBoundingClientRect();
    return within({ x: (event.clientX - rect.left) / rect.width, y: (event.clientY - rect.top) / rect.height });
  };
  const nearestTo = (p: Point): number => {
    const rect = frame.current!.getBoundingClientRect();
    const far = (q: Point) => Math.hypot((q.x - p.x) * rect.width, (q.y - p.y) * rect.height);
    const best = outline.reduce((found, q, i) => (found < 0 || far(q) < far(outline[found]!) ? i : found), -1);
    return best >= 0 && far(outline[best]!) <= grip ? best : -1;
  };
  const keep = async (): Promise<boolean> => {
    setState("busy");
    setProblem("");
    const scale = perCm > 0 ? [...numbersOf(ends), cm] : null;
    const failed = await desk.keepMeasures(photo, scale, changed && outline.length >= 3 ? numbersOf(outline) : null);
    if (!alive.current) return false;
    setProblem(failed);
    setState(failed === "" ? "kept" : "");
    if (failed === "") setChanged(false);
    return failed === "";
  };
  const use = async () => {
    // Two outlines of one sitting would be two drawings: it is kept once, and then goes into the assessment.
    if ((await keep()) && props.onUse) props.onUse({ length: length === null ? null : rounded(length, 1), width: width === null ? null : rounded(width, 1), area: traced && area !== null ? rounded(area, 1) : null });
  };

  const drawn = trace ?? outline;
  const px = (p: Point) => `${(p.x * photo.width).toFixed(1)},${(p.y * photo.height).toFixed(1)}`;
  const thick = Math.max(photo.width, photo.height) / 260;
  const line = (a: Point, b: Point, on: boolean) => (
    <g data-on={on || undefined}>
      <path data-rim d={`M${px(a)}L${px(b)}`} stroke-width={thick * 2} />
      <path d={`M${px(a)}L${px(b)}`} stroke-width={thick} />
    </g>
  );
  return (
    <section class="sk-wound__ruler" aria-labelledby="wound-measure" data-testid="ruler" data-step={step}>
      <div class="sk-wound__head">
        <h2 ref={heading} class="ds-heading" data-size="2xs" id="wound-measure" tabIndex={-1}>
          {w.measure}
        </h2>
        <Button kind="tertiary" id="ruler-close" onClick={props.onClose}>
          {w.cancel}
        </Button>
      </div>
      <Choice
        label={w.steps}
        testid="step"
        value={step}
        options={[
          { value: "scale", text: <>{perCm > 0 && <Icon name="check" size="xs" />}{w.scale}</> },
          { value: "lines", text: w.lines },
          { value: "outline", text: <>{outline.length >= 3 && <Icon name="check" size="xs" />}{w.outline}</> },
        ]}
        onChoose={setStep}
      />
      <p>{step === "scale" ? w.scaleText : step === "lines" ? w.linesText : w.outlineText}</p>
      <div
        ref={frame}
        class="sk-wound__sheet"
        data-testid="sheet"
        data-trace={step === "outline" || undefined}
        style={{ "--shape": `${photo.width} / ${photo.height}` }}
        onPointerDown={(event) => {
          if (step !== "outline" || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          // The points lie closer than fingers are broad: the nearest is meant.
          const i = nearestTo(pointAt(event));
          if (i >= 0) setGripped(i);
          else setTrace([pointAt(event)]);
        }}
        onPointerMove={(event) => {
          if (gripped >= 0) draw(outline.map((q, n) => (n === gripped ? pointAt(event) : q)));
          if (!trace) return;
          // The pen is faster than the picture is drawn: its points between are a part of the line.
          const all = event.getCoalescedEvents?.() ?? [];
          setTrace(thinned([...trace, ...(all.length > 0 ? all : [event]).map(pointAt)]));
        }}
        onPointerUp={() => {
          if (trace && closes(trace)) draw(corners(trace, most));
          setTrace(null);
          setGripped(-1);
        }}
        onPointerCancel={() => {
          setTrace(null);
          setGripped(-1);
        }}
      >
        <PhotoPicture photo={photo} size="image" fit="contain" />
        <svg class="sk-wound__drawings" viewBox={`0 0 ${photo.width} ${photo.height}`} aria-hidden="true" focusable="false">
          {(step === "scale" || set) && line(ends[0], ends[1], step === "scale")}
          {step === "lines" && (
            <>
              {line(...lines.length, true)}
              {line(...lines.width, true)}
            </>
          )}
          {drawn.length > 1 && step !== "lines" && (
            <g data-on={step === "outline" || undefined}>
              <polygon data-rim points={drawn.map(px).join(" ")} stroke-width={thick * 2} />
              <polygon points={drawn.map(px).join(" ")} stroke-width={thick} />
            </g>
          )}
        </svg>
        {step === "scale" && ([0, 1] as const).map((i) => <Handle key={i} id={`scale-${i + 1}`} at={ends[i]} label={w.scaleEnd(i + 1)} onMove={(to) => moveEnd(i, to)} />)}
        {step === "lines" && (["length", "width"] as const).map((l) => ([0, 1] as const).map((i) => <Handle key={`${l}${i}`} id={`${l}-${i + 1}`} at={lines[l][i]} label={w.lineEnd(l, i + 1)} onMove={(to) => moveLine(l, i, to)} />))}
        {step === "outline" && !trace && outline.map((p, i) => <Handle key={i} small id={`corner-${i + 1}`} at={p} label={w.corner(i + 1, outline.length)} onMove={(to) => draw(outline.map((q, n) => (n === i ? to : q)))} />)}
      </div>
      <p class="sk-subtle sk-wound__xs">{w.keys}</p>
      {step === "scale" && (
        <div class="sk-row sk-wound__wrap" role="group" aria-label={w.between}>
          <span>{w.between}</span>
          {distances.map((d) => (
            <Button key={d} id={`cm-${d}`} pressed={cm === d} onClick={() => (setCm(d), setState(""))}>
              {w.cm(String(d))}
            </Button>
          ))}
          <label class="sk-wound__cm">
            <span>{w.otherCm}</span>
            <input
              class="sk-input"
              inputMode="decimal"
              autocomplete="off"
              data-testid="cm-other"
              value={distances.some((d) => d === cm) ? "" : number(w, cm).replace(/[,.]0$/, "")}
              onChange={(event) => {
                const v = Number(event.currentTarget.value.replace(",", "."));
                if (v > 0 && v <= 50) (setCm(v), setState(""));
              }}
            />
          </label>
        </div>
      )}
      {step === "outline" && (
        <div class="sk-row sk-wound__wrap">
          <Button id="from-lines" onClick={() => draw(ellipse(photo, lines.length, lines.width))}>
            {w.fromLines}
          </Button>
          {outline.length > 0 && (
            <Button kind="tertiary" glyph="again" id="draw-again" onClick={() => draw([])}>
              {w.drawAgain}
            </Button>
          )}
        </div>
      )}
      <p class="sk-wound__result" role="status" data-testid="result">
        {perCm === 0 ? (
          w.scaleFirst
        ) : (
          <>
            <b>{w.result}:</b> {w.measured(text(length), text(width), text(area))}
          </>
        )}
      </p>
      <ProblemLine problem={problem} />
      <div class="sk-row sk-wound__wrap">
        {props.onUse && (
          <Button kind="primary" id="use-measures" busy={state === "busy" || length === null} onClick={() => void use()}>
            {w.useIt}
          </Button>
        )}
        <Button kind={props.onUse ? "secondary" : "primary"} id="keep-measures" busy={state === "busy" || perCm === 0} onClick={() => void keep()}>
          {w.keepIt}
        </Button>
        {state === "kept" && (
          <span class="sk-status" data-state="ready" role="status">
            <Icon name="check" size="xs" />
            {w.kept}
          </span>
        )}
      </div>
    </section>
  );
}

