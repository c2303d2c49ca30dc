// Every page and state of the house that the gallery shows, by name. The parts' own stand in
// files beside this one.

import { at } from "../fixtures";
import { problem, type HouseState } from "./fake";
import { acts, signedIn } from "./people";

const many = [acts.specialist, acts.coordinator, acts.administrator];

export const houseStates: Readonly<Record<string, HouseState>> = {
  "house-sign-in": { path: "/", session: null },
  "house-sign-in-wrong": { path: "/", session: null, answers: { "POST /session": problem("sign-in-wrong") }, typed: { email: "tuva@fjord.example", password: "gal hest" } },
  "house-role": { path: "/", session: signedIn("specialist", { stage: "role", act: null, acts: many }) },
  "house-sessions": {
    path: "/sessions",
    session: signedIn("specialist", { acts: many }),
    now: at(9, 48),
    answers: {
      "GET /sessions": {
        items: [
          { id: "s1", here: true, device: "firefox/windows", act: acts.specialist, signedIn: at(7, 52), lastSeen: at(9, 48) },
          { id: "s2", here: false, device: "safari/ios", act: acts.specialist, signedIn: at(7, 10), lastSeen: at(7, 31) },
        ],
      },
    },
  },
};
export const housePresses: Readonly<Record<string, readonly string[]>> = {
  "house-sign-in-wrong": ["sign-in-go"],
};
