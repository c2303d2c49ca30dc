// The call's start: one controller, one tree.

import { render } from "preact";
import { createController } from "./controller";
import { App } from "./pages/app";
import { ControllerProvider } from "./ui/app";

/** Draws the call's pages into an element and opens what the address asks for. */
export function startCall(root: HTMLElement): void {
  const controller = createController();
  render(
    <ControllerProvider value={controller}>
      <App />
    </ControllerProvider>,
    root,
  );
  controller.open();
}
