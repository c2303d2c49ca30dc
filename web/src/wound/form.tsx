// The assessment with the fewest touches: numbers by a keypad that goes on by itself, the wound's bed by
// steps that always make 100, all else by large buttons, and beside each what it was last.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { keyOf, type Key } from "../health/typed";
import { capital } from "../i18n/time";
import { Icon } from "../ui/icon";
import { areaOf, asLast, contentOf, draftOf, faultsOf, intoField, pressed, restAsLast, sizeKind, sizes, withField, withPart, withSign, type Draft, type Group, type SizeName } from "./draft";
import type { AreaMethod } from "./measure";
import { Button, Choice, Glyph, ProblemLine, useFocus, useReader } from "./parts";
import { dayText, number, sizeText, tissueText } from "./said";
import { Fault } from "./site-form";
import type { Problem } from "./state";
import { edges, moistures, parts, signs, skins, type Assessment } from "./types";

const step = 5; // per cent of the wound's bed by one press

/** A group of the form: its name, what it was last, and one press that makes it so again. */
function Section(props: { readonly name: string; readonly last: string; readonly group: Group; readonly onLast: () => void; readonly fault?: string; readonly children: ComponentChildren }) {
  const { w } = useReader();
  return (
    <fieldset class="sk-wound__group" data-testid={`group-${props.group}`} data-fault={props.fault ? true : undefined}>
      <legend>{props.name}</legend>
      {props.last !== "" && (
        <p class="sk-wound__aslast">
          <span class="sk-subtle">{w.lastWas(props.last)}</span>
          <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" data-testid={`as-last-${props.group}`} aria-label={w.asLastOf(props.name)} onClick={props.onLast}>
            {w.asLast}
          </button>
        </p>
      )}
      {props.children}
      {props.fault !== undefined && <Fault id={`fault-${props.group}`} text={props.fault} />}
    </fieldset>
  );
}

const digits: readonly Key[] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

function Numbers(props: { readonly draft: Draft; readonly last: Assessment | null; readonly onDraft: (d: Draft) => void }) {
  const { w } = useReader();
  const { draft, last, onDraft } = props;
  const faults = faultsOf(draft);
  const fault = faults?.size ?? null;
  const row = useRef<HTMLDivElement>(null);
  const [pad, setPad] = useState(true); // the keypad is put away where a keyboard is at hand
  const names: Record<SizeName, string> = { length: w.length, width: w.width, depth: w.depth };
  const written = (text: string) => (w.language === "en" ? text : text.replace(".", ","));
  const { active } = draft.numbers;
  // The keyboard follows the keypad into the next field.
  useEffect(() => {
    if (document.activeElement?.closest(".sk-wound__sizes")) row.current?.querySelectorAll("input")[active]?.focus({ preventScroll: true });
  }, [active]);
  const press = (key: Key) => onDraft(pressed(draft, key));
  const key = (k: Key, label?: string, content: ComponentChildren = k, id: string = k) => (
    // The press leaves the focus where it is: in the field, so that a keyboard goes on from there.
    <button key={k} type="button" data-testid={`pad-${id}`} aria-label={label} onPointerDown={(event) => event.preventDefault()} onClick={() => press(k)}>
      {content}
    </button>
  );
  const component = fault && sizeKind.components[fault.field];
  const must = fault && component ? (fault.rule === "range" ? w.must(names[sizes[fault.field]!], "0", String(component.most)) : "") : "";
  const area = areaOf(draft);
  return (
    <>
      <div ref={row} class="sk-wound__sizes">
        {sizes.map((name, i) => (
          <label key={name} data-active={i === active || undefined} data-fault={fault?.field === i && fault.rule === "range" ? true : undefined}>
            <span>{names[name]}, cm</span>
            <input
              type="text"
              inputMode={pad ? "none" : "decimal"} // the keypad is there already
              autocomplete="off"
              data-testid={`size-${name}`}
              value={written(draft.numbers.fields[i] ?? "")}
              aria-invalid={(fault?.field === i && fault.rule === "range") || undefined}
              aria-describedby="fault-size"
              onFocus={() => i !== active && onDraft(intoField(draft, i))}
              onKeyDown={(event) => {
                if (event.ctrlKey || event.metaKey || event.altKey) return;
                const k = keyOf(event.key);
                if (!k) return;
                event.preventDefault();
                press(k);
              }}
              onInput={(event) => onDraft(withField(draft, i, event.currentTarget.value.replace(",", ".").replace(/[^0-9.]/g, "").slice(0, 6)))}
            />
            {last && last[name] !== null && <span class="sk-num">{w.before(number(w, last[name]))}</span>}
          </label>
        ))}
      </div>
      {pad && (
        <div class="sk-wound__pad" role="group" aria-label={w.keypad}>
          {digits.map((d) => key(d))}
          {key(",", w.comma, w.language === "en" ? "." : ",", "comma")}
          {key("0")}
          {key("back", w.erase, <Glyph name="erase" size="md" />)}
        </div>
      )}
      <Fault id="fault-size" text={must} />
      <div class="sk-wound__area">
        <span>
          {w.area} <b class="sk-num">{area === null ? "–" : w.areaIs(number(w, area))}</b>
        </span>
        <Choice<AreaMethod>
          label={w.areaBy}
          testid="method"
          value={draft.method === "" ? "ellipse" : draft.method}
          options={[
            { value: "ellipse", text: w.method.ellipse },
            { value: "length-width", text: w.method["length-width"] },
            ...(draft.traced === null ? [] : [{ value: "traced" as const, text: w.method.traced }]),
          ]}
          onChoose={(method) => onDraft({ ...draft, method })}
        />
        <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" aria-pressed={!pad} data-testid="pad-toggle" onClick={() => setPad(!pad)}>
          <Icon name="keyboard" size="xs" />
          {w.keypad}
        </button>
      </div>
    </>
  );
}

function Bed(props: { readonly draft: Draft; readonly onDraft: (d: Draft) => void }) {
  const { w } = useReader();
  const { draft, onDraft } = props;
  const t = draft.tissue;
  return (
    <div class="sk-wound__bed">
      {parts.map((p) => {
        const now = t?.[p] ?? 0;
        const to = (v: number) => onDraft({ ...draft, tissue: withPart(t, p, v) });
        return (
          <div key={p} data-part={p}>
            <span id={`part-${p}`}>{capital(w.part(p))}</span>
            <button type="button" aria-label={w.less(w.part(p))} data-testid={`less-${p}`} onClick={() => to(Math.ceil(now / step) * step - step)}>
              −
            </button>
            <input type="range" min={0} max={100} step={step} value={now} aria-labelledby={`part-${p}`} aria-valuetext={w.percent(now)} data-testid={`tissue-${p}`} onInput={(event) => to(Number(event.currentTarget.value))} />
            <button type="button" aria-label={w.more(w.part(p))} data-testid={`more-${p}`} onClick={() => to(Math.floor(now / step) * step + step)}>
              +
            </button>
            <output class="sk-num">{t ? w.percent(now) : "–"}</output>
          </div>
        );
      })}
    </div>
  );
}

/** Large buttons of which one is chosen; pressed again it is none. */
function One<T extends string>(props: { readonly options: readonly T[]; readonly value: T | ""; readonly say: (v: T) => string; readonly id: string; readonly columns: number; readonly onChoose: (v: T | "") => void }) {
  return (
    <div class="sk-wound__choices" data-columns={props.columns}>
      {props.options.map((o) => (
        <button key={o} class="sk-wound__choice" type="button" aria-pressed={props.value === o} data-testid={`${props.id}-${o}`} onClick={() => props.onChoose(props.value === o ? "" : o)}>
          {capital(props.say(o))}
        </button>
      ))}
    </div>
  );
}

/** The fields alone: of a new assessment, and of one that is corrected. rest: one press makes all that is not filled in as it was last. */
export function Fields(props: { readonly draft: Draft; readonly last: Assessment | null; readonly checked: boolean; readonly rest: boolean; readonly onDraft: (d: Draft) => void }) {
  const { w } = useReader();
  const { draft, last, onDraft } = props;
  const to = (group: Group) => () => last && onDraft(asLast(draft, last, group));
  const faults = props.checked ? faultsOf(draft) : null;
  const was = (text: string | null | undefined) => text ?? "";
  return (
    <>
      <Section name={w.size} group="size" last={last && sizeText(w, last) !== "" ? `${sizeText(w, last)}\u00a0cm` : ""} onLast={to("size")}>
        <Numbers draft={draft} last={last} onDraft={onDraft} />
      </Section>
      {last && props.rest && (
        <Button id="rest-as-last" onClick={() => onDraft(restAsLast(draft, last))}>
          {w.restAsLast}
        </Button>
      )}
      <Section name={w.infection} group="infection" last={last ? (last.infection.length === 0 ? w.noSigns.toLowerCase() : last.infection.map((s) => w.sign(s)).join(", ")) : ""} onLast={to("infection")} fault={faults?.infection ? w.needInfection : ""}>
        <div class="sk-wound__choices" data-columns="4">
          <button class="sk-wound__choice" type="button" aria-pressed={draft.infection?.length === 0} data-testid="sign-none" onClick={() => onDraft(withSign(draft, null))}>
            {w.noSigns}
          </button>
          {signs.map((s) => (
            <button key={s} class="sk-wound__choice" type="button" aria-pressed={draft.infection?.includes(s) ?? false} data-testid={`sign-${s}`} onClick={() => onDraft(withSign(draft, s))}>
              {capital(w.sign(s))}
            </button>
          ))}
        </div>
      </Section>
      <Section name={w.tissue} group="tissue" last={last?.tissue ? tissueText(w, last.tissue) : ""} onLast={to("tissue")}>
        <Bed draft={draft} onDraft={onDraft} />
      </Section>
      <Section name={w.moistureOf} group="moisture" last={last && last.moisture !== "" ? w.moisture(last.moisture) : ""} onLast={to("moisture")}>
        <One id="moisture" columns={4} options={moistures} value={draft.moisture} say={(v) => w.moisture(v)} onChoose={(moisture) => onDraft({ ...draft, moisture })} />
      </Section>
      <Section name={w.edgeOf} group="edge" last={last && last.edge !== "" ? w.edge(last.edge) : ""} onLast={to("edge")}>
        <One id="edge" columns={2} options={edges} value={draft.edge} say={(v) => w.edge(v)} onChoose={(edge) => onDraft({ ...draft, edge })} />
      </Section>
      <Section name={w.skinOf} group="skin" last={last && last.skin !== "" ? w.skin(last.skin) : ""} onLast={to("skin")}>
        <One id="skin" columns={3} options={skins} value={draft.skin} say={(v) => w.skin(v)} onChoose={(skin) => onDraft({ ...draft, skin })} />
      </Section>
      <Section name={w.pain} group="pain" last={last && last.pain !== null ? w.ofTen(last.pain) : ""} onLast={to("pain")}>
        <div class="sk-wound__choices" data-columns="6">
          {Array.from({ length: 11 }, (_, n) => (
            <button key={n} class="sk-wound__choice" type="button" aria-label={w.ofTen(n)} aria-pressed={draft.pain === n} data-testid={`pain-${n}`} onClick={() => onDraft({ ...draft, pain: draft.pain === n ? null : n })}>
              {n}
            </button>
          ))}
        </div>
      </Section>
      <Section name={w.dressing} group="dressing" last={was(last?.dressing)} onLast={to("dressing")}>
        <input class="sk-input" value={draft.dressing} maxLength={200} autocomplete="off" aria-label={w.dressing} placeholder={w.dressingHelp} data-testid="dressing" onInput={(event) => onDraft({ ...draft, dressing: event.currentTarget.value })} />
      </Section>
      <label class="sk-field">
        <span>
          {w.note} <span class="sk-subtle">({w.optional})</span>
        </span>
        <textarea class="sk-input" rows={2} maxLength={1000} value={draft.note} data-testid="note" onInput={(event) => onDraft({ ...draft, note: event.currentTarget.value })} />
      </label>
    </>
  );
}

/** A new assessment of a wound; what is filled in stays in the page until the service has it. */
export function AssessmentForm(props: { readonly wound: string; readonly last: Assessment | null; readonly onDone: () => void }) {
  const { desk, w } = useReader();
  const { wound, last } = props;
  const state = desk.state.value;
  const draft = state.begun[wound]?.draft ?? desk.draftFor(wound);
  const [checked, setChecked] = useState(false);
  const heading = useFocus<HTMLHeadingElement>();
  const form = useRef<HTMLFormElement>(null);
  const faults = faultsOf(draft);
  const waits = state.begun[wound] !== undefined && state.begun[wound].key !== "";
  const { saving } = state;
  return (
    <form
      ref={form}
      class="sk-wound__form"
      noValidate
      data-testid="assessment"
      onSubmit={(event) => {
        event.preventDefault();
        setChecked(true);
        if (desk.assess(wound)) return props.onDone();
        requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid], [data-fault] button, [data-fault] input")?.focus());
      }}
    >
      <div class="sk-wound__head">
        <h2 ref={heading} class="ds-heading" data-size="2xs" tabIndex={-1}>
          {w.assessment}
        </h2>
        <Button kind="tertiary" small id="assessment-close" onClick={props.onDone}>
          {w.close1}
        </Button>
      </div>
      <Fields draft={draft} last={last} checked={checked} rest onDraft={(d) => desk.fill(wound, d)} />
      {checked && faults?.empty && <Fault id="fault-empty" text={w.needSomething} />}
      {saving !== "" && saving !== "busy" && saving !== "kept" && saving !== "waits" && <ProblemLine problem={saving} />}
      <button class="ds-button sk-wound__save" type="submit" data-fullwidth aria-disabled={saving === "busy" || undefined} data-testid="assessment-save">
        {waits ? w.waits : w.saveAssessment}
      </button>
    </form>
  );
}

/** An assessment that is corrected, or found to be wrong as a whole. */
export function CorrectionForm(props: { readonly wound: string; readonly of: Assessment; readonly onDone: () => void }) {
  const { desk, w, now } = useReader();
  const { wound, of } = props;
  const [draft, setDraft] = useState(() => draftOf(of));
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>("");
  const heading = useFocus<HTMLHeadingElement>();
  const send = async (wrong: boolean) => {
    setChecked(true);
    if (busy || (!wrong && faultsOf(draft))) return;
    setBusy(true);
    const failed = await desk.correct(wound, of, wrong ? null : contentOf(draft, of.at), reason);
    setBusy(false);
    setProblem(failed);
    if (failed === "") props.onDone();
  };
  return (
    <form
      class="sk-wound__form"
      noValidate
      data-testid="correction"
      onSubmit={(event) => {
        event.preventDefault();
        void send(false);
      }}
    >
      <h2 ref={heading} class="ds-heading" data-size="2xs" tabIndex={-1}>
        {w.correcting(dayText(w, of.at, now).toLowerCase())}
      </h2>
      <Fields draft={draft} last={null} checked={checked} rest={false} onDraft={setDraft} />
      <label class="sk-field">
        <span>{w.correctReason}</span>
        <textarea class="sk-input" rows={2} maxLength={500} value={reason} data-testid="correct-reason" onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      <ProblemLine problem={problem} />
      <div class="sk-row sk-wound__wrap">
        <button class="ds-button" type="submit" aria-disabled={busy || undefined} data-testid="correct-save">
          {w.save}
        </button>
        <Button kind="secondary" id="correct-wrong" busy={busy} onClick={() => void send(true)}>
          {w.assessmentIsWrong}
        </Button>
        <Button kind="tertiary" onClick={props.onDone}>
          {w.cancel}
        </Button>
      </div>
    </form>
  );
}
