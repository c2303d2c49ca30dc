// Those who are in a booking: what each has answered to each time, and how ready they are.

import { wallOf, weekdayOf } from "../../../i18n/norway";
import { capital } from "../../../i18n/time";
import { Icon, type IconName } from "../../../ui/icon";
import { byLink } from "../../visits/board";
import { useHouse } from "../../house";
import { NewLinkButton } from "../../new-link";
import type { Booking, BookingPerson, Readiness } from "../../wire";
import { useBookingWords, type BookingWords } from "../i18n/words";
import { calledOf, clockOf, dayShort, nameOf, shortWhen } from "../say";
import { answerTo, isOpen, isProposal, ordered } from "./booking";
import type { Opened } from "./panels";

const answerIcons: Readonly<Record<BookingPerson["answer"], IconName>> = { "needs-action": "clock", accepted: "check", declined: "x", tentative: "info" };

function Answer(props: { readonly answer: BookingPerson["answer"]; readonly w: BookingWords }) {
  const { answer, w } = props;
  return (
    <span class="sk-status" data-state={answer === "accepted" ? "ready" : undefined}>
      <Icon name={answerIcons[answer]} size="xs" />
      {w.one.answer(answer)}
    </span>
  );
}

/** People as rows, times as columns. */
export function AnswerTable(props: { readonly booking: Booking }) {
  const w = useBookingWords();
  const { booking } = props;
  return (
    <div class="sk-scroll" tabIndex={0} role="group" aria-label={w.one.times}>
      <table class="sk-answers" data-testid="answers">
        <thead>
          <tr>
            <td />
            {booking.options.map((o) => {
              const { day } = wallOf(o.starts);
              const by = booking.people.find((p) => p.id === o.suggestedBy);
              return (
                <th key={o.id} scope="col">
                  <b>
                    {capital(w.weekday(weekdayOf(day) % 7))} {dayShort(w, day)}
                  </b>
                  <span class="sk-num">{w.atSpan(clockOf(w, o.starts), clockOf(w, o.ends))}</span>
                  {by && (
                    <span class="sk-subtle sk-xs">
                      <Icon name="swap" size="xs" />
                      {w.one.suggestedBy(calledOf(w, by))}
                    </span>
                  )}
                  {o.taken && (
                    <span class="sk-subtle sk-xs">
                      <Icon name="lock" size="xs" />
                      {w.one.taken}
                    </span>
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {ordered(booking.people).map((p) => (
            <tr key={p.id}>
              <th scope="row">
                {nameOf(w, p)}
                {!p.required && <span class="sk-subtle sk-xs"> {w.one.optionalShort}</span>}
              </th>
              {booking.options.map((o) => (
                <td key={o.id}>
                  <Answer answer={answerTo(booking, p.id, o.id)} w={w} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const readyIcons: Readonly<Record<Readiness["state"], IconName>> = {
  unknown: "clock", "not-opened": "clock", opened: "check", tested: "check", "on-the-way": "car", late: "clock", waiting: "home", here: "check", left: "leave",
};
const readyLooks: Readonly<Record<Readiness["state"], "ready" | "new" | undefined>> = {
  unknown: undefined, "not-opened": undefined, opened: undefined, tested: "ready", "on-the-way": "new", late: undefined, waiting: "new", here: "ready", left: undefined,
};

function Ready(props: { readonly readiness: Readiness; readonly w: BookingWords }) {
  const { readiness, w } = props;
  const test = w.one.test(readiness.test);
  const state = readiness.state === "late" ? w.one.late(readiness.minutes) : w.one.readiness(readiness.state);
  return (
    <span class="sk-status" data-state={readiness.test === "failed" ? undefined : readyLooks[readiness.state]}>
      <Icon name={readiness.test === "failed" ? "info" : readyIcons[readiness.state]} size="xs" />
      {[state, test].filter(Boolean).join(", ")}
    </span>
  );
}

export function People(props: { readonly booking: Booking; readonly open: (what: Opened) => (event: { readonly currentTarget: EventTarget | null }) => void }) {
  const w = useBookingWords();
  const house = useHouse();
  const { booking, open } = props;
  const board = !isProposal(booking) && (booking.state === "booked" || booking.state === "arrived");
  const now = house.now.value;
  return (
    <section class="sk-stack" data-gap="2" aria-labelledby="people">
      <h2 class="ds-heading" data-size="xs" id="people">
        {board ? w.one.ready : w.one.people}
      </h2>
      <ul class="sk-lines">
        {ordered(booking.people).map((p) => (
          <li key={p.id} class="sk-who" data-testid={`person-${p.id}`}>
            <div class="sk-who__who">
              <b>{nameOf(w, p)}</b>
              <span class="sk-subtle sk-small">
                {[
                  p.title,
                  p.organisationName,
                  p.required ? "" : w.one.optionalShort,
                  p.attends === "online" ? "" : w.attends(p.attends).toLocaleLowerCase("nb"),
                  p.before + p.after > 0 ? w.one.driving(p.before, p.after) : "",
                ]
                  .filter(Boolean)
                  .join(", ")}
              </span>
              {p.deputyFor !== "" && <span class="sk-subtle sk-small">{w.one.deputyFor(p.deputyFor)}</span>}
              {p.comment !== "" && <span class="sk-small">{w.todo.quote(p.comment)}</span>}
              {p.answeredAt > 0 && (
                <span class="sk-subtle sk-xs">{[w.one.answeredAt(shortWhen(w, p.answeredAt, now)), p.answeredBy === "" ? "" : w.one.answeredBy(p.answeredBy)].filter(Boolean).join(", ")}</span>
              )}
            </div>
            <div class="sk-who__state">
              {!isProposal(booking) && <Answer answer={p.answer} w={w} />}
              {board && <Ready readiness={p.readiness} w={w} />}
            </div>
            {isOpen(booking) && (
              <div class="sk-who__do">
                {booking.may.includes("deputy") && !byLink(p) && (
                  <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" aria-label={`${w.one.deputy}: ${nameOf(w, p)}`} data-testid={`deputy-for-${p.id}`} onClick={open({ panel: "deputy", participant: p.id })}>
                    {w.one.deputy}
                  </button>
                )}
                {booking.may.includes("link") && byLink(p) && <NewLinkButton consultation={booking.id} person={{ id: p.id, name: nameOf(w, p), role: p.role, title: p.title, organisation: p.organisationName }} />}
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
