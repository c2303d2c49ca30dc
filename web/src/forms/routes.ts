// What a patient is asked and has answered, for who treats. It comes as one piece, when it is asked for.

import { lazyPage, type Routes } from "../house/house";

export const formsRoutes: Routes = [["/patients/{id}/forms", lazyPage(() => import("./page").then((m) => m.FormsPage), { section: "patients" })]];
