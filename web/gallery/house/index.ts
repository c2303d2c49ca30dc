// Every page and state of the house that the gallery shows, by name.

import { adminPresses, adminStates } from "./admin-states";
import { beforePresses, beforeStates } from "./before-states";
import { bookingPresses, bookingStates } from "./booking-states";
import type { HouseState } from "./fake";
import { formsPresses, formsStates } from "./forms-states";
import { minePresses, mineStates } from "./mine-states";
import { planPresses, planStates, tabPresses } from "./plan-states";
import { seenPresses, seenStates } from "./seen-states";
import { sharingPresses, sharingStates } from "./sharing-states";
import { ownPresses, ownStates } from "./states";
import { visitPresses, visitStates } from "./visit-states";
import { workPresses, workStates } from "./work-states";
import { woundPresses, woundStates } from "./wound-states";

type States = Readonly<Record<string, HouseState>>;
type Presses = Readonly<Record<string, readonly string[]>>;

const parts: readonly (readonly [States, Presses])[] = [
  [ownStates, ownPresses],
  [adminStates, adminPresses],
  [seenStates, seenPresses],
  [bookingStates, bookingPresses],
  [visitStates, visitPresses],
  [mineStates, minePresses],
  [planStates, { ...planPresses, ...tabPresses }],
  [sharingStates, sharingPresses],
  [woundStates, woundPresses],
  [workStates, workPresses],
  [formsStates, formsPresses],
  [beforeStates, beforePresses],
];

export const houseStates: States = Object.assign({}, ...parts.map(([states]) => states)) as States;

/** What is pressed after the page is drawn, by data-testid. */
export const housePresses: Presses = Object.assign({}, ...parts.map(([, presses]) => presses)) as Presses;
