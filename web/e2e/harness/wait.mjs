// Waiting for something to become true, with a deadline and with what was seen last in the
// error. A page of another engine can't be listened to from here, so it is asked; nothing
// is ever assumed to be over because time has passed.

import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

const between = 100; // ms between questions
export const patience = 20_000; // ms until a wait fails, where nothing else is said

/**
 * Asks until the answer is no problem (an empty string) and returns the answer's value.
 * ask returns { problem: string, value?: any }; what it throws counts as a problem too, as a
 * page that is just being loaded can't answer.
 */
export async function until(what, ask, within = patience) {
  const end = performance.now() + within;
  for (;;) {
    let problem;
    try {
      const answer = await ask();
      if (answer.problem === "") return answer.value;
      problem = answer.problem;
    } catch (error) {
      problem = String(error);
    }
    if (performance.now() > end) throw new Error(`not within ${within / 1000} s: ${what}\n${problem}`);
    await pause(between);
  }
}

/** Asks until the answer is the expected one. */
export function untilEqual(what, ask, expected, within) {
  return until(
    what,
    async () => {
      const value = await ask();
      return {
        problem: isDeepStrictEqual(value, expected) ? "" : `wanted ${JSON.stringify(expected)}\n   got ${JSON.stringify(value)}`,
        value,
      };
    },
    within,
  );
}
