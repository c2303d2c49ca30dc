// What is shown to whom, as ticks: a tick that stands as is usual needs no rule. Pure.

import type { ShareRule } from "../gen/api";

/** What can be shown or kept, in the order of the page. */
export const items = ["vital-signs", "laboratory", "survey", "exam", "wounds", "plan"] as const;
export type Item = (typeof items)[number];

export const relatives = "relatives";

/** What holds where nothing was decided: relatives see no answers to questionnaires. */
export const usual = (item: Item, party: string): boolean => !(item === "survey" && party === relatives);

export function shown(rules: readonly ShareRule[], item: Item, party: string): boolean {
  return rules.find((r) => r.item === item && r.party === party)?.shown ?? usual(item, party);
}

/** The rules with one thing decided. What was said of single kinds stays. */
export function decided(rules: readonly ShareRule[], item: Item, party: string, show: boolean): ShareRule[] {
  const others = rules.filter((r) => r.item !== item || r.party !== party);
  return show === usual(item, party) ? others : [...others, { item, party, shown: show }];
}
