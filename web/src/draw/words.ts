// Words of drawing and of stills, with those of the light.

import type { Language } from "../gen/protocol";

const nn = {
  freeze: "Frys", unfreeze: "Lat gå vidare", draw: "Teikn", askLight: "Be om lys", askStill: "Ta bilete",
  pen: "Penn", arrow: "Pil", eraser: "Viskelêr", undo: "Angre", clear: "Tøm", done: "Ferdig", save: "Lagre teikning", hide: "Lukk biletet",
  blue: "Blå", white: "Kvit", yellow: "Gul", tools: "Teikneverktøy", colours: "Farge",
  saving: "Lagrar", saved: "Teikninga er lagra", notSaved: "Teikninga er ikkje lagra. Prøv igjen.",
  surface: "Teikneflate. Flytt merket med piltastane og set det med Enter",
  frozenBy: (name: string) => `Frose av ${name}`, draws: (name: string, what: string) => `${name} teiknar på ${what}`,
  woundPicture: "sårbiletet", picture: "biletet", shownBy: (name: string) => `Vist av ${name}`, photo: "Sårbilete", loading: "Hentar biletet", notLoaded: "Biletet kunne ikkje hentast",
  askedStill: (name: string) => `${name} ber om bilete av såret`, askedLight: (name: string) => `${name} ber om lys`, take: "Ta bilete av såret", notNow: "Ikkje no",
  use: "Bruk", again: "Ta på nytt", look: "Er biletet skarpt?", sending: "Sender biletet", sent: "Biletet er sendt", waits: (n: number) => (n === 1 ? "Eitt bilete ventar på nettet" : `${n} bilete ventar på nettet`),
  refused: "Biletet vart ikkje teke imot", noCamera: "Slå på bakkameraet først", failed: "Biletet kunne ikkje takast. Prøv igjen.",
  full: "Teke med full oppløysing frå kameraet", canvas: "Teke frå videoen, i den største storleiken han kan ha", lightOn: "Lyset er på", lightOff: "Slå av lyset", noLight: "Dette kameraet har ikkje lys som kan slåast på", asked: "Spurt", remove: "Fjern",
};

export type DrawWords = { readonly [K in keyof typeof nn]: (typeof nn)[K] extends (...args: infer A) => string ? (...args: A) => string : string };

const nb: DrawWords = {
  freeze: "Frys", unfreeze: "La gå videre", draw: "Tegn", askLight: "Be om lys", askStill: "Ta bilde",
  pen: "Penn", arrow: "Pil", eraser: "Viskelær", undo: "Angre", clear: "Tøm", done: "Ferdig", save: "Lagre tegning", hide: "Lukk bildet",
  blue: "Blå", white: "Hvit", yellow: "Gul", tools: "Tegneverktøy", colours: "Farge",
  saving: "Lagrer", saved: "Tegningen er lagret", notSaved: "Tegningen er ikke lagret. Prøv igjen.",
  surface: "Tegneflate. Flytt merket med piltastene og sett det med Enter",
  frozenBy: (name) => `Frosset av ${name}`, draws: (name, what) => `${name} tegner på ${what}`,
  woundPicture: "sårbildet", picture: "bildet", shownBy: (name) => `Vist av ${name}`, photo: "Sårbilde", loading: "Henter bildet", notLoaded: "Bildet kunne ikke hentes",
  askedStill: (name) => `${name} ber om bilde av såret`, askedLight: (name) => `${name} ber om lys`, take: "Ta bilde av såret", notNow: "Ikke nå",
  use: "Bruk", again: "Ta på nytt", look: "Er bildet skarpt?", sending: "Sender bildet", sent: "Bildet er sendt", waits: (n) => (n === 1 ? "Ett bilde venter på nettet" : `${n} bilder venter på nettet`),
  refused: "Bildet ble ikke tatt imot", noCamera: "Slå på bakkameraet først", failed: "Bildet kunne ikke tas. Prøv igjen.",
  full: "Tatt med full oppløsning fra kameraet", canvas: "Tatt fra videoen, i den største størrelsen den kan ha", lightOn: "Lyset er på", lightOff: "Slå av lyset", noLight: "Dette kameraet har ikke lys som kan slås på", asked: "Spurt", remove: "Fjern",
};

const en: DrawWords = {
  freeze: "Freeze", unfreeze: "Let it go on", draw: "Draw", askLight: "Ask for light", askStill: "Take photo",
  pen: "Pen", arrow: "Arrow", eraser: "Eraser", undo: "Undo", clear: "Clear", done: "Done", save: "Save drawing", hide: "Close the photo",
  blue: "Blue", white: "White", yellow: "Yellow", tools: "Drawing tools", colours: "Colour",
  saving: "Saving", saved: "The drawing is saved", notSaved: "The drawing is not saved. Try again.",
  surface: "Drawing surface. Move the marker with the arrow keys and place it with Enter",
  frozenBy: (name) => `Frozen by ${name}`, draws: (name, what) => `${name} is drawing on ${what}`,
  woundPicture: "the wound picture", picture: "the picture", shownBy: (name) => `Shown by ${name}`, photo: "Wound photo", loading: "Fetching the photo", notLoaded: "The photo could not be fetched",
  askedStill: (name) => `${name} asks for a photo of the wound`, askedLight: (name) => `${name} asks for light`, take: "Take photo of the wound", notNow: "Not now",
  use: "Use", again: "Take again", look: "Is the photo sharp?", sending: "Sending the photo", sent: "The photo is sent", waits: (n) => (n === 1 ? "One photo waits for the network" : `${n} photos wait for the network`),
  refused: "The photo was not accepted", noCamera: "Switch on the rear camera first", failed: "The photo could not be taken. Try again.",
  full: "Taken at the camera's full resolution", canvas: "Taken from the video, at the largest size it can have", lightOn: "The light is on", lightOff: "Switch the light off", noLight: "This camera has no light that can be switched on", asked: "Asked", remove: "Remove",
};

export const drawWords: Readonly<Record<Language, DrawWords>> = { nn, nb, en };
