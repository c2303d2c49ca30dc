// Patients: its pages by address. Each is loaded when it is asked for:
//   ["/patients", lazyPage(() => import("./list").then((m) => m.ListPage), { section: "patients" })],

import type { Routes } from "../house";

export const patientRoutes: Routes = [];
