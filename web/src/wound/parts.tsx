// The small parts that the wounds' views share.

import type { ComponentChildren } from "preact";
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Language } from "../gen/protocol";
import { Icon, type IconName } from "../ui/icon";
import type { WoundDesk } from "./desk";
import type { WoundWords } from "./i18n/words";
import { pointsOf } from "./measure";
import type { Picture, PictureSize } from "./pictures";
import { dayText, siteOf } from "./said";
import type { Problem } from "./state";
import { counts, type Photo } from "./types";

/** What every part of the wounds reaches. */
export interface Reader {
  readonly desk: WoundDesk;
  readonly w: WoundWords;
  readonly language: Language;
  /** The service's clock, ms; it is drawn anew when this changes. */
  readonly now: number;
  /** The density of a PC's panel. */
  readonly dense: boolean;
  /** Who answers for the treatment, by name; empty: not known here. */
  readonly responsible: string;
  /** Puts a photo large before all who may see it; null: not in a call, or one may not. */
  readonly show: ((photo: string) => void) | null;
}

const ReaderContext = createContext<Reader | null>(null);
export const ReaderProvider = ReaderContext.Provider;

export function useReader(): Reader {
  const reader = useContext(ReaderContext);
  if (!reader) throw new Error("a part of the wounds stands outside ReaderProvider");
  return reader;
}

/** What happened, that nothing is lost, and what to do. */
export function Message(props: { readonly kind?: "info" | "offline" | "error"; readonly icon?: IconName; readonly title?: string; readonly id?: string; readonly children?: ComponentChildren; readonly actions?: ComponentChildren }) {
  const kind = props.kind ?? "info";
  return (
    <div class="sk-notice" data-kind={kind} role={kind === "error" ? "alert" : "status"} data-testid={props.id}>
      <Icon name={props.icon ?? "info"} size="sm" />
      {props.title && (
        <p>
          <b>{props.title}</b>
        </p>
      )}
      {props.children && <p>{props.children}</p>}
      {props.actions && <div class="sk-row">{props.actions}</div>}
    </div>
  );
}

export function problemText(w: WoundWords, problem: Exclude<Problem, "">): string {
  switch (problem) {
    case "no-network":
      return w.noNetwork;
    case "changed":
      return w.changed;
    case "refused":
      return w.mayNot;
    case "unreadable":
      return w.unreadable;
    case "too-large":
      return w.tooLarge;
    case "server":
      return w.server;
    default: {
      const never: never = problem;
      return never;
    }
  }
}

/** Why something could not be kept, beside its cause. */
export function ProblemLine(props: { readonly problem: Problem }) {
  const { w } = useReader();
  if (props.problem === "") return null;
  return (
    <Message kind={props.problem === "no-network" ? "offline" : "error"} id="wound-problem">
      {problemText(w, props.problem)}
    </Message>
  );
}

export function Button(props: { readonly onClick: () => void; readonly id?: string; readonly kind?: "primary" | "secondary" | "tertiary"; readonly icon?: IconName; readonly end?: IconName; readonly glyph?: Glyphs; readonly busy?: boolean; readonly pressed?: boolean; readonly label?: string; readonly small?: boolean; readonly children: ComponentChildren }) {
  const { dense } = useReader();
  const kind = props.kind ?? "secondary";
  const small = props.small ?? dense;
  return (
    <button
      class="ds-button"
      type="button"
      {...(kind === "primary" ? {} : { "data-variant": kind })}
      {...(small ? { "data-size": "sm" } : {})}
      {...(props.label === undefined ? {} : { "aria-label": props.label })}
      {...(props.pressed === undefined ? {} : { "aria-pressed": props.pressed })}
      aria-disabled={props.busy || undefined}
      data-testid={props.id}
      onClick={() => !props.busy && props.onClick()}
    >
      {props.icon && <Icon name={props.icon} size={small ? "xs" : "sm"} />}
      {props.glyph && <Glyph name={props.glyph} size={small ? "xs" : "sm"} />}
      {props.children}
      {props.end && <Icon name={props.end} size="xs" />}
    </button>
  );
}

const glyphs = {
  still: "M4 8.5A2.5 2.5 0 0 1 6.5 6h1.3l1.4-2h5.6l1.4 2h1.3A2.5 2.5 0 0 1 20 8.5V16a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 16zM8.7 12a3.3 3.3 0 1 0 6.6 0 3.3 3.3 0 1 0-6.6 0z",
  ruler: "M3.5 15.5 15.500 3.5l5 5-12 12zM7 12l2 2M10 9l3 3M13 6l2 2",
  pen: "m4 20 1-4.5L16 4.5a1.8 1.8 0 0 1 2.5 0l1 1a1.8 1.8 0 0 1 0 2.5L8.5 19zM14 6.5l3.5 3.5",
  chart: "M4 4v14.5a1.5 1.5 0 0 0 1.5 1.5H20M7.5 15l4-5 3 3 4.5-6.5",
  table: "M5 4.5h14A1.5 1.5 0 0 1 20.5 6v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18V6A1.5 1.5 0 0 1 5 4.500zM3.5 9.5h17M3.5 14.5h17M10 9.5v10",
  erase: "M9 5.5h10A1.5 1.5 0 0 1 20.5 7v10a1.5 1.5 0 0 1-1.5 1.5H9L3.5 12zM11.5 9.5l5 5M16.5 9.5l-5 5",
  again: "M4.500 12a7.5 7.5 0 1 0 2.200-5.300L4.500 9M4.500 4.500V9H9",
} as const;
export type Glyphs = keyof typeof glyphs;

/** The icons that only wounds need: they come with them. */
export function Glyph(props: { readonly name: Glyphs; readonly size?: "xs" | "sm" | "md" | "lg" }) {
  return (
    <svg class="sk-icon" data-size={props.size ?? "xs"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={glyphs[props.name]} />
    </svg>
  );
}

/** A choice of one among few, all in sight. */
export function Choice<T extends string>(props: { readonly label: string; readonly options: readonly { readonly value: T; readonly text: ComponentChildren }[]; readonly value: T; readonly testid: string; readonly onChoose: (value: T) => void }) {
  return (
    <div class="sk-wound__segments" role="group" aria-label={props.label}>
      {props.options.map((o) => (
        <button key={o.value} class="ds-button" data-size="sm" type="button" data-testid={`${props.testid}-${o.value}`} aria-pressed={o.value === props.value} onClick={() => props.onChoose(o.value)}>
          {o.text}
        </button>
      ))}
    </div>
  );
}

/** Grey lines and what is waited for; drawn after 300 ms, so that short waits show nothing. */
export function Loading() {
  const { w } = useReader();
  return (
    <div class="sk-stack sk-wound__late" role="status" aria-busy="true">
      <span class="sk-skeleton" data-width="m" />
      <span class="sk-skeleton" data-width="l" />
      <span class="sk-subtle sk-small">{w.loading}</span>
    </div>
  );
}

/** The wait, the failure, and that one may not, in the place of what would be there; null: there is something to show. */
export function useWait() {
  const { desk, w } = useReader();
  const { reading, all } = desk.state.value;
  if (all) return null;
  if (reading === "refused")
    return (
      <Message icon="lock" id="wounds-refused">
        {w.refused}
      </Message>
    );
  if (reading === "failed")
    return (
      <Message
        kind="error"
        title={w.failed}
        id="wounds-failed"
        actions={
          <Button id="wounds-again" onClick={() => void desk.read()}>
            {w.tryAgain}
          </Button>
        }
      >
        {w.failedText}
      </Message>
    );
  return <Loading />;
}

/** A photo's bytes, for as long as it is shown. */
export function usePicture(photo: string, size: PictureSize): Picture {
  const { desk } = useReader();
  const [picture, setPicture] = useState<Picture>({ state: "loading" });
  useEffect(() => {
    const held = desk.pictures.hold(photo, size);
    const off = held.subscribe(setPicture);
    return () => {
      off();
      desk.pictures.release(photo, size);
    };
  }, [desk, photo, size]);
  return picture;
}

/** What a photo is called, for who doesn't see it. */
export function useAlt(photo: Photo): string {
  const { desk, w, now } = useReader();
  const wound = desk.state.value.all?.items.find((one) => one.id === photo.wound);
  const said = w.photoOf(wound ? siteOf(w, wound).toLowerCase() : w.title.toLowerCase(), dayText(w, photo.takenAt, now).toLowerCase());
  return counts(photo) ? said : `${w.wrongPhoto}. ${said}`;
}

/**
 * A photo in a frame of its own shape, so that nothing moves when it comes. contain: whole, in the
 * frame that it is given; else it fills it.
 */
export function PhotoPicture(props: { readonly photo: Photo; readonly size: PictureSize; readonly alt?: string; readonly fit?: "cover" | "contain"; readonly children?: ComponentChildren; readonly onReady?: () => void }) {
  const { desk, w } = useReader();
  const { photo, size } = props;
  const picture = usePicture(photo.id, size);
  const alt = useAlt(photo);
  return (
    <span class="sk-wound__frame" data-fit={props.fit ?? "cover"} data-state={picture.state} data-wrong={!counts(photo) || undefined} style={{ "--shape": `${photo.width} / ${photo.height}` }}>
      {picture.state === "ready" && <img src={picture.url} alt={props.alt ?? alt} width={photo.width} height={photo.height} decoding="async" draggable={false} data-testid="photo" data-photo={photo.id} onLoad={props.onReady} />}
      {picture.state === "loading" && <span class="ds-sr-only">{w.photoWaits}</span>}
      {picture.state === "failed" && (
        <span class="sk-wound__failed">
          {w.photoFailed}
          {size === "image" && (
            <button class="ds-button" data-size="sm" data-variant="secondary" type="button" onClick={() => desk.pictures.again(photo.id, size)}>
              {w.tryAgain}
            </button>
          )}
        </span>
      )}
      {props.children}
    </span>
  );
}

const colours = { blue: "#0b5a80", white: "#ffffff", yellow: "#f2c230" } as const;

/** What is drawn on a photo, over it: with a rim, so that it is seen on light and dark. */
export function Drawings(props: { readonly photo: Photo; readonly without?: "outline"; readonly fit?: "meet" | "slice" }) {
  const { photo } = props;
  const { width, height } = photo;
  const thick = Math.max(width, height) / 160;
  const shown = photo.drawings.filter((d) => d.shape !== props.without);
  if (shown.length === 0) return null;
  return (
    <svg class="sk-wound__drawings" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio={`xMidYMid ${props.fit ?? "slice"}`} aria-hidden="true" focusable="false">
      {shown.map((d) => {
        const points = pointsOf(d.points).map((p) => [p.x * width, p.y * height] as const);
        const path = points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("") + (d.shape === "outline" ? "Z" : "");
        const head = d.shape === "arrow" ? arrowHead(points, thick * 5) : "";
        const colour = colours[d.colour as keyof typeof colours] ?? colours.blue;
        const rim = d.colour === "white" ? "#12202a" : "#ffffff";
        return (
          <g key={d.id} fill="none" stroke-linecap="round" stroke-linejoin="round">
            <path d={path + head} stroke={rim} stroke-width={thick * 1.9} />
            <path d={path + head} stroke={colour} stroke-width={thick} />
          </g>
        );
      })}
    </svg>
  );
}

/** The head at the end of an arrow, in the direction of its last stretch. */
export function arrowHead(points: readonly (readonly [number, number])[], size: number): string {
  const end = points.at(-1);
  const from = points.findLast((p) => end && Math.hypot(p[0] - end[0], p[1] - end[1]) > size / 2) ?? points[0];
  if (!end || !from || from === end) return "";
  const angle = Math.atan2(end[1] - from[1], end[0] - from[0]);
  const wing = (turn: number) => `${(end[0] - size * Math.cos(angle + turn)).toFixed(1)} ${(end[1] - size * Math.sin(angle + turn)).toFixed(1)}`;
  return `M${wing(0.6)}L${end[0].toFixed(1)} ${end[1].toFixed(1)}L${wing(-0.6)}`;
}

/** A wrong thing's own mark: who said so, when and why. */
export function WrongMark(props: { readonly of: { readonly status: string; readonly corrected?: { readonly by: string; readonly at: number; readonly reason: string } }; readonly text: string }) {
  const { w, now } = useReader();
  if (counts(props.of)) return null;
  const { corrected } = props.of;
  return (
    <p class="sk-wound__wrong" data-testid="wrong-mark">
      <Icon name="x" size="xs" />
      <span>
        {props.text}. {corrected && w.wrongBy(corrected.by, dayText(w, corrected.at, now).toLowerCase())}
        {corrected && corrected.reason !== "" && ` (${w.because(corrected.reason)})`}
      </span>
    </p>
  );
}

/** Puts the focus on a part when it comes, for who goes on by keyboard. */
export function useFocus<E extends HTMLElement>() {
  const ref = useRef<E>(null);
  useEffect(() => ref.current?.focus({ preventScroll: false }), []);
  return ref;
}
