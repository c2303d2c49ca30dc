// What waits for the coordinator: one line of what, and one press that sees to it.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import type { Asking } from "../asked";
import { byLink } from "../visits/board";
import { useHouse, useSession } from "../house";
import { NewLinkButton } from "../new-link";
import { Empty, Failed, Loading, Notice } from "../parts";
import { problemWords } from "../problems";
import type { CalendarPerson, Waiting, WaitingItem } from "../wire";
import { useBookingWords } from "./i18n/words";
import { atOf, calledOf, optionOf, personOf, todoOf } from "./say";
import { answersFor } from "./one/booking";
import { useMedia } from "./parts";

const beside = "(min-width: 62em)"; // the panel stands beside the calendar

export function WaitingPanel(props: { readonly asking: Asking<Waiting>; readonly people: readonly CalendarPerson[]; readonly changed: () => void }) {
  const w = useBookingWords();
  const stands = useMedia(beside);
  const [opened, setOpened] = useState(true); // above the calendar it can be folded away
  const open = stands || opened;
  const { asked, again } = props.asking;
  const items = asked.status === "ready" ? asked.value.items : [];
  const count = items.length > 0 && <span class="sk-count">{items.length}</span>;
  return (
    <section class="sk-aside" aria-labelledby="waiting" data-testid="waiting" data-open={open || undefined}>
      <h2 class="ds-heading sk-aside__title" data-size="xs" id="waiting">
        {stands ? (
          <>
            {w.todo.title}
            {count}
          </>
        ) : (
          <button type="button" aria-expanded={open} aria-controls="waiting-items" data-testid="waiting-open" onClick={() => setOpened(!opened)}>
            {w.todo.title}
            {count}
            <Icon name="down" size="sm" />
          </button>
        )}
      </h2>
      <div id="waiting-items" hidden={!open}>
        {asked.status === "loading" ? (
          <Loading text={w.todo.loading} />
        ) : asked.status === "failed" ? (
          <Failed error={asked.error} again={again} />
        ) : items.length === 0 ? (
          <Empty title={w.todo.none} text={w.todo.noneText} />
        ) : (
          <ul>
            {items.map((item) => (
              <TodoItem key={`${item.kind}/${item.booking.id}/${item.person}/${item.option}`} item={item} now={asked.value.now} people={props.people} changed={props.changed} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function TodoItem(props: { readonly item: WaitingItem; readonly now: number; readonly people: readonly CalendarPerson[]; readonly changed: () => void }) {
  const w = useBookingWords();
  const house = useHouse();
  const own = useSession().act?.organisation ?? "";
  const { item, people } = props;
  const { booking } = item;
  const nameIn = (id: string): string => people.find((p) => p.person === id)?.name ?? "";
  const todo = todoOf(w, item, { now: props.now, own, language: house.language.value, nameIn });
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (done !== "") said.current?.focus(); // the button that was pressed is gone
  }, [done]);

  const act = async (what: () => Promise<unknown>, words: string): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await what();
      setDone(words);
      props.changed();
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  const path = { path: { id: booking.id } };
  const page = (query: string): string => `/bookings/${encodeURIComponent(booking.id)}${query}`;
  const id = booking.id;
  const link = (href: string, text: string, first = true) => (
    <a class="ds-button" data-size="sm" data-variant={first ? "secondary" : "tertiary"} href={href} data-testid={`todo-link-${item.kind}-${id}`}>
      {text}
    </a>
  );
  const press = (text: string, what: () => Promise<unknown>, words: string) => (
    <button class="ds-button" data-size="sm" data-variant="secondary" type="button" aria-busy={busy || undefined} data-testid={`todo-${item.kind}-${id}`} onClick={() => void act(what, words)}>
      {text}
    </button>
  );
  const remind = (participant: string) => press(w.todo.remind, () => house.api("POST /bookings/{id}/remind", { ...path, body: { participant } }), w.todo.done.reminded);

  const actions = () => {
    const person = personOf(item);
    switch (item.kind) {
      case "suggested": {
        const option = optionOf(item);
        return (
          <>
            {option &&
              press(
                w.todo.accept(atOf(w, option.starts)),
                () => house.api("POST /bookings/{id}/answers", { ...path, body: { participant: "", answers: [{ option: option.id, answer: "accepted" }], comment: "", starts: 0 } }),
                w.todo.done.accepted,
              )}
            {link(page("?find"), w.todo.otherTime, !option)}
          </>
        );
      }
      case "missing": {
        const deputy = item.deputy.find((d) => nameIn(d) !== "") ?? "";
        const query = `?deputy=${encodeURIComponent(item.person)}`;
        return (
          <>
            {deputy !== "" &&
              press(w.todo.ask(nameIn(deputy)), () => house.api("POST /bookings/{id}/deputy", { ...path, body: { participant: item.person, person: deputy } }), w.todo.done.asked(nameIn(deputy)))}
            {link(page(query), w.todo.more, deputy === "")}
          </>
        );
      }
      case "unanswered":
        return person && answersFor(booking, person, own) ? link(page(`?answer=${encodeURIComponent(person.id)}`), w.todo.ring(calledOf(w, person))) : remind(item.person);
      case "declined":
        return link(page("?find"), w.todo.otherTime);
      case "lapsed":
        return link(`/calendar/new?from=${encodeURIComponent(booking.id)}`, w.todo.again);
      case "not-ready":
        return remind(item.person);
      case "undelivered":
        // Patients' and relatives' numbers stand in the record; without one nothing can be sent again.
        if (item.why === "no-address" && booking.patient !== "" && person && byLink(person)) return link(`/patients/${encodeURIComponent(booking.patient)}`, w.todo.addAddress);
        if (item.again) return press(w.todo.sendAgain, () => house.api("POST /bookings/{id}/messages/{message}/again", { path: { id: booking.id, message: item.message } }), w.todo.done.sentAgain);
        // What can't be sent as it was may have held a link, and who comes by one needs it.
        if (person && byLink(person) && booking.may.includes("link")) return <NewLinkButton consultation={booking.id} person={{ ...person, organisation: person.organisationName }} />;
        return link(page(""), w.todo.open);
      case "interpreter":
        return link(page("?people"), w.todo.addInterpreter);
      case "asked":
        return link(page(`?answer=${encodeURIComponent(booking.mine)}`), w.todo.answer);
      default: {
        const never: never = item.kind;
        return never;
      }
    }
  };

  return (
    <li class="sk-todo" data-testid="todo" data-kind={item.kind}>
      <span class="sk-todo__kind">
        <Icon name={todo.icon} size="xs" />
        {todo.kind}
      </span>
      <div class="sk-stack" data-gap="0">
        <h3 class="ds-heading" data-size="2xs">
          <a href={page("")}>{todo.title}</a>
        </h3>
        <p class="sk-subtle sk-xs">{todo.text}</p>
      </div>
      {problem !== null && <Notice kind="error">{problemWords(w, problem)}</Notice>}
      {done !== "" ? (
        <p class="sk-row sk-ok" role="status" tabIndex={-1} ref={said}>
          <Icon name="check" size="sm" />
          {done}
        </p>
      ) : (
        <div class="sk-row sk-wrap">{actions()}</div>
      )}
    </li>
  );
}
