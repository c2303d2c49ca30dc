// Nynorsk of who has seen what: the language these pages are written in. "Mine" is true where
// patients read about themselves.

const actions: Readonly<Record<string, string>> = {
  "patient.list": "Såg namnet i ei pasientliste",
  "patient.read": "Såg namn, fødselsnummer, telefon og pårørande",
  "patient.write": "Endra opplysningane",
  "patient.erase": "Sletta opplysningane",
  "consent.write": "Endra samtykke",
  "emergency.open": "Opna opplysningane i ein naudsituasjon",
  "seen.read": "Såg denne lista",
  "consultation.list": "Såg timen i dagslista",
  "consultation.read": "Såg ein time og kven som er med",
  "consultation.join": "Vart med i ein samtale",
  "link.replace": "Sende ei ny lenkje",
  "link.revoke": "Trekte tilbake ei lenkje",
  "link.open": "Opna den personlege lenkja",
  code: "Skreiv koden frå SMS eller e-post",
  ticket: "Gjekk inn i ein samtale",
  identified: "Kjende att personen på biletet",
  admitted: "Sleppte inn i ein samtale",
  removed: "Tok ut av ein samtale",
  "call.admit": "Sleppte inn i ein samtale",
  "call.confirm": "Kjende att personen på biletet",
  "call.remove": "Tok ut av ein samtale",
  "call.chat": "Skreiv i samtalen",
  "sign-in": "Logga inn",
  "sign-out": "Logga ut",
};

const whose = (mine: boolean, you: string, patient: string): string => (mine ? you : patient);

export const nn = {
  title: (mine: boolean) => whose(mine, "Kven har sett kva om deg", "Kven har sett kva om pasienten"),
  lead: (mine: boolean) =>
    whose(
      mine,
      "Her står kven som har opna opplysningane dine, kva dei gjorde, og kvifor dei fekk lov. Lurer du på noko, spør dei som behandlar deg.",
      "Alt som er sett, endra og prøvd, det nyaste først. At du les dette, står også her.",
    ),
  listLoading: "Hentar lista",
  none: (mine: boolean) => whose(mine, "Ingen har opna opplysningane dine", "Ingen har opna opplysningane om pasienten"),
  noneText: "Når nokon gjer det, står det her.",
  older: "Vis eldre",
  olderLoading: "Hentar eldre",
  olderShown: (n: number) => (n === 1 ? "Éi line til" : `${n} liner til`),
  toCall: "Tilbake",

  you: (mine: boolean) => whose(mine, "Du", "Pasienten"),
  unknown: "Nokon som ikkje var logga inn",
  system: "Eit anna datasystem",
  erased: "Ein som ikkje finst her lenger",
  action: (code: string) => actions[code] ?? `Anna: ${code}`,
  known: (code: string) => code in actions,
  refused: "Prøvde, og fekk det ikkje til",
  times: (n: number) => `${n} gonger`,
  last: (clock: string) => `sist ${clock}`,
  reason: (text: string) => `Grunn: «${text}»`,
  emergency: "Naudsituasjon",
  because: {
    "same-organisation": (mine: boolean) => whose(mine, "arbeider der du får helsehjelp", "arbeider der pasienten får helsehjelp"),
    agreement: () => "etter ein samarbeidsavtale",
    participant: (mine: boolean) => whose(mine, "er i samtale med deg", "er i samtale med pasienten"),
    consent: (mine: boolean) => whose(mine, "du har sagt ja", "pasienten har sagt ja"),
    relative: () => "pårørande",
    emergency: () => "naudsituasjon",
  },

  officerTitle: "Innsyn",
  officerLead: "Som personvernombod ser du kven som har sett kva om pasientar som organisasjonen din har ansvar for.",
  patientId: "Pasient-id",
  patientIdHelp: "Id-en står i adressa til pasientsida. Spør den som tek saka opp. Ikkje skriv fødselsnummer her.",
  patientIdRule: "Skriv id-en: bokstavar, tal og bindestrek",
  patientIdNotNational: "Dette liknar eit fødselsnummer. Det skal ikkje stå i ei adresse: skriv id-en",
  show: "Vis",
};
