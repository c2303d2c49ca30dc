import type { SharingDictionary } from "./words";

export const nb: SharingDictionary = {
  title: "Hvem ser hva",
  lead: "Ta bort haken der du vil holde noe for deg selv. Det gjelder med en gang.",
  leadOther: "Skriv ned det pasienten har sagt. Det gjelder med en gang.",
  relatives: "Pårørende",
  relativesHelp: "Gjelder pårørende som du har gitt lov til å se noe.",
  organisation: (id) => `Virksomhet ${id}`,
  items: {
    "vital-signs": "Målinger, som blodtrykk, puls og vekt",
    laboratory: "Blodprøver, som blodsukker",
    survey: "Svar på spørreskjema",
    exam: "Undersøkelser, som lungekraft",
    wounds: "Sår og bilder av dem",
    plan: "Den egne planen",
  },
  emergency: "I en nødssituasjon kan helsepersonell åpne alt. Det blir skrevet opp, og du kan se det.",
  saved: "Lagret.",
  by: (name, when) => `Sist endret av ${name} ${when}.`,
  toPatient: "Til pasienten",
  changed: "Noen har endret dette i mellomtiden. Nå står det slik det er. Gjør endringen din om igjen.",
  nobody: "Åpne siden fra lenken din, så vet vi hvem det gjelder.",
  loading: "Henter hvem som ser hva",
};
