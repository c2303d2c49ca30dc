// Every page of the administrator's, for routes.ts to load as one piece.

export { AgreementPage, AgreementsPage } from "./agreements";
export { CommunitiesPage, CommunityPage } from "./communities";
export { MachinePage, MachinesPage } from "./machines";
export { OrganisationPage, OrganisationsPage } from "./organisations";
export { OverviewPage } from "./overview";
export { PairPage } from "./new-pair";
export { StaffMemberPage, StaffPage } from "./staff";
