// One thing that one is asked about: its times with one's own day beside each, and the answer in
// one press. Another time, a deputy and a comment are behind a press of their own.

import { useEffect, useRef, useState } from "preact/hooks";
import { dayOf } from "../../../i18n/norway";
import { capital, clock, date, duration } from "../../../i18n/time";
import { Icon } from "../../../ui/icon";
import { noonOf } from "../../day";
import { TextArea } from "../../form";
import { useHouse } from "../../house";
import { Live, Notice } from "../../parts";
import { problemWords } from "../../problems";
import type { AnswerBooking, Booking, BookingPerson, TakenBy } from "../../wire";
import { ApiError } from "../../client";
import { aboutOf, selfIn } from "../board";
import { Prepare } from "../parts";
import { called, mentioned, whenSaid } from "../said";
import { answering, offersOf, outcomeOf, takenStarts, without, type Offer } from "./answers";
import { DayBar, type Days } from "./day-bar";
import { DeputyForm } from "./deputy";
import { useMineWords, type MineWords } from "./i18n/words";
import { SuggestForm } from "./suggest";

type More = "" | "suggest" | "deputy";

/** "lege Tuva Ask og Olav Eik" */
function listed(w: MineWords, people: readonly BookingPerson[]): string {
  const names = people.map((p) => mentioned(w, p));
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${w.mine.and} ${names.at(-1)}`;
}

export function AskedOne(props: { readonly booking: Booking; readonly days: Days; readonly onAnswered: (booking: Booking) => void; readonly level?: "h1" | "h2" }) {
  const house = useHouse();
  const w = useMineWords();
  const { booking } = props;
  const now = house.now.value;
  const [busy, setBusy] = useState(""); // what is being sent
  const [problem, setProblem] = useState<unknown>(null);
  const [fallen, setFallen] = useState<readonly TakenBy[]>([]);
  const [restSent, setRestSent] = useState(false);
  const [said, setSaid] = useState("");
  const [more, setMore] = useState<More>("");
  const [comment, setComment] = useState<string | null>(null); // null: none is being written
  const alive = useRef(true);
  useEffect(
    () => () => {
      alive.current = false;
    },
    [],
  );

  const section = useRef<HTMLElement>(null);
  const opener = useRef<HTMLElement | null>(null); // of what is open; the focus goes back to it
  const close = (): void => {
    setMore("");
    opener.current?.focus();
  };
  const toggle = (which: More, button: HTMLElement): void => {
    opener.current = button;
    setMore(more === which ? "" : which);
  };
  const first = useRef(booking);
  useEffect(() => {
    // What was pressed may be gone with the times: the keyboard is then at what came of it.
    if (booking !== first.current && document.activeElement === document.body) section.current?.querySelector<HTMLElement>("[data-outcome]")?.focus();
  }, [booking]);
  const writing = comment !== null;
  useEffect(() => {
    if (writing) section.current?.querySelector<HTMLElement>("textarea")?.focus();
  }, [writing]);

  const gone = new Set(fallen.map((t) => t.starts));
  const offers = offersOf(booking, gone);
  const self = selfIn(booking);
  const may = booking.may.includes("answer") && self !== undefined && offers.length > 0;
  const open = offers.filter((o) => !o.gone);

  /** Sends an answer; where some of its times are taken meanwhile, the rest of it. */
  const send = async (key: string, body: AnswerBooking): Promise<void> => {
    if (busy !== "" || body.answers.length === 0) return;
    setBusy(key);
    setProblem(null);
    setSaid("");
    setRestSent(false);
    try {
      const answered = await house.api("POST /bookings/{id}/answers", { path: { id: booking.id }, body }).catch(async (err: unknown) => {
        const taken = takenStarts(err);
        if (taken.size === 0 || !(err instanceof ApiError)) throw err;
        setFallen((before) => [...before.filter((t) => !taken.has(t.starts)), ...(err.problem?.taken ?? [])]);
        const rest = without(body, booking, taken);
        if (!rest) return null;
        const left = await house.api("POST /bookings/{id}/answers", { path: { id: booking.id }, body: rest });
        setRestSent(true);
        return left;
      });
      if (!alive.current || !answered) return;
      setComment(null);
      props.onAnswered(answered);
    } catch (err) {
      if (alive.current) setProblem(err);
    } finally {
      if (alive.current) setBusy("");
    }
  };
  const written = comment?.trim() ?? "";
  const one = (offer: Offer, answer: "accepted" | "declined") => send(`${offer.id} ${answer}`, answering(booking, answer, written, gone, offer.id));
  const all = (answer: "accepted" | "declined") => send(answer, answering(booking, answer, written, gone));

  const about = aboutOf(booking);
  const title = [booking.title === "" ? w.own.call : booking.title, about ? w.house.withWhom(called(w, about)) : ""].filter((x) => x !== "").join(" ");
  const Title = props.level ?? "h2";
  const id = `asked-${booking.id}`;
  return (
    <section ref={section} class="sk-asked" aria-labelledby={id} data-testid={`asked-${booking.id}`}>
      <header class="sk-stack" data-gap="2">
        {Title === "h2" && (
          <h2 class="ds-heading" data-size="sm" id={id}>
            {title}
          </h2>
        )}
        <p class="sk-subtle" {...(Title === "h1" ? { id } : {})}>
          {w.mine.asksYou(booking.madeBy, booking.organisationName)}. {capital(duration(w.house, booking.ends - booking.starts))}, {w.own.places[self?.attends ?? "online"].toLowerCase()}.{" "}
          {w.mine.with(listed(w, booking.people.filter((p) => p.id !== booking.mine)))}.
        </p>
        {self && (self.before > 0 || self.after > 0) && (
          <p class="sk-subtle sk-row sk-small">
            <Icon name="car" size="sm" />
            {w.mine.travel(self.before, self.after)}
          </p>
        )}
        {may && booking.answerBy > 0 && (
          <p class="sk-row sk-asked__by">
            <Icon name="clock" size="sm" />
            <b>{w.mine.answerBy(whenSaid(w, booking.answerBy, now))}</b>
          </p>
        )}
        {may && booking.deadline !== "" && <p class="sk-subtle sk-small">{w.mine.deadline(date(w.house, noonOf(booking.deadline)))}</p>}
      </header>
      {booking.people
        .filter((p) => p.comment !== "" && p.id !== booking.mine)
        .map((p) => (
          <p key={p.id}>{w.mine.wrote(capital(mentioned(w, p)), p.comment)}</p>
        ))}
      <Prepare booking={booking} level={Title === "h1" ? "h2" : "h3"} />
      {may && (
        <>
          <ul class="sk-offers">
            {offers.map((offer) => (
              <OfferRow key={offer.id} offer={offer} booking={booking} days={props.days} busy={busy} now={now} onAnswer={(answer) => void one(offer, answer)} />
            ))}
          </ul>
          {comment !== null && (
            <TextArea name="comment" value={comment} error="" onValue={setComment} label={w.mine.comment} help={w.mine.commentHelp} optional rows={2} maxLength={300} testid="comment" />
          )}
          <div class="sk-asked__all">
            {open.length > 1 && (
              <>
                <button class="ds-button" data-variant="secondary" type="button" aria-busy={busy === "accepted" || undefined} data-testid={`all-yes-${booking.id}`} onClick={() => void all("accepted")}>
                  {w.mine.allYes}
                </button>
                <button class="ds-button" data-variant="secondary" type="button" aria-busy={busy === "declined" || undefined} data-testid={`all-no-${booking.id}`} onClick={() => void all("declined")}>
                  {w.mine.allNo}
                </button>
              </>
            )}
            <button class="ds-button" data-variant="tertiary" type="button" aria-expanded={more === "suggest"} data-testid={`suggest-${booking.id}`} onClick={(event) => toggle("suggest", event.currentTarget)}>
              {w.mine.suggest}
            </button>
            {booking.may.includes("deputy") && (
              <button class="ds-button" data-variant="tertiary" type="button" aria-expanded={more === "deputy"} data-testid={`deputy-${booking.id}`} onClick={(event) => toggle("deputy", event.currentTarget)}>
                {w.mine.deputy}
              </button>
            )}
            {comment === null && (
              <button class="ds-button" data-variant="tertiary" type="button" data-testid={`comment-${booking.id}`} onClick={() => setComment("")}>
                {w.mine.commentAdd}
              </button>
            )}
          </div>
          {more === "suggest" && (
            <SuggestForm
              booking={booking}
              comment={written}
              onCancel={close}
              onSent={(answered, at) => {
                setMore("");
                setComment(null);
                setSaid(w.mine.suggestionSent(whenSaid(w, at, now)));
                props.onAnswered(answered);
              }}
            />
          )}
          {more === "deputy" && (
            <DeputyForm
              booking={booking}
              onCancel={close}
              onSent={(answered, name) => {
                setMore("");
                setSaid(w.mine.deputySent(name));
                props.onAnswered(answered);
              }}
            />
          )}
        </>
      )}
      {/* Last, so that nothing that can be pressed moves by what is said. */}
      <Standing booking={booking} gone={gone} now={now} said={said} />
      {fallen.length > 0 && (
        <Notice icon="clock" title={fallen.map((t) => capital(w.mine.takenTitle(whenSaid(w, t.starts, now)))).join(". ")}>
          {[
            ...new Set(fallen.map((t) => (t.person === self?.person ? w.mine.takenYou : t.name === "" ? w.mine.takenSome : w.mine.takenBy(t.name)))),
            restSent ? w.mine.takenRest : open.length > 0 ? w.mine.takenOthers : "",
          ]
            .filter((text) => text !== "")
            .join(" ")}
        </Notice>
      )}
      {problem !== null && <Notice kind="error">{problemWords(w.house, problem)}</Notice>}
    </section>
  );
}

function OfferRow(props: {
  readonly offer: Offer;
  readonly booking: Booking;
  readonly days: Days;
  readonly busy: string;
  readonly now: number;
  readonly onAnswer: (answer: "accepted" | "declined") => void;
}) {
  const w = useMineWords();
  const { offer, booking } = props;
  const when = whenSaid(w, offer.starts, props.now);
  const spans = props.days.get(dayOf(offer.starts));
  const self = selfIn(booking);
  const button = (answer: "accepted" | "declined", text: string, name: string) => (
    <button
      class="ds-button"
      data-variant={offer.mine === answer ? undefined : "secondary"}
      type="button"
      aria-pressed={offer.mine === answer}
      aria-label={name}
      aria-busy={props.busy === `${offer.id} ${answer}` || undefined}
      data-testid={`${answer === "accepted" ? "yes" : "no"}-${booking.id}-${offer.id}`}
      onClick={() => props.onAnswer(answer)}
    >
      {offer.mine === answer && <Icon name={answer === "accepted" ? "check" : "x"} size="sm" />}
      {text}
    </button>
  );
  return (
    <li class="sk-offer" data-gone={offer.gone || undefined} data-testid="offer">
      <div class="sk-offer__when">
        <b>{capital(date(w.house, noonOf(dayOf(offer.starts))))}</b>
        <b class="sk-offer__clock sk-num">
          {clock(w.house, offer.starts)}–{clock(w.house, offer.ends)}
        </b>
      </div>
      <div class="sk-offer__about">
        {!offer.gone && spans !== undefined && <DayBar busy={spans} starts={offer.starts} ends={offer.ends} booking={booking.id} before={self?.before ?? 0} after={self?.after ?? 0} />}
        <p class="sk-subtle sk-small">
          {[
            offer.suggestedBy ? w.mine.suggestedBy(mentioned(w, offer.suggestedBy)) : "",
            offer.yes.length > 0 ? w.mine.saidYes(listed(w, offer.yes)) : "",
            offer.no.length > 0 ? w.mine.saidNo(listed(w, offer.no)) : "",
            offer.yes.length + offer.no.length === 0 && !offer.suggestedBy ? w.mine.nobodyYet : "",
          ]
            .filter((text) => text !== "")
            .join(". ")}
        </p>
      </div>
      {offer.gone ? (
        <span class="sk-status">
          <Icon name="x" size="sm" />
          {w.mine.gone}
        </span>
      ) : (
        <div class="sk-offer__answer">
          {button("accepted", w.mine.yes, w.mine.yesTo(when))}
          {button("declined", w.mine.no, w.mine.noTo(when))}
        </div>
      )}
    </li>
  );
}

/** How it stands: what one has answered, and what has come of it. */
function Standing(props: { readonly booking: Booking; readonly gone: ReadonlySet<number>; readonly now: number; readonly said: string }) {
  const w = useMineWords();
  const { booking } = props;
  const when = whenSaid(w, booking.starts, props.now);
  const outcome = outcomeOf(booking, props.gone);
  const words = (): string => {
    switch (outcome) {
      case "open":
        return booking.mine === "" ? w.mine.notMine : booking.may.includes("answer") ? "" : w.mine.lapsed;
      case "some":
      case "held":
      case "declined":
        return w.mine.outcome[outcome];
      case "not-suit":
        return w.mine.outcome.notSuit;
      case "booked":
        return w.mine.stands(when);
      case "confirmed":
        return w.mine.booked(when);
      case "cancelled":
        return w.mine.cancelled;
      case "over":
        return w.mine.over;
      default: {
        const never: never = outcome;
        return never;
      }
    }
  };
  const text = props.said !== "" ? props.said : words();
  if (text === "") return <Live text="" />;
  return (
    <div class="sk-done" tabIndex={-1} data-outcome data-testid={`outcome-${booking.id}`}>
      <Notice icon={outcome === "cancelled" ? "x" : outcome === "open" ? "clock" : "check"}>{text}</Notice>
    </div>
  );
}
