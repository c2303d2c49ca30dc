// The pages of booking by their addresses. They come as one piece, when one is asked for.

import type { ComponentType } from "preact";
import { lazyPage, type HousePage, type PageProps, type Routes } from "../house";

type Pages = typeof import("./pages");

const booking = (pick: (pages: Pages) => ComponentType<PageProps>): HousePage => lazyPage(() => import("./pages").then(pick), { section: "calendar" });

export const bookingRoutes: Routes = [
  ["/calendar", booking((p) => p.CalendarPage)],
  ["/calendar/new", booking((p) => p.PlanPage)],
  ["/bookings/{id}", booking((p) => p.BookingPage)],
  ["/equipment", booking((p) => p.EquipmentPage)],
];
