// English of one's own day.

import type { Same } from "../../i18n/words";
import type { nn } from "./nn";

export const en: Same<typeof nn> = {
  today: "Today",
  comingShort: "The next days",
  views: "Which days",
  atPatients: (name) => `at ${name}'s`,
  places: { visit: "At the patient's home", online: "By video", beside: "Together with another" },
  readyLabel: "Who is ready",
  asksNurse: "The doctor asks for",
  asks: "Have at hand",
  question: "The question to be answered",
  othersPrepare: "The others are asked for",
  equipment: "Equipment",
  network: "Your network",
  networks: { good: "Good", poor: "Poor", failed: "Does not work" },
  stages: {
    proposed: "Proposed", planned: "Booked", open: "The waiting room is open", running: "Under way", done: "Done",
    past: "Its time is over", noshow: "Did not come", cancelled: "Cancelled",
  },
  next: "Next",
  drive: (minutes) => `Driving ${minutes} min`,
  busy: { away: "Away", elsewhere: "Busy in another calendar", held: "Held for a proposal" },
  until: (clock) => `until ${clock}`,
  busyFailed: "We could not fetch the rest of your calendar. The consultations are as they should be.",
  callWith: (organisations) => `Consultation with ${organisations}`,
  call: "Consultation",

  readiness: {
    unknown: "Has not said", "not-opened": "Has not opened the link", opened: "Has opened the link", tested: "Has tried the device",
    "on-the-way": "On the way", late: "Late", waiting: "In the waiting room", here: "Is here", left: "Has left",
  },
  staffReady: "Ready",
  poorTest: "Poor network",
  failedTest: "The device does not work",
  comesAt: (clock) => `Comes at ${clock}`,
  lateOne: (who, minutes) => `${who} is about ${minutes} minutes late`,
  lateNew: (clock) => `The new time is ${clock}. Everyone has been told the same.`,
  wasAt: (clock) => `New time. It was booked for ${clock}. Everyone has been told the same.`,

  onTheWay: "I am on the way",
  onTheWaySaid: "You are on the way. The others see it.",
  late: "I will be later",
  lateHow: "How much later?",
  lateBy: (minutes) => `${minutes} minutes`,
  lateSaid: (minutes) => `You are about ${minutes} minutes late`,
  notLate: "I will be on time after all",
  notLateSaid: "Everyone has been told that you will be on time.",

  waiting: (n) => (n === 1 ? "One request waits for your answer" : `${n} requests wait for your answer`),
  answersMenu: "Waiting for your answer",
  hoursMenu: "My working hours",

  everyone: (organisation) => `Show everyone in ${organisation}`,
  onlyMine: "Show only mine",
  emptyNext: (when, who) => (who === "" ? `The next is ${when}.` : `The next is ${when}, ${who}.`),
  emptyNone: "Nothing is booked for the next two weeks either.",
  with: (name) => `with ${name}`,
  emptyMine: "No consultations for you today",

  comingTitle: "The next days",
  comingLoading: "Fetching the days to come",
  comingEmpty: "No consultations for the next two weeks",
  comingEmptyText: "When somebody books a consultation with you, it stands here.",
  tomorrow: "tomorrow",
  bookNew: "Arrange a new call",
  answer: "Answer",
};
