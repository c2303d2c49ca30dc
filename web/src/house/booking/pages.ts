// Every page of booking, for routes.ts to load as one piece.

export { CalendarPage } from "./calendar";
export { PlanPage } from "./plan/page";
export { BookingPage } from "./one/page";
export { EquipmentPage } from "./equipment";
