// Where the parts of the call page reach the measurements: their desk, and what it knows.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Desk } from "./desk";
import type { HealthState } from "./state";

export const DeskContext = createContext<Desk | null>(null);

export interface Health {
  readonly desk: Desk;
  readonly state: HealthState;
}

/** The desk and its state; whoever reads it is drawn again when it changes. */
export function useHealth(): Health {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("a part of the measurements stands outside their host");
  return { desk, state: desk.state.value };
}
