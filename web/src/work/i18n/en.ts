import type { WorkDictionary } from "./words";

export const en: WorkDictionary = {
  title: "Tasks",
  lead: "Answers that somebody must see to. Whoever takes a task puts their name on it.",
  loading: "Fetching tasks",
  none: "No tasks wait",
  noneText: "When a patient answers something that somebody must see to, it stands here.",
  waits: (n) => (n === 1 ? "One task waits" : `${n} tasks wait`),
  done: "The last week",
  answer: (form, item, points) => `${form}, question ${item}: the answer counts ${points}`,
  since: (when) => `Has waited since ${when}`,
  openPatient: "See the answers",
  words: "What you do (may be empty)",
  wordsHelp: "For example: I have rung, we meet tomorrow.",
  acknowledge: "I'll see to it",
  keep: "Put my name on it",
  cancel: "Cancel",
  mine: (name) => `You see to ${name}.`,
  already: (by, when) => `${by} took this ${when}. Nothing is changed.`,
  by: (by, when) => `${by}, ${when}`,
  formNames: { "phq-9": "PHQ-9", "gad-7": "GAD-7", "who-5": "WHO-5" },
};
