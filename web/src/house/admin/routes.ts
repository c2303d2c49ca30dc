// The administrator's pages by their addresses. They come as one piece, when one is asked for.

import type { ComponentType } from "preact";
import { lazyPage, type HousePage, type PageProps, type Routes } from "../house";

type Pages = typeof import("./pages");

const admin = (pick: (pages: Pages) => ComponentType<PageProps>): HousePage => lazyPage(() => import("./pages").then(pick), { section: "admin" });

export const adminRoutes: Routes = [
  ["/admin", admin((p) => p.OverviewPage)],
  ["/admin/new-pair", admin((p) => p.PairPage)],
  ["/admin/new-pair/{step}", admin((p) => p.PairPage)],
  ["/admin/organisations", admin((p) => p.OrganisationsPage)],
  ["/admin/organisations/{id}", admin((p) => p.OrganisationPage)],
  ["/admin/agreements", admin((p) => p.AgreementsPage)],
  ["/admin/agreements/{id}", admin((p) => p.AgreementPage)],
  ["/admin/staff", admin((p) => p.StaffPage)],
  ["/admin/staff/{id}", admin((p) => p.StaffMemberPage)],
  ["/admin/communities", admin((p) => p.CommunitiesPage)],
  ["/admin/communities/{id}", admin((p) => p.CommunityPage)],
  ["/admin/machines", admin((p) => p.MachinesPage)],
  ["/admin/machines/{id}", admin((p) => p.MachinePage)],
];
