// One's own pages by their addresses, beside the day: they come as pieces, when one is asked for.

import type { ComponentType } from "preact";
import { lazyPage, type HousePage, type PageProps, type Routes } from "../house";

type Pages = typeof import("./own/pages");

const own = (pick: (pages: Pages) => ComponentType<PageProps>): HousePage => lazyPage(() => import("./own/pages").then(pick));

export const visitRoutes: Routes = [
  ["/coming", lazyPage(() => import("./coming").then((m) => m.ComingPage), { section: "today" })],
  ["/answers", own((p) => p.AnswersPage)],
  ["/answers/{id}", own((p) => p.AnswerPage)], // where the messages that ask lead to
  ["/hours", own((p) => p.HoursPage)],
];
