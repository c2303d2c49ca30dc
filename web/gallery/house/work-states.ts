// States of the list of what waits to be seen to.

import type { WorkItem, WorkList } from "../../src/gen/api";
import { never, problem, type Answers, type HouseState } from "./fake";
import { signedIn } from "./people";

const now = Date.UTC(2026, 10, 23, 9, 12);
const minute = 60_000; // ms
const waits: WorkItem = {
  id: "w1", kind: "answer", patient: "jostein", patientName: "Jostein Lønn", madeAt: now - 18 * minute, questionnaire: "phq-9", form: "f1", item: "9", points: 1,
  acknowledgedAt: 0, acknowledgedBy: "", acknowledgedRole: "", words: "",
};
const later: WorkItem = { ...waits, id: "w2", patient: "kari", patientName: "Kari Almås Bjørgvin-Tveiterås", points: 3, madeAt: now - 5 * minute };
const taken: WorkItem = { ...waits, id: "w3", patientName: "Silje Rød", madeAt: now - 2880 * minute, acknowledgedAt: now - 2870 * minute, acknowledgedBy: "Mari Bjørk", acknowledgedRole: "nurse", words: "Eg har ringt, og vi møtest i morgon tidleg." };
const list = (...items: WorkItem[]): WorkList => ({ items });
const mari = (answers: Answers, with_: Partial<HouseState> = {}): HouseState => ({ path: "/work", session: { ...signedIn("nurse"), may: [...signedIn("nurse").may, "work.read", "work.acknowledge"] }, now, answers, ...with_ });
const sees = { ...waits, acknowledgedAt: now, acknowledgedBy: "Mari Bjørk", acknowledgedRole: "nurse", words: "" };

export const workStates: Readonly<Record<string, HouseState>> = {
  work: mari({ "GET /work": list(waits, later, taken) }),
  "work-en": mari({ "GET /work": list(waits, taken) }, { language: "en" }),
  "work-none": mari({ "GET /work": list() }),
  "work-taking": mari({ "GET /work": list(waits, later) }),
  "work-mine": mari({ "GET /work": list(waits), "POST /work/{work}/acknowledge": { already: false, item: sees } }),
  "work-already": mari({ "GET /work": list(waits), "POST /work/{work}/acknowledge": { already: true, item: { ...sees, acknowledgedBy: "Vera Nes", acknowledgedAt: now - minute } } }),
  "work-offline": mari({ "GET /work": list(waits), "POST /work/{work}/acknowledge": problem("internal") }),
  "work-loading": mari({ "GET /work": never }),
  "work-failed": mari({ "GET /work": problem("internal") }),
};

export const workPresses: Readonly<Record<string, readonly string[]>> = {
  "work-taking": ["work-take"],
  "work-mine": ["work-take", "work-keep"],
  "work-already": ["work-take", "work-keep"],
  "work-offline": ["work-take", "work-keep"],
};
