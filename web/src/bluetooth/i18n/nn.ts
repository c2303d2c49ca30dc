// Nynorsk: the words of health devices that are written first.

import type { Failure } from "../failure";
import type { HealthService } from "../gatt";
import type { KindId } from "../kinds";
import type { Fault, Mark, Site } from "../reading";
import type { Support } from "../support";

const kinds: Record<KindId, string> = {
  "blood-pressure": "Blodtrykk", "heart-rate": "Puls", "oxygen-saturation": "Oksygen", temperature: "Temperatur", weight: "Vekt",
  glucose: "Blodsukker", "glucose-blood": "Blodsukker, blodprøve",
};

const devices: Record<HealthService, string> = {
  bloodPressure: "Blodtrykksmålar", oximeter: "Oksygenmålar", thermometer: "Termometer", weight: "Vekt", glucose: "Blodsukkermålar", heartRate: "Pulsbelte",
};

const marks: Record<Mark, string> = {
  moved: "Pasienten rørte seg under målinga",
  "cuff-loose": "Mansjetten sat laust",
  "irregular-pulse": "Ujamn puls",
  "pulse-above": "Pulsen var høgare enn apparatet kan måle",
  "pulse-below": "Pulsen var lågare enn apparatet kan måle",
  "wrong-position": "Armen var ikkje i høgd med hjartet",
  "poor-signal": "Dårleg signal",
  "low-perfusion": "Svak gjennomstrøyming i fingeren",
  questionable: "Apparatet er usikkert på verdien",
  unfinished: "Apparatet var ikkje ferdig med å måle",
  "sensor-moved": "Føleren flytta seg",
  "unknown-sensor": "Apparatet kjenner ikkje føleren",
  "battery-low": "Lite straum på apparatet",
  interstitial: "Målt i vevsvæske, ikkje i blod",
  "clock-off": "Klokka i apparatet går feil; tida er retta",
  median: "Midtverdien for eitt minutt",
};

const sites: Record<Site, string> = {
  armpit: "armhole", body: "kroppen", ear: "øyre", finger: "finger", gut: "mage og tarm", mouth: "munn", rectum: "endetarm", toe: "tå", eardrum: "trommehinne",
  "other-site": "anna stad enn fingeren", earlobe: "øyreflipp",
};

const faults: Record<Fault, string> = {
  truncated: "Målinga kom ikkje heil fram. Mål ein gong til.",
  "impossible-time": "Apparatet sende ei tid som ikkje finst. Still klokka på apparatet, og mål ein gong til.",
  "impossible-value": "Apparatet sende ein verdi som ikkje kan vere rett. Mål ein gong til.",
  "no-reading": "Apparatet fekk ikkje til å måle. Mål ein gong til.",
  "no-contact": "Apparatet er ikkje festa på. Set det på plass.",
  "above-range": "Verdien er høgare enn apparatet kan måle. Sei frå til legen med ein gong.",
  "below-range": "Verdien er lågare enn apparatet kan måle. Sei frå til legen med ein gong.",
  strip: "Noko var gale med strimmelen, eller det var for lite blod. Bruk ein ny strimmel.",
  "device-temperature": "Apparatet er for varmt eller for kaldt. La det liggje i romtemperatur, og mål ein gong til.",
  "device-fault": "Apparatet melder om feil på seg sjølv. Bruk eit anna, eller skriv inn for hand.",
  "not-a-patient": "Dette var ein kontroll av apparatet, og ikkje ei måling av pasienten. Ho er ikkje send.",
};

const failures: Record<Failure, string> = {
  "out-of-reach": "Apparatet svarar ikkje. Slå det på, legg det nær nettbrettet, og prøv igjen.",
  pairing: "Apparatet vil bli para med nettbrettet først. Hald inne Bluetooth-knappen på apparatet til lampa blinkar, og prøv igjen.",
  "no-service": "Apparatet måler på ein måte som berre appen frå produsenten forstår. Skriv inn verdien for hand.",
  "not-allowed": "Nettlesaren får ikkje bruke Bluetooth her. Tillat Bluetooth for denne sida i innstillingane, eller spør IT-hjelpa.",
  unknown: "Det gjekk ikkje å kople til. Slå apparatet av og på, og prøv igjen.",
};

const withoutBluetooth: Record<Exclude<Support, "ready">, { readonly title: string; readonly text: string }> = {
  off: { title: "Finn ikkje Bluetooth", text: "Slå på Bluetooth i innstillingane på nettbrettet; sida merkar det av seg sjølv. Har det ikkje Bluetooth, må du bruke eit anna." },
  insecure: { title: "Sida er ikkje trygg nok", text: "Apparat kan berre koplast til når adressa byrjar med https." },
  "in-app": { title: "Du er inne i ein annan app", text: "Opne lenkja i Chrome for å kople til apparat." },
  android: { title: "Bruk Chrome", text: "Apparat kan koplast til i ein oppdatert Chrome på Android. Opne denne sida der." },
  apple: { title: "iPad og iPhone kan ikkje kople til apparat", text: "Safari og dei andre nettlesarane der når ikkje apparat. Bruk Chrome på eit nettbrett med Android." },
  computer: { title: "Denne nettlesaren når ikkje apparat", text: "Bruk Chrome på eit nettbrett med Android. Safari og Firefox kan ikkje kople til apparat." },
};

/** What one does on the device itself, and what one may have to know. */
const help: Record<HealthService, readonly string[]> = {
  bloodPressure: ["Ta på mansjetten, og trykk på startknappen.", "Første gong: hald inne Bluetooth-knappen til lampa blinkar.", "Målinga kjem når apparatet er ferdig."],
  oximeter: ["Set målaren på ein varm finger utan neglelakk.", "Han slår seg på av seg sjølv, eller med knappen."],
  thermometer: ["Slå på termometeret før du trykkjer «Kople til apparat».", "Verdien kjem når det pip."],
  weight: ["Trykk lett på vekta med foten, så ho vaknar.", "Stå roleg til talet står stille."],
  glucose: ["Mål først, og slå så på Bluetooth på målaren.", "Første gong: skriv inn koden som målaren viser."],
  heartRate: ["Fukt beltet, og ta det på.", "Det er på så lenge det sit på kroppen."],
};

export const nn = {
  title: "Apparat",
  lead: "Trykk éin gong. Så kjem målingane av seg sjølve så lenge du er i samtalen.",
  choose: "Kople til apparat",
  chooseMore: "Kople til eitt til",
  choosing: "Vel apparatet i lista",
  nothingChosen: "Du valde ikkje noko apparat. Viser ikkje lista apparatet? Slå det på, og sjå hjelpa under.",
  byHand: "Du kan alltid skrive inn for hand.",
  close: "Til tala",
  known: "Kopla til her før",
  connectKnown: (name: string) => `Kople til ${name}`,
  nameless: "Apparat utan namn",
  connecting: "Koplar til",
  asking: "Kopla til. Spør apparatet",
  waiting: "Klar. Ventar på måling",
  measuring: "Måler no",
  lost: "Ikkje i nærleiken. Koplar til att av seg sjølv",
  failed: "Ikkje kopla til",
  battery: (percent: number) => `Batteri ${percent} %`,
  batteryLow: (percent: number) => `Lite straum: ${percent} %`,
  tryAgain: "Prøv igjen",
  remove: "Kople frå",
  removeNamed: (name: string) => `Kople frå ${name}`,
  measuredAt: (time: string) => `Målt ${time}`,
  manyDays: "fleire dagar",
  clockAhead: (time: string) => `Klokka i apparatet går ${time} for fort. Målingane får tida då dei kjem hit.`,
  clockBehind: (time: string) => `Klokka i apparatet går ${time} for seint. Målingane får tida då dei kjem hit.`,
  stored: "Frå minnet til apparatet",
  storedBelow: "Målingar frå minnet: sjå under",
  storedWhy: "Ikkje sende. Sjå etter at dei er frå denne pasienten.",
  storedAt: (time: string) => `Målt ${time} etter klokka i apparatet`,
  storedUntimed: "Apparatet veit ikkje når",
  useThen: "Bruk",
  useNow: "Målt no",
  decline: "Ikkje bruk",
  help: "Hjelp med apparata",
  helpAll: "Finn du ikkje apparatet i lista? Er det kopla til ein telefon, må du slå av Bluetooth på telefonen først.",
  kinds, devices, marks, sites, faults, failures, withoutBluetooth, helpFor: help,
};
