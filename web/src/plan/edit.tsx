// Writing in the plan together: a plain text area for each part, which says who writes in it, and
// what came late stands beside it.

import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PatientPlans, PlanBeside } from "../gen/api";
import { Icon } from "../ui/icon";
import { fieldNames, fieldOf, firstName, latestOf, shown, type FieldName } from "./fields";
import { holderOf, silent } from "./holds";
import { LimitsPart } from "./limits-edit";
import { LimitSentences } from "./limits-view";
import { Button, fieldTitle, Message, Pen, useReader, ZoneMark } from "./parts";
import { caretAfter, lengthOf, most, textOf, type Writing } from "./writing";

export function Edit(props: { readonly plans: PatientPlans; readonly onDone: () => void }) {
  const { desk, w } = useReader();
  const { plans } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    return () => desk.leave();
  }, [desk]);
  const plan = latestOf(plans);
  return (
    <div class="sk-own__read" data-testid="plan-editing">
      <div class="sk-stack" data-gap="2">
        <h2 class="ds-heading" data-size="2xs" ref={heading} tabIndex={-1}>
          {w.editTitle}
        </h2>
        <p class="sk-subtle sk-small">{plan?.state === "active" ? w.newDraft(plan.version + 1) : w.editText}</p>
      </div>
      {desk.state.value.offline && <Message kind="offline" icon="net">{w.offline}</Message>}
      {fieldNames.map((field) => (
        <Field key={field} field={field} plans={plans} />
      ))}
      {plans.maySetLimits ? <LimitsPart limits={plan?.limits ?? []} /> : <LimitSentences limits={plan?.limits ?? []} />}
      <div class="sk-row sk-own__buttons">
        <Button onClick={props.onDone} id="plan-done">
          {w.done}
        </Button>
      </div>
    </div>
  );
}

const nearEnd = 100; // characters left from which on they are counted

/** The clock, while somebody holds a field: silence is counted by it. */
function useTick(on: boolean, now: number): number {
  const started = useRef({ at: performance.now(), now });
  const [ms, setMs] = useState(now);
  useEffect(() => {
    started.current = { at: performance.now(), now };
    setMs(now);
    if (!on) return;
    const timer = setInterval(() => setMs(started.current.now + performance.now() - started.current.at), 1_000);
    return () => clearInterval(timer);
  }, [on, now]);
  return ms;
}

function Field(props: { readonly field: FieldName; readonly plans: PatientPlans }) {
  const { desk, w, now } = useReader();
  const { field, plans } = props;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const state = desk.state.value;
  const plan = latestOf(plans);
  const kept = fieldOf(plan, field);
  const writing = state.writings[field];
  const text = textOf(state.writings, plan, field);
  const holder = holderOf(desk.holders.value, field);
  const at = useTick(holder !== null, now);
  const locked = holder !== null || !plans.mayWrite || state.reading === "refused";

  // The browser owns what stands in the area while one types; what comes from others is put in
  // around the caret.
  useLayoutEffect(() => {
    const el = area.current;
    if (!el || el.value === text) return;
    const caret = el.selectionStart;
    const before = el.value;
    el.value = text;
    if (document.activeElement === el) {
      const there = caretAfter(before, text, caret);
      el.setSelectionRange(there, there);
    }
  }, [text]);

  const title = fieldTitle(w, field);
  const beside = shown(kept.beside);
  return (
    <section class="sk-own__field" data-zone={field === "matters" ? undefined : field} aria-label={title}>
      <label for={id}>{field === "matters" ? <b>{title}</b> : <ZoneMark zone={field}>{title}</ZoneMark>}</label>
      <p class="sk-subtle sk-small" id={`${id}-help`}>
        {w.help[field]}
      </p>
      <textarea
        id={id}
        ref={area}
        class="sk-input sk-own__area"
        rows={3}
        readOnly={locked}
        aria-describedby={`${id}-help ${id}-holder ${id}-state`}
        aria-invalid={writing?.problem === "too-long" || undefined}
        data-testid={`plan-write-${field}`}
        data-held={holder ? "" : undefined}
        onFocus={() => !locked && desk.enter(field)}
        onInput={(event) => desk.type(field, event.currentTarget.value)}
        onBlur={() => desk.leave()}
      />
      {/* Under the field, where it moves nothing. */}
      <div class="sk-own__under">
        <div class="sk-own__holder" role="status" id={`${id}-holder`}>
        {holder && (
          <>
            <span class="sk-own__who">
              <Pen />
              {w.writesHere(firstName(holder.name))}
            </span>
            {plans.mayWrite && silent(holder, at) && (
              <Button
                label={w.takeOverFrom(firstName(holder.name), title)}
                onClick={() => {
                  desk.enter(field);
                  area.current?.focus();
                }}
                id={`plan-take-over-${field}`}
              >
                {w.takeOver}
              </Button>
            )}
          </>
        )}
      </div>
        {(writing || !holder) && <Status id={`${id}-state`} field={field} writing={writing} kept={kept.text !== ""} text={text} />}
      </div>
      {state.late.includes(field) && beside.length > 0 && <Message>{w.yours}</Message>}
      {beside.map((b) => (
        <Beside key={b.id} field={field} beside={b} may={plans.mayWrite && !locked} />
      ))}
    </section>
  );
}

/** How far one's text has come. It changes in place, and is said only where something is wrong. */
function Status(props: { readonly id: string; readonly field: FieldName; readonly writing: Writing | undefined; readonly kept: boolean; readonly text: string }) {
  const { desk, w } = useReader();
  const { writing } = props;
  const left = most - lengthOf(props.text);
  if (writing && writing.problem !== "")
    return (
      <div class="sk-own__state" id={props.id} role="alert">
        <p class="sk-own__problem">{writing.problem === "too-long" ? w.tooLong(String(lengthOf(props.text)), String(most)) : w.problem[writing.problem]}</p>
        {writing.problem === "refused" && (
          <Button kind="tertiary" onClick={() => desk.drop(props.field)} id={`plan-drop-${props.field}`}>
            {w.dropMine}
          </Button>
        )}
      </div>
    );
  return (
    <p class="sk-own__state" id={props.id} data-testid={`plan-state-${props.field}`}>
      {writing?.state === "unsent" ? (
        <>
          <Icon name="clock" size="xs" />
          {w.savedHere}
        </>
      ) : writing ? (
        w.saving
      ) : props.kept ? (
        <>
          <Icon name="check" size="xs" />
          {w.saved}
        </>
      ) : null}
      {left <= nearEnd && <span class="sk-num">{w.left(left)}</span>}
    </p>
  );
}

/** A text that came late: taken in after one's own, or put away. */
function Beside(props: { readonly field: FieldName; readonly beside: PlanBeside; readonly may: boolean }) {
  const { desk, w } = useReader();
  const { field, beside } = props;
  const [state, setState] = useState<"" | "busy" | "failed">("");
  const act = (deed: () => Promise<unknown>): void => {
    setState("busy");
    deed().then(
      (done) => setState(done === false ? "failed" : ""),
      () => setState("failed"),
    );
  };
  return (
    <div class="sk-own__beside" data-testid={`plan-beside-${field}`}>
      <p class="sk-small">
        <b>{w.wroteToo(firstName(beside.by))}</b>
      </p>
      <p class="sk-own__text">{beside.text}</p>
      {state === "failed" && <Message kind="offline">{w.besideFailed}</Message>}
      {props.may && (
        <div class="sk-row sk-own__buttons">
          <Button onClick={() => act(() => desk.takeIn(field, beside.id))} busy={state === "busy"} id={`plan-take-in-${field}`}>
            {w.takeIn}
          </Button>
          <Button kind="tertiary" onClick={() => act(() => desk.putAway(field, beside.id))} busy={state === "busy"} id={`plan-put-away-${field}`}>
            {w.putAway}
          </Button>
        </div>
      )}
    </div>
  );
}
