// What happens beside one's focus, told to screen readers politely.

import { useEffect } from "preact/hooks";
import { useWords } from "../../i18n/i18n";
import { presentPeople, waitingPeople } from "../../state/view";
import { useApp, useController } from "../../ui/app";
import { called } from "../../ui/people";
import { Live } from "../../ui/shell";

const heard = 8_000; // ms that a notice of someone leaving stays in the region

export function Announce() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const gone = app.notices.find((n) => n.kind === "left");
  const id = gone?.id;
  useEffect(() => {
    if (id === undefined) return undefined;
    const timer = setTimeout(() => controller.dismiss(id), heard);
    return () => clearTimeout(timer);
  }, [controller, id]);
  const call = app.call;
  if (!call) return null;
  const hands = presentPeople(call).filter((p) => p.hand && p.id !== call.self);
  const left =
    gone?.kind === "left" ? (gone.reason === "lost" ? w.personLost(gone.name) : gone.reason === "removed" ? w.personRemoved(gone.name) : w.personLeft(gone.name)) : "";
  return (
    <>
      <Live text={waitingPeople(call).map((p) => w.waitsNow(p.name)).join(" ")} />
      <Live text={hands.map((p) => `${called(w, p)}: ${w.handUp}`).join(". ")} />
      <Live text={left} />
      <Live text={call.unread > 0 ? `${w.messages}: ${w.newMessages(call.unread)}` : ""} />
    </>
  );
}
