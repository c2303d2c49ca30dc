// The two fields for a time that is written and not found.

import { useState } from "preact/hooks";
import { wallOf } from "../../i18n/norway";
import { TextField } from "../form";
import { writtenTime } from "./written";
import { useBookingWords } from "./i18n/words";
import { nextWorkday } from "./plan/plan";

export function ByHand(props: { readonly now: number; readonly action: string; readonly onTime: (starts: number) => void }) {
  const w = useBookingWords();
  const today = wallOf(props.now).day;
  const [day, setDay] = useState(nextWorkday(today));
  const [time, setTime] = useState("");
  const [which, setWhich] = useState<"first" | "second" | null>(null);
  const [asking, setAsking] = useState(false);
  const [wrong, setWrong] = useState<{ readonly field: "date" | "time"; readonly text: string } | null>(null);

  const changed = (set: (value: string) => void) => (value: string) => {
    set(value);
    setWhich(null);
    setAsking(false);
    setWrong(null);
  };
  const add = (): void => {
    const written = writtenTime(day, time, which, props.now);
    if (written.is === "wrong") return setWrong({ field: written.field, text: w.plan.rule[written.rule] });
    if (written.is === "twice") return setAsking(true);
    props.onTime(written.at);
    changed(setTime)("");
  };
  return (
    <div
      class="sk-stack"
      data-gap="3"
      onKeyDown={(event) => {
        // Enter adds the time, and doesn't send the form around it.
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        event.stopPropagation();
        add();
      }}
    >
      <div class="sk-fields">
        <TextField name="hand-date" label={w.plan.date} type="date" value={day} min={today} error={wrong?.field === "date" ? wrong.text : ""} onValue={changed(setDay)} testid="hand-date" />
        <TextField name="hand-time" label={w.plan.time} value={time} inputMode="numeric" autoComplete="off" maxLength={5} error={wrong?.field === "time" ? wrong.text : ""} onValue={changed(setTime)} testid="hand-time" />
      </div>
      {asking && (
        <fieldset class="sk-set">
          <legend>{w.plan.whichHour}</legend>
          {(["first", "second"] as const).map((one) => (
            <label key={one} class="sk-tick">
              <input type="radio" name="hand-which" checked={which === one} data-testid={`hand-${one}`} onChange={() => setWhich(one)} />
              <span>{one === "first" ? w.plan.firstHour : w.plan.secondHour}</span>
            </label>
          ))}
        </fieldset>
      )}
      <p class="sk-field__help">{w.plan.handNote}</p>
      <p>
        <button class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid="hand-add" onClick={add}>
          {props.action}
        </button>
      </p>
    </div>
  );
}
