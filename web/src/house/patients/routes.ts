// The pages about patients by their addresses. They come as one piece, when one is asked for.

import type { ComponentType } from "preact";
import { lazyPage, type HousePage, type PageProps, type Routes } from "../house";

type Pages = typeof import("./pages");

const patients = (pick: (pages: Pages) => ComponentType<PageProps>): HousePage => lazyPage(() => import("./pages").then(pick), { section: "patients" });

export const patientRoutes: Routes = [
  ["/patients", patients((p) => p.PatientsPage)],
  ["/patients/{id}", patients((p) => p.PatientPage)], // "new" for one who is not here yet
];
