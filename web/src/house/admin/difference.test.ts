import { describe, expect, test } from "vitest";
import { changed, differences, merged, same } from "./difference";

interface Thing {
  readonly version: number;
  readonly name: string;
  readonly phone: string;
  readonly contacts: readonly { readonly for: string; readonly name: string }[];
}

const fields = ["name", "phone", "contacts"] as const;
const base: Thing = { version: 1, name: "Fjordvik kommune", phone: "+4755000000", contacts: [{ for: "clinical", name: "Ane Rogn" }] };
const none: ReadonlyMap<keyof Thing, "mine" | "theirs"> = new Map();

describe("two people who change the same thing", () => {
  test("need not choose where they changed different fields", () => {
    const mine = { ...base, name: "Fjordvik" };
    const theirs = { ...base, version: 2, phone: "+4755111111" };
    expect(differences(fields, base, mine, theirs)).toEqual([{ field: "phone", mine: base.phone, theirs: "+4755111111", clash: false }]);
    expect(merged(fields, base, mine, theirs, none)).toEqual({ ...base, version: 2, name: "Fjordvik", phone: "+4755111111" });
  });

  test("choose where both changed a field, and lose nothing before they have", () => {
    const mine = { ...base, phone: "+4755222222" };
    const theirs = { ...base, version: 2, phone: "+4755111111" };
    expect(differences(fields, base, mine, theirs)).toEqual([{ field: "phone", mine: "+4755222222", theirs: "+4755111111", clash: true }]);
    expect(merged(fields, base, mine, theirs, none).phone).toBe("+4755222222");
    expect(merged(fields, base, mine, theirs, new Map([["phone", "theirs"]])).phone).toBe("+4755111111");
  });

  test("don't differ where they typed the same", () => {
    const mine = { ...base, phone: "+4755111111" };
    const theirs = { ...base, version: 2, phone: "+4755111111" };
    expect(differences(fields, base, mine, theirs)).toEqual([]);
  });

  test("compare lists whole", () => {
    const mine = { ...base, contacts: [...base.contacts, { for: "technical", name: "Bo Lind" }] };
    const theirs = { ...base, version: 2, contacts: [] };
    expect(differences(fields, base, mine, theirs).map((d) => [d.field, d.clash])).toEqual([["contacts", true]]);
  });

  test("always save on the version that the other left", () => {
    expect(merged(fields, base, { ...base, name: "Fjordvik" }, { ...base, version: 7 }, none).version).toBe(7);
  });
});

describe("a draft", () => {
  test("is unchanged when what was typed is typed back, and by the order of keys", () => {
    expect(changed(fields, base, { ...base })).toBe(false);
    expect(changed(fields, base, { ...base, contacts: [{ name: "Ane Rogn", for: "clinical" }] })).toBe(false);
    expect(changed(fields, base, { ...base, name: "Fjordvik " })).toBe(true);
  });

  test("tells nothing from an empty list", () => {
    expect(same(null, [])).toBe(false);
    expect(same(undefined, undefined)).toBe(true);
  });
});
