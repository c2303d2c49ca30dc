// One's own pages by their addresses, beside the day: they come as pieces, when one is asked for.

import { lazyPage, type Routes } from "../house";

export const visitRoutes: Routes = [
  ["/coming", lazyPage(() => import("./coming").then((m) => m.ComingPage), { section: "today" })],
];
