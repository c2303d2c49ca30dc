// The patient's own plan by its addresses. It comes as one piece, when it is asked for.

import { lazyPage, type Routes } from "../house/house";

export const planRoutes: Routes = [
  ["/plan", lazyPage(() => import("./page").then((m) => m.PlanPage), { byLink: true })],
  ["/patients/{id}/plan", lazyPage(() => import("./page").then((m) => m.PlanPage), { section: "patients" })],
];
