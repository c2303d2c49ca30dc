// The page's start: one controller, one tree.

import { render } from "preact";
import "./styles/base.css";
import "./styles/pages.css";
import { createController } from "./controller";
import { App } from "./pages/app";
import { ControllerProvider } from "./ui/app";

const controller = createController();
const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");

render(
  <ControllerProvider value={controller}>
    <App />
  </ControllerProvider>,
  root,
);
controller.open();
