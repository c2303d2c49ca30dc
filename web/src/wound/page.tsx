// The wounds on a page of their own, for who treats, outside of the call.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { useUnsaved } from "../house/form";
import { useHouse, useSession, type PageProps } from "../house/house";
import { PageHead, Refused } from "../house/parts";
import { storage } from "../memory";
import { ReaderProvider, type Reader } from "./parts";
import { onOnline, useDesk, wordsOf } from "./reading";
import { createShelf } from "./shelf";
import { WoundView } from "./view";
import "./wound.css";

const every = 30_000; // ms between looking for news while somebody is there

/** /patients/{id}/wounds */
export function WoundsPage({ params }: PageProps) {
  const patient = params["id"] ?? "";
  return <WoundsOf key={patient} patient={patient} />;
}

/** A desk on a page of the house: read anew while somebody is there, and when one has signed in again. */
export function useHouseDesk(patient: string) {
  const house = useHouse();
  const session = useSession();
  const shelf = useMemo(() => createShelf(storage("sessionStorage"), patient, session.person.id), [patient, session.person.id]);
  const desk = useDesk(
    { client: () => Promise.resolve(house.api), fetchPicture: house.pictures, hear: () => () => undefined, patient, consultation: "", now: () => house.now.peek(), shelf, online: onOnline },
    [patient, session.person.id],
  );
  const now = house.now.value;
  const looked = useRef(now);
  useEffect(() => {
    if (now - looked.current < every || !house.active()) return;
    looked.current = now;
    void desk.read();
  }, [now, desk, house]);
  const signedIn = house.standing.value.kind === "in";
  useEffect(() => {
    if (signedIn && desk.state.peek().all) void desk.read(); // back after the session ended
  }, [signedIn, desk]);
  return desk;
}

function WoundsOf(props: { readonly patient: string }) {
  const house = useHouse();
  const { patient } = props;
  const desk = useHouseDesk(patient);
  const language = house.language.value;
  const now = house.now.value;
  const w = wordsOf(language);
  const reader: Reader = useMemo(() => ({ desk, w, language, now, dense: false, responsible: "", show: null }), [desk, w, language, now]);
  const state = desk.state.value;
  useUnsaved(Object.keys(state.begun).length > 0);
  return (
    <div class="sk-page">
      <PageHead title={w.titleOf} back={{ href: `/patients/${encodeURIComponent(patient)}`, text: w.toPatient }} />
      {state.reading === "refused" ? (
        <Refused error={state.error} />
      ) : (
        <ReaderProvider value={reader}>
          <WoundView whole />
        </ReaderProvider>
      )}
    </div>
  );
}
