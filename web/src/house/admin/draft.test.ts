import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ApiError } from "../client";
import { createDraft, ruleBySentence, type Draft, type Errors } from "./draft";

interface Thing {
  readonly version: number;
  readonly name: string;
  readonly phone: string;
}

const start: Thing = { version: 1, name: "Fjordvik kommune", phone: "+4755000000" };

/** A service with one thing in it, which refuses changes on an old version. */
function service() {
  let stored = start;
  let refuse: ApiError | null = null;
  const sent: Thing[] = [];
  const problem = (code: ApiError["code"], status: number, field = ""): ApiError =>
    new ApiError(code, { type: "about:blank", title: "", status, code: code as never, field });
  return {
    sent,
    other(change: Partial<Thing>) {
      stored = { ...stored, ...change, version: stored.version + 1 };
    },
    refuse(code: ApiError["code"], status: number, field = "") {
      refuse = problem(code, status, field);
    },
    draft(check: (value: Thing) => Errors = () => new Map()): Draft<Thing> {
      return createDraft<Thing>({
        fields: ["name", "phone"],
        start,
        check,
        fetch: () => Promise.resolve(stored),
        async send(value) {
          await Promise.resolve();
          sent.push(value);
          if (refuse) throw refuse;
          if (value.version !== stored.version) throw problem("changed", 412);
          stored = { ...value, version: value.version + 1 };
          return stored;
        },
      });
    },
    stored: () => stored,
  };
}

describe("a draft", () => {
  test("is saved on the version that was read, and then is unchanged", async () => {
    const s = service();
    const d = s.draft();
    d.set({ name: "Fjordvik" });
    expect(d.dirty.value).toBe(true);
    await d.save();
    expect(s.stored()).toEqual({ version: 2, name: "Fjordvik", phone: start.phone });
    expect([d.dirty.value, d.saved.value, d.value.value.version]).toEqual([false, true, 2]);
  });

  test("with something wrong isn't sent", async () => {
    const s = service();
    const d = s.draft((v) => new Map(v.name === "" ? [["name", "required"]] : []));
    d.set({ name: "" });
    expect(await d.save()).toBeNull();
    expect(d.errors.value.get("name")).toBe("required");
    expect(s.sent).toEqual([]);
  });

  test("that the service refuses says so at the field, and keeps what was typed", async () => {
    const s = service();
    s.refuse("invalid", 422, "contacts[0].phone");
    const d = s.draft();
    d.set({ phone: "12" });
    expect(await d.save()).toBeNull();
    expect([...d.errors.value]).toEqual([["contacts[0].phone", "phone"]]);
    expect(d.value.value.phone).toBe("12");
  });

  test("says what is taken by another", async () => {
    const s = service();
    s.refuse("exists", 409, "email");
    const d = s.draft();
    await d.save();
    expect(d.errors.value.get("email")).toBe("taken");
  });

  test("that doesn't arrive keeps what was typed, and can be sent again", async () => {
    const s = service();
    s.refuse("no-network", 0);
    const d = s.draft();
    d.set({ name: "Fjordvik" });
    await d.save();
    expect([d.problem.value?.code, d.value.value.name, d.dirty.value, d.saving.value]).toEqual(["no-network", "Fjordvik", true, false]);
  });

  test("keeps what is typed while it is being saved", async () => {
    const s = service();
    const d = s.draft();
    d.set({ name: "Fjordvik" });
    const saving = d.save();
    d.set({ phone: "+4755999999" });
    await saving;
    expect(d.value.value).toEqual({ version: 2, name: "Fjordvik", phone: "+4755999999" });
    expect(d.dirty.value).toBe(true);
    expect(d.saved.value).toBe(false);
  });
});

describe("a draft of what another has changed meanwhile", () => {
  test("shows both, and saves as it was chosen", async () => {
    const s = service();
    const d = s.draft();
    s.other({ phone: "+4755111111" });
    d.set({ phone: "+4755222222" });
    expect(await d.save()).toBeNull();
    expect(d.conflict.value).toEqual([{ field: "phone", mine: "+4755222222", theirs: "+4755111111", clash: true }]);
    expect(s.stored().phone).toBe("+4755111111");

    d.choose("phone", "theirs");
    d.set({ name: "Fjordvik" });
    await d.save();
    expect(s.stored()).toEqual({ version: 3, name: "Fjordvik", phone: "+4755111111" });
    expect(d.conflict.value).toBeNull();
  });

  test("keeps both changes where they are of different fields", async () => {
    const s = service();
    const d = s.draft();
    s.other({ phone: "+4755111111" });
    d.set({ name: "Fjordvik" });
    await d.save();
    await d.save();
    expect(s.stored()).toEqual({ version: 3, name: "Fjordvik", phone: "+4755111111" });
  });

  test("is asked again where a third comes in between", async () => {
    const s = service();
    const d = s.draft();
    s.other({ phone: "+4755111111" });
    d.set({ phone: "+4755222222" });
    await d.save();
    s.other({ phone: "+4755333333" });
    await d.save();
    expect(d.conflict.value?.[0]).toMatchObject({ mine: "+4755222222", theirs: "+4755333333" });
    await d.save();
    expect(s.stored().phone).toBe("+4755222222");
  });
});

test("the sentences by which rules are told apart are those that the service says", () => {
  const folder = new URL("../../../../internal/identity/", import.meta.url);
  const service = readdirSync(folder).filter((file) => file.endsWith(".go")).map((file) => readFileSync(new URL(file, folder), "utf8")).join("");
  for (const sentence of Object.keys(ruleBySentence)) expect(service).toContain(sentence);
});
