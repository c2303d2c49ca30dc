// What opens on the page of a booking: to answer for someone, move, cancel, send a deputy, change
// who is in it. One at a time; nothing typed is lost by an error.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { capital } from "../../../i18n/time";
import { Icon } from "../../../ui/icon";
import { useAsked } from "../../asked";
import { ApiError } from "../../client";
import { CheckField, TextArea, useUnsaved } from "../../form";
import { useHouse } from "../../house";
import { Empty, Shown } from "../../parts";
import type { Booking, CancelBooking, Colleague, GivenAnswer, Party } from "../../wire";
import { ByHand } from "../by-hand";
import { Combobox, type Found } from "../combobox";
import { InterpreterField } from "../interpreter";
import { useBookingWords } from "../i18n/words";
import { calledOf, nameOf, spanOf, whenOf } from "../say";
import { Slots, type Slot } from "../slots";
import { answerTo, isProposal, minutesOf, ordered, partyOf, searchFor } from "./booking";
import { Problem } from "./problem";

export type Opened =
  | { readonly panel: "move" | "cancel" | "people" | "noshow" }
  | { readonly panel: "answer" | "deputy"; readonly participant: string };

interface PanelProps {
  readonly booking: Booking;
  readonly close: () => void;
  readonly done: (booking: Booking, words: string) => void;
  readonly refresh: () => Promise<void>;
}

export function Panel(props: PanelProps & { readonly opened: Opened }) {
  const { opened, ...rest } = props;
  switch (opened.panel) {
    case "move":
      return <Move {...rest} />;
    case "cancel":
      return <Cancel {...rest} />;
    case "people":
      return <ChangePeople {...rest} />;
    case "noshow":
      return <NoShow {...rest} />;
    case "answer":
      return <AnswerFor {...rest} participant={opened.participant} />;
    case "deputy":
      return <Deputy {...rest} participant={opened.participant} />;
    default: {
      const never: never = opened;
      return never;
    }
  }
}

/** The frame of a panel: a form with its heading, which takes the focus, and two buttons. */
function Frame(props: PanelProps & {
  readonly name: string;
  readonly title: string;
  readonly text?: string;
  readonly submit: string;
  readonly words: string;
  /** Something is typed or chosen that would be lost. */
  readonly dirty: boolean;
  /** What must be chosen before anything can be sent; empty: nothing. */
  readonly missing?: string;
  readonly send: () => Promise<Booking>;
  readonly children?: ComponentChildren;
}) {
  const w = useBookingWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [tried, setTried] = useState(false);
  const missing = props.missing ?? "";
  useUnsaved(props.dirty && !sent);
  useEffect(() => {
    heading.current?.scrollIntoView({ block: "nearest" });
    heading.current?.focus({ preventScroll: true });
  }, []);
  const send = async (): Promise<void> => {
    setTried(true);
    if (busy || missing !== "") return;
    setBusy(true);
    setProblem(null);
    try {
      const booking = await props.send();
      setSent(true);
      props.done(booking, props.words);
    } catch (err) {
      if (err instanceof ApiError && err.code === "changed") await props.refresh();
      setProblem(err);
      setBusy(false);
    }
  };
  return (
    <form
      class="sk-box sk-panel"
      aria-labelledby={`panel-${props.name}`}
      noValidate
      data-testid={`panel-${props.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented && !props.dirty) props.close(); // what is typed isn't lost by one key
      }}
    >
      <div class="sk-spread">
        <h2 class="ds-heading" data-size="xs" id={`panel-${props.name}`} tabIndex={-1} ref={heading}>
          {props.title}
        </h2>
        <button class="sk-link" data-side="end" type="button" aria-label={w.one.close} data-testid="panel-close" onClick={props.close}>
          <Icon name="x" size="sm" />
        </button>
      </div>
      {props.text && <p class="sk-subtle">{props.text}</p>}
      {props.children}
      {tried && missing !== "" && (
        <p class="sk-problem" role="alert">
          <Icon name="info" size="sm" />
          <span>{missing}</span>
        </p>
      )}
      <Problem problem={problem} />
      <div class="sk-row sk-wrap">
        <button class="ds-button" type="submit" aria-busy={busy || undefined} data-testid="panel-go">
          {props.submit}
        </button>
        <button class="ds-button" data-variant="tertiary" type="button" onClick={props.close}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}

function AnswerFor(props: PanelProps & { readonly participant: string }) {
  const w = useBookingWords();
  const house = useHouse();
  const { booking, participant } = props;
  const person = booking.people.find((p) => p.id === participant);
  const times = isProposal(booking) ? booking.options.filter((o) => !o.taken).map((o) => ({ id: o.id, starts: o.starts, ends: o.ends })) : [{ id: "", starts: booking.starts, ends: booking.ends }];
  const [given, setGiven] = useState<ReadonlyMap<string, GivenAnswer["answer"]>>(
    () =>
      new Map(
        times.flatMap((t) => {
          const now = answerTo(booking, participant, t.id);
          return now === "needs-action" ? [] : [[t.id, now] as const];
        }),
      ),
  );
  const [comment, setComment] = useState("");
  const [starts, setStarts] = useState(0);
  const [touched, setTouched] = useState(false);
  if (!person) return null;
  const who = calledOf(w, person);
  return (
    <Frame
      {...props}
      name="answer"
      title={w.one.answerForTitle(who)}
      text={w.one.answerForText}
      submit={w.one.saveAnswer}
      words={w.one.saved}
      dirty={touched}
      missing={given.size === 0 ? w.one.missing.answer : ""}
      send={() =>
        house.api("POST /bookings/{id}/answers", { path: { id: booking.id }, body: { participant, answers: [...given].map(([option, answer]) => ({ option, answer })), comment: comment.trim(), starts } })
      }
    >
      {times.map((time) => (
        <fieldset key={time.id} class="sk-set sk-yes-no">
          <legend>{capital(spanOf(w, time.starts, time.ends))}</legend>
          {(["accepted", "declined", "tentative"] as const).map((answer) => (
            <label key={answer} class="sk-tick">
              <input
                type="radio"
                name={`answer-${time.id}`}
                checked={given.get(time.id) === answer}
                data-testid={`${answer}-${time.id || "booked"}`}
                onChange={() => {
                  setTouched(true);
                  setGiven(new Map(given).set(time.id, answer));
                }}
              />
              <span>{w.one.answer(answer)}</span>
            </label>
          ))}
        </fieldset>
      ))}
      <TextArea name="comment" label={w.one.comment} optional rows={2} maxLength={300} value={comment} error="" onValue={setComment} testid="comment" />
      <details class="sk-more">
        <summary>{w.one.suggest}</summary>
        {starts > 0 ? (
          <p class="sk-row">
            <Icon name="check" size="sm" />
            {capital(whenOf(w, starts))}
          </p>
        ) : (
          <ByHand
            now={house.now.value}
            action={w.plan.addTime}
            onTime={(at) => {
              setTouched(true);
              setStarts(at);
            }}
          />
        )}
      </details>
    </Frame>
  );
}

const timesAsked = 10;

function Move(props: PanelProps) {
  const w = useBookingWords();
  const house = useHouse();
  const { booking } = props;
  const asking = useAsked(() => house.api("POST /times", { body: searchFor(booking, timesAsked) }), [booking.id]);
  const [chosen, setChosen] = useState(0);
  const [hand, setHand] = useState(0);
  const [anyway, setAnyway] = useState(false);
  const length = minutesOf(booking);
  return (
    <Frame
      {...props}
      name="move"
      title={w.one.moveTitle}
      text={w.one.moveText}
      submit={chosen > 0 ? w.one.moveGo(whenOf(w, chosen)) : w.one.move}
      words={w.one.saved}
      dirty={chosen > 0}
      missing={chosen === 0 ? w.one.missing.time : ""}
      send={() => house.api("PUT /bookings/{id}/time", { path: { id: booking.id }, version: booking.version, body: { starts: chosen, minutes: length, anyway } })}
    >
      <Shown of={asking} loading={w.plan.searching} rows={5}>
        {(times) => {
          const slots: Slot[] = [...times.items.map((t) => ({ starts: t.starts, ends: t.ends, found: t })), ...(hand > 0 && !times.items.some((t) => t.starts === hand) ? [{ starts: hand, ends: hand + length * 60_000, found: null }] : [])];
          return slots.length === 0 ? (
            <Empty title={w.plan.timesNone(booking.people.filter((p) => p.required).length)} text={w.plan.timesNoneText} />
          ) : (
            <Slots
              slots={slots}
              name="move-to"
              kind="radio"
              required={booking.people.filter((p) => p.required).length}
              isChosen={(slot) => slot.starts === chosen}
              onChoose={(slot) => setChosen(slot.starts)}
              titles={new Map(booking.people.map((p) => [p.person, p.title.toLocaleLowerCase("nb")]))}
              {...(times.items[0] ? { best: times.items[0].starts } : {})}
            />
          );
        }}
      </Shown>
      <details class="sk-more">
        <summary>{w.plan.handTitle}</summary>
        <div class="sk-stack" data-gap="3">
          <ByHand
            now={house.now.value}
            action={w.plan.addTime}
            onTime={(at) => {
              setHand(at);
              setChosen(at);
            }}
          />
          <CheckField name="anyway" label={w.plan.anyway} help={w.plan.anywayHelp} value={anyway} error="" onValue={setAnyway} />
        </div>
      </details>
    </Frame>
  );
}

const reasons: readonly CancelBooking["reason"][] = ["patient", "staff", "no-longer-needed", "other"];

function Cancel(props: PanelProps) {
  const w = useBookingWords();
  const house = useHouse();
  const { booking } = props;
  const [reason, setReason] = useState<CancelBooking["reason"] | null>(null);
  const [words, setWords] = useState("");
  const [series, setSeries] = useState(false);
  return (
    <Frame
      {...props}
      name="cancel"
      title={w.one.cancelTitle}
      text={w.one.cancelText}
      submit={w.one.cancelGo}
      words={w.one.cancelled("")}
      dirty={reason !== null || words !== ""}
      missing={reason === null ? w.one.missing.reason : ""}
      send={() => house.api("POST /bookings/{id}/cancel", { path: { id: booking.id }, body: { reason: reason ?? "other", words: words.trim(), series } })}
    >
      <fieldset class="sk-set">
        <legend>{w.one.reason}</legend>
        {reasons.map((one) => (
          <label key={one} class="sk-tick">
            <input type="radio" name="reason" checked={reason === one} data-testid={`reason-${one}`} onChange={() => setReason(one)} />
            <span>{w.one.reasonOf(one)}</span>
          </label>
        ))}
      </fieldset>
      <TextArea name="words" label={w.one.words} help={w.one.wordsHelp} optional rows={2} maxLength={300} value={words} error="" onValue={setWords} testid="words" />
      {booking.series !== "" && <CheckField name="series" label={w.one.cancelSeries} value={series} error="" onValue={setSeries} testid="series" />}
    </Frame>
  );
}

function NoShow(props: PanelProps) {
  const w = useBookingWords();
  const house = useHouse();
  return (
    <Frame
      {...props}
      name="noshow"
      title={w.one.noshowGo}
      text={w.one.noshowText}
      submit={w.one.noshowGo}
      words={w.one.noshow}
      dirty={false}
      send={() => house.api("POST /bookings/{id}/noshow", { path: { id: props.booking.id } })}
    />
  );
}

const found = (c: Colleague): Found => ({ value: c.person, text: c.name, about: [c.title, c.organisationName].filter(Boolean).join(", ") });

function Deputy(props: PanelProps & { readonly participant: string }) {
  const w = useBookingWords();
  const house = useHouse();
  const { booking, participant } = props;
  const asking = useAsked(() => house.api("GET /colleagues"), []);
  const [chosen, setChosen] = useState("");
  const person = booking.people.find((p) => p.id === participant);
  if (!person) return null;
  return (
    <Frame
      {...props}
      name="deputy"
      title={w.one.deputyTitle(nameOf(w, person))}
      submit={w.one.deputyGo}
      words={w.one.saved}
      dirty={chosen !== ""}
      missing={chosen === "" ? w.one.missing.person : ""}
      send={() => house.api("POST /bookings/{id}/deputy", { path: { id: booking.id }, body: { participant, person: chosen } })}
    >
      <Shown of={asking} loading={w.plan.loading} rows={2}>
        {({ items }) => {
          const inIt = new Set(booking.people.map((p) => p.person));
          const fit = items.filter((c) => c.role === person.role && c.organisation === person.organisation && !inIt.has(c.person)).map(found);
          if (fit.length === 0) return <Empty title={w.one.deputyNone} />;
          return <Combobox label={w.one.who} name="deputy" chosen={fit.find((f) => f.value === chosen) ?? null} options={fit} none={w.plan.noMatch} onChoose={setChosen} />;
        }}
      </Shown>
    </Frame>
  );
}

function ChangePeople(props: PanelProps) {
  const w = useBookingWords();
  const house = useHouse();
  const { booking } = props;
  const asking = useAsked(async () => {
    const [colleagues, patient] = await Promise.all([
      house.api("GET /colleagues"),
      // Who may not read the record adds staff, and no relatives.
      booking.patient === "" ? null : house.api("GET /patients/{id}", { path: { id: booking.patient } }).catch(() => null),
    ]);
    return { colleagues: colleagues.items, relatives: patient?.relatives ?? [] };
  }, [booking.id]);
  const [start] = useState<readonly Party[]>(() => ordered(booking.people).map(partyOf));
  const [parties, setParties] = useState(start);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(() => new Map(booking.people.map((p) => [p.person, nameOf(w, p)])));
  const add = (party: Pick<Party, "person" | "role" | "organisation">): void => setParties([...parties, { anyOf: [], required: false, attends: "online", before: 0, after: 0, deputyAllowed: false, ...party }]);
  const read = asking.asked.status === "ready" ? asking.asked.value : null;
  const called = (person: string): string => names.get(person) ?? read?.colleagues.find((c) => c.person === person)?.name ?? read?.relatives.find((r) => r.id === person)?.name ?? "";
  const inIt = new Set(parties.map((p) => p.person));
  return (
    <Frame
      {...props}
      name="people"
      title={w.one.peopleTitle}
      submit={w.one.peopleSave}
      words={w.one.saved}
      dirty={parties !== start}
      missing={parties === start ? w.one.missing.change : ""}
      send={() => house.api("PUT /bookings/{id}/people", { path: { id: booking.id }, version: booking.version, body: { parties: [...parties] } })}
    >
      <ul class="sk-lines">
        {parties.map((party, i) => (
          <li key={party.person} class="sk-who">
            <div class="sk-who__who">
              <b>{called(party.person)}</b>
              <span class="sk-subtle sk-small">{w.roleName(party.role)}</span>
            </div>
            <CheckField name={`required-${party.person}`} label={w.plan.must} value={party.required} error="" onValue={(required) => setParties(parties.map((p, n) => (n === i ? { ...p, required } : p)))} />
            {party.role !== "patient" && (
              <button class="sk-link" type="button" aria-label={w.plan.remove(called(party.person))} data-testid={`take-out-${party.person}`} onClick={() => setParties(parties.filter((_, n) => n !== i))}>
                <Icon name="x" size="sm" />
              </button>
            )}
          </li>
        ))}
      </ul>
      <Shown of={asking} loading={w.plan.loading} rows={2}>
        {({ colleagues, relatives }) => (
          <div class="sk-stack" data-gap="3">
            {relatives
              .filter((r) => !inIt.has(r.id))
              .map((r) => (
                <p key={r.id}>
                  <button class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid={`add-relative-${r.id}`} onClick={() => add({ person: r.id, role: "relative", organisation: "" })}>
                    <Icon name="plus" size="xs" />
                    {[r.name, r.title.toLocaleLowerCase("nb")].filter(Boolean).join(", ")}
                  </button>
                </p>
              ))}
            <Combobox
              key={parties.length} // empty again when somebody has been taken in
              label={w.plan.add}
              name="add-colleague"
              chosen={null}
              options={colleagues.filter((c) => !inIt.has(c.person)).map(found)}
              none={w.plan.noMatch}
              onChoose={(id) => {
                const colleague = colleagues.find((c) => c.person === id);
                if (colleague) add({ person: id, role: colleague.role, organisation: colleague.organisation });
              }}
            />
            {!parties.some((p) => p.role === "interpreter") && (
              <InterpreterField
                language={booking.interpreter}
                chosen={null}
                onChoose={(by) => {
                  if (!by) return;
                  setNames(new Map([...names, [by.id, by.name]]));
                  setParties([...parties, { person: by.id, anyOf: [], role: "interpreter", organisation: "", required: true, attends: "online", before: 0, after: 0, deputyAllowed: false }]);
                }}
              />
            )}
          </div>
        )}
      </Shown>
    </Frame>
  );
}
