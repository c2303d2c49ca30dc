// Saying that one is on the way, or late: one press, or two, and what everybody was told.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { clock } from "../../i18n/time";
import { useHouse } from "../house";
import { Notice } from "../parts";
import { problemWords } from "../problems";
import type { Booking, TellReadiness } from "../wire";
import { comesAt, selfIn } from "./board";
import { useVisitWords } from "./i18n/words";

const choices = [5, 10, 15, 30]; // minutes late

export function Tell(props: { readonly booking: Booking; readonly onTold: (booking: Booking) => void }) {
  const house = useHouse();
  const w = useVisitWords();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [inTime, setInTime] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const back = useRef(false);
  const self = selfIn(props.booking);
  useLayoutEffect(() => {
    // The focus follows what is pressed: to what the press opened, and back.
    if (open) first.current?.focus();
    else if (back.current) opener.current?.focus();
    back.current = open;
  }, [open]);
  if (!self) return null;
  const { state, minutes } = self.readiness;
  const isLate = state === "late" && minutes > 0;

  const tell = async (key: string, body: TellReadiness): Promise<void> => {
    if (busy !== "") return;
    setBusy(key);
    setProblem(null);
    setInTime(false);
    try {
      props.onTold(await house.api("POST /consultations/{id}/readiness", { path: { id: props.booking.id }, body }));
      setOpen(false);
      setInTime(body.state === "late" && body.minutes === 0);
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy("");
    }
  };

  return (
    <div class="sk-tell">
      {isLate && (
        <Notice
          icon="clock"
          title={w.own.lateSaid(minutes)}
          actions={
            <button class="ds-button" data-variant="secondary" type="button" aria-busy={busy === "in-time" || undefined} data-testid="not-late" onClick={() => void tell("in-time", { state: "late", minutes: 0, test: "" })}>
              {w.own.notLate}
            </button>
          }
        >
          {w.own.lateNew(clock(w.house, comesAt(props.booking, self)))}
        </Notice>
      )}
      {state === "on-the-way" && <Notice icon="car">{w.own.onTheWaySaid}</Notice>}
      {inTime && !isLate && <Notice icon="check">{w.own.notLateSaid}</Notice>}
      {problem !== null && <Notice kind="error">{problemWords(w.house, problem)}</Notice>}
      {open ? (
        <fieldset
          class="sk-tell__how"
          onKeyDown={(event) => {
            if (event.key === "Escape") setOpen(false);
          }}
        >
          <legend>{w.own.lateHow}</legend>
          {choices.map((by, i) => (
            <button
              key={by}
              {...(i === 0 ? { ref: first } : {})}
              class="ds-button"
              data-variant="secondary"
              type="button"
              aria-busy={busy === String(by) || undefined}
              data-testid={`late-${by}`}
              onClick={() => void tell(String(by), { state: "late", minutes: by, test: "" })}
            >
              {w.own.lateBy(by)}
            </button>
          ))}
          <button class="ds-button" data-variant="tertiary" type="button" onClick={() => setOpen(false)}>
            {w.house.cancel}
          </button>
        </fieldset>
      ) : (
        <div class="sk-tell__what">
          {self.attends === "visit" && state !== "on-the-way" && (
            <button class="ds-button" data-variant="secondary" type="button" aria-busy={busy === "way" || undefined} data-testid="on-the-way" onClick={() => void tell("way", { state: "on-the-way", minutes: 0, test: "" })}>
              {w.own.onTheWay}
            </button>
          )}
          <button ref={opener} class="ds-button" data-variant="secondary" type="button" data-testid="late" onClick={() => setOpen(true)}>
            {w.own.late}
          </button>
        </div>
      )}
    </div>
  );
}
