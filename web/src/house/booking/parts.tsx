// Small parts that the pages of booking share: a day's bar, an appointment, the explanation.

import { useEffect, useState } from "preact/hooks";
import { Icon, type IconName } from "../../ui/icon";
import { useBookingWords, type BookingWords } from "./i18n/words";
import { clockOf, shortAbout } from "./say";
import { greyOf, marksOf, type Bar, type Entry, type EntryState, type Frame, type Hours } from "./week";
import "./booking.css";

/** Whether the window is so; follows it when it changes. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const tell = (): void => setMatches(list.matches);
    tell();
    list.addEventListener("change", tell);
    return () => list.removeEventListener("change", tell);
  }, [query]);
  return matches;
}

/** Spans of a day to scale. It is for the eye: what is booked stands in words beside it. */
export function DayBar(props: { readonly bars: readonly Bar[]; readonly class: "sk-cal__bar" | "sk-lane" }) {
  const grey = greyOf(props.bars);
  return (
    <span class={props.class} aria-hidden="true" style={grey === "" ? undefined : `background-image:${grey}`}>
      {props.bars.map((bar, i) => (bar.kind === "busy" ? null : <i key={i} data-kind={bar.kind} style={`left:${bar.left.toFixed(2)}%;width:${bar.width.toFixed(2)}%`} />))}
    </span>
  );
}

/** Hours along the top of a lane. */
export function HourMarks(props: { readonly frame: Frame; readonly hours: Hours }) {
  return (
    <span class="sk-hours" aria-hidden="true">
      {marksOf(props.frame, props.hours, 2).map(({ hour, left }) => (
        <span key={hour} style={`left:${left}%`} data-end={left === 0 ? "first" : left === 100 ? "last" : undefined}>
          {hour}
        </span>
      ))}
    </span>
  );
}

const icons: Readonly<Record<EntryState, IconName>> = { booked: "check", proposed: "clock", counter: "swap", declined: "x" };

/** "Avtalt: Eik, Sårkontroll kl. 10.00, køyring 25 + 25 min" */
function entryLabel(w: BookingWords, entry: Entry, about: string, clock: string): string {
  const what = entry.booking.title === "" || entry.booking.title === about ? about : `${about}, ${entry.booking.title}`;
  const drive = entry.before + entry.after > 0 ? `, ${w.driving} ${w.minutesShort(entry.before, entry.after)}` : "";
  return `${w.entry(entry.state)}: ${what} ${w.at(clock)}${drive}`;
}

/** An appointment: time and name first, then its kind, or the driving both ways. Leads to it. */
export function Appointment(props: { readonly entry: Entry; readonly w: BookingWords }) {
  const { entry, w } = props;
  const drives = entry.before + entry.after > 0;
  const clock = clockOf(w, entry.starts);
  const about = shortAbout(w, entry.booking);
  return (
    <a class="sk-appt" href={`/bookings/${encodeURIComponent(entry.booking.id)}`} data-state={entry.state} data-booking={entry.booking.id} aria-label={entryLabel(w, entry, about, clock)}>
      <Icon name={icons[entry.state]} size="xs" />
      <b>{`${clock} ${about}`}</b>
      <span class="sk-appt__what">
        {drives && <Icon name="car" size="xs" />}
        {drives ? w.minutesShort(entry.before, entry.after) : entry.booking.title || w.aCall}
      </span>
    </a>
  );
}

export function Legend(props: { readonly appointments?: boolean }) {
  const w = useBookingWords();
  return (
    <ul class="sk-legend" aria-label={w.cal.legend}>
      {props.appointments &&
        (["booked", "proposed", "counter"] as const).map((state) => (
          <li key={state}>
            <Icon name={icons[state]} size="xs" />
            {w.entry(state)}
          </li>
        ))}
      <li>
        <span class="sk-key" data-kind="call" />
        {w.spanKind("call")}
      </li>
      <li>
        <span class="sk-key" data-kind="drive" />
        {w.spanKind("travel")}
      </li>
      <li>
        <span class="sk-key" data-kind="busy" />
        {w.cal.busy}
      </li>
    </ul>
  );
}

export { icons as entryIcons };
