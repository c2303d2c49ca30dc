// What a patient answers: what is asked next, what is grave, and what is kept in the browser until
// the service has it. Pure.

import type { Form, FormAnswer, Questionnaire, QuestionnaireItem } from "../gen/api";

export type Answers = readonly FormAnswer[];

export const questionsOf = (q: Questionnaire): readonly QuestionnaireItem[] => q.items.filter((i) => i.type !== "display");

/**
 * What is said over a question: the display line before it, for as long as the answers are the
 * same. "How often" is not said over PHQ-9's last, which asks how difficult.
 */
export function leadOf(q: Questionnaire, item: QuestionnaireItem): string {
  const place = q.items.indexOf(item);
  const at = q.items.findLastIndex((i, n) => i.type === "display" && n < place);
  const first = q.items[at + 1];
  const codes = (i: QuestionnaireItem | undefined): string => (i?.options ?? []).map((o) => o.code).join(" ");
  return at >= 0 && codes(first) === codes(item) ? (q.items[at]?.text ?? "") : "";
}

export const answerTo = (answers: Answers, item: string): FormAnswer | undefined => answers.find((a) => a.item === item);

/** With another answer to an item, or without any. */
export function put(answers: Answers, item: string, answer: Omit<FormAnswer, "item"> | null): Answers {
  const rest = answers.filter((a) => a.item !== item);
  return answer === null ? rest : [...rest, { item, ...answer }];
}

export const chosen = (code: string): Omit<FormAnswer, "item"> => ({ code, number: null, text: "" });

/** The answer in words; empty: there is none. */
export function answerText(item: QuestionnaireItem, answer: FormAnswer | undefined): string {
  if (!answer) return "";
  if (item.type === "choice") return item.options.find((o) => o.code === answer.code)?.text ?? "";
  return answer.number === null ? answer.text : String(answer.number);
}

/** Whether an answer is one after which it is said at once whom to ring: by the rule in the form itself, without asking anybody. */
export const grave = (q: Questionnaire, answers: Answers): boolean =>
  q.items.some((item) => item.options.some((o) => o.alarm === true && answerTo(answers, item.id)?.code === o.code));

export const missing = (q: Questionnaire, answers: Answers): readonly QuestionnaireItem[] => questionsOf(q).filter((i) => i.required && !answerTo(answers, i.id));

/** Where one goes on: at the first question that has no answer; after the last of them: at the summary. */
export function resumesAt(q: Questionnaire, answers: Answers): number {
  if (answers.length === 0) return 0;
  const all = questionsOf(q);
  const at = all.findIndex((i) => !answerTo(answers, i.id));
  return at < 0 ? all.length : at;
}

export const isOpen = (form: Pick<Form, "status">): boolean => form.status === "asked" || form.status === "in-progress";

/** What waits in the browser: answers that the service has not confirmed. */
export interface Draft {
  readonly answers: Answers;
  readonly complete: boolean;
}

export interface DraftShelf {
  load(): Draft | null;
  save(draft: Draft): void;
  drop(): void;
}

/** Kept in the tab's own storage: it outlives a reload, and is gone with the tab. */
export function draftShelf(storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined, person: string, form: string): DraftShelf {
  const key = `samkonsult.form.${person}.${form}`;
  return {
    load() {
      try {
        const d = JSON.parse(storage?.getItem(key) ?? "null") as Draft | null;
        return d && Array.isArray(d.answers) ? { answers: d.answers, complete: d.complete === true } : null;
      } catch {
        return null;
      }
    },
    save(draft) {
      try {
        storage?.setItem(key, JSON.stringify(draft));
      } catch {
        // Full or forbidden: the answers are kept by the page alone.
      }
    },
    drop() {
      try {
        storage?.removeItem(key);
      } catch {
        // the same
      }
    },
  };
}
