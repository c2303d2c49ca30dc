// The work list by its address, to which messages lead. It comes as one piece, when it is asked for.

import { lazyPage, type Routes } from "../house/house";

export const workRoutes: Routes = [["/work", lazyPage(() => import("./page").then((m) => m.WorkPage), { section: "work" })]];
