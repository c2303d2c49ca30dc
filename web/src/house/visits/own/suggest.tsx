// Another time that would suit, typed as day and time in Norway.

import { useEffect } from "preact/hooks";
import { dayOf } from "../../../i18n/norway";
import { Icon } from "../../../ui/icon";
import { FormProblem, SubmitButton, TextField, useForm, useUnsaved } from "../../form";
import { useHouse } from "../../house";
import type { Booking } from "../../wire";
import { suggested, suggesting } from "./answers";
import { useMineWords } from "./i18n/words";
import { TimeField } from "./time-field";

export function SuggestForm(props: { readonly booking: Booking; readonly comment: string; readonly onSent: (booking: Booking, at: number) => void; readonly onCancel: () => void }) {
  const house = useHouse();
  const w = useMineWords();
  const now = house.now.value;
  const form = useForm<{ day: string; time: string; which: "" | "first" | "second" }>({
    initial: { day: "", time: "", which: "" },
    check(v) {
      const found = suggested(v.day, v.time, v.which, now);
      if (!("fault" in found)) return {};
      const text = w.mine.timeFault[found.fault];
      return found.fault === "day" || found.fault === "past" ? { day: text } : found.fault === "twice" ? { which: text } : { time: text };
    },
    async send(v) {
      const found = suggested(v.day, v.time, v.which, now);
      if ("fault" in found) return;
      const answered = await house.api("POST /bookings/{id}/answers", { path: { id: props.booking.id }, body: suggesting(props.booking, found.at, props.comment) });
      props.onSent(answered, found.at);
    },
    fieldFor: (field) => (field === "starts" ? "time" : field),
  });
  useUnsaved(form.busy || form.dirty);
  useEffect(() => {
    const first = form.ref.current?.elements.namedItem("day");
    if (first instanceof HTMLElement) first.focus();
  }, []);
  const twice = form.errors.which !== undefined || form.values.which !== "";
  return (
    <form ref={form.ref} class="sk-form sk-asked__more" noValidate onSubmit={form.submit} data-testid="suggest-form">
      <p class="sk-subtle sk-small">{w.mine.suggestText}</p>
      <div class="sk-asked__pair">
        <TextField {...form.text("day")} label={w.mine.day} type="date" min={dayOf(now)} testid="suggest-day" />
        <TimeField {...form.text("time")} label={w.mine.time} testid="suggest-time" />
      </div>
      {twice && (
        <fieldset class="sk-asked__which" aria-describedby={form.errors.which === undefined ? undefined : "which-error"}>
          <legend>{w.mine.which}</legend>
          {(["first", "second"] as const).map((value) => (
            <label key={value} class="sk-tick">
              <input type="radio" name="which" checked={form.values.which === value} data-testid={`which-${value}`} onChange={() => form.set("which", value)} />
              <span>{w.mine[value]}</span>
            </label>
          ))}
          {form.errors.which !== undefined && (
            <p class="sk-problem" id="which-error">
              <Icon name="info" size="sm" />
              <span>{form.errors.which}</span>
            </p>
          )}
        </fieldset>
      )}
      <FormProblem form={form} />
      <div class="sk-row sk-wrap">
        <SubmitButton form={form} testid="suggest-send">
          {w.mine.sendSuggestion}
        </SubmitButton>
        <button class="ds-button" data-variant="tertiary" type="button" onClick={props.onCancel}>
          {w.house.cancel}
        </button>
      </div>
    </form>
  );
}
