// When one is away: what is entered, how many bookings it meets, and ending it.

import { useEffect, useRef, useState } from "preact/hooks";
import { dayOf, minuteOf } from "../../../i18n/norway";
import { capital, clock, date } from "../../../i18n/time";
import { Part } from "../../admin/editor";
import { useAsked } from "../../asked";
import { CheckField, FormProblem, SelectField, SubmitButton, TextField, useForm, useUnsaved } from "../../form";
import { useHouse } from "../../house";
import { Shown } from "../../parts";
import type { Absence } from "../../wire";
import { Done } from "./done";
import { absenceOf, type AbsenceTyped } from "./hours";
import { useMineWords, type MineWords } from "./i18n/words";
import { Sure } from "./sure";
import { TimeField } from "./time-field";

/** "Måndag 21. desember – laurdag 2. januar", "Måndag 21. desember kl. 12.00–14.00" */
function periodSaid(w: MineWords, a: Absence): string {
  const whole = minuteOf(a.starts) === 0 && minuteOf(a.ends) === 0;
  const sameDay = dayOf(a.starts) === dayOf(a.ends - 1);
  const first = date(w.house, a.starts);
  const last = date(w.house, a.ends - 1);
  if (whole) return capital(sameDay ? first : `${first} – ${last}`);
  if (sameDay) return capital(`${first} ${w.house.at(clock(w.house, a.starts))}–${clock(w.house, a.ends)}`);
  return capital(`${first} ${w.house.at(clock(w.house, a.starts))} – ${last} ${w.house.at(clock(w.house, a.ends))}`);
}

export function Absences(props: { readonly person: string }) {
  const { api } = useHouse();
  const w = useMineWords();
  const asking = useAsked(() => api("GET /absences", { query: { person: props.person } }), [props.person]);
  const [said, setSaid] = useState("");
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const cancelled = useRef(false);
  useEffect(() => {
    if (!open && cancelled.current) opener.current?.focus();
    cancelled.current = false;
  }, [open]);
  return (
    <Part title={w.mine.away} text={w.mine.awayText}>
      <Done text={said} />
      <Shown of={asking} loading={w.mine.awayLoading} rows={2}>
        {({ items }) => (
          <>
            {items.length === 0 ? (
              <p class="sk-subtle">{w.mine.awayNone}</p>
            ) : (
              <ul class="sk-lines">
                {items.map((a) => (
                  <li key={a.id} class="sk-away" data-testid="absence">
                    <div class="sk-line__text">
                      <b>{periodSaid(w, a)}</b>
                      <span class="sk-subtle sk-small">{[w.mine.awayKinds[a.kind], w.mine.awayMet(a.met), a.cover ? w.mine.awayCovered : ""].filter((x) => x !== "").join(". ")}</span>
                    </div>
                    <Sure
                      label={w.mine.awayEnd}
                      name={w.mine.awayEndOf(`${w.mine.awayKinds[a.kind].toLowerCase()}, ${periodSaid(w, a).toLowerCase()}`)}
                      text={w.mine.awayEndSure}
                      yes={w.mine.awayEndYes}
                      testid={`end-${a.id}`}
                      run={async () => {
                        await api("DELETE /absences/{id}", { path: { id: a.id } });
                        setSaid(w.mine.awayEnded);
                        asking.set({ items: items.filter((one) => one.id !== a.id) });
                      }}
                    />
                  </li>
                ))}
              </ul>
            )}
            {open ? (
              <Add
                person={props.person}
                onCancel={() => {
                  cancelled.current = true;
                  setOpen(false);
                }}
                onSaved={(a) => {
                  setOpen(false);
                  setSaid(`${w.mine.awaySaved}${a.met > 0 ? ` ${w.mine.awayTold(a.met, a.cover)}` : ""}`);
                  asking.set({ items: [...items, a].sort((x, y) => x.starts - y.starts) });
                }}
              />
            ) : (
              <p>
                <button
                  ref={opener}
                  class="ds-button"
                  data-variant="secondary"
                  type="button"
                  data-testid="add-absence"
                  onClick={() => {
                    setSaid("");
                    setOpen(true);
                  }}
                >
                  {w.mine.awayAdd}
                </button>
              </p>
            )}
          </>
        )}
      </Shown>
    </Part>
  );
}

interface Typed extends AbsenceTyped {
  readonly kind: string;
  readonly cover: boolean;
}

function Add(props: { readonly person: string; readonly onSaved: (a: Absence) => void; readonly onCancel: () => void }) {
  const house = useHouse();
  const w = useMineWords();
  const now = house.now.value;
  const today = dayOf(now);
  const form = useForm<Typed>({
    initial: { kind: "away", from: "", until: "", part: false, fromTime: "", untilTime: "", cover: true },
    check(v) {
      const found = absenceOf({ ...v, until: v.until === "" ? v.from : v.until }, now);
      if (!("rule" in found)) return {};
      const words = { date: w.mine.rule.date, untilBeforeFrom: w.mine.rule.untilBeforeFrom, time: w.mine.timeFault.time, "left-out": w.mine.timeFault["left-out"], past: w.mine.timeFault.past };
      return { [found.field]: words[found.rule] };
    },
    async send(v) {
      const found = absenceOf({ ...v, until: v.until === "" ? v.from : v.until }, now);
      if ("rule" in found) return;
      props.onSaved(await house.api("POST /absences", { body: { person: props.person, starts: found.starts, ends: found.ends, kind: v.kind as Absence["kind"], cover: v.cover } }));
    },
    fieldFor: (field) => ({ starts: "from", ends: "until" })[field] ?? field,
  });
  useUnsaved(form.dirty && !form.busy);
  useEffect(() => {
    const first = form.ref.current?.elements.namedItem("kind");
    if (first instanceof HTMLElement) first.focus();
  }, []);
  const v = form.values;
  return (
    <form ref={form.ref} class="sk-form sk-asked__more" noValidate onSubmit={form.submit} data-testid="absence-form">
      <SelectField
        {...form.text("kind")}
        label={w.mine.awayKind}
        help={w.mine.awayKindHelp}
        options={(["away", "holiday", "course", "sick"] as const).map((kind) => ({ value: kind, text: w.mine.awayKinds[kind] }))}
      />
      <div class="sk-asked__pair">
        <TextField {...form.text("from")} label={w.mine.awayFrom} type="date" testid="absence-from" />
        <TextField {...form.text("until")} label={w.mine.awayUntil} type="date" optional min={v.from === "" ? today : v.from} testid="absence-until" />
      </div>
      <CheckField {...form.check("part")} label={w.mine.awayPart} testid="absence-part" />
      {v.part && (
        <div class="sk-asked__pair">
          <TimeField {...form.text("fromTime")} label={w.mine.awayFromTime} />
          <TimeField {...form.text("untilTime")} label={w.mine.awayUntilTime} />
        </div>
      )}
      <CheckField {...form.check("cover")} label={w.mine.awayCover} />
      <FormProblem form={form} />
      <div class="sk-row sk-wrap">
        <SubmitButton form={form} testid="absence-save">
          {w.mine.awaySave}
        </SubmitButton>
        <button class="ds-button" data-variant="tertiary" type="button" onClick={props.onCancel}>
          {w.house.cancel}
        </button>
      </div>
    </form>
  );
}
