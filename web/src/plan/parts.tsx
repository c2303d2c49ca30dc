// The small parts that the plan's views share.

import type { ComponentChildren } from "preact";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Language } from "../gen/protocol";
import { Icon, type IconName } from "../ui/icon";
import type { Desk } from "./desk";
import type { Piece } from "./diff";
import type { FieldName, Zone } from "./fields";
import type { PlanWords } from "./i18n/words";

/** What every part of the plan reaches. */
export interface Reader {
  readonly desk: Desk;
  readonly w: PlanWords;
  readonly language: Language;
  readonly now: number;
  /** It is the patient who reads. */
  readonly mine: boolean;
  readonly selfName: string;
  /** The density of a PC's panel. */
  readonly dense: boolean;
}

const ReaderContext = createContext<Reader | null>(null);
export const ReaderProvider = ReaderContext.Provider;

export function useReader(): Reader {
  const reader = useContext(ReaderContext);
  if (!reader) throw new Error("a part of the plan stands outside ReaderProvider");
  return reader;
}

// Disc with tick, triangle, octagon: told apart without colour.
const shapes: Readonly<Record<Zone, string>> = {
  green: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19zm5 7.2-1.5-1.5-4.8 4.9-2.2-2.2L7 12.4l3.7 3.7z",
  yellow: "M10.3 3.6a2 2 0 0 1 3.4 0l8.3 14.3a2 2 0 0 1-1.7 3H3.7a2 2 0 0 1-1.7-3zM11 9v5.5h2V9zm0 7.2v2h2v-2z",
  red: "M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM11 7v6.5h2V7zm0 8.3v2.2h2v-2.2z",
};

/** "Gul: følg med", with its shape. */
export function ZoneMark(props: { readonly zone: Zone; readonly children: ComponentChildren }) {
  return (
    <span class="sk-own__zone" data-zone={props.zone}>
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path fill-rule="evenodd" d={shapes[props.zone]} />
      </svg>
      {props.children}
    </span>
  );
}

/** What a field is called: its heading, or its zone. */
export const fieldTitle = (w: PlanWords, field: FieldName): string => (field === "matters" ? w.matters : w.zone[field]);

/** What happened, that nothing is lost, and what to do. */
export function Message(props: { readonly kind?: "info" | "offline" | "error"; readonly icon?: IconName; readonly title?: string; readonly children: ComponentChildren; readonly actions?: ComponentChildren }) {
  const kind = props.kind ?? "info";
  return (
    <div class="sk-notice" data-kind={kind} role={kind === "error" ? "alert" : "status"}>
      <Icon name={props.icon ?? "info"} size="sm" />
      {props.title && (
        <p>
          <b>{props.title}</b>
        </p>
      )}
      <p>{props.children}</p>
      {props.actions && <div class="sk-row">{props.actions}</div>}
    </div>
  );
}

/** The pen of who writes, drawn as the house's icons are. */
export function Pen() {
  return (
    <svg class="sk-icon" data-size="xs" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="m4 20 1-4.5L16 4.5a1.8 1.8 0 0 1 2.5 0l1 1a1.8 1.8 0 0 1 0 2.5L8.5 19zM14 6.5l3.5 3.5" />
    </svg>
  );
}

export function Button(props: { readonly onClick: () => void; readonly id?: string; readonly kind?: "primary" | "secondary" | "tertiary"; readonly icon?: IconName | "pen"; readonly busy?: boolean; readonly label?: string; readonly children: ComponentChildren }) {
  const { dense } = useReader();
  const kind = props.kind ?? "secondary";
  return (
    <button
      class="ds-button"
      type="button"
      {...(kind === "primary" ? {} : { "data-variant": kind })}
      {...(dense ? { "data-size": "sm" } : {})}
      {...(props.label === undefined ? {} : { "aria-label": props.label })}
      aria-disabled={props.busy || undefined}
      data-testid={props.id}
      onClick={() => !props.busy && props.onClick()}
    >
      {props.icon === "pen" ? <Pen /> : props.icon && <Icon name={props.icon} size={dense ? "xs" : "sm"} />}
      {props.children}
    </button>
  );
}

/** A text with what has changed marked, by more than colour: underlined and struck through, and said. */
export function Marked(props: { readonly pieces: readonly Piece[] }) {
  const { w } = useReader();
  return (
    <>
      {props.pieces.map((piece, i) => {
        switch (piece.how) {
          case "same":
            return <span key={i}>{piece.text}</span>;
          case "added":
            return (
              <ins key={i}>
                <span class="ds-sr-only">{`[${w.added}: `}</span>
                {piece.text}
                <span class="ds-sr-only">] </span>
              </ins>
            );
          case "removed":
            return (
              <del key={i}>
                <span class="ds-sr-only">{`[${w.removed}: `}</span>
                {piece.text}
                <span class="ds-sr-only">] </span>
              </del>
            );
          default: {
            const never: never = piece.how;
            return never;
          }
        }
      })}
    </>
  );
}
