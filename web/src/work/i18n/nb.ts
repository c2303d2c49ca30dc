import type { WorkDictionary } from "./words";

export const nb: WorkDictionary = {
  title: "Oppgaver",
  lead: "Svar som noen må følge opp. Den som tar oppgaven, setter navnet sitt på den.",
  loading: "Henter oppgaver",
  none: "Ingen oppgaver venter",
  noneText: "Når en pasient svarer noe som noen må følge opp, står det her.",
  waits: (n) => (n === 1 ? "Én oppgave venter" : `${n} oppgaver venter`),
  done: "Den siste uken",
  answer: (form, item, points) => `${form}, spørsmål ${item}: svaret gir ${points} poeng`,
  since: (when) => `Venter siden ${when}`,
  openPatient: "Se svarene",
  words: "Hva du gjør (kan stå tomt)",
  wordsHelp: "For eksempel: Jeg har ringt, vi møtes i morgen.",
  acknowledge: "Jeg følger opp",
  keep: "Sett navnet mitt på",
  cancel: "Avbryt",
  mine: (name) => `Du følger opp ${name}.`,
  already: (by, when) => `${by} tok denne ${when}. Ingenting er endret.`,
  by: (by, when) => `${by}, ${when}`,
  formNames: { "phq-9": "PHQ-9", "gad-7": "GAD-7", "who-5": "WHO-5" },
};
