import { describe, expect, test } from "vitest";
import type { PatientPlan, PlanBeside } from "../gen/api";
import { fieldNames } from "./fields";
import { answered, caretAfter, cleaned, joined, keptOf, lengthOf, refused, restored, resumed, sending, textOf, toSend, typed, unsent } from "./writing";

function plan(green: string, revision: number, beside: readonly PlanBeside[] = []): PatientPlan {
  return {
    version: 1, revision, state: "draft", limits: [], parties: [], madeAt: 0, madeBy: "", madeByRole: "",
    fields: fieldNames.map((field) => ({ field, text: field === "green" ? green : "", revision: field === "green" ? revision : 0, by: "Mari Bjørk", byRole: "nurse", at: 0, beside: field === "green" ? [...beside] : [] })),
  };
}
const beside = (id: string, text: string): PlanBeside => ({ id, text, by: "Tuva Ask", byRole: "specialist", at: 0 });

describe("what is typed", () => {
  test("rests on the revision that stood there when one began", () => {
    const first = typed({}, plan("Ein tur", 3), "green", "Ein tur ut");
    const second = typed(first, plan("Noko anna", 4), "green", "Ein tur ut kvar dag");
    expect(second.green).toMatchObject({ base: 3, text: "Ein tur ut kvar dag", state: "writing" });
  });

  test("is nothing to keep when it is as it stood", () => {
    const first = typed({}, plan("Ein tur", 3), "green", "Ein tur u");
    expect(typed(first, plan("Ein tur", 3), "green", "Ein tur")).toEqual({});
  });

  test("is sent once at a time", () => {
    const all = typed({}, plan("", 0), "green", "Ein tur");
    expect(toSend(all.green)).toBe("Ein tur");
    expect(toSend(sending(all, "green").green)).toBeNull();
    expect(toSend(undefined)).toBeNull();
  });

  test("is not sent while it is too long, and stays", () => {
    const all = typed({}, plan("", 0), "green", "å".repeat(2001));
    expect(all.green).toMatchObject({ state: "refused", problem: "too-long" });
    expect(toSend(all.green)).toBeNull();
    expect(typed(all, plan("", 0), "green", "å".repeat(2000)).green?.problem).toBe("");
  });

  test("is counted as people count", () => expect(lengthOf("💧å")).toBe(2));

  test("holds no control characters but line ends", () => expect(cleaned("a\tb\r\nc\u0007")).toBe("a b\nc "));
});

describe("the answer to a text", () => {
  const under = sending(typed({}, plan("Ein", 1), "green", "Ein tur"), "green");

  test("ends it when the field holds it", () => {
    expect(answered(under, "green", plan("Ein tur", 2))).toEqual({ writings: {}, settle: "", late: false });
  });

  test("leaves what was typed meanwhile, resting on the new revision", () => {
    const more = typed(under, plan("Ein", 1), "green", "Ein tur ut");
    const after = answered(more, "green", plan("Ein tur", 2));
    expect(after.writings.green).toMatchObject({ text: "Ein tur ut", base: 2, sent: null });
    expect(after.late).toBe(false);
  });

  test("says that it came late, and the field shows the other's", () => {
    const answer = plan("To turar", 2, [beside("b1", "Ein tur")]);
    const after = answered(under, "green", answer);
    expect(after).toEqual({ writings: {}, settle: "", late: true });
    expect(textOf(after.writings, answer, "green")).toBe("To turar");
  });

  test("who typed on after coming late still rests on the old revision, so that nobody's text is replaced", () => {
    const more = typed(under, plan("Ein", 1), "green", "Ein tur ut");
    const first = answered(more, "green", plan("To turar", 2, [beside("b1", "Ein tur")]));
    expect(first.writings.green).toMatchObject({ text: "Ein tur ut", base: 1, beside: "b1" });
    // The whole text stands beside, and the half of it is put away.
    const second = answered(sending(first.writings, "green"), "green", plan("To turar", 2, [beside("b1", "Ein tur"), beside("b2", "Ein tur ut")]));
    expect(second).toEqual({ writings: {}, settle: "b1", late: true });
  });

  test("a deletion that came late is no text to take in", () => {
    const gone = sending(typed({}, plan("Ein", 1), "green", ""), "green");
    expect(answered(gone, "green", plan("To", 2, [beside("b1", "")]))).toMatchObject({ settle: "b1", late: false });
  });

  test("what nobody waits for changes nothing", () => {
    const all = typed({}, plan("", 0), "green", "Ein");
    expect(answered(all, "green", plan("To", 2)).writings).toBe(all);
  });
});

describe("without a network", () => {
  const all = unsent(sending(typed({}, plan("Ein", 1), "green", "Ein tur"), "green"), "green");

  test("the text stays, and is sent again", () => {
    expect(all.green).toMatchObject({ state: "unsent", text: "Ein tur", base: 1 });
    expect(toSend(all.green)).toBe("Ein tur");
  });

  test("it is found again after a reload, under what it rested on", () => {
    expect(restored(keptOf(all), {}, plan("To turar", 2)).green).toMatchObject({ text: "Ein tur", base: 1, state: "unsent" });
  });

  test("what the service has got is done after a reload", () => {
    expect(restored(keptOf(all), {}, plan("Ein tur", 2))).toEqual({});
    expect(restored(keptOf(all), {}, plan("To", 2, [beside("b", "Ein tur")]))).toEqual({});
  });

  test("what is typed by now is not replaced by what was kept", () => {
    const now = typed({}, plan("Ein", 1), "green", "Noko nytt");
    expect(restored(keptOf(all), now, plan("Ein", 1)).green?.text).toBe("Noko nytt");
  });
});

test("a refused text stays, and what waited for a sign-in is sent after it", () => {
  const all = typed({}, plan("", 0), "green", "Ein tur");
  const no = refused(all, "green", "refused");
  expect(no.green).toMatchObject({ text: "Ein tur", state: "refused" });
  expect(resumed(no).green?.problem).toBe("refused");
  expect(toSend(resumed(refused(all, "green", "sign-in")).green)).toBe("Ein tur");
});

test("another's text is taken in after one's own, on a line of its own", () => {
  expect(joined("Ein tur \n", "To turar")).toBe("Ein tur\nTo turar");
  expect(joined(" ", "To turar")).toBe("To turar");
});

describe("the caret", () => {
  test("stays before what has changed", () => expect(caretAfter("ein tur ut", "ein lang tur ut", 2)).toBe(2));
  test("moves with what stands after it", () => expect(caretAfter("ein tur ut", "ein lang tur ut", 8)).toBe(13));
  test("stays at the end", () => expect(caretAfter("ein", "ein tur", 3)).toBe(3));
  test("never leaves the text", () => expect(caretAfter("ein lang tur", "ein tur", 8)).toBeLessThanOrEqual(7));
});
