// Every page of the house by its address. The parts have tables of their own.

import { adminRoutes } from "./admin/routes";
import { bookingRoutes } from "./booking/routes";
import { mineRoutes } from "../mine/routes";
import { planRoutes } from "../plan/routes";
import { sharingRoutes } from "../sharing/routes";
import { lazyPage, page, type Routes } from "./house";
import { patientRoutes } from "./patients/routes";
import { ChooseRole } from "./role";
import { seenRoutes } from "./seen/routes";
import { SessionsPage } from "./sessions";
import { TodayPage } from "./today";
import { visitRoutes } from "./visits/routes";
import { formsRoutes } from "../forms/routes";
import { workRoutes } from "../work/routes";
import { woundRoutes } from "../wound/routes";

export const routes: Routes = [
  ["/", page(TodayPage, { section: "today" })],
  ["/sign-in", page(TodayPage, { section: "today" })], // in front of it stands the door
  ["/role", page(ChooseRole, { bare: true })],
  ["/sessions", page(SessionsPage)],
  ["/enrol", lazyPage(() => import("./enrol").then((m) => m.EnrolPage), { needs: "nobody" })],
  ...bookingRoutes,
  ...adminRoutes,
  ...patientRoutes,
  ...mineRoutes,
  ...planRoutes,
  ...seenRoutes,
  ...sharingRoutes,
  ...visitRoutes,
  ...formsRoutes,
  ...workRoutes,
  ...woundRoutes,
];
