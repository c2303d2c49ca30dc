// Who has seen what: its pages by address. Each is loaded when it is asked for:
//   ["/seen", lazyPage(() => import("./list").then((m) => m.ListPage), { section: "seen" })],

import type { Routes } from "../house";

export const seenRoutes: Routes = [];
