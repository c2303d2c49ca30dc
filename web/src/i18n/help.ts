// How camera and microphone are allowed, for each browser, in each language. The words
// between stars stand on the reader's own screen; Norwegian browsers mostly say them in bokmål.

import type { Browser, Language } from "../state/state";

export interface BrowserHelp {
  readonly name: string;
  /** The first step points at the sign left of the address. */
  readonly address: boolean;
  readonly steps: readonly string[];
}

const nn: Record<Browser, BrowserHelp> = {
  chrome: { name: "Chrome", address: true, steps: ["Trykk på teiknet til venstre for adressa øvst i vindauget.", "Slå på *Kamera* og *Mikrofon*.", "Trykk «Prøv igjen» her nede."] },
  edge: { name: "Edge", address: true, steps: ["Trykk på hengelåsen til venstre for adressa øvst i vindauget.", "Set *Kamera* og *Mikrofon* til *Tillat*.", "Trykk «Prøv igjen» her nede."] },
  firefox: { name: "Firefox", address: true, steps: ["Trykk på kamerateiknet til venstre for adressa øvst i vindauget.", "Trykk på krysset bak *Blokkert*.", "Trykk «Prøv igjen» her nede, og svar *Tillat*."] },
  safari: { name: "Safari på Mac", address: false, steps: ["Vel *Safari* øvst på skjermen, og så *Innstillinger for* denne sida.", "Set *Kamera* og *Mikrofon* til *Tillat*.", "Trykk «Prøv igjen» her nede."] },
  "chrome-android": { name: "Chrome på Android", address: true, steps: ["Trykk på teiknet til venstre for adressa øvst på skjermen.", "Vel *Tillatelser*.", "Slå på *Kamera* og *Mikrofon*."] },
  "firefox-android": { name: "Firefox på Android", address: true, steps: ["Trykk på hengelåsen til venstre for adressa.", "Trykk på *Kamera* og *Mikrofon* til det står *Tillatt*.", "Trykk «Prøv igjen» her nede."] },
  samsung: { name: "Samsung Internett", address: true, steps: ["Trykk på hengelåsen ved adressa.", "Vel *Tillatelser*.", "Slå på *Kamera* og *Mikrofon*."] },
  "safari-ios": { name: "Safari på iPhone og iPad", address: false, steps: ["Trykk på *AA* eller sideteiknet ved adressa.", "Vel *Nettstedsinnstillinger*.", "Set *Kamera* og *Mikrofon* til *Tillat*."] },
  "chrome-ios": { name: "nettlesaren på iPhone og iPad", address: false, steps: ["Opne *Innstillinger* på telefonen.", "Finn nettlesaren i lista over appar.", "Slå på *Kamera* og *Mikrofon*, og kom tilbake hit."] },
  "in-app": { name: "ein annan app", address: false, steps: ["Trykk på dei tre prikkane eller delteiknet på skjermen.", "Vel *Åpne i Safari* eller *Åpne i Chrome*.", "Bli med i samtalen derfrå."] },
  other: { name: "nettlesaren din", address: false, steps: ["Opne innstillingane for denne nettstaden i nettlesaren.", "Slå på kamera og mikrofon.", "Trykk «Prøv igjen» her nede."] },
};

const nb: Record<Browser, BrowserHelp> = {
  chrome: { name: "Chrome", address: true, steps: ["Trykk på tegnet til venstre for adressen øverst i vinduet.", "Slå på *Kamera* og *Mikrofon*.", "Trykk «Prøv igjen» her nede."] },
  edge: { name: "Edge", address: true, steps: ["Trykk på hengelåsen til venstre for adressen øverst i vinduet.", "Sett *Kamera* og *Mikrofon* til *Tillat*.", "Trykk «Prøv igjen» her nede."] },
  firefox: { name: "Firefox", address: true, steps: ["Trykk på kamerategnet til venstre for adressen øverst i vinduet.", "Trykk på krysset bak *Blokkert*.", "Trykk «Prøv igjen» her nede, og svar *Tillat*."] },
  safari: { name: "Safari på Mac", address: false, steps: ["Velg *Safari* øverst på skjermen, og så *Innstillinger for* denne siden.", "Sett *Kamera* og *Mikrofon* til *Tillat*.", "Trykk «Prøv igjen» her nede."] },
  "chrome-android": { name: "Chrome på Android", address: true, steps: ["Trykk på tegnet til venstre for adressen øverst på skjermen.", "Velg *Tillatelser*.", "Slå på *Kamera* og *Mikrofon*."] },
  "firefox-android": { name: "Firefox på Android", address: true, steps: ["Trykk på hengelåsen til venstre for adressen.", "Trykk på *Kamera* og *Mikrofon* til det står *Tillatt*.", "Trykk «Prøv igjen» her nede."] },
  samsung: { name: "Samsung Internett", address: true, steps: ["Trykk på hengelåsen ved adressen.", "Velg *Tillatelser*.", "Slå på *Kamera* og *Mikrofon*."] },
  "safari-ios": { name: "Safari på iPhone og iPad", address: false, steps: ["Trykk på *AA* eller sidetegnet ved adressen.", "Velg *Nettstedsinnstillinger*.", "Sett *Kamera* og *Mikrofon* til *Tillat*."] },
  "chrome-ios": { name: "nettleseren på iPhone og iPad", address: false, steps: ["Åpne *Innstillinger* på telefonen.", "Finn nettleseren i listen over apper.", "Slå på *Kamera* og *Mikrofon*, og kom tilbake hit."] },
  "in-app": { name: "en annen app", address: false, steps: ["Trykk på de tre prikkene eller deletegnet på skjermen.", "Velg *Åpne i Safari* eller *Åpne i Chrome*.", "Bli med i samtalen derfra."] },
  other: { name: "nettleseren din", address: false, steps: ["Åpne innstillingene for dette nettstedet i nettleseren.", "Slå på kamera og mikrofon.", "Trykk «Prøv igjen» her nede."] },
};

const en: Record<Browser, BrowserHelp> = {
  chrome: { name: "Chrome", address: true, steps: ["Press the sign to the left of the address at the top of the window.", "Turn on *Camera* and *Microphone*.", "Press “Try again” below."] },
  edge: { name: "Edge", address: true, steps: ["Press the padlock to the left of the address at the top of the window.", "Set *Camera* and *Microphone* to *Allow*.", "Press “Try again” below."] },
  firefox: { name: "Firefox", address: true, steps: ["Press the camera sign to the left of the address at the top of the window.", "Press the cross behind *Blocked*.", "Press “Try again” below, and answer *Allow*."] },
  safari: { name: "Safari on Mac", address: false, steps: ["Choose *Safari* at the top of the screen, then *Settings for* this page.", "Set *Camera* and *Microphone* to *Allow*.", "Press “Try again” below."] },
  "chrome-android": { name: "Chrome on Android", address: true, steps: ["Press the sign to the left of the address at the top of the screen.", "Choose *Permissions*.", "Turn on *Camera* and *Microphone*."] },
  "firefox-android": { name: "Firefox on Android", address: true, steps: ["Press the padlock to the left of the address.", "Press *Camera* and *Microphone* until they say *Allowed*.", "Press “Try again” below."] },
  samsung: { name: "Samsung Internet", address: true, steps: ["Press the padlock by the address.", "Choose *Permissions*.", "Turn on *Camera* and *Microphone*."] },
  "safari-ios": { name: "Safari on iPhone and iPad", address: false, steps: ["Press *AA* or the page sign by the address.", "Choose *Website Settings*.", "Set *Camera* and *Microphone* to *Allow*."] },
  "chrome-ios": { name: "the browser on iPhone and iPad", address: false, steps: ["Open *Settings* on the phone.", "Find the browser in the list of apps.", "Turn on *Camera* and *Microphone*, and come back here."] },
  "in-app": { name: "another app", address: false, steps: ["Press the three dots or the share sign on the screen.", "Choose *Open in Safari* or *Open in Chrome*.", "Join the call from there."] },
  other: { name: "your browser", address: false, steps: ["Open the settings for this site in the browser.", "Turn on camera and microphone.", "Press “Try again” below."] },
};

export const browserHelp: Record<Language, Record<Browser, BrowserHelp>> = { nn, nb, en };
