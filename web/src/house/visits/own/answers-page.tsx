// /answers: all that waits for one's own answer; /answers/{id}: one of them, as e-mails lead to it.

import { useState } from "preact/hooks";
import { dayOf } from "../../../i18n/norway";
import { capital } from "../../../i18n/time";
import { useAsked } from "../../asked";
import { useHouse, type PageProps } from "../../house";
import { Empty, PageHead, Shown } from "../../parts";
import type { Booking } from "../../wire";
import { aboutOf } from "../board";
import { called } from "../said";
import { offersOf } from "./answers";
import { AskedOne } from "./asked-one";
import { useOwnDays } from "./day-bar";
import { useMineWords } from "./i18n/words";
import "./own.css";

/** The days of all times that are asked about. */
const daysOf = (bookings: readonly Booking[]): readonly string[] => [...new Set(bookings.flatMap((b) => offersOf(b).map((o) => dayOf(o.starts))))];

export function AnswersPage() {
  const { api } = useHouse();
  const w = useMineWords();
  const asking = useAsked(() => api("GET /waiting"), []);
  return (
    <div class="sk-page">
      <PageHead title={w.mine.answersTitle} lead={w.mine.answersLead} back={{ href: "/", text: w.house.today }} />
      <Shown of={asking} loading={w.mine.answersLoading} rows={6}>
        {({ items }) => <All bookings={items.filter((item) => item.kind === "asked").map((item) => item.booking)} />}
      </Shown>
    </div>
  );
}

/** What is answered stays where it stood, with what came of it. */
function All(props: { readonly bookings: readonly Booking[] }) {
  const w = useMineWords();
  const [answered, setAnswered] = useState<ReadonlyMap<string, Booking>>(new Map());
  const bookings = props.bookings.map((b) => answered.get(b.id) ?? b);
  const days = useOwnDays(daysOf(bookings));
  if (bookings.length === 0) {
    return (
      <Empty title={w.mine.answersEmpty} text={w.mine.answersEmptyText}>
        <a class="ds-button" data-variant="secondary" href="/">
          {w.mine.toDay}
        </a>
      </Empty>
    );
  }
  return (
    <div class="sk-asked-list">
      {bookings.map((b) => (
        <AskedOne key={b.id} booking={b} days={days} onAnswered={(next) => setAnswered((before) => new Map(before).set(next.id, next))} />
      ))}
    </div>
  );
}

export function AnswerPage(props: PageProps) {
  const { api } = useHouse();
  const w = useMineWords();
  const id = props.params["id"] ?? "";
  const asking = useAsked(() => api("GET /bookings/{id}", { path: { id } }), [id]);
  const back = { href: "/answers", text: w.mine.toAnswers };
  if (asking.asked.status !== "ready") {
    return (
      <div class="sk-page">
        <PageHead title={w.mine.answerTitle} back={back} />
        <Shown of={asking} loading={w.mine.answersLoading} rows={6}>
          {() => null}
        </Shown>
      </div>
    );
  }
  return <One booking={asking.asked.value} onAnswered={asking.set} back={back} />;
}

function One(props: { readonly booking: Booking; readonly onAnswered: (booking: Booking) => void; readonly back: { readonly href: string; readonly text: string } }) {
  const w = useMineWords();
  const { booking } = props;
  const days = useOwnDays(daysOf([booking]));
  const about = aboutOf(booking);
  // The patient's name is no title of a window: it stays in the page.
  return (
    <div class="sk-page">
      <PageHead title={booking.title === "" ? w.mine.answerTitle : booking.title} back={props.back} {...(about ? { lead: capital(w.house.withWhom(called(w, about))) } : {})} />
      <AskedOne booking={booking} days={days} onAnswered={props.onAnswered} level="h1" />
      <p>
        <a class="ds-button" data-variant="secondary" href="/">
          {w.mine.toDay}
        </a>
      </p>
    </div>
  );
}
