// One booking: when, who, what they have answered and whether they are ready; and what can be
// done about it.

import { useEffect, useRef, useState } from "preact/hooks";
import { capital } from "../../../i18n/time";
import { Icon, type IconName } from "../../../ui/icon";
import { useAsked } from "../../asked";
import { ApiError } from "../../client";
import { useHouse, useMay, useSession, type PageProps } from "../../house";
import { Heading, Notice, Shown } from "../../parts";
import type { Booking, BookingPerson } from "../../wire";
import { useBookingWords } from "../i18n/words";
import { calledOf, dayWords, languageName, lengthOf, spanOf, titleOf, whenOf } from "../say";
import { answersFor, isOpen, isProposal, unanswered } from "./booking";
import { Panel, type Opened } from "./panels";
import { AnswerTable, People } from "./people";
import { Problem } from "./problem";
import "../booking.css";

const refreshEvery = 30_000; // ms

/** What the address asks to have open. */
function openedBy(query: URLSearchParams): Opened | null {
  if (query.has("find")) return { panel: "move" };
  if (query.has("people")) return { panel: "people" };
  const answer = query.get("answer");
  if (answer) return { panel: "answer", participant: answer };
  const deputy = query.get("deputy");
  if (deputy) return { panel: "deputy", participant: deputy };
  return null;
}

export function BookingPage(props: PageProps) {
  const w = useBookingWords();
  const house = useHouse();
  const id = props.params["id"] ?? "";
  const asking = useAsked(() => house.api("GET /bookings/{id}", { path: { id } }), [id]);
  const now = house.now.value;
  const shownAt = useRef(now);
  useEffect(() => {
    if (now - shownAt.current < refreshEvery || !house.active()) return;
    shownAt.current = now;
    void asking.refresh();
  }, [now]);
  return (
    <div class="sk-booking" data-size="sm">
      <a class="sk-link sk-booking__back" data-side="start" href="/calendar">
        <Icon name="left" size="sm" />
        {w.backToCalendar}
      </a>
      {asking.asked.status !== "ready" && <Heading>{w.one.title}</Heading>}
      <Shown of={asking} loading={w.one.loading} rows={8}>
        {(booking) => <One key={booking.id} booking={booking} set={asking.set} refresh={asking.refresh} opened={openedBy(props.query)} />}
      </Shown>
    </div>
  );
}

const stateIcons: Readonly<Record<Booking["state"], IconName>> = { proposed: "clock", pending: "clock", booked: "check", arrived: "cam", fulfilled: "check", cancelled: "x", noshow: "x" };

function One(props: { readonly booking: Booking; readonly set: (booking: Booking) => void; readonly refresh: () => Promise<void>; readonly opened: Opened | null }) {
  const w = useBookingWords();
  const house = useHouse();
  const { booking } = props;
  const [opened, setOpened] = useState<Opened | null>(props.opened);
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState("");
  const saying = useRef<HTMLParagraphElement>(null);
  const opener = useRef<HTMLElement | null>(null);
  const mayBook = useMay("consultation.book");
  const own = useSession().act?.organisation ?? "";
  useEffect(() => {
    if (said !== "") saying.current?.focus();
  }, [said]);
  const can = (what: Booking["may"][number]): boolean => booking.may.includes(what);

  const open = (what: Opened) => (event: { readonly currentTarget: EventTarget | null }) => {
    opener.current = event.currentTarget instanceof HTMLElement ? event.currentTarget : null;
    setSaid("");
    setProblem(null);
    setOpened(what);
  };
  const close = (): void => {
    setOpened(null);
    requestAnimationFrame(() => opener.current?.focus()); // back to what opened it
  };
  const done = (next: Booking, words: string): void => {
    props.set(next);
    setOpened(null);
    setSaid(words);
  };
  /** Something that one press does. */
  const press = async (name: string, what: () => Promise<Booking>, words: string): Promise<void> => {
    if (busy !== "") return;
    setBusy(name);
    setSaid("");
    setProblem(null);
    try {
      done(await what(), words);
    } catch (err) {
      // What another has changed is shown at once, so that the next press is about what is.
      if (err instanceof ApiError && err.code === "changed") await props.refresh();
      setProblem(err);
    } finally {
      setBusy("");
    }
  };
  const path = { path: { id: booking.id } };
  const missing = unanswered(booking);
  const suggested = booking.options.filter((o) => o.suggestedBy !== "" && !o.taken);
  const button = (name: string, text: string, onClick: (event: { readonly currentTarget: EventTarget | null }) => void, icon: IconName, variant: "secondary" | "tertiary" = "tertiary") => (
    <button key={name} class="ds-button" data-size="sm" data-variant={variant} data-align="start" type="button" aria-busy={busy === name || undefined} data-testid={name} onClick={onClick}>
      <Icon name={icon} size="xs" />
      {text}
    </button>
  );

  return (
    <>
      <header class="sk-head">
        <div class="sk-head__row">
          <Heading title={w.one.title}>{titleOf(w, booking)}</Heading>
          <span class="sk-status" data-state={booking.state === "booked" || booking.state === "arrived" || booking.state === "fulfilled" ? "ready" : isOpen(booking) ? "new" : undefined} data-testid="state">
            <Icon name={stateIcons[booking.state]} size="sm" />
            {w.state(booking.state)}
          </span>
        </div>
        {!isProposal(booking) && (
          <p class="sk-lead" data-testid="when">
            {capital(spanOf(w, booking.starts, booking.ends))}, {lengthOf(w, booking.starts, booking.ends)}
          </p>
        )}
        {isProposal(booking) && booking.answerBy > 0 && <p class="sk-lead">{w.one.answerBy(whenOf(w, booking.answerBy))}</p>}
      </header>
      {booking.state === "cancelled" && <Notice icon="x" title={w.one.cancelled(booking.reason)}>{[booking.words === "" ? "" : w.todo.quote(booking.words), w.one.history].filter(Boolean).join(" ")}</Notice>}
      {booking.state === "noshow" && <Notice icon="x" title={w.one.noshow} />}
      {said !== "" && (
        <p class="sk-row sk-ok" role="status" tabIndex={-1} ref={saying} data-testid="said">
          <Icon name="check" size="sm" />
          {said}
        </p>
      )}
      {opened && <Panel key={JSON.stringify(opened)} opened={opened} booking={booking} close={close} done={done} refresh={props.refresh} />}
      <Problem problem={problem} />
      <div class="sk-booking__columns">
        <div class="sk-stack" data-gap="6">
          {isProposal(booking) && (
            <section class="sk-stack" data-gap="2" aria-labelledby="times">
              <h2 class="ds-heading" data-size="xs" id="times">
                {w.one.times}
              </h2>
              <AnswerTable booking={booking} />
            </section>
          )}
          <People booking={booking} open={open} />
          <Preparation booking={booking} />
        </div>
        <section class="sk-booking__actions" aria-labelledby="actions">
          <h2 class="ds-heading" data-size="xs" id="actions">
            {w.one.actions}
          </h2>
          {(can("answer") || can("answer-for")) &&
            suggested.map((o) =>
              button(
                `accept-${o.id}`,
                w.one.accept(whenOf(w, o.starts)),
                () =>
                  void press(
                    `accept-${o.id}`,
                    () => house.api("POST /bookings/{id}/answers", { ...path, body: { participant: "", answers: [{ option: o.id, answer: "accepted" }], comment: "", starts: 0 } }),
                    w.todo.done.accepted,
                  ),
                "check",
                "secondary",
              ),
            )}
          {missing.filter((p: BookingPerson) => answersFor(booking, p, own)).map((p: BookingPerson) => button(`answer-for-${p.id}`, w.one.answerFor(calledOf(w, p)), open({ panel: "answer", participant: p.id }), "phone", "secondary"))}
          {can("remind") && missing.length > 0 && button("remind", w.one.remindAll, () => void press("remind", () => house.api("POST /bookings/{id}/remind", { ...path, body: { participant: "" } }), w.one.reminded), "bell")}
          {can("move") && button("move", isProposal(booking) ? w.one.findOther : w.one.move, open({ panel: "move" }), "swap")}
          {can("people") && button("people", w.one.peopleChange, open({ panel: "people" }), "people")}
          {mayBook && (
            <a class="ds-button" data-size="sm" data-variant="tertiary" data-align="start" href={`/calendar/new?from=${encodeURIComponent(booking.id)}`} data-testid="duplicate">
              <Icon name="plus" size="xs" />
              {w.one.duplicate}
            </a>
          )}
          {can("noshow") && button("noshow", w.one.noshowGo, open({ panel: "noshow" }), "x")}
          {can("cancel") && button("cancel", w.one.cancel, open({ panel: "cancel" }), "x")}
        </section>
      </div>
    </>
  );
}

function Preparation(props: { readonly booking: Booking }) {
  const w = useBookingWords();
  const { language } = useHouse();
  const { booking } = props;
  const roles = [...new Set(booking.prepare.map((p) => p.for))];
  return (
    <section class="sk-stack" data-gap="3" aria-labelledby="prepare">
      <h2 class="ds-heading" data-size="xs" id="prepare">
        {w.one.prepare}
      </h2>
      <dl class="sk-facts" hidden={booking.question === "" && roles.length === 0 && booking.equipment.length === 0}>
        {booking.question !== "" && (
          <div>
            <dt class="sk-subtle sk-xs">{w.one.question}</dt>
            <dd>{booking.question}</dd>
          </div>
        )}
        {roles.map((role) => (
          <div key={role}>
            <dt class="sk-subtle sk-xs">{w.roleName(role)}</dt>
            {booking.prepare
              .filter((p) => p.for === role)
              .map((p) => (
                <dd key={p.what}>{p.what}</dd>
              ))}
          </div>
        ))}
        {booking.equipment.length > 0 && (
          <div>
            <dt class="sk-subtle sk-xs">{w.one.equipment}</dt>
            <dd>{w.list(booking.equipment.map((e) => e.name), w.and)}</dd>
          </div>
        )}
      </dl>
      <p class="sk-subtle sk-small">
        {[
          booking.interpreter === "" ? "" : w.one.interpreter(languageName(language.value, booking.interpreter)),
          booking.deadline === "" ? "" : w.one.deadline(dayWords(w, booking.deadline)),
          booking.series === "" ? "" : w.one.series,
          booking.madeBy === "" ? "" : w.one.madeBy(booking.madeBy, booking.organisationName),
        ]
          .filter(Boolean)
          .join(". ")}
      </p>
    </section>
  );
}
