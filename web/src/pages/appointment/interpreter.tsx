// Which language an interpreter is wanted for.

import { useMemo, useRef, useState } from "preact/hooks";
import { interpreterLanguages } from "../../i18n/interpreters";
import { useWords } from "../../i18n/i18n";
import { wishing } from "../../state/appointment";
import { useApp, useController } from "../../ui/app";
import { Heading } from "../../ui/shell";
import { Frame, Mistake, NotSent, Second, Send } from "./parts";

export function Interpreter() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const field = useRef<HTMLSelectElement>(null);
  const { booking } = app.appointment;
  const [language, setLanguage] = useState(booking?.interpreter ?? "");
  const [missing, setMissing] = useState(false);
  const languages = useMemo(() => interpreterLanguages(app.language), [app.language]);
  if (!booking) return null;
  return (
    <Frame
      back
      help={w.interpreterOther}
      bottom={
        <>
          <NotSent what="answer" />
          <Send
            testid="interpreter-send"
            onClick={() => {
              setMissing(language === "");
              if (language === "") field.current?.focus();
              else controller.answer(wishing(language));
            }}
          >
            {w.interpreterSend}
          </Send>
          {booking.interpreter !== "" && (
            <Second testid="interpreter-none" onClick={() => controller.answer(wishing(""))}>
              {w.interpreterNone}
            </Second>
          )}
        </>
      }
    >
      <div class="sk-stack" data-gap="3">
        <Heading title={w.interpreterAsk}>{w.interpreterAsk}</Heading>
        <p class="sk-lead">{w.interpreterText}</p>
      </div>
      <div class="sk-field" data-large>
        <label for="interpreter">{w.interpreterLanguage}</label>
        <select
          ref={field}
          id="interpreter"
          class="sk-input"
          data-testid="interpreter-language"
          aria-invalid={missing || undefined}
          aria-describedby={missing ? "interpreter-missing" : undefined}
          value={language}
          onChange={(event) => {
            setLanguage(event.currentTarget.value);
            setMissing(false);
          }}
        >
          <option value="">{w.interpreterChoose}</option>
          {languages.map((l) => (
            <option key={l.code} value={l.code}>
              {l.name === l.own ? l.own : `${l.name} – ${l.own}`}
            </option>
          ))}
        </select>
        <Mistake id="interpreter-missing" text={missing ? w.interpreterMissing : ""} />
      </div>
    </Frame>
  );
}
