// Every page and state of the house that the gallery shows, by name.

import type { HouseState } from "./fake";
import { ownPresses, ownStates } from "./states";

export const houseStates: Readonly<Record<string, HouseState>> = { ...ownStates };

/** What is pressed after the page is drawn, by data-testid. */
export const housePresses: Readonly<Record<string, readonly string[]>> = { ...ownPresses };
