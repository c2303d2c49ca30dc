// The appointment that will not be, one that is being fetched, and one that can't be read.

import { moment, useWords } from "../../i18n/i18n";
import { useApp, useController } from "../../ui/app";
import { Icon } from "../../ui/icon";
import { Heading, LanguageChoice, Organisation, Phone, readable, telephone } from "../../ui/shell";
import { Frame, Others } from "./parts";

/** Ringing is the one thing left to do. */
export function Cancelled() {
  const app = useApp();
  const w = useWords();
  const consultation = app.invitation?.consultation;
  if (!consultation) return null;
  return (
    <Phone
      top={
        <>
          <Organisation name={consultation.organisation} />
          <LanguageChoice />
        </>
      }
      bottom={
        consultation.phone !== "" && (
          <a class="ds-button sk-main-button" href={telephone(consultation.phone)} data-testid="ring">
            <Icon name="phone" />
            {w.ring(readable(consultation.phone))}
          </a>
        )
      }
    >
      <div class="sk-stack" data-gap="3" data-testid="cancelled">
        <Heading title={w.cancelledHeading}>{w.cancelledHeading}</Heading>
        <p class="sk-lead">{w.cancelledText(moment(w, consultation.starts))}</p>
      </div>
      <Others />
    </Phone>
  );
}

export function Fetching() {
  const w = useWords();
  return (
    <Frame>
      <Heading title={w.fetching}>{w.fetching}</Heading>
      <div class="sk-stack sk-late" aria-hidden="true">
        <span class="sk-skeleton" data-width="l" />
        <span class="sk-skeleton" data-width="m" />
        <span class="sk-skeleton" data-width="s" />
      </div>
    </Frame>
  );
}

export function Unreadable() {
  const controller = useController();
  const w = useWords();
  return (
    <Frame
      bottom={
        <button class="ds-button sk-main-button" type="button" data-testid="read-again" onClick={() => controller.readAgain()}>
          {w.tryAgain}
        </button>
      }
    >
      <div class="sk-stack" data-gap="3" data-testid="unreadable">
        <Heading title={w.unreadableHeading}>{w.unreadableHeading}</Heading>
        <p class="sk-lead">{w.unreadableText}</p>
      </div>
    </Frame>
  );
}
