// Who is in the demo (internal/demo), and by what the tests know those in a call again: a
// colour and a tone.

/** Colours far from each other, also after a lossy codec; red, green, blue of 0–255. */
export const palette = {
  red: [210, 40, 40],
  green: [30, 150, 60],
  blue: [40, 60, 210],
  yellow: [225, 205, 40],
  cyan: [50, 195, 205],
  magenta: [195, 40, 185],
  grey: [128, 128, 128],
};

/**
 * colour of the front camera, second of the rear one and of a shared screen; tone of the
 * built-in microphone and headset of the other one, in Hz: none is another's overtone.
 */
export const people = {
  specialist: { role: "specialist", name: "Tuva Ask", colour: "red", second: "magenta", tone: 430, headset: 510 },
  nurse: { role: "nurse", name: "Mari Bjørk", email: "mari.bjork@fjordvik.example", colour: "green", second: "cyan", tone: 610, headset: 690 },
  patient: { role: "patient", name: "Olav Eik", colour: "blue", second: "grey", tone: 790, headset: 910 },
  relative: { role: "relative", name: "Ragna Eik", colour: "yellow", second: "grey", tone: 1070, headset: 1150 },
};

/** Those of the demo's other consultations: a code is asked of one patient, and one is to be recognised. */
export const others = {
  ane: { ...people.nurse, name: "Ane Rogn", email: "ane.rogn@fjordvik.example" },
  anna: { ...people.patient, name: "Anna Lid", phone: "+4790000518" },
  leiv: { ...people.relative, role: "patient", name: "Leiv Hauge" },
};

/** Those who have no seat in a call. */
export const staff = {
  coordinator: { ...people.specialist, role: "coordinator", name: "Siv Hassel" },
  administrator: { ...people.specialist, role: "administrator", name: "Jon Vik" },
  officer: { ...people.specialist, role: "data-protection", name: "Liv Moe" },
};
