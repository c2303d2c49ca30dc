// The plan on a page of its own: for patient and relatives by their link, and for clinicians
// outside of the call.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useUnsaved } from "../house/form";
import { useHouse, useSession, type PageProps } from "../house/house";
import { Notice, PageHead, Refused } from "../house/parts";
import { storage } from "../memory";
import { Icon } from "../ui/icon";
import { latestOf } from "./fields";
import { noHolds } from "./holds";
import { Button, Message, ReaderProvider, type Reader } from "./parts";
import { onOnline, useDesk, usePrint, wordsOf } from "./reading";
import { createShelf } from "./shelf";
import { PlanView, type Open } from "./view";

/** /plan: one's own, or by ?patient= that of the patient whom a relative's link is about; /patients/{id}/plan. */
export function PlanPage({ params, query }: PageProps) {
  const session = useSession();
  const house = useHouse();
  const w = wordsOf(house.language.value);
  const own = session.act?.role === "patient";
  const patient = params["id"] ?? query.get("patient") ?? (own ? session.person.id : "");
  if (patient === "")
    return (
      <div class="sk-page">
        <PageHead title={w.title} />
        <Notice>{w.nobody}</Notice>
      </div>
    );
  return <PlanOf key={patient} patient={patient} byId={params["id"] !== undefined} />;
}

const every = 30_000; // ms between looking for news while somebody is there

function PlanOf(props: { readonly patient: string; readonly byId: boolean }) {
  const house = useHouse();
  const session = useSession();
  const { patient } = props;
  const language = house.language.value;
  const now = house.now.value;
  const w = wordsOf(language);
  const own = session.act?.role === "patient";
  const shelf = useMemo(() => createShelf(storage("sessionStorage"), patient, session.person.id), [patient, session.person.id]);
  const desk = useDesk(
    { client: () => Promise.resolve(house.api), patient, holds: noHolds, shelf, planned: () => () => undefined, online: onOnline, now: () => house.now.peek() },
    [patient, session.person.id],
  );
  const [open, setOpen] = useState<Open>("read");
  const reader: Reader = useMemo(
    () => ({ desk, w, language, now, mine: own, selfName: session.person.name, dense: false }),
    [desk, w, language, now, own, session.person.name],
  );
  const state = desk.state.value;
  // A second that a text needs to be kept holds nobody up; what can't be kept does.
  useUnsaved(Object.values(state.writings).some((writing) => writing.state !== "writing"));

  // Out of the call nothing tells that the plan is another: it is looked at while one is there.
  const looked = useRef(now);
  useEffect(() => {
    if (now - looked.current < every || !house.active()) return;
    looked.current = now;
    void desk.read();
  }, [now, desk, house]);
  const signedIn = house.standing.value.kind === "in";
  useEffect(() => {
    if (signedIn && desk.state.peek().plans) void desk.read(); // back after the session ended
  }, [signedIn, desk]);

  const printing = usePrint(reader, open, async () => (own ? session.person.name : (await house.api("GET /patients/{id}", { path: { id: patient } })).name));
  const there = latestOf(state.plans) !== null;
  return (
    <div class="sk-page">
      {session.handle !== "" && (
        <button class="sk-link sk-head__back" data-side="start" type="button" onClick={() => history.back()}>
          <Icon name="left" size="sm" />
          {w.toCall}
        </button>
      )}
      <ReaderProvider value={reader}>
        <PageHead title={w.title} lead={w.lead} {...(props.byId ? { back: { href: `/patients/${encodeURIComponent(patient)}`, text: w.toPatient } } : {})}>
          {there && open !== "edit" && state.reading === "ready" && (
            <Button onClick={printing.print} id="plan-print">
              {w.print}
            </Button>
          )}
        </PageHead>
        {printing.nameless && <Message>{w.printFailed}</Message>}
        <PlanView open={open} onOpen={setOpen} refused={(error) => <Refused error={error} />} />
      </ReaderProvider>
    </div>
  );
}
