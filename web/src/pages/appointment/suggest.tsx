// Nothing suits: when it would, in one's own words. Nothing has to be written.

import { useState } from "preact/hooks";
import { useWords } from "../../i18n/i18n";
import { dayOf } from "../../i18n/norway";
import { declining, suggested } from "../../state/appointment";
import { useApp, useController } from "../../ui/app";
import { Icon } from "../../ui/icon";
import { Heading } from "../../ui/shell";
import { Frame, Mistake, NotSent, Second, Send } from "./parts";

export function Suggest() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const [words, setWords] = useState("");
  const [exact, setExact] = useState(false);
  const [day, setDay] = useState("");
  const [time, setTime] = useState("");
  const [mistake, setMistake] = useState<"" | "day" | "time" | "past">("");
  const { booking } = app.appointment;
  if (!booking) return null;
  const mistakes = { "": "", day: w.suggestDayMissing, time: w.suggestTimeMissing, past: w.suggestPast };
  const field = (id: string) => ({ id, class: "sk-input", "aria-invalid": mistake !== "" || undefined, "aria-describedby": mistake === "" ? undefined : "suggest-mistake" });
  return (
    <Frame
      back
      help={w.ringInstead}
      bottom={
        <>
          <NotSent what="answer" />
          <Send testid="suggest-send" form="suggest">
            {w.sendAnswer}
          </Send>
          <Second testid="ring-me" onClick={() => controller.answer(declining(booking, [words.trim(), w.ringMeWords].filter((x) => x !== "").join(" – "), 0))}>
            <Icon name="phone" />
            {w.ringMe}
          </Second>
        </>
      }
    >
      <div class="sk-stack" data-gap="3">
        <Heading title={w.suggestHeading}>{w.suggestHeading}</Heading>
        <p class="sk-lead">{w.suggestText}</p>
      </div>
      <form
        id="suggest"
        class="sk-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const starts = exact ? suggested(day, time, app.now) : 0;
          if (typeof starts === "number") controller.answer(declining(booking, words, starts));
          else {
            setMistake(starts);
            document.getElementById(starts === "time" ? "suggest-time" : "suggest-day")?.focus();
          }
        }}
      >
        <div class="sk-field" data-large>
          <label for="suggest-words">{w.suggestLabel}</label>
          <textarea
            id="suggest-words"
            class="sk-input"
            data-testid="suggest-words"
            rows={3}
            maxLength={240 /* of the service's 300, so that "ring me" has room after it */}
            aria-describedby="suggest-hint"
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
          <p class="sk-subtle sk-body" id="suggest-hint">
            {w.suggestHint}
          </p>
        </div>
        <button
          class="sk-link"
          data-side="start"
          type="button"
          aria-expanded={exact}
          aria-controls="exact"
          data-testid="suggest-exact"
          onClick={() => {
            setExact(!exact);
            setMistake("");
          }}
        >
          <Icon name={exact ? "down" : "right"} size="sm" />
          {w.suggestExact}
        </button>
        <div id="exact" class="sk-pair" hidden={!exact}>
          <div class="sk-field" data-large>
            <label for="suggest-day">{w.suggestDay}</label>
            <input
              {...field("suggest-day")}
              type="date"
              data-testid="suggest-day"
              min={dayOf(app.now)}
              value={day}
              onInput={(event) => {
                setDay(event.currentTarget.value);
                setMistake("");
              }}
            />
          </div>
          <div class="sk-field" data-large>
            <label for="suggest-time">{w.suggestTime}</label>
            <input
              {...field("suggest-time")}
              type="time"
              step={300}
              data-testid="suggest-time"
              value={time}
              onInput={(event) => {
                setTime(event.currentTarget.value);
                setMistake("");
              }}
            />
          </div>
        </div>
        <Mistake id="suggest-mistake" text={mistakes[mistake]} />
      </form>
    </Frame>
  );
}
