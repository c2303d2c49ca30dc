// Administration: its pages by address. Each is loaded when it is asked for:
//   ["/admin", lazyPage(() => import("./list").then((m) => m.ListPage), { section: "admin" })],

import type { Routes } from "../house";

export const adminRoutes: Routes = [];
