import { describe, expect, test } from "vitest";
import type { Person } from "../gen/protocol";
import { aboutOf, byLink, dayAfter, nextOf, noonOf, othersOf } from "./day";
import type { DayVisit } from "./wire";

const person = (id: string, role: Person["role"]): Person => ({ id, name: id, role, title: "", organisation: "" });
const visit = (id: string, starts: number, state: DayVisit["state"], seat: string): DayVisit => ({
  id, starts, ends: starts + 30, state, seat, here: 0, people: [person("tuva", "specialist"), person("olav", "patient"), person("mari", "nurse")],
});

describe("a day", () => {
  test("goes over the ends of months and years", () => {
    expect(dayAfter("2026-11-30", 1)).toBe("2026-12-01");
    expect(dayAfter("2027-01-01", -1)).toBe("2026-12-31");
    expect(dayAfter("2028-02-28", 1)).toBe("2028-02-29");
  });

  test("has its noon on that day, where the reader is", () => {
    expect(new Date(noonOf("2026-11-23")).getDate()).toBe(23);
  });
});

describe("a visit", () => {
  test("is about the patient, and the others are all but oneself", () => {
    const v = visit("c1", 0, "open", "mari");
    expect(aboutOf(v)?.id).toBe("olav");
    expect(othersOf(v).map((p) => p.id)).toEqual(["tuva"]);
  });

  test("without a patient is about the first", () => {
    expect(aboutOf({ people: [person("tuva", "specialist"), person("mari", "nurse")] })?.id).toBe("tuva");
    expect(aboutOf({ people: [] })).toBeUndefined();
  });

  test("gives links to those who have no account", () => {
    expect((["patient", "relative", "interpreter", "nurse", "gp", "specialist"] as const).filter((role) => byLink({ role }))).toEqual(["patient", "relative", "interpreter"]);
  });
});

describe("the next visit", () => {
  test("is the one under way, then the open one, then the first to come", () => {
    const running = visit("running", 30, "running", "me");
    const open = visit("open", 20, "open", "me");
    const later = visit("later", 50, "planned", "me");
    const first = visit("first", 40, "planned", "me");
    expect(nextOf([later, first, open, running])).toBe(running);
    expect(nextOf([later, first, open])).toBe(open);
    expect(nextOf([later, first])).toBe(first);
  });

  test("is none that is over, and none where one has no seat", () => {
    expect(nextOf([visit("over", 10, "ended", "me"), visit("others", 20, "running", "")])).toBeUndefined();
  });
});
