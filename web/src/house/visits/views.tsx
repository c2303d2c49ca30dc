// Which days are shown, and whose: one's own, or all of the organisation's.

import { useHouse, useSession } from "../house";
import { useVisitWords } from "./i18n/words";

export const daysAhead = 14;

/** Today, or the days to come. */
export function Views() {
  const w = useVisitWords();
  const path = useHouse().router.place.value.path;
  return (
    <nav class="sk-board__views" aria-label={w.own.views}>
      <a href="/" aria-current={path === "/coming" ? undefined : "page"}>
        {w.own.today}
      </a>
      <a href="/coming" aria-current={path === "/coming" ? "page" : undefined} data-testid="coming">
        {w.own.comingShort}
      </a>
    </nav>
  );
}

/** Whoever treats begins with their own; whoever coordinates has all, and no choice. */
export function useMineOnly(): { readonly mineOnly: boolean; readonly own: boolean } {
  const role = useSession().act?.role;
  const own = role === "specialist" || role === "nurse" || role === "gp";
  const all = useHouse().router.place.value.query.get("all") === "1";
  return { mineOnly: own && !all, own };
}

/** The way from one's own to all of the organisation's, and back. */
export function MineOrAll() {
  const w = useVisitWords();
  const session = useSession();
  const { path, query } = useHouse().router.place.value;
  const { mineOnly, own } = useMineOnly();
  if (!own) return null;
  const next = new URLSearchParams(query);
  if (mineOnly) next.set("all", "1");
  else next.delete("all");
  return (
    <p>
      <a class="sk-link" data-side="start" href={next.size > 0 ? `${path}?${next}` : path} data-testid="whose">
        {mineOnly ? w.own.everyone(session.act?.organisationName ?? "") : w.own.onlyMine}
      </a>
    </p>
  );
}
