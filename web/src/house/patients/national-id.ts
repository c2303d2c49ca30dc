// Control digits of national identity numbers and D-numbers. They warn and don't block: the
// rule relaxes from 2032 (CLINICAL.md, Identifiers). The server warns by the same rule; the
// page does so while one types.

const first = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const second = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/** The control digit, mod 11; 10 where no digit does. */
function control(digits: readonly number[], weights: readonly number[]): number {
  const sum = weights.reduce((total, weight, i) => total + weight * (digits[i] ?? 0), 0);
  return (11 - (sum % 11)) % 11;
}

/** What is to be said of a number as it is typed. */
export type IdentityNumber = "empty" | "unfinished" | "good" | "doubtful";

/** What is typed, without what people and other systems put between. */
export const digitsOf = (typed: string): string => typed.replace(/[\s.-]/g, "");

export function judge(typed: string): IdentityNumber {
  const number = digitsOf(typed);
  if (number === "") return "empty";
  if (!/^\d{11}$/.test(number)) return "unfinished";
  const digits = [...number].map(Number);
  return control(digits, first) === digits[9] && control(digits, second) === digits[10] ? "good" : "doubtful";
}
