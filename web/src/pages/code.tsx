// The one-time code that a link may ask for: one field, one button, and another code.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useWords, type Dictionary } from "../i18n/i18n";
import type { OneTimeCode } from "../state/state";
import { useApp, useController } from "../ui/app";
import { Icon } from "../ui/icon";
import { Heading, Help, LanguageChoice, Live, Organisation, Phone } from "../ui/shell";

const digits = 6;

function problemWords(w: Dictionary, code: OneTimeCode, short: boolean): string {
  if (short) return w.codeShort;
  switch (code.problem) {
    case "":
      return "";
    case "wrong":
      return w.codeWrong(code.needed.triesLeft);
    case "expired":
      return w.codeExpired;
    case "locked":
      return w.codeLocked;
    case "no-network":
      return w.noNetworkText;
    case "too-many":
      return w.tooManyText;
    case "server":
      return w.serverText;
    default: {
      const never: never = code.problem;
      return never;
    }
  }
}

export function CodePage() {
  const controller = useController();
  const w = useWords();
  const { code } = useApp();
  const field = useRef<HTMLInputElement>(null);
  const [short, setShort] = useState(false);
  const problem = code?.problem ?? "";
  // With the words that say so, and not after them: someone may be typing again by then.
  useLayoutEffect(() => {
    if (problem === "" || !field.current) return;
    field.current.value = "";
    field.current.focus();
  }, [problem, code]);
  if (!code) return null;
  const said = problemWords(w, code, short);
  const { channel, hint, organisation, phone } = code.needed;
  return (
    <Phone
      top={
        <>
          <Organisation name={organisation} />
          <LanguageChoice />
        </>
      }
      bottom={
        <>
          <button class="ds-button sk-main-button" type="submit" form="code" data-testid="code-go" aria-busy={code.busy || undefined}>
            {w.codeGo}
          </button>
          <button class="ds-button" data-variant="tertiary" type="button" data-testid="code-again" onClick={() => controller.sendCodeAgain()}>
            {w.codeAgain}
          </button>
          <div class="sk-phone__foot">
            <Help text={w.needHelp} phone={phone} />
          </div>
        </>
      }
    >
      <div class="sk-stack" data-gap="3">
        <Heading title={w.codeHeading}>{w.codeHeading}</Heading>
        <p class="sk-lead">{w.codeSent(channel === "sms" ? "sms" : "email", hint.replaceAll(" ", "\u00a0"))}</p>
      </div>
      <form
        id="code"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const typed = (field.current?.value ?? "").replace(/\D/g, "");
          setShort(typed.length !== digits);
          if (typed.length === digits) controller.answerCode(typed);
          else field.current?.focus();
        }}
      >
        <div class="sk-field">
          <label for="code-field">{w.codeLabel}</label>
          <input
            ref={field}
            id="code-field"
            class="sk-input sk-code"
            data-testid="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={digits + 2 /* people type a space in the middle */}
            aria-invalid={said !== "" || undefined}
            aria-describedby={said === "" ? undefined : "code-problem"}
            onInput={() => setShort(false)}
          />
          {said !== "" && (
            <p class="sk-problem" id="code-problem">
              <Icon name="info" size="sm" />
              {said}
            </p>
          )}
        </div>
        <Live text={code.again ? w.codeSentAgain : said} />
        {code.again && said === "" && <p class="sk-subtle">{w.codeSentAgain}</p>}
      </form>
    </Phone>
  );
}
