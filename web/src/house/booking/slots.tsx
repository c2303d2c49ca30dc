// Times that were found, the best first: why, and the day of each party to scale. For those who
// plan and those who move.

import { useId, useState } from "preact/hooks";
import { wallOf } from "../../i18n/norway";
import { capital } from "../../i18n/time";
import { Icon } from "../../ui/icon";
import type { CommonTime, TimeParty } from "../wire";
import { useBookingWords, type BookingWords } from "./i18n/words";
import { DayBar, HourMarks, Legend } from "./parts";
import { reasonOf, spanOf } from "./say";
import { barsOf, frameOf, placeOf, usualHours, type Bar } from "./week";

export interface Slot {
  readonly starts: number;
  readonly ends: number;
  /** As the service found it; null: it was written by hand. */
  readonly found: CommonTime | null;
}

export function Slots(props: {
  readonly slots: readonly Slot[];
  readonly name: string;
  readonly kind: "checkbox" | "radio";
  readonly required: number;
  readonly isChosen: (slot: Slot) => boolean;
  readonly onChoose: (slot: Slot, on: boolean) => void;
  /** Why a time can't be chosen beside those that are; empty: it can. */
  readonly bar?: (slot: Slot) => string;
  readonly best?: number; // starts of the best one
  readonly titles: ReadonlyMap<string, string>; // of people, by id
}) {
  const w = useBookingWords();
  const [open, setOpen] = useState<number | null>(null); // starts of the one whose day is shown; null: the first's
  return (
    <ol class="sk-slots">
      {props.slots.map((slot, i) => {
        const barred = props.bar?.(slot) ?? "";
        const isOpen = slot.found !== null && (open === null ? i === 0 : open === slot.starts);
        return (
          <SlotLine
            key={slot.starts}
            slot={slot}
            w={w}
            name={props.name}
            kind={props.kind}
            required={props.required}
            chosen={props.isChosen(slot)}
            barred={barred}
            best={slot.starts === props.best}
            open={isOpen}
            titles={props.titles}
            onChoose={(on) => props.onChoose(slot, on)}
            onOpen={() => setOpen(isOpen ? -1 : slot.starts)}
          />
        );
      })}
    </ol>
  );
}

function SlotLine(props: {
  readonly slot: Slot;
  readonly w: BookingWords;
  readonly name: string;
  readonly kind: "checkbox" | "radio";
  readonly required: number;
  readonly chosen: boolean;
  readonly barred: string;
  readonly best: boolean;
  readonly open: boolean;
  readonly titles: ReadonlyMap<string, string>;
  readonly onChoose: (on: boolean) => void;
  readonly onOpen: () => void;
}) {
  const { slot, w, open, barred } = props;
  const id = useId();
  const when = spanOf(w, slot.starts, slot.ends);
  const reasons = slot.found ? slot.found.reasons.map((r) => reasonOf(w, r, slot.found?.parties ?? [], props.required)) : [{ icon: "hand" as const, text: w.plan.byHand }];
  return (
    <li class="sk-slot" data-open={open || undefined}>
      <label class="sk-slot__pick">
        <input
          type={props.kind}
          name={props.name}
          checked={props.chosen}
          disabled={barred !== "" && !props.chosen}
          aria-describedby={`${id}-why`}
          data-testid={`slot-${wallOf(slot.starts).day}-${wallOf(slot.starts).minute}`}
          onChange={(event) => props.onChoose(event.currentTarget.checked)}
        />
        <span>{capital(when)}</span>
      </label>
      <span class="sk-slot__end">
        {props.best && <span class="sk-tag">{w.plan.best}</span>}
        {slot.found && (
          <button type="button" class="sk-slot__open" aria-expanded={open} aria-label={w.plan.showDay(when)} onClick={props.onOpen}>
            <Icon name="down" size="sm" />
          </button>
        )}
      </span>
      <ul class="sk-why" id={`${id}-why`}>
        {barred !== "" && (
          <li>
            <Icon name="lock" size="xs" />
            {barred}
          </li>
        )}
        {reasons.map((reason, i) => (
          <li key={i}>
            <Icon name={reason.icon} size="xs" />
            {reason.text}
          </li>
        ))}
      </ul>
      {open && slot.found && <Lanes time={slot.found} w={w} titles={props.titles} />}
    </li>
  );
}

/** The bars of a party's day with the time itself laid in. */
function laneOf(time: CommonTime, party: TimeParty, frame: Parameters<typeof barsOf>[1]): readonly Bar[] {
  const own = party.free
    ? [
        { kind: "drive" as const, place: placeOf(time.starts - party.before * 60_000, time.starts, frame) },
        { kind: "drive" as const, place: placeOf(time.ends, time.ends + party.after * 60_000, frame) },
        { kind: "call" as const, place: placeOf(time.starts, time.ends, frame) },
      ]
    : [];
  // What else is booked is only busy here: what is to be seen is the time that is looked at.
  const day = barsOf(party.day.map((span) => ({ ...span, kind: span.kind === "travel" ? span.kind : "elsewhere", booking: "" })), frame);
  return [...day, ...own.flatMap(({ kind, place }): Bar[] => (place ? [{ kind, ...place }] : []))];
}

function Lanes(props: { readonly time: CommonTime; readonly w: BookingWords; readonly titles: ReadonlyMap<string, string> }) {
  const { time, w, titles } = props;
  const [from, until] = [wallOf(time.starts), wallOf(time.ends)];
  const before = Math.max(0, ...time.parties.map((p) => p.before));
  const after = Math.max(0, ...time.parties.map((p) => p.after));
  const hours = { from: Math.min(usualHours.from, Math.floor((from.minute - before) / 60)), until: Math.max(usualHours.until, Math.ceil((until.minute + after) / 60)) };
  const frame = frameOf(from.day, hours);
  return (
    <div class="sk-slot__day">
      <div class="sk-lanes">
        <span />
        <HourMarks frame={frame} hours={hours} />
        {time.parties.map((party, i) => (
          <LaneOf key={i} name={party.role === "patient" || party.name === "" ? capital(w.theRole(party.role)) : [party.name, titles.get(party.person) ?? ""].filter(Boolean).join(", ")} bars={laneOf(time, party, frame)} />
        ))}
      </div>
      <Legend />
    </div>
  );
}

const LaneOf = (props: { readonly name: string; readonly bars: readonly Bar[] }) => (
  <>
    <span>{props.name}</span>
    <DayBar class="sk-lane" bars={props.bars} />
  </>
);
