// Bokmål of one's own day.

import type { Same } from "../../i18n/words";
import type { nn } from "./nn";

export const nb: Same<typeof nn> = {
  today: "I dag",
  comingShort: "De neste dagene",
  views: "Hvilke dager",
  atPatients: (name) => `hos ${name}`,
  places: { visit: "Hjemme hos pasienten", online: "På video", beside: "Sammen med en annen" },
  readyLabel: "Hvem er klar",
  asksNurse: "Legen ber om",
  asks: "Ha klart",
  question: "Spørsmålet som skal besvares",
  othersPrepare: "De andre er bedt om",
  equipment: "Utstyr",
  network: "Nettet ditt",
  networks: { good: "Godt", poor: "Dårlig", failed: "Virker ikke" },
  stages: {
    proposed: "Foreslått", planned: "Avtalt", open: "Venterommet er åpent", running: "I gang", done: "Utført",
    past: "Tiden er over", noshow: "Kom ikke", cancelled: "Avlyst",
  },
  next: "Neste",
  drive: (minutes) => `Kjøring ${minutes} min`,
  busy: { away: "Fravær", elsewhere: "Opptatt i annen kalender", held: "Holdt av til et forslag" },
  until: (clock) => `til kl. ${clock}`,
  busyFailed: "Vi fikk ikke hentet resten av kalenderen din. Samtalene står som de skal.",
  callWith: (organisations) => `Samtale med ${organisations}`,
  call: "Samtale",

  readiness: {
    unknown: "Ikke meldt fra", "not-opened": "Har ikke åpnet lenken", opened: "Har åpnet lenken", tested: "Har prøvd utstyret",
    "on-the-way": "På vei", late: "Forsinket", waiting: "I venterommet", here: "Er her", left: "Har gått",
  },
  staffReady: "Klar",
  poorTest: "Dårlig nett",
  failedTest: "Utstyret virker ikke",
  comesAt: (clock) => `Kommer kl. ${clock}`,
  lateOne: (who, minutes) => `${who} er omtrent ${minutes} minutter forsinket`,
  lateNew: (clock) => `Ny tid er kl. ${clock}. Alle har fått samme beskjed.`,
  wasAt: (clock) => `Ny tid. Avtalt var kl. ${clock}. Alle har fått samme beskjed.`,

  onTheWay: "Jeg er på vei",
  onTheWaySaid: "Du er på vei. De andre ser det.",
  late: "Jeg blir senere",
  lateHow: "Hvor mye senere?",
  lateBy: (minutes) => `${minutes} minutter`,
  lateSaid: (minutes) => `Du er omtrent ${minutes} minutter forsinket`,
  notLate: "Jeg kommer i tide likevel",
  notLateSaid: "Alle har fått beskjed om at du kommer i tide.",

  waiting: (n) => (n === 1 ? "Én forespørsel venter på svar fra deg" : `${n} forespørsler venter på svar fra deg`),
  answersMenu: "Venter på svar fra deg",
  hoursMenu: "Arbeidstiden min",

  everyone: (organisation) => `Vis alle i ${organisation}`,
  onlyMine: "Vis bare mine",
  emptyNext: (when, who) => (who === "" ? `Den neste er ${when}.` : `Den neste er ${when}, ${who}.`),
  emptyNone: "Det er ingen avtaler de neste to ukene heller.",
  with: (name) => `med ${name}`,
  emptyMine: "Ingen samtaler for deg i dag",

  comingTitle: "De neste dagene",
  comingLoading: "Henter dagene som kommer",
  comingEmpty: "Ingen samtaler de neste to ukene",
  comingEmptyText: "Når noen avtaler en samtale med deg, står den her.",
  tomorrow: "i morgen",
  bookNew: "Avtal ny samtale",
  answer: "Svar",
};
