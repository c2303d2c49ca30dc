// The page's start. A link and a consultation lead to the call, everything else to the pages
// of people who are signed in; neither loads the other.

import "./styles/base.css";
import "./styles/pages.css";

const retryAfter = 1_000; // ms between tries: a network that has just come up loses some

function start(root: HTMLElement): void {
  const opening = /^\/(k|call\/.*)$/.test(location.pathname)
    ? import("./start").then((call) => call.startCall(root))
    : import("./house/main").then((house) => house.startHouse(root));
  opening.catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error; // not the loading: HTML §8.1.3.10 rejects that with a TypeError
    setTimeout(() => start(root), retryAfter);
  });
}

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");
start(root);
