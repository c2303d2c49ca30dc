// Every page about patients, for routes.ts to load as one piece.

export { PatientPage } from "./patient";
export { PatientsPage } from "./list";
