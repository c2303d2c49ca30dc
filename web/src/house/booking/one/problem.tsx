// What went wrong with something that was asked of a booking, in words.

import { ApiError } from "../../client";
import { useHouse } from "../../house";
import { Notice } from "../../parts";
import { problemWords, refusalOf } from "../../problems";
import { useBookingWords } from "../i18n/words";
import { takenWords } from "../say";

/** What went wrong with a press, in words. */
export function Problem(props: { readonly problem: unknown }) {
  const w = useBookingWords();
  const words = useProblemWords();
  if (props.problem === null) return null;
  const changed = props.problem instanceof ApiError && props.problem.code === "changed";
  return <Notice kind="error">{changed ? w.one.changed : words(props.problem)}</Notice>;
}

/** The words for an error of booking: who is not free, the rule that refuses, or the general ones. */
export function useProblemWords(): (problem: unknown) => string {
  const w = useBookingWords();
  const house = useHouse();
  return (problem) => {
    if (problem instanceof ApiError && problem.code === "taken" && problem.problem?.taken?.length) return takenWords(w, problem.problem.taken).join(" ");
    const standing = house.standing.value;
    const refusal = refusalOf(w, problem, standing.kind === "in" ? (standing.session.act?.role ?? null) : null);
    return refusal ? `${refusal.rule} ${refusal.ask}` : problemWords(w, problem);
  };
}
