// Every page and state of the house that the gallery shows, by name.

import { adminPresses, adminStates } from "./admin-states";
import { beforePresses, beforeStates } from "./before-states";
import { bookingPresses, bookingStates } from "./booking-states";
import type { HouseState } from "./fake";
import { minePresses, mineStates } from "./mine-states";
import { planPresses, planStates, tabPresses } from "./plan-states";
import { seenPresses, seenStates } from "./seen-states";
import { ownPresses, ownStates } from "./states";
import { visitPresses, visitStates } from "./visit-states";

export const houseStates: Readonly<Record<string, HouseState>> = { ...ownStates, ...adminStates, ...seenStates, ...bookingStates, ...visitStates, ...mineStates, ...planStates, ...beforeStates };

/** What is pressed after the page is drawn, by data-testid. */
export const housePresses: Readonly<Record<string, readonly string[]>> = { ...ownPresses, ...adminPresses, ...seenPresses, ...bookingPresses, ...visitPresses, ...minePresses, ...planPresses, ...tabPresses, ...beforePresses };
