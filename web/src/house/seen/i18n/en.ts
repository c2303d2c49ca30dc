// English. Same words as nn.ts; the compiler says what is missing.

import type { Same } from "../../i18n/words";
import type { nn } from "./nn";

const actions: Readonly<Record<string, string>> = {
  "patient.list": "Saw the name in a list of patients",
  "patient.read": "Saw name, national identity number, telephone and relatives",
  "patient.write": "Changed the information",
  "patient.erase": "Erased the information",
  "consent.write": "Changed consents",
  "emergency.open": "Opened the information in an emergency",
  "seen.read": "Saw this list",
  "consultation.list": "Saw the appointment in the day's list",
  "consultation.read": "Saw an appointment and who takes part",
  "consultation.join": "Joined a call",
  "link.replace": "Sent a new link",
  "link.revoke": "Withdrew a link",
  "link.open": "Opened the personal link",
  code: "Entered the code from the text message or e-mail",
  ticket: "Entered a call",
  identified: "Recognised the person on the picture",
  admitted: "Let someone into a call",
  removed: "Removed someone from a call",
  "call.admit": "Let someone into a call",
  "call.confirm": "Recognised the person on the picture",
  "call.remove": "Removed someone from a call",
  "call.chat": "Wrote in the call",
  "sign-in": "Signed in",
  "sign-out": "Signed out",
};

const whose = (mine: boolean, you: string, patient: string): string => (mine ? you : patient);

export const en: Same<typeof nn> = {
  title: (mine) => whose(mine, "Who has seen what about you", "Who has seen what about the patient"),
  lead: (mine) =>
    whose(
      mine,
      "Here is who has opened your information, what they did, and why they were allowed to. If you wonder about something, ask those who treat you.",
      "All that was seen, changed and tried, the newest first. That you read this stands here, too.",
    ),
  listLoading: "Fetching the list",
  none: (mine) => whose(mine, "Nobody has opened your information", "Nobody has opened the patient's information"),
  noneText: "When someone does, it stands here.",
  older: "Show older",
  olderLoading: "Fetching older",
  olderShown: (n) => (n === 1 ? "One more line" : `${n} more lines`),
  toCall: "Back",

  you: (mine) => whose(mine, "You", "The patient"),
  unknown: "Someone who was not signed in",
  system: "Another computer system",
  erased: "Someone who is not here any more",
  action: (code) => actions[code] ?? `Other: ${code}`,
  known: (code) => code in actions,
  refused: "Tried, and did not get through",
  times: (n) => `${n} times`,
  last: (clock) => `last ${clock}`,
  reason: (text) => `Reason: “${text}”`,
  emergency: "Emergency",
  because: {
    "same-organisation": (mine) => whose(mine, "works where you get care", "works where the patient gets care"),
    agreement: () => "by a cooperation agreement",
    participant: (mine) => whose(mine, "is in a call with you", "is in a call with the patient"),
    consent: (mine) => whose(mine, "you have agreed to it", "the patient has agreed to it"),
    relative: () => "a relative",
    emergency: () => "emergency",
  },

  officerTitle: "Who has seen",
  officerLead: "As data protection officer you see who has seen what about patients whom your organisation cares for.",
  patientId: "Patient id",
  patientIdHelp: "The id stands in the address of the patient's page. Ask whoever raises the matter. Don't enter a national identity number here.",
  patientIdRule: "Enter the id: letters, digits and hyphens",
  patientIdNotNational: "This looks like a national identity number, which must not stand in an address: enter the id",
  show: "Show",
};
