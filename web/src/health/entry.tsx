// Entering a value with the fewest touches: kinds as large buttons, a keypad, and one button at the
// bottom, under the thumb. A keyboard works as well; the tablet's own does not come up over it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MeasuredComponent, MeasuredKind } from "../gen/api";
import { capital } from "../i18n/time";
import { useApp } from "../ui/app";
import { Icon } from "../ui/icon";
import { Live } from "../ui/shell";
import { useHealth } from "./host";
import { useHealthWords, type HealthWords } from "./i18n/words";
import { entryOrder, isAir, kindName, kindOf, number, unitOf, unitText, valueText, whole } from "./kinds";
import { Glyph, ZoneMark } from "./parts";
import { MeasurePanel } from "./panel";
import { Loading } from "./rows";
import { newsOf, refusedWhy, whenBefore } from "./said";
import { Correct } from "./correct";
import { faultOf, keyOf, read, type Fault, type Key, type Typed } from "./typed";
import { limitsOf, zoneOf } from "./zone";

const onButtons = 5; // and one more for all others

const fieldName = (w: HealthWords, kind: MeasuredKind, c: MeasuredComponent): string => (c.id === "" ? kind.words[w.language] : c.words[w.language]);
const asTyped = (w: HealthWords, text: string): string => (w.language === "en" ? text : text.replace(".", ","));

function faultText(w: HealthWords, kind: MeasuredKind, t: Typed, fault: Fault): string {
  const c = kind.components[fault.field];
  if (!c) return "";
  const name = fieldName(w, kind, c);
  if (fault.rule === "order") return w.order;
  if (fault.rule === "missing") return c.options.length > 0 ? w.choose(name) : w.missing(name);
  return w.must(name, number(c.least, 0, w.language), number(c.most, 0, w.language), unitOf(c.unit), asTyped(w, t.fields[fault.field] ?? ""));
}

/** The kinds: the five that are measured most, and all others behind one press. */
function Kinds(props: { readonly all: boolean; readonly onAll: (all: boolean) => void; readonly onList: () => void }) {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const order = entryOrder(state.kinds, state.panel?.rows.map((r) => r.kind) ?? []);
  const shown = props.all ? order : order.slice(0, onButtons);
  const rest = order.slice(onButtons);
  const chosen = state.typed?.kind ?? "";
  const since = (app.call?.consultation.starts ?? 0) - 60 * 60_000; // measured for this visit: in it, or in the hour before
  // Two numbers leave no room for their unit on the button; it stands in their fields.
  const short = (kind: MeasuredKind, values: readonly number[]) => (isAir(kind.id, values) ? capital(w.air) : values.length > 1 ? valueText(kind, values, w.language) : whole(kind, values, w.language));
  const under = (kind: MeasuredKind) => {
    const latest = state.panel?.rows.find((r) => r.kind === kind.id)?.latest;
    const unsent = state.unsent.filter((i) => i.kind === kind.id).at(-1);
    const running = state.running[kind.id]?.points.at(-1);
    // A value that a device gives stands in its button: nothing moves because it has begun.
    if (running) return { text: w.running(short(kind, running.values)), done: false, asked: false, runs: true };
    if (state.asks[kind.id]) return { text: w.asked(state.asks[kind.id]!.name), done: false, asked: true };
    if (unsent) return { text: short(kind, unsent.values), done: false, asked: false, waits: true };
    if (latest && latest.status !== "entered-in-error" && latest.measuredAt >= since) return { text: short(kind, latest.values), done: true, asked: false };
    return { text: kind.id === chosen ? w.typeIn : w.never, done: false, asked: false };
  };
  const other = rest.find((k) => k.id === chosen);
  return (
    <div class="sk-kinds" role="group" aria-label={w.whatToMeasure} data-all={props.all || undefined}>
      {shown.map((kind) => {
        const { text, done, asked, waits, runs } = under(kind);
        return (
          <button
            key={kind.id}
            class="sk-kind"
            type="button"
            data-testid={`kind-${kind.id}`}
            aria-pressed={kind.id === chosen}
            data-done={done || undefined}
            data-asked={asked || undefined}
            data-long={kind.words[w.language].length > 12 || undefined}
            onClick={() => {
              desk.choose(kind.id);
              props.onAll(false);
            }}
          >
            <b>{kind.words[w.language]}</b>
            <span>
              {done && <Icon name="check" size="xs" />}
              {(waits || asked) && <Icon name="clock" size="xs" />}
              {runs && <Icon name="voice" size="xs" />}
              <span>{text}</span>
            </span>
          </button>
        );
      })}
      <button class="sk-kind" type="button" data-testid="kind-others" data-long={(!props.all && other && other.words[w.language].length > 12) || undefined} aria-pressed={!props.all && other !== undefined} aria-expanded={props.all} onClick={() => props.onAll(!props.all)}>
        <b>{props.all ? w.fewer : (other?.words[w.language] ?? w.others)}</b>
        <span><span>{props.all ? "" : other ? w.others : rest.slice(0, 2).map((k, i) => (i === 0 ? k.words[w.language] : k.words[w.language].toLowerCase())).join(", ")}</span></span>
      </button>
      {props.all && (
        <button class="sk-kind" type="button" data-testid="entry-list" onClick={props.onList}>
          <b>{w.all}</b>
          <span />
        </button>
      )}
    </div>
  );
}

function Fields(props: { readonly kind: MeasuredKind; readonly typed: Typed; readonly fault: Fault | null; readonly beside: ComponentChildren }) {
  const { desk } = useHealth();
  const w = useHealthWords();
  const { kind, typed, fault } = props;
  const row = useRef<HTMLDivElement>(null);
  // The keyboard follows the keypad: into the next field when the first is full, into the first after a kind is chosen.
  useEffect(() => {
    if (document.activeElement?.closest(".sk-entry")) row.current?.querySelectorAll("input")[typed.active]?.focus({ preventScroll: true });
  }, [typed.active, typed.kind]);
  return (
    <div ref={row} class="sk-typed" data-fields={kind.components.length}>
      {kind.components.map((c, i) => (
        <label key={c.id} class="sk-typed__field" data-active={i === typed.active || undefined} data-fault={fault?.field === i || undefined}>
          <span>
            {fieldName(w, kind, c)}
            {unitOf(c.unit) !== "" && `, ${unitOf(c.unit)}`}
          </span>
          <input
            type="text"
            inputMode="none" // the keypad is there already
            autocomplete="off"
            data-testid={`value-${i}`}
            value={asTyped(w, typed.fields[i] ?? "")}
            aria-invalid={fault?.field === i || undefined}
            aria-describedby="entry-said"
            onFocus={() => desk.field(i)}
            onKeyDown={(event) => {
              if (event.ctrlKey || event.metaKey || event.altKey) return;
              const key = keyOf(event.key);
              if (!key) return;
              event.preventDefault();
              desk.key(key);
            }}
            onInput={(event) => {
              // Pasted, or said to the tablet: the digits of it.
              const text = event.currentTarget.value.replace(",", ".").replace(/[^0-9.]/g, "").slice(0, 8);
              desk.put(...typed.fields.map((f, at) => (at === i ? text : f)));
            }}
          />
        </label>
      ))}
      {props.beside}
    </div>
  );
}

/**
 * What stands between the fields and the keys, always in the same place and of the same height, so
 * that no key moves under a finger: what is wrong with what is typed, what the service has refused,
 * the zone as it is typed, who asks for what, or what was saved; and the last value.
 */
function SaidLine(props: { readonly kind: MeasuredKind; readonly typed: Typed; readonly fault: Fault | null }) {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const { kind, typed, fault } = props;
  const row = state.panel?.rows.find((r) => r.kind === kind.id);
  const last = row?.latest?.status === "entered-in-error" ? null : row?.latest;
  const values = typed.fields.map(read).filter((v): v is number => v !== null);
  const empty = values.length === 0;
  const mended = typed.mends === "" ? undefined : state.unsent.find((i) => i.key === typed.mends);
  const refused = mended ?? (empty ? state.unsent.find((i) => i.state === "refused") : undefined);
  const waiting = state.unsent.filter((i) => i.state === "waiting").length;
  const asked = Object.entries(state.asks).sort(([, a], [, b]) => b.at - a.at).find(([id]) => id !== typed.kind);
  const { saved } = state;
  const said = (): ComponentChildren => {
    if (fault) {
      return (
        <span class="sk-field-error" data-testid="entry-fault">
          <Icon name="info" size="xs" />
          <span>{faultText(w, kind, typed, fault)}</span>
        </span>
      );
    }
    if (refused) {
      return (
        <>
          <span class="sk-field-error" data-testid="refused-value">
            <Icon name="info" size="xs" />
            <span>{w.refusedValue(valueText(kindOf(state.kinds, refused.kind), refused.values, w.language), refusedWhy(w, refused))}</span>
          </span>
          <button class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid={mended ? "discard" : "mend"} onClick={() => (mended ? (desk.drop(mended.key), desk.choose(kind.id)) : desk.mend(refused.key))}>
            {mended ? w.discard : w.mend}
          </button>
        </>
      );
    }
    if (empty && saved) {
      const waits = state.unsent.find((i) => i.key === saved.key);
      return (
        <>
          <span class="sk-status" data-state={waits ? undefined : "ready"} data-testid="saved">
            <Icon name={waits ? "clock" : "check"} size="xs" />
            {waits?.state === "waiting" ? w.unsent(waiting) : w.saved(whole(kindOf(state.kinds, saved.kind), saved.values, w.language))}
          </span>
          <button
            class="ds-button"
            data-size="sm"
            data-variant="tertiary"
            type="button"
            data-testid="saved-wrong"
            aria-label={`${w.undo}: ${valueText(kindOf(state.kinds, saved.kind), saved.values, w.language)}`}
            onClick={() => {
              if (saved.measurement) desk.correct(saved.measurement);
              else desk.dropSaved();
            }}
          >
            {w.undo}
          </button>
        </>
      );
    }
    if (empty && asked) {
      return (
        <>
          <span class="sk-status" data-state="new" data-testid="asked-of-me">
            <Icon name="bell" size="xs" />
            {w.askedOfYou(asked[1].name, kindName(state.kinds, asked[0], w.language))}
          </span>
          <button class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid="measure-now" onClick={() => desk.choose(asked[0])}>
            {w.measureNow}
          </button>
        </>
      );
    }
    return (
      <>
        {empty && waiting > 0 ? (
          <span class="sk-status">
            <Icon name="clock" size="xs" />
            {w.unsent(waiting)}
          </span>
        ) : (
          <span>{!empty && <ZoneMark kind={kind} zone={zoneOf(kind, limitsOf(state.panel?.limits, kind.id), values, app.now, row?.recent ?? [])} />}</span>
        )}
        <span class="sk-num">{last ? w.last(whenBefore(w, last.measuredAt, app.now), valueText(kind, last.values, w.language)) : w.noLast}</span>
      </>
    );
  };
  return (
    <div class="sk-typed__said" id="entry-said" role="status" data-testid="said" data-unsent={waiting}>
      {said()}
    </div>
  );
}

const digits: readonly Key[] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

function Pad(props: { readonly kind: MeasuredKind; readonly typed: Typed; readonly corner: ComponentChildren }) {
  const { desk } = useHealth();
  const w = useHealthWords();
  const { kind, typed } = props;
  const c = kind.components[typed.active];
  if (c && c.options.length > 0) {
    return (
      <div class="sk-options" role="radiogroup" aria-label={kind.words[w.language]}>
        {c.options.map((o, i) => (
          <label key={o.nn}>
            <input type="radio" name="option" checked={typed.fields[typed.active] === String(i)} data-testid={`option-${i}`} onChange={() => desk.put(String(i))} />
            <span>{o[w.language]}</span>
          </label>
        ))}
      </div>
    );
  }
  const key = (k: Key) => (
    // The press leaves the focus where it is: in the field, so that a keyboard goes on from there.
    <button key={k} type="button" data-testid={`pad-${k}`} onPointerDown={(event) => event.preventDefault()} onClick={() => desk.key(k)}>
      {k}
    </button>
  );
  return (
    <div class="sk-pad" role="group" aria-label={w.keypad}>
      {digits.map(key)}
      {c && c.decimals > 0 ? (
        <button type="button" data-testid="pad-comma" aria-label={w.comma} onPointerDown={(event) => event.preventDefault()} onClick={() => desk.key(",")}>
          {w.language === "en" ? "." : ","}
        </button>
      ) : (
        (props.corner ?? <span />)
      )}
      {key("0")}
      <button type="button" data-word data-testid="pad-back" aria-label={w.erase} onPointerDown={(event) => event.preventDefault()} onClick={() => desk.key("back")}>
        <Glyph name="erase" size="md" />
      </button>
    </div>
  );
}

/** Who asks for what, for who does not look: in the line beside the keys it may be behind something else. */
function AskedAloud() {
  const { state } = useHealth();
  const w = useHealthWords();
  const newest = Object.entries(state.asks).sort(([, a], [, b]) => b.at - a.at)[0];
  return <Live text={newest ? w.askedOfYou(newest[1].name, kindName(state.kinds, newest[0], w.language)) : ""} />;
}

/** device: what stands in the corner of the keypad, or beside a single field where the corner holds the comma. one: of the kind that is chosen alone. */
export function Entry(props: { readonly device?: ComponentChildren; readonly one?: boolean; readonly save?: string }) {
  const { desk, state } = useHealth();
  const w = useHealthWords();
  const [all, setAll] = useState(false);
  const [list, setList] = useState(false);
  const { typed, told } = state;
  const kind = typed && kindOf(state.kinds, typed.kind);
  if (list || (state.panel && !state.panel.mayMeasure) || (!state.panel && state.reading !== "loading")) {
    return (
      <div class="sk-entrylist">
        {list && !state.trend && (
          <button class="ds-button" data-variant="secondary" type="button" data-testid="entry-keys" onClick={() => setList(false)}>
            <Icon name="keyboard" size="sm" />
            {w.keys}
          </button>
        )}
        <MeasurePanel />
      </div>
    );
  }
  if (!state.panel || !typed || !kind) return <div class="sk-entrylist"><Loading /></div>;
  const fault = faultOf(kind, typed);
  const single = kind.components.length === 1;
  const decimals = (kind.components[0]?.decimals ?? 0) > 0;
  const air = kind.id === "oxygen-given";
  const words = (kind.components[0]?.options.length ?? 0) > 0; // chosen, and not typed
  return (
    <form
      class="sk-entry"
      data-testid="entry"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        desk.save();
      }}
    >
      <Live text={told ? newsOf(w, kindOf(state.kinds, told.kind), told) : ""} />
      <AskedAloud />
      {!props.one && <Kinds all={all} onAll={setAll} onList={() => (setAll(false), setList(true))} />}
      {words ? null : (
        <Fields
          kind={kind}
          typed={typed}
          fault={fault}
          beside={
            air ? (
              <button class="sk-typed__beside" type="button" data-testid="air" aria-pressed={typed.fields[0] === "0"} onClick={() => desk.put("0")}>
                {w.airButton}
              </button>
            ) : (
              single && decimals && props.device
            )
          }
        />
      )}
      <SaidLine kind={kind} typed={typed} fault={fault} />
      {state.correcting ? <Correct /> : !all && <Pad kind={kind} typed={typed} corner={single && decimals ? undefined : props.device} />}
      <button class="ds-button sk-entry__save" type="submit" data-testid="measurement-add" data-unit={unitText(kind)}>
        {props.save ?? w.save}
      </button>
    </form>
  );
}
