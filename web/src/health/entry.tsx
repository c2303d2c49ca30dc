// Entering a value with the fewest touches: kinds as large buttons, a keypad, and one button at the
// bottom, under the thumb. A keyboard works as well; the tablet's own does not come up over it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MeasuredComponent, MeasuredKind } from "../gen/api";
import { useApp } from "../ui/app";
import { Icon } from "../ui/icon";
import { Live } from "../ui/shell";
import { useHealth } from "./host";
import { useHealthWords, type HealthWords } from "./i18n/words";
import { entryOrder, kindName, kindOf, number, unitOf, unitText, valueText, whole } from "./kinds";
import { Glyph, ZoneMark } from "./parts";
import { MeasurePanel } from "./panel";
import { Loading, RunningRows } from "./rows";
import { newsOf, whenBefore } from "./said";
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
  const under = (kind: MeasuredKind) => {
    const latest = state.panel?.rows.find((r) => r.kind === kind.id)?.latest;
    const unsent = state.unsent.filter((i) => i.kind === kind.id).at(-1);
    if (state.asks[kind.id]) return { text: w.asked(state.asks[kind.id]!.name), done: false, asked: true };
    if (unsent) return { text: whole(kind, unsent.values, w.language), done: false, asked: false, waits: true };
    if (latest && latest.status !== "entered-in-error" && latest.measuredAt >= since) return { text: whole(kind, latest.values, w.language), done: true, asked: false };
    return { text: kind.id === chosen ? w.typeIn : w.never, done: false, asked: false };
  };
  const other = rest.find((k) => k.id === chosen);
  return (
    <div class="sk-kinds" role="group" aria-label={w.whatToMeasure} data-all={props.all || undefined}>
      {shown.map((kind) => {
        const { text, done, asked, waits } = under(kind);
        return (
          <button
            key={kind.id}
            class="sk-kind"
            type="button"
            data-testid={`kind-${kind.id}`}
            aria-pressed={kind.id === chosen}
            data-done={done || undefined}
            data-asked={asked || undefined}
            onClick={() => {
              desk.choose(kind.id);
              props.onAll(false);
            }}
          >
            <b>{kind.words[w.language]}</b>
            <span>
              {done && <Icon name="check" size="xs" />}
              {(waits || asked) && <Icon name="clock" size="xs" />}
              {text}
            </span>
          </button>
        );
      })}
      <button class="sk-kind" type="button" data-testid="kind-others" aria-pressed={!props.all && other !== undefined} aria-expanded={props.all} onClick={() => props.onAll(!props.all)}>
        <b>{props.all ? w.fewer : (other?.words[w.language] ?? w.others)}</b>
        <span>{props.all ? "" : other ? w.others : rest.slice(0, 2).map((k, i) => (i === 0 ? k.words[w.language] : k.words[w.language].toLowerCase())).join(", ")}</span>
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

/** What stands between the fields and the keys: the fault, the zone as it is typed, or what was saved; and the last value. */
function SaidLine(props: { readonly kind: MeasuredKind; readonly typed: Typed; readonly fault: Fault | null }) {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const { kind, typed, fault } = props;
  const row = state.panel?.rows.find((r) => r.kind === kind.id);
  const last = row?.latest?.status === "entered-in-error" ? null : row?.latest;
  const values = typed.fields.map(read).filter((v): v is number => v !== null);
  const zone = zoneOf(kind, limitsOf(state.panel?.limits, kind.id), values, app.now, row?.recent ?? []);
  const { saved } = state;
  if (saved && typed.fields.every((f) => f === "")) {
    const known = kindOf(state.kinds, saved.kind);
    const waits = state.unsent.find((i) => i.key === saved.key);
    return (
      <div class="sk-typed__said" id="entry-said">
        <span class="sk-status" data-state={waits ? undefined : "ready"} data-testid="saved">
          <Icon name={waits ? "clock" : "check"} size="xs" />
          {waits?.state === "waiting" ? w.kept : w.saved(whole(known, saved.values, w.language))}
        </span>
        <button
          class="ds-button"
          data-size="sm"
          data-variant="tertiary"
          type="button"
          data-testid="saved-wrong"
          onClick={() => {
            if (saved.measurement) desk.correct(saved.measurement);
            else desk.drop(saved.key);
          }}
        >
          {w.undo}
        </button>
      </div>
    );
  }
  return (
    <div class="sk-typed__said" id="entry-said">
      {fault ? (
        <span class="sk-field-error" data-testid="entry-fault">
          <Icon name="info" size="xs" />
          <span>{faultText(w, kind, typed, fault)}</span>
        </span>
      ) : (
        <>
          <span>{values.length > 0 && <ZoneMark kind={kind} zone={zone} />}</span>
          <span class="sk-num">{last ? w.last(whenBefore(w, last.measuredAt, app.now), valueText(kind, last.values, w.language)) : w.noLast}</span>
        </>
      )}
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

/** What waits for the network, and what was refused. */
function Waiting() {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const waiting = state.unsent.filter((i) => i.state === "waiting");
  const refused = state.unsent.filter((i) => i.state === "refused");
  return (
    <>
      {waiting.length > 0 && (
        <div class="sk-waits" data-testid="unsent" data-count={waiting.length}>
          <Icon name="cloud" size="sm" />
          <span>
            <b>{app.connection.online ? w.unsent(waiting.length) : w.offline}</b>{" "}
            <span class="sk-subtle">{waiting.map((i) => valueText(kindOf(state.kinds, i.kind), i.values, w.language)).join(", ")}. {w.kept}</span>
          </span>
        </div>
      )}
      {refused.map((i) => {
        const kind = kindOf(state.kinds, i.kind);
        return (
          <div key={i.key} class="sk-waits" data-kind="error" role="alert" data-testid="refused-value">
            <Icon name="info" size="sm" />
            <span>{w.refusedValue(`${kindName(state.kinds, i.kind, w.language)} ${whole(kind, i.values, w.language)}`, i.rule)}</span>
            <span class="sk-row">
              <button class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid="mend" onClick={() => desk.mend(i.key)}>
                {w.mend}
              </button>
              <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" data-testid="discard" onClick={() => desk.drop(i.key)}>
                {w.discard}
              </button>
            </span>
          </div>
        );
      })}
    </>
  );
}

/** Somebody asks for a value: who, which, and the way to it. */
function AskedOfMe() {
  const { desk, state } = useHealth();
  const w = useHealthWords();
  const newest = Object.entries(state.asks).sort(([, a], [, b]) => b.at - a.at).find(([kind]) => kind !== state.typed?.kind);
  const text = newest ? w.askedOfYou(newest[1].name, kindName(state.kinds, newest[0], w.language)) : "";
  return (
    <>
      <Live text={text} />
      {newest && (
        <div class="sk-waits" data-testid="asked-of-me">
          <Icon name="bell" size="sm" />
          <span>{text}</span>
          <button class="ds-button" data-size="sm" data-variant="secondary" type="button" onClick={() => desk.choose(newest[0])}>
            {w.measureNow}
          </button>
        </div>
      )}
    </>
  );
}

/** device: what stands in the corner of the keypad, or beside a single field where the corner holds the comma. */
export function Entry(props: { readonly device?: ComponentChildren }) {
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
      <AskedOfMe />
      <RunningRows />
      <Kinds all={all} onAll={setAll} onList={() => setList(true)} />
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
      <div role={fault ? "alert" : "status"}>
        <SaidLine kind={kind} typed={typed} fault={fault} />
      </div>
      <Correct />
      {!all && <Pad kind={kind} typed={typed} corner={single && decimals ? undefined : props.device} />}
      <Waiting />
      <button class="ds-button sk-entry__save" type="submit" data-testid="measurement-add" data-unit={unitText(kind)}>
        {w.save}
      </button>
    </form>
  );
}
