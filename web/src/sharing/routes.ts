// Who sees what, by its addresses. It comes as one piece, when it is asked for.

import { lazyPage, type Routes } from "../house/house";

export const sharingRoutes: Routes = [
  ["/sharing", lazyPage(() => import("./page").then((m) => m.SharingPage), { byLink: true })],
  ["/patients/{id}/sharing", lazyPage(() => import("./page").then((m) => m.SharingPage), { section: "patients" })],
];
