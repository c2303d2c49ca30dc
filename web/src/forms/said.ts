// How answers are said. Pure.

import type { Form, FormAnswer, Questionnaire, QuestionnaireItem } from "../gen/api";

/** Whether it is answered, and not still being written. */
export const isAnswered = (form: Form): boolean => form.status === "completed" || form.status === "amended" || form.status === "entered-in-error";

/** The answered form of the same questionnaire that came before this one, without wrong ones. forms: the newest first. */
export function formBefore(forms: readonly Form[], form: Form): Form | undefined {
  return forms.find((f) => f.questionnaire === form.questionnaire && f.id !== form.id && isAnswered(f) && f.status !== "entered-in-error" && f.completedAt < form.completedAt);
}

/** The words of an answer; "": there is none. */
export function answerText(item: QuestionnaireItem, answers: readonly FormAnswer[]): string {
  const answer = answers.find((a) => a.item === item.id);
  if (!answer) return "";
  switch (item.type) {
    case "choice":
      return item.options.find((o) => o.code === answer.code)?.text ?? answer.code;
    case "integer":
      return answer.number === null ? "" : String(answer.number);
    default:
      return answer.text;
  }
}

/** What a score can be at most, by its kind; "" where it is not known. */
export function mostOf(kind: string): string {
  return { "phq-9": "27", "gad-7": "21", "who-5": "100" }[kind] ?? "";
}

export const titleOf = (all: readonly Questionnaire[], id: string): string => all.find((q) => q.id === id)?.title ?? id;
