import { expect, test, vi } from "vitest";
import type { Form, Questionnaire, SaveForm } from "../gen/api";
import { chosen, draftShelf, grave, leadOf, missing, put, resumesAt, type Answers } from "./answers";
import { Writer } from "./writer";

const item = (id: string, alarm = false): Questionnaire["items"][number] => ({
  id, prefix: id, type: "choice", text: id, required: true, least: 0, most: 0, maxLength: 0,
  options: [{ code: "never", text: "Aldri" }, alarm ? { code: "some", text: "Nokre dagar", alarm: true } : { code: "some", text: "Nokre dagar" }],
});
const phq: Questionnaire = { id: "phq-9", version: "1", title: "PHQ-9", copyright: "", items: [{ ...item("lead"), type: "display", options: [] }, item("1"), item("9", true)] };
const asked: Form = {
  id: "f1", version: 1, questionnaire: "phq-9", edition: "1", status: "asked", madeAt: 1, changedAt: 1, completedAt: 0, consultation: "", askedBy: "Tuva Ask", askedRole: "specialist",
  dueAt: 0, author: "", authorRole: "", as: "", answers: [], score: null, alarm: false, reason: "", help: [],
};
const first: Answers = put([], "1", chosen("never"));

function kept(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const all = new Map<string, string>();
  return { getItem: (k) => all.get(k) ?? null, setItem: (k, v) => void all.set(k, v), removeItem: (k) => void all.delete(k) };
}

/** A service that has the form, and may be out of reach. */
function service() {
  const it = {
    form: asked, reachable: true, saves: [] as SaveForm[], online: () => undefined as void,
    writer(storage = kept()) {
      return new Writer({
        form: it.form,
        shelf: draftShelf(storage, "olav", "f1"),
        save: async (version, body) => {
          if (!it.reachable) throw Object.assign(new Error("no"), { code: "no-network" });
          if (version !== it.form.version) throw Object.assign(new Error("no"), { code: "changed" });
          it.saves.push(body);
          it.form = { ...it.form, version: version + 1, answers: body.answers, status: body.complete ? "completed" : "in-progress" };
          return it.form;
        },
        read: async () => it.form,
        online: (tell) => {
          it.online = tell;
          return () => undefined;
        },
      });
    },
  };
  return it;
}

test("an option of the form itself says what is grave, without asking anybody", () => {
  expect(grave(phq, put(first, "9", chosen("never")))).toBe(false);
  expect(grave(phq, put(first, "9", chosen("some")))).toBe(true);
});

test("a lead is said over the questions that it asks, and not over one with other answers", () => {
  const difficult = { ...item("10"), options: [{ code: "hard", text: "Vanskeleg" }] };
  const q = { ...phq, items: [...phq.items, difficult] };
  expect(q.items.map((i) => leadOf(q, i))).toEqual(["", "lead", "lead", ""]);
});

test("one goes on at the first question without an answer, and at the summary after the last", () => {
  expect(resumesAt(phq, [])).toBe(0);
  expect(resumesAt(phq, first)).toBe(1);
  expect(resumesAt(phq, put(first, "9", chosen("never")))).toBe(2);
  expect(missing(phq, first).map((i) => i.id)).toEqual(["9"]);
});

test("answers are saved as one goes, the newest last, and sent", async () => {
  const it = service();
  const writer = it.writer();
  writer.put(first);
  writer.put(put(first, "9", chosen("never")));
  await vi.waitFor(() => expect(writer.written.value.state).toBe("saved"));
  expect(it.form.answers).toHaveLength(2);
  writer.complete();
  await vi.waitFor(() => expect(writer.written.value.form.status).toBe("completed"));
  writer.close();
});

test("without a network answers wait, survive a reload, and are sent when it is back", async () => {
  const it = service();
  const storage = kept();
  it.reachable = false;
  const before = it.writer(storage);
  before.put(first);
  await vi.waitFor(() => expect(before.written.value.state).toBe("waits"));
  before.close();
  const after = it.writer(storage);
  expect(after.written.value.answers).toEqual(first);
  await vi.waitFor(() => expect(after.written.value.state).toBe("waits"));
  it.reachable = true;
  it.online();
  await vi.waitFor(() => expect(it.form.answers).toEqual(first));
  expect(it.saves).toHaveLength(1);
  expect(storage.getItem("samkonsult.form.olav.f1")).toBe(null);
  after.close();
});

test("what was sent from another device is shown, and not written over", async () => {
  const it = service();
  const writer = it.writer();
  it.form = { ...asked, version: 3, status: "completed", answers: [...put(first, "9", chosen("never"))] };
  writer.put(first);
  await vi.waitFor(() => expect(writer.written.value.form.status).toBe("completed"));
  expect(writer.written.value.answers).toHaveLength(2);
  expect(it.saves).toEqual([]);
  writer.close();
});
