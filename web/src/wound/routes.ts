// The wounds by their addresses. They come as one piece, when one is asked for.

import { lazyPage, type Routes } from "../house/house";

export const woundRoutes: Routes = [
  ["/wound", lazyPage(() => import("./own").then((m) => m.OwnWoundPage), { byLink: true })],
  ["/patients/{id}/wounds", lazyPage(() => import("./page").then((m) => m.WoundsPage), { section: "patients" })],
];
