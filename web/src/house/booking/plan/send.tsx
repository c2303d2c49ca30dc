// The last step: what is sent, how, and to whom; and afterwards what has become of it.

import { useEffect, useRef, useState } from "preact/hooks";
import { wallOf } from "../../../i18n/norway";
import { capital } from "../../../i18n/time";
import { Icon } from "../../../ui/icon";
import { ApiError } from "../../client";
import { CheckField, TextField } from "../../form";
import { useHouse } from "../../house";
import { Heading, Notice } from "../../parts";
import { problemWords, refusalOf } from "../../problems";
import type { Bookings } from "../../wire";
import { useBookingWords } from "../i18n/words";
import { nameOf, spanOf, takenWords, whenOf } from "../say";
import { Onward, type StepProps } from "./page";
import { requestOf, whole, type Plan } from "./plan";
import { Fact, partyWords } from "./summary";

export function SendStep(props: StepProps & { readonly onSent: (sent: Bookings) => void; readonly newTimes: () => void; readonly showFaults: () => void; readonly back: () => void }) {
  const { plan, act, offered, error, faults } = props;
  const w = useBookingWords();
  const house = useHouse();
  const root = useRef<HTMLDivElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => root.current?.querySelector<HTMLElement>("input[name=mode]:checked")?.focus(), []);
  useEffect(() => {
    if (problem === null) return;
    const said = root.current?.querySelector<HTMLElement>("[data-testid=send-problem]");
    (said?.querySelector("button") ?? said)?.focus(); // to what can be done about it, where something can
  }, [problem]);
  const set = (change: Partial<Plan>): void => act({ do: "set", change });
  const minutes = whole(plan.minutes, 5, 480) ?? 30;
  const book = plan.mode === "book";
  const times = (book ? plan.times.slice(0, 1) : plan.times).map((starts) => capital(spanOf(w, starts, starts + minutes * 60_000)));
  const names = [
    ...plan.parties.filter((p) => p.person !== "").map((p) => partyWords(w, p, offered)),
    ...(plan.patient ? [plan.patient.name] : []),
    ...plan.relatives.filter((r) => plan.invited.includes(r.id)).map((r) => [r.name, r.title.toLocaleLowerCase("nb")].filter(Boolean).join(", ")),
    ...(plan.interpreter !== "" && plan.interpreterBy ? [`${plan.interpreterBy.name}, ${w.roleName("interpreter").toLocaleLowerCase("nb")}`] : []),
  ];

  const send = async (): Promise<void> => {
    if (busy) return;
    if (faults.size > 0) return props.showFaults();
    setBusy(true);
    setProblem(null);
    try {
      props.onSent(await house.api("POST /bookings", { body: requestOf(plan, offered.colleagues) }));
    } catch (err) {
      setProblem(err);
      setBusy(false);
    }
  };
  const taken = problem instanceof ApiError && problem.code === "taken" ? (problem.problem?.taken ?? []) : null;
  const standing = house.standing.value;
  const refusal = refusalOf(w, problem, standing.kind === "in" ? (standing.session.act?.role ?? null) : null);

  return (
    <div
      class="sk-stack"
      data-gap="6"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        void send();
      }}
    >
      <Heading title={w.plan.title}>{w.plan.sendTitle}</Heading>
      <fieldset class="sk-set">
        <legend class="ds-sr-only">{w.plan.mode}</legend>
        <div class="sk-kinds" data-cols="2">
          <label class="sk-kind">
            <input type="radio" name="mode" checked={!book} data-testid="mode-propose" onChange={() => set({ mode: "propose" })} />
            <span>
              <b>{w.plan.propose}</b>
              <span class="sk-subtle sk-small">{w.plan.proposeText}</span>
            </span>
          </label>
          <label class="sk-kind">
            <input type="radio" name="mode" checked={book} data-testid="mode-book" onChange={() => set({ mode: "book" })} />
            <span>
              <b>{w.plan.book}</b>
              <span class="sk-subtle sk-small">{plan.times[0] === undefined ? "" : w.plan.bookText(capital(whenOf(w, plan.times[0])))}</span>
            </span>
          </label>
        </div>
      </fieldset>
      <dl class="sk-facts">
        <Fact term={w.plan.times} lines={times} />
        <Fact term={w.plan.told} lines={names} />
        <Fact term={w.plan.question} lines={plan.question.trim() === "" ? [] : [plan.question.trim()]} />
      </dl>
      {book ? (
        <fieldset class="sk-set">
          <CheckField name="repeat" label={w.plan.repeat} value={plan.repeat} error="" onValue={(repeat) => set({ repeat })} testid="repeat" />
          {plan.repeat && (
            <div class="sk-stack" data-gap="2">
              <div class="sk-fields">
                <TextField name="everyWeeks" label={w.plan.everyWeeks} value={plan.everyWeeks} inputMode="numeric" maxLength={1} error={error("everyWeeks")} onValue={(everyWeeks) => set({ everyWeeks })} testid="every-weeks" />
                <TextField name="count" label={w.plan.count} value={plan.count} inputMode="numeric" maxLength={2} error={error("count")} onValue={(count) => set({ count })} testid="count" />
              </div>
              <CheckField name="skip" label={w.plan.skip} help={w.plan.skipHelp} value={plan.skip} error="" onValue={(skip) => set({ skip })} testid="skip" />
            </div>
          )}
        </fieldset>
      ) : (
        <div class="sk-fields">
          <TextField name="answerBy" label={w.plan.answerBy} help={w.plan.answerByHelp} optional type="date" min={wallOf(house.now.value).day} value={plan.answerBy} error={error("answerBy")} onValue={(answerBy) => set({ answerBy })} testid="answer-by" />
        </div>
      )}
      <CheckField name="anyway" label={w.plan.anyway} help={w.plan.anywayHelp} value={plan.anyway} error="" onValue={(anyway) => set({ anyway })} testid="anyway" />
      {problem !== null && (
        <div data-testid="send-problem" tabIndex={-1}>
          {taken ? (
            <Notice
              kind="error"
              title={w.plan.taken}
              actions={
                <button class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid="new-times" onClick={props.newTimes}>
                  {w.plan.newTimes}
                </button>
              }
            >
              {[...takenWords(w, taken), w.plan.takenNothing].join(" ")}
            </Notice>
          ) : (
            <Notice kind="error">{refusal ? `${refusal.rule} ${refusal.ask}` : problemWords(w, problem)}</Notice>
          )}
        </div>
      )}
      <Onward back={props.back}>
        <button class="ds-button" type="button" aria-busy={busy || undefined} data-testid="send" onClick={() => void send()}>
          {busy ? w.plan.sending : book ? w.plan.sendBookGo : w.plan.sendPropose(plan.times.length)}
        </button>
      </Onward>
    </div>
  );
}

export function Sent(props: { readonly sent: Bookings; readonly plan: Plan }) {
  const w = useBookingWords();
  const { items, skipped } = props.sent;
  const [first] = items;
  const booked = props.plan.mode === "book";
  const names = first ? w.list(first.people.map((p) => nameOf(w, p)), w.and) : "";
  return (
    <div class="sk-times__main sk-stack" data-gap="6">
      <div class="sk-stack" data-gap="2">
        <Heading title={w.plan.title}>{!booked ? w.plan.sentPropose : items.length > 1 ? w.plan.sentSeries(items.length) : w.plan.sentBook}</Heading>
        <p class="sk-row sk-ok" role="status" data-testid="sent">
          <Icon name="check" size="sm" />
          {w.plan.sentText(names)}
        </p>
        {!booked && <p class="sk-subtle">{w.plan.sentWait}</p>}
      </div>
      {items.length > 1 && (
        <ul class="sk-list">
          {items.map((b) => (
            <li key={b.id}>
              <a class="sk-link" data-side="start" href={`/bookings/${encodeURIComponent(b.id)}`}>
                {capital(spanOf(w, b.starts, b.ends))}
              </a>
            </li>
          ))}
        </ul>
      )}
      {skipped.length > 0 && (
        <Notice title={w.plan.skipped}>
          {skipped.map((s) => (
            <span key={s.starts} class="sk-block">
              {w.plan.skippedLine(capital(whenOf(w, s.starts)), s.rule)}
            </span>
          ))}
        </Notice>
      )}
      <div class="sk-row sk-wrap">
        {first && (
          <a class="ds-button" href={`/bookings/${encodeURIComponent(first.id)}`} data-testid="to-booking">
            {w.plan.toBooking}
          </a>
        )}
        <a class="ds-button" data-variant="secondary" href="/calendar">
          {w.cal.title}
        </a>
      </div>
    </div>
  );
}
