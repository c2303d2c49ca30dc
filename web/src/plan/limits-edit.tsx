// The small editor of limits: what is green and yellow for this patient, by kind. What it means is
// said as a sentence while it is typed.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { KindLimits, MeasuredKind } from "../gen/api";
import { kindLimitsOf, limitable, named, numberText, read, sentence, sides, typedOf, unitOf, type Broken, type Direction, type Rule, type Side, type Typed } from "./limits";
import { kindSentence, kindTitle } from "./limits-view";
import { Button, Message, useReader } from "./parts";
import type { LimitsKept } from "./state";

export function LimitsPart(props: { readonly limits: readonly KindLimits[] }) {
  const { desk, w, language } = useReader();
  const { kinds } = desk.state.value;
  const [open, setOpen] = useState<string | null>(null); // which kind is changed; "": one is yet to be chosen
  const part = useRef<HTMLElement>(null);
  const id = useId();
  const close = (): void => {
    setOpen(null);
    part.current?.focus({ preventScroll: true });
  };
  const chosen = kinds.find((k) => k.id === open);
  const free = limitable(kinds).filter((k) => !kindLimitsOf(props.limits, k.id));
  return (
    <section class="sk-own__part" ref={part} tabIndex={-1} aria-label={w.numbers} data-testid="plan-limits">
      <h2 class="ds-heading" data-size="2xs">
        {w.numbers}
      </h2>
      {props.limits.length > 0 && (
        <ul class="sk-own__kinds">
          {props.limits.map((of) => {
            const kind = kinds.find((k) => k.id === of.kind);
            if (kind && open === of.kind) return null;
            return (
              <li key={of.kind}>
                <span>
                  <b>{kindTitle(kinds, of.kind, language)}</b>
                  <span>{kindSentence(w, kinds, of, language)}</span>
                </span>
                {kind && open === null && (
                  <Button kind="tertiary" onClick={() => setOpen(of.kind)} id={`plan-limits-${of.kind}`} label={w.limitsFor(kind.words[language])}>
                    {w.changeLimits}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {open === "" && (
        <div class="sk-own__choose">
          <label for={id}>{w.kind}</label>
          <select id={id} class="sk-input" data-testid="plan-limits-kind" onChange={(event) => setOpen(event.currentTarget.value)}>
            <option value="">{w.chooseKind}</option>
            {free.map((k) => (
              <option key={k.id} value={k.id}>
                {k.words[language]}
              </option>
            ))}
          </select>
          <Button kind="tertiary" onClick={close}>
            {w.cancel}
          </Button>
        </div>
      )}
      {chosen && <Editor key={chosen.id} kind={chosen} now={kindLimitsOf(props.limits, chosen.id)} onClose={close} />}
      {open === null && free.length > 0 && (
        <div class="sk-row">
          <Button icon="plus" onClick={() => setOpen("")} id="plan-limits-add">
            {w.addLimit}
          </Button>
        </div>
      )}
    </section>
  );
}

const nothing = { days: "", yellow: "", red: "" };

function Editor(props: { readonly kind: MeasuredKind; readonly now: KindLimits | undefined; readonly onClose: () => void }) {
  const { desk, w, language } = useReader();
  const { kind } = props;
  const [began, setBegan] = useState(props.now);
  const [typed, setTyped] = useState<Typed>(() => typedOf(kind, props.now, language));
  const [tried, setTried] = useState(false);
  const [said, setSaid] = useState<LimitsKept | "busy" | "">("");
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const found = read(kind, typed);
  const broken: Broken = tried && "broken" in found ? found.broken : {};

  const keep = (of: Typed): void => {
    const answer = read(kind, of);
    setTried(true);
    if ("broken" in answer) {
      const first = Object.keys(answer.broken)[0] ?? "";
      form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      return;
    }
    setSaid("busy");
    void desk.keepLimits(began, answer.limits).then((kept) => {
      if (kept === "kept") return props.onClose();
      setSaid(kept);
      // Pressed again, it is theirs that one knows and replaces.
      if (kept === "changed") setBegan(kindLimitsOf(desk.state.peek().plans?.draft?.limits ?? [], kind.id));
    });
  };
  const setSide = (i: number, side: Side, value: string): void => setTyped((t) => ({ ...t, limits: t.limits.map((l, j) => (i === j ? { ...l, [side]: value } : l)) }));
  const setChange = (direction: Direction, name: "days" | "yellow" | "red", value: string): void => setTyped((t) => ({ ...t, [direction]: { ...t[direction], [name]: value } }));
  const rule = (name: string, component: number): string => {
    const r: Rule | undefined = broken[name];
    const c = kind.components[component];
    return r ? w.rules[r](numberText(c?.least ?? 0, language), numberText(c?.most ?? 0, language), c?.decimals ?? 0) : "";
  };
  const first = kind.components[0];
  return (
    <div class="sk-own__editor" ref={form} role="group" aria-label={w.limitsFor(kind.words[language])}>
      <h3 class="ds-heading" data-size="2xs">
        {w.limitsFor(kind.words[language])}
      </h3>
      <p class="sk-subtle sk-small">{w.limitsHelp}</p>
      {kind.components.map((c, i) => (
        <fieldset key={c.id}>
          <legend>
            {[c.words[language] === "" ? kind.words[language] : c.words[language], unitOf(c.unit)].filter((part) => part !== "").join(", ")}{" "}
            <span class="sk-subtle sk-small">{w.range(numberText(c.least, language), numberText(c.most, language))}</span>
          </legend>
          <div class="sk-own__numbers">
            {sides.map((side) => (
              <Number key={side} name={named(side, i)} label={w.side[side]} value={typed.limits[i]?.[side] ?? ""} error={rule(named(side, i), i)} onValue={(v) => setSide(i, side, v)} />
            ))}
          </div>
        </fieldset>
      ))}
      {(["rise", "fall"] as const).map((direction) => (
        <fieldset key={direction}>
          <legend>
            {w.direction[direction]} <span class="sk-subtle sk-small">{[w.within, unitOf(first?.unit ?? "")].filter((part) => part !== "").join(", ")}</span>
          </legend>
          <div class="sk-own__numbers">
            <Number name={`${direction}.yellow`} label={w.yellowBy} value={typed[direction].yellow} error={rule(`${direction}.yellow`, 0)} onValue={(v) => setChange(direction, "yellow", v)} />
            <Number name={`${direction}.red`} label={w.redBy} value={typed[direction].red} error={rule(`${direction}.red`, 0)} onValue={(v) => setChange(direction, "red", v)} />
            <Number name={`${direction}.days`} label={w.days} value={typed[direction].days} error={rule(`${direction}.days`, 0)} onValue={(v) => setChange(direction, "days", v)} />
          </div>
        </fieldset>
      ))}
      <p class="sk-own__means" role="status" data-testid="plan-limits-means">
        <span class="sk-subtle sk-small">{w.means}</span>
        <b>{"limits" in found ? sentence(w.limits, kind, found.limits, language) : "–"}</b>
      </p>
      {said !== "" && said !== "busy" && said !== "kept" && (
        <Message kind={said === "no-network" ? "offline" : "error"}>
          {w.limitsSaid[said]} {said === "changed" && props.now && w.theirs(kindSentence(w, [kind], props.now, language))}
        </Message>
      )}
      <div class="sk-row sk-own__buttons">
        <Button kind="primary" onClick={() => keep(typed)} busy={said === "busy"} id="plan-limits-keep">
          {w.keep}
        </Button>
        <Button onClick={props.onClose} id="plan-limits-cancel">
          {w.cancel}
        </Button>
        {props.now && (
          <Button kind="tertiary" onClick={() => keep({ limits: kind.components.map(() => ({ yellowLow: "", greenLow: "", greenHigh: "", yellowHigh: "" })), rise: nothing, fall: nothing })} busy={said === "busy"} id="plan-limits-remove">
            {w.remove}
          </Button>
        )}
      </div>
    </div>
  );
}

function Number(props: { readonly name: string; readonly label: string; readonly value: string; readonly error: string; readonly onValue: (value: string) => void }) {
  const id = useId();
  return (
    <div class="sk-own__number">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        class="sk-input"
        name={props.name}
        inputMode="decimal"
        autocomplete="off"
        value={props.value}
        aria-invalid={props.error !== "" || undefined}
        aria-describedby={props.error === "" ? undefined : `${id}-error`}
        data-testid={`plan-${props.name}`}
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
      {props.error !== "" && (
        <p class="sk-own__problem" id={`${id}-error`}>
          {props.error}
        </p>
      )}
    </div>
  );
}
