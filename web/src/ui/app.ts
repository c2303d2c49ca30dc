// What every part of the page reaches: the controller, and through it the state.

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

/** The state as it is now; whoever reads it is drawn again when it changes. */
export function useApp(): AppState {
  return useController().state.value;
}
