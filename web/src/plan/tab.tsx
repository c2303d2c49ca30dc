// The plan in the call's panel: the tab "Plan".

import { useMemo, useState } from "preact/hooks";
import type { Language } from "../gen/protocol";
import type { Client } from "../house/client";
import { storage } from "../memory";
import type { Holds } from "./holds";
import { Button, Message, ReaderProvider, type Reader } from "./parts";
import { onOnline, useDesk, usePrint, wordsOf } from "./reading";
import { createShelf } from "./shelf";
import { PlanView, type Open } from "./view";

export interface PlanTabProps {
  readonly patient: string;
  /** The patient's name, for the print alone. */
  readonly patientName: string;
  /** Who reads. */
  readonly self: { readonly id: string; readonly name: string };
  /** It is the patient who reads. */
  readonly mine: boolean;
  readonly language: Language;
  /** The service's clock, ms; it is drawn anew when this changes, each half minute or so. */
  readonly now: number;
  /** The density of a PC's panel. */
  readonly dense: boolean;
  readonly client: () => Promise<Client>;
  readonly holds: Holds;
  /** Calls at each message "planned", and when the call has been away and is back; the returned function ends it. */
  readonly planned: (tell: () => void) => () => void;
}

export function PlanTab(props: PlanTabProps) {
  const { patient, self, language, now, mine, dense } = props;
  const shelf = useMemo(() => createShelf(storage("sessionStorage"), patient, self.id), [patient, self.id]);
  const clock = useMemo(() => ({ read: now, at: performance.now() }), [now]);
  const desk = useDesk(
    { client: props.client, patient, holds: props.holds, shelf, planned: props.planned, online: onOnline, now: () => clock.read + performance.now() - clock.at },
    [patient, self.id],
  );
  const [open, setOpen] = useState<Open>("read");
  const w = wordsOf(language);
  const reader: Reader = useMemo(() => ({ desk, w, language, now, mine, selfName: self.name, dense }), [desk, w, language, now, mine, self.name, dense]);
  const printing = usePrint(reader, open, () => Promise.resolve(props.patientName));
  return (
    <ReaderProvider value={reader}>
      <PlanView open={open} onOpen={setOpen} />
      {desk.state.value.plans && open !== "edit" && (
        <div class="sk-own__print">
          {printing.nameless && <Message>{w.printFailed}</Message>}
          <Button kind="tertiary" onClick={printing.print} id="plan-print">
            {w.print}
          </Button>
        </div>
      )}
    </ReaderProvider>
  );
}
