// The wounds' desk on a page of the house, out of the call.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { useHouse, useSession } from "../house/house";
import { storage } from "../memory";
import type { WoundDesk } from "./desk";
import { onOnline, useDesk } from "./reading";
import { createShelf } from "./shelf";

const every = 30_000; // ms between looking for news while somebody is there

/** A desk on a page of the house: read anew while somebody is there, and when one has signed in again. */
export function useHouseDesk(patient: string): WoundDesk {
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
