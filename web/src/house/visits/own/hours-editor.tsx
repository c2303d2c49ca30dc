// When somebody, a unit or equipment can be booked: each week, days that differ, and the rest.
// What another has saved meanwhile stands beside one's own, which is never lost.

import { useId, useState } from "preact/hooks";
import { capital, date } from "../../../i18n/time";
import { Icon } from "../../../ui/icon";
import type { DraftSpec } from "../../admin/draft";
import { DraftForm, Part, replaced, useDraft, useFields, type Fields } from "../../admin/editor";
import "../../admin/admin.css";
import { useAsked } from "../../asked";
import { noonOf } from "../../day";
import { CheckField, SelectField, TextField } from "../../form";
import { useHouse, useMay, useSession } from "../../house";
import { Notice, Shown } from "../../parts";
import type { Hours } from "../../wire";
import { editable, faultsOf, hoursSaid, likeMonday, nextPiece, sent, timesSaid, weekdayName, type DayPiece, type HoursDraft, type Piece } from "./hours";
import { useMineWords } from "./i18n/words";
import "./own.css";
import { finishedTime, shownTime } from "./time-field";

export interface Subject {
  /** A person, unit or equipment; empty: oneself. */
  readonly subject: string;
  /** Empty: one's own. */
  readonly organisation: string;
}

export function HoursEditor(props: Subject) {
  const { api } = useHouse();
  const w = useMineWords();
  const { subject, organisation } = props;
  const asking = useAsked(() => api("GET /hours", { query: { subject, organisation } }), [subject, organisation]);
  return (
    <Shown of={asking} loading={w.mine.hoursLoading} rows={8}>
      {(hours) => <Editor {...props} hours={hours} />}
    </Shown>
  );
}

function Editor(props: Subject & { readonly hours: Hours }) {
  const { api } = useHouse();
  const w = useMineWords();
  const may = useMay("calendar.write");
  const me = useSession().person.id;
  const own = props.subject === "" || props.subject === me;
  const query = { subject: props.subject, organisation: props.organisation };
  const draft = useDraft<HoursDraft>(
    (): DraftSpec<HoursDraft> => ({
      fields: ["weekly", "days", "holidays", "buffer"],
      start: editable(props.hours),
      check: faultsOf,
      send: async (d) => editable(await api("PUT /hours", { query, version: d.version, body: sent(d) })),
      fetch: async () => editable(await api("GET /hours", { query })),
    }),
  );
  const fields = useFields(draft);
  /** What is wrong at a field, in this page's words. */
  const wrong = (path: string): string => {
    const rule = draft.errors.value.get(path);
    if (rule === undefined) return "";
    if (rule === "date" && path.endsWith(".from")) return w.mine.rule.other; // the service names the field, and a time is no date
    return rule in w.mine.rule ? w.mine.rule[rule as keyof typeof w.mine.rule] : w.mine.rule.other;
  };
  const labels: Partial<Record<keyof HoursDraft, string>> = { weekly: w.mine.weekly, days: w.mine.days, holidays: w.mine.holidays, buffer: w.mine.buffer };
  const d = fields.value;
  const buffers = [...new Set([0, 5, 10, 15, 20, 30, 45, 60, d.buffer])].sort((a, b) => a - b);
  return (
    <DraftForm draft={draft} label={(field) => labels[field] ?? ""} say={(field, value) => hoursSaid(w, field, value) || w.mine.nothing} may={may}>
      {!d.own && <Notice>{w.mine.hoursUsual}</Notice>}
      <Part title={w.mine.weekly} text={own ? w.mine.weeklyText : w.mine.weeklyTextOf}>
        <Week fields={fields} wrong={wrong} />
      </Part>
      <Part title={w.mine.days} text={w.mine.daysText}>
        <Days fields={fields} wrong={wrong} />
      </Part>
      <Part title={w.mine.otherRules}>
        <CheckField {...fields.check("holidays")} label={w.mine.holidays} help={w.mine.holidaysHelp} />
        <SelectField
          name="buffer"
          value={String(d.buffer)}
          error={wrong("buffer")}
          onValue={(value) => fields.set({ buffer: Number(value) })}
          label={w.mine.buffer}
          options={buffers.map((n) => ({ value: String(n), text: w.mine.bufferMinutes(n) }))}
        />
      </Part>
    </DraftForm>
  );
}

interface Piecewise {
  readonly fields: Fields<HoursDraft>;
  readonly wrong: (path: string) => string;
}

/** Two fields of time, and what is wrong with either. */
function TimesFields(props: { readonly path: string; readonly on: string; readonly from: string; readonly until: string; readonly wrong: (path: string) => string; readonly onChange: (change: { from?: string; until?: string }) => void }) {
  const w = useMineWords();
  const id = useId();
  const error = props.wrong(`${props.path}.from`) || props.wrong(`${props.path}.until`);
  const field = (which: "from" | "until", label: string) => (
    <input
      class="sk-input sk-until__field"
      type="text"
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      name={`${props.path}.${which}`}
      value={shownTime(w, props[which])}
      aria-label={label}
      aria-invalid={props.wrong(`${props.path}.${which}`) !== "" || undefined}
      aria-describedby={error !== "" ? id : undefined}
      onInput={(event) => props.onChange({ [which]: event.currentTarget.value })}
      onBlur={() => {
        if (finishedTime(props[which]) !== props[which]) props.onChange({ [which]: finishedTime(props[which]) });
      }}
    />
  );
  return (
    <>
      <span class="sk-until">
        {field("from", w.mine.fromOn(props.on))}
        <span aria-hidden="true">–</span>
        {field("until", w.mine.untilOn(props.on))}
      </span>
      {error !== "" && (
        <p class="sk-problem sk-until__problem" id={id}>
          <Icon name="info" size="sm" />
          <span>{error}</span>
        </p>
      )}
    </>
  );
}

/** The seven days, each with its pieces. */
function Week(props: Piecewise) {
  const w = useMineWords();
  const { fields, wrong } = props;
  const d = fields.value;
  const [limited, setLimited] = useState<ReadonlySet<number>>(new Set()); // pieces whose period is shown
  const set = (weekly: readonly Piece[]): void => fields.set({ weekly });
  return (
    <>
      <ul class="sk-lines">
        {[1, 2, 3, 4, 5, 6, 7].map((weekday) => {
          const name = weekdayName(w, weekday);
          const pieces = d.weekly.map((piece, i) => ({ piece, i })).filter(({ piece }) => piece.weekday === weekday);
          return (
            <li key={weekday} class="sk-weekday" data-testid={`weekday-${weekday}`}>
              <b class="sk-weekday__name">{capital(name)}</b>
              <div class="sk-weekday__pieces">
                {pieces.length === 0 && <span class="sk-subtle">{w.mine.closed}</span>}
                {pieces.map(({ piece, i }) => (
                  <div key={i} class="sk-piece">
                    <TimesFields path={`weekly[${i}]`} on={capital(name)} from={piece.from} until={piece.until} wrong={wrong} onChange={(change) => set(replaced(d.weekly, i, change))} />
                    <span class="sk-piece__buttons">
                      {piece.first === "" && piece.last === "" && !limited.has(i) && (
                        <button class="sk-link" type="button" aria-label={`${w.mine.pieceLimit}: ${capital(name)} ${timesSaid(w, piece)}`} onClick={() => setLimited(new Set([...limited, i]))}>
                          {w.mine.piecePeriod}
                        </button>
                      )}
                      <button
                        class="ds-button"
                        data-variant="tertiary"
                        data-icon
                        type="button"
                        aria-label={w.mine.removePiece(name, timesSaid(w, piece))}
                        onClick={() => {
                          setLimited(new Set());
                          set(d.weekly.filter((_, n) => n !== i));
                        }}
                      >
                        <Icon name="x" size="sm" />
                      </button>
                    </span>
                    {(piece.first !== "" || piece.last !== "" || limited.has(i)) && (
                      <div class="sk-piece__period">
                        <TextField name={`weekly[${i}].first`} type="date" label={w.mine.pieceFirst} value={piece.first} error={wrong(`weekly[${i}].first`)} optional onValue={(first) => set(replaced(d.weekly, i, { first }))} />
                        <TextField name={`weekly[${i}].last`} type="date" label={w.mine.pieceLast} value={piece.last} error={wrong(`weekly[${i}].last`)} optional onValue={(last) => set(replaced(d.weekly, i, { last }))} />
                      </div>
                    )}
                  </div>
                ))}
              </div>
              <button class="sk-link sk-weekday__add" type="button" aria-label={w.mine.addPieceOn(name)} data-testid={`add-${weekday}`} onClick={() => set([...d.weekly, nextPiece(d, weekday)])}>
                <Icon name="plus" size="sm" />
                {w.mine.addPiece}
              </button>
            </li>
          );
        })}
      </ul>
      <p>
        <button
          class="ds-button"
          data-variant="secondary"
          type="button"
          data-testid="like-monday"
          onClick={() => {
            setLimited(new Set());
            set(likeMonday(d));
          }}
        >
          {w.mine.sameAll}
        </button>
      </p>
    </>
  );
}

/** Days that differ from their week. */
function Days(props: Piecewise) {
  const w = useMineWords();
  const { fields, wrong } = props;
  const d = fields.value;
  const set = (days: readonly DayPiece[]): void => fields.set({ days });
  return (
    <>
      {d.days.length > 0 && (
        <ul class="sk-lines">
          {d.days.map((piece, i) => {
            const name = piece.day === "" ? w.mine.day : date(w.house, noonOf(piece.day));
            return (
              <li key={i} class="sk-otherday">
                <TextField name={`days[${i}].day`} type="date" label={w.mine.day} value={piece.day} error={wrong(`days[${i}].day`)} onValue={(day) => set(replaced(d.days, i, { day }))} />
                <div class="sk-otherday__hours">
                  <CheckField name={`days[${i}].off`} value={piece.off} error="" label={w.mine.dayOff} onValue={(off) => set(replaced(d.days, i, { off }))} />
                  {!piece.off && <TimesFields path={`days[${i}]`} on={capital(name)} from={piece.from} until={piece.until} wrong={wrong} onChange={(change) => set(replaced(d.days, i, change))} />}
                </div>
                <button class="ds-button" data-variant="tertiary" data-icon type="button" aria-label={w.mine.removeDay(name)} onClick={() => set(d.days.filter((_, n) => n !== i))}>
                  <Icon name="x" size="sm" />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <p>
        <button class="ds-button" data-variant="secondary" type="button" data-testid="add-day" onClick={() => set([...d.days, { day: "", off: true, from: "", until: "" }])}>
          <Icon name="plus" size="sm" />
          {w.mine.addDay}
        </button>
      </p>
    </>
  );
}
