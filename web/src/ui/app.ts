// What every part of the page reaches: the controller, and through it the state.

import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Controller } from "../controller";
import type { AppState } from "../state/state";

const ControllerContext = createContext<Controller | null>(null);
export const ControllerProvider = ControllerContext.Provider;

export function useController(): Controller {
  const controller = useContext(ControllerContext);
  if (!controller) throw new Error("a part of the page stands outside ControllerProvider");
  return controller;
}

/** The state where there is no call: for parts of the call page that stand on other pages, too. */
const StateContext = createContext<ReadonlySignal<AppState> | null>(null);
export const StateProvider = StateContext.Provider;

/** The state as it is now; whoever reads it is drawn again when it changes. */
export function useApp(): AppState {
  const given = useContext(StateContext);
  const controller = useContext(ControllerContext);
  const state = given ?? controller?.state;
  if (!state) throw new Error("a part of the page stands outside ControllerProvider");
  return state.value;
}
