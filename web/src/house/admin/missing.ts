// What the overview says is missing: each thing once, with the page that puts it right.

import type { Day } from "../../i18n/norway";
import { standing } from "./days";
import type { AdminWords } from "./i18n/words";
import type { Agreement, Organisation, Staff } from "../wire";
import { checkLines, lackWords } from "./checklist";
import { nextStep, stepPath } from "./pair";
import { byName, missingContacts, nameIn, works, worksAs } from "./people";

export interface MissingLine {
  readonly key: string;
  readonly what: string;
  readonly why: string;
  readonly path: string;
}

export interface Missing {
  readonly cooperations: readonly MissingLine[];
  readonly organisations: readonly MissingLine[];
  readonly people: readonly MissingLine[];
}

export interface Directory {
  readonly organisations: readonly Organisation[];
  readonly agreements: readonly Agreement[];
  readonly staff: readonly Staff[];
}

export function missing(w: AdminWords, directory: Directory, today: Day): Missing {
  const { organisations, agreements, staff } = directory;
  const name = nameIn(w, organisations);
  const find = (id: string): Organisation | undefined => organisations.find((o) => o.id === id);

  const current = agreements.filter((g) => standing(g.from, g.until, today) !== "over");
  const open = current.filter((g) => g.checklist.some((c) => !c.done));
  const cooperations = open.map((agreement): MissingLine => {
    const [a, b] = [find(agreement.a), find(agreement.b)];
    return {
      key: agreement.id,
      what: w.agreement.between(name(agreement.a), name(agreement.b)),
      why: lackWords(w, checkLines(w, agreement, name)),
      path: a && b ? stepPath(nextStep({ a, b, agreement }), a.id, b.id) : `/admin/agreements/${encodeURIComponent(agreement.id)}`,
    };
  });

  // What an unfinished cooperation says already isn't said again.
  const said = new Set(open.flatMap((g) => [g.a, g.b]));
  const bound = new Set(current.flatMap((g) => [g.a, g.b]));
  const lacking = byName(organisations.filter((o) => o.active && !said.has(o.id))).flatMap((o): MissingLine[] => {
    const contacts = missingContacts(o);
    if (contacts.length > 0) {
      const why = w.overview.missesContacts(w.listed(contacts.map((kind) => w.organisation.contactLower[kind])));
      return [{ key: o.id, what: o.name, why, path: `/admin/organisations/${encodeURIComponent(o.id)}?at=contacts` }];
    }
    if (bound.has(o.id) || o.host) return [];
    return [{ key: o.id, what: o.name, why: w.overview.noAgreement, path: stepPath("who", organisations.find((h) => h.host)?.id, o.id) }];
  });

  const people = byName(staff.filter((s) => (s.account === "none" || s.account === "invited") && works(s, today))).map(
    (s): MissingLine => ({
      key: s.id,
      what: s.name,
      why: [worksAs(w, s, name, today), w.account[s.account]].filter((part) => part !== "").join(". "),
      path: `/admin/staff/${encodeURIComponent(s.id)}`,
    }),
  );
  return { cooperations, organisations: lacking, people };
}
