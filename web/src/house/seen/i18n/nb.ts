// Bokmål. Same words as nn.ts; the compiler says what is missing.

import type { Same } from "../../i18n/words";
import type { nn } from "./nn";

const actions: Readonly<Record<string, string>> = {
  "patient.list": "Så navnet i en pasientliste",
  "patient.read": "Så navn, fødselsnummer, telefon og pårørende",
  "patient.write": "Endret opplysningene",
  "patient.erase": "Slettet opplysningene",
  "consent.write": "Endret samtykke",
  "emergency.open": "Åpnet opplysningene i en nødssituasjon",
  "seen.read": "Så denne listen",
  "consultation.list": "Så timen i dagslisten",
  "consultation.read": "Så en time og hvem som er med",
  "consultation.join": "Ble med i en samtale",
  "link.replace": "Sendte en ny lenke",
  "link.revoke": "Trakk tilbake en lenke",
  "link.open": "Åpnet den personlige lenken",
  code: "Skrev koden fra SMS eller e-post",
  ticket: "Gikk inn i en samtale",
  identified: "Kjente igjen personen på bildet",
  admitted: "Slapp inn i en samtale",
  removed: "Tok ut av en samtale",
  "call.admit": "Slapp inn i en samtale",
  "call.confirm": "Kjente igjen personen på bildet",
  "call.remove": "Tok ut av en samtale",
  "call.chat": "Skrev i samtalen",
  "sign-in": "Logget inn",
  "sign-out": "Logget ut",
};

const whose = (mine: boolean, you: string, patient: string): string => (mine ? you : patient);

export const nb: Same<typeof nn> = {
  title: (mine) => whose(mine, "Hvem har sett hva om deg", "Hvem har sett hva om pasienten"),
  lead: (mine) =>
    whose(
      mine,
      "Her står hvem som har åpnet opplysningene dine, hva de gjorde, og hvorfor de fikk lov. Lurer du på noe, spør dem som behandler deg.",
      "Alt som er sett, endret og prøvd, det nyeste først. At du leser dette, står også her.",
    ),
  listLoading: "Henter listen",
  none: (mine) => whose(mine, "Ingen har åpnet opplysningene dine", "Ingen har åpnet opplysningene om pasienten"),
  noneText: "Når noen gjør det, står det her.",
  older: "Vis eldre",
  olderLoading: "Henter eldre",
  olderShown: (n) => (n === 1 ? "Én linje til" : `${n} linjer til`),
  toCall: "Tilbake",

  you: (mine) => whose(mine, "Du", "Pasienten"),
  unknown: "Noen som ikke var logget inn",
  system: "Et annet datasystem",
  erased: "En som ikke finnes her lenger",
  action: (code) => actions[code] ?? `Annet: ${code}`,
  known: (code) => code in actions,
  refused: "Prøvde, og fikk det ikke til",
  times: (n) => `${n} ganger`,
  last: (clock) => `sist ${clock}`,
  reason: (text) => `Grunn: «${text}»`,
  emergency: "Nødssituasjon",
  because: {
    "same-organisation": (mine) => whose(mine, "arbeider der du får helsehjelp", "arbeider der pasienten får helsehjelp"),
    agreement: () => "etter en samarbeidsavtale",
    participant: (mine) => whose(mine, "er i samtale med deg", "er i samtale med pasienten"),
    consent: (mine) => whose(mine, "du har sagt ja", "pasienten har sagt ja"),
    relative: () => "pårørende",
    emergency: () => "nødssituasjon",
  },

  officerTitle: "Innsyn",
  officerLead: "Som personvernombud ser du hvem som har sett hva om pasienter som organisasjonen din har ansvar for.",
  patientId: "Pasient-id",
  patientIdHelp: "Id-en står i adressen til pasientsiden. Spør den som tar saken opp. Ikke skriv fødselsnummer her.",
  patientIdRule: "Skriv id-en: bokstaver, tall og bindestrek",
  patientIdNotNational: "Dette ligner et fødselsnummer. Det skal ikke stå i en adresse: skriv id-en",
  show: "Vis",
};
