// The booked time does not suit, and those who booked it know: another is on its way.

import { moment, useWords } from "../../i18n/i18n";
import { useApp, useController } from "../../ui/app";
import { Heading } from "../../ui/shell";
import { Frame, NotSent, Others, Second } from "./parts";

export function Declined() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  return (
    <Frame
      bottom={
        <>
          <NotSent what="answer" />
          <Second testid="confirm-after-all" onClick={() => controller.step("confirm")}>
            {w.changeAnswer}
          </Second>
        </>
      }
    >
      <div class="sk-stack" data-gap="3" data-testid="declined">
        <Heading title={w.declinedHeading}>{w.declinedHeading}</Heading>
        <p class="sk-lead">{w.declinedText(moment(w, app.invitation?.consultation.starts ?? 0))}</p>
      </div>
      <Others />
    </Frame>
  );
}
