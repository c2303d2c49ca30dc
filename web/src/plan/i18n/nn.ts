// Nynorsk of the patient's own plan: the language it is written in.

import type { Role } from "../../gen/access";
import type { LimitWords, Rule } from "../limits";

const parties: Readonly<Partial<Record<Role, string>>> = { patient: "Pasienten", nurse: "Sjukepleiaren", gp: "Fastlegen", specialist: "Legen", relative: "Pårørande", interpreter: "Tolken" };

const limits: LimitWords = {
  greenSpan: (from, to) => `${from}–${to}`,
  greenTo: (to) => `til ${to}`,
  greenFrom: (from) => `frå ${from}`,
  greenPair: (first, second) => `${first} over ${second}`,
  green: (what) => `Grøn ${what}`,
  yellowTo: (to) => `gul til ${to}`,
  yellowDownTo: (to) => `gul ned til ${to}`,
  yellowOver: "gul over",
  yellowUnder: "gul under",
  redOver: "raud over",
  redUnder: "raud under",
  rise: (by, days) => `opp ${by} på ${days === 1 ? "ein dag" : `${days} dagar`}`,
  fall: (by, days) => `ned ${by} på ${days === 1 ? "ein dag" : `${days} dagar`}`,
  yellow: "gul",
  red: "raud",
  redBy: (by) => `raud ved ${by}`,
  none: "Ingen grenser",
};

const rules: Readonly<Record<Rule, (least: string, most: string, decimals: number) => string>> = {
  number: () => "Skriv eit tal, til dømes 38,5",
  range: (least, most) => `Skriv eit tal frå ${least} til ${most}`,
  decimals: (_least, _most, n) => (n === 0 ? "Skriv eit heilt tal" : n === 1 ? "Skriv høgst éin desimal" : `Skriv høgst ${n} desimalar`),
  order: () => "Må vere minst like stort som talet før",
  green: () => "Skriv kva som er grønt òg",
  days: () => "Skriv talet på dagar, frå 1 til 365",
  amount: () => "Skriv kor mykje som er gult eller raudt",
  red: () => "Må vere minst like mykje som for gult",
};

export const nn = {
  // The four parts
  matters: "Det som er viktig for meg",
  zone: { green: "Grøn: som vanleg", yellow: "Gul: følg med", red: "Raud: handle no" },
  zoneWord: { green: "Grøn", yellow: "Gul", red: "Raud" },
  help: {
    matters: "Skriv med eigne ord kva som er viktig i kvardagen",
    green: "Slik er det til vanleg, og dette gjer eg kvar dag",
    yellow: "Teikn på at det blir verre, kva eg gjer, og kven eg ringjer",
    red: "Når eg må handle med ein gong, og kven eg ringjer",
  },
  unwritten: "Ikkje skrive enno",
  numbers: "Grenser for målingar",

  // The page
  title: "Eigen plan",
  lead: "Planen er skriven saman med den han gjeld. Han seier kva som er som vanleg, kva ein skal følgje med på, og når ein må handle.",
  loading: "Hentar planen",
  toCall: "Tilbake til samtalen",
  toPatient: "Tilbake til pasienten",
  print: "Skriv ut",
  printFailed: "Namnet kunne ikkje hentast. Skriv det for hand på arket.",
  nobody: "Opne planen frå lenkja di eller frå pasienten.",
  failedTitle: "Planen kunne ikkje hentast",
  failedText: "Vi prøver igjen av oss sjølve. Ingenting er borte.",
  again: "Prøv igjen",
  refusedTitle: "Du har ikkje tilgang til denne planen",
  refusedText: "Spør den som behandlar pasienten, om du treng å sjå han.",

  // Nobody has written
  empty: "Ingen har skrive noko enno. Start med det som er viktig for deg",
  emptyOther: "Ingen har skrive noko enno. Start med det som er viktig for pasienten",
  emptyRead: "Ingen har skrive noko enno",
  begin: "Skriv planen",

  // Versions and who has approved
  version: (n: number) => `Versjon ${n}`,
  draft: (n: number) => `Versjon ${n}, utkast`,
  active: (n: number) => `Versjon ${n}, godkjend av alle`,
  before: (n: number) => `Versjon ${n}, ikkje lenger i bruk`,
  still: (n: number) => `Versjon ${n} gjeld til alle har godkjent.`,
  writtenBy: (name: string, when: string) => `Skriven av ${name} ${when}`,
  today: "i dag",
  party: (role: Role) => parties[role] ?? "Ein part",
  you: "Du",
  partyOf: (who: string, organisation: string) => `${who}, ${organisation}`,
  approvals: "Godkjenning",
  approved: (when: string) => `Godkjend ${when}`,
  waits: "Ventar",
  waitsForYou: "Ventar på deg",
  approve: (n: number) => `Godkjenn versjon ${n}`,
  approving: "Godkjenner",
  approveUnsent: "Vent til teksten er lagra, så kan du godkjenne.",
  approval: {
    changed: "Planen er endra medan du las. Les han på nytt, og godkjenn så.",
    "no-network": "Du er utan nett. Godkjenninga er ikkje send. Prøv igjen når nettet er tilbake.",
    refused: "Du kan ikkje godkjenne denne planen. Spør den som behandlar pasienten.",
    server: "Godkjenninga vart ikkje teken imot. Prøv igjen om litt.",
  },
  edit: "Endre saman",
  done: "Ferdig",
  editTitle: "Endre planen",
  editText: "Det du skriv, blir lagra av seg sjølv. Når noko er endra, må alle godkjenne på nytt.",
  newDraft: (n: number) => `Når du skriv, blir det eit utkast til versjon ${n}. Den godkjende versjonen gjeld til alle har godkjent det nye.`,

  // Writing
  saving: "Lagrar",
  saved: "Lagra",
  savedHere: "Lagra her, blir sendt",
  offline: "Du er utan nett. Det du skriv, står her og blir sendt når nettet er tilbake.",
  tooLong: (length: string, most: string) => `Teksten er for lang: ${length} av ${most} teikn. Han blir lagra når han er kortare.`,
  left: (n: number) => (n === 1 ? "Eitt teikn att" : `${n} teikn att`),
  problem: {
    refused: "Du kan ikkje skrive i planen lenger. Teksten din står her, så du kan kopiere han.",
    "sign-in": "Du er logga ut. Teksten din står her. Logg inn i same vindauge, så blir han send.",
    full: "Det ventar for mange tekstar ved sida av denne. Ta dei med eller legg dei bort, og skriv så igjen.",
  },
  dropMine: "Slett teksten min",
  writesHere: (name: string) => `${name} skriv her`,
  takeOver: "Ta over",
  takeOverFrom: (name: string, field: string) => `Ta over etter ${name}: ${field}`,
  wroteToo: (name: string) => `${name} skreiv dette samstundes`,
  yours: "Teksten din kom etter ein annan og står ved sida av. Ingenting er borte.",
  takeIn: "Ta med",
  putAway: "Legg bort",
  besideFailed: "Det gjekk ikkje no. Teksten står her enno.",
  newText: (field: string, name: string) => `${name} har endra: ${field}`,

  // Limits
  limits,
  setLimits: "Set grenser",
  changeLimits: "Endre grenser",
  limitsFor: (kind: string) => `Grenser for ${kind.toLowerCase()}`,
  addLimit: "Legg til grenser",
  kind: "Måling",
  chooseKind: "Vel måling",
  side: { yellowLow: "Gul frå", greenLow: "Grøn frå", greenHigh: "Grøn til", yellowHigh: "Gul til" },
  range: (least: string, most: string) => `Frå ${least} til ${most}`,
  limitsHelp: "Utanfor gult er det raudt. La eit felt stå tomt om det ikkje er noka grense.",
  within: "Endring over tid",
  direction: { rise: "Går opp", fall: "Går ned" },
  days: "Dagar",
  yellowBy: "Gul ved",
  redBy: "Raud ved",
  means: "Dette betyr",
  keep: "Lagre grensene",
  cancel: "Avbryt",
  remove: "Fjern grensene",
  rules,
  limitsSaid: {
    changed: "Ein annan har endra dei same grensene. Sjå dei over, og lagre igjen om dine skal gjelde.",
    "no-network": "Du er utan nett. Grensene er ikkje lagra, men står her. Prøv igjen når nettet er tilbake.",
    refused: "Du kan ikkje setje grenser for denne pasienten.",
    server: "Grensene vart ikkje lagra, men står her. Prøv igjen om litt.",
  },
  theirs: (what: string) => `No står det: ${what}`,

  // Earlier versions
  versions: "Alle versjonar",
  readVersion: (n: number) => `Les versjon ${n}`,
  toLatest: "Tilbake til den nyaste",
  since: (n: number) => `Endra sidan versjon ${n}`,
  firstVersion: "Dette er den første versjonen.",
  unchanged: (n: number) => `Uendra sidan versjon ${n}`,
  added: "lagt til",
  removed: "teke bort",
  wasLimits: (what: string) => `Før: ${what}`,

  // On paper
  sheetTitle: "Planen min",
  sheetName: "Namn",
  sheetDraft: "Utkast, ikkje godkjent",
  sheetApproved: (when: string) => `Godkjend av alle ${when}`,
  sheetPrinted: (when: string) => `Skriven ut ${when}`,
};
