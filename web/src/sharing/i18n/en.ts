import type { SharingDictionary } from "./words";

export const en: SharingDictionary = {
  title: "Who sees what",
  lead: "Take away the tick where you want to keep something to yourself. It counts at once.",
  leadOther: "Write down what the patient has said. It counts at once.",
  relatives: "Relatives",
  relativesHelp: "Those whom you have allowed to see something.",
  organisation: (id) => `Organisation ${id}`,
  items: {
    "vital-signs": "Measurements, such as blood pressure, pulse and weight",
    laboratory: "Blood tests, such as glucose",
    survey: "Answers to questionnaires",
    exam: "Examinations, such as lung function",
    wounds: "Wounds and photos of them",
    plan: "The own plan",
  },
  emergency: "In an emergency clinicians can open everything. It is written down, and you can see it.",
  saved: "Saved.",
  by: (name, when) => `Last changed by ${name} ${when}.`,
  toPatient: "To the patient",
  changed: "Someone has changed this meanwhile. It now stands as it is. Make your change again.",
  nobody: "Open the page from your link, so that we know whom it is about.",
  loading: "Fetching who sees what",
};
