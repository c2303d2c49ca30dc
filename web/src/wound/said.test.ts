import { describe, expect, test } from "vitest";
import { woundWords } from "./i18n/words";
import { areasOf, assessedOf, changeText, dayText, factsOf, growth, listed, pairOf, photoSize, plainText, siteOf, wayOf } from "./said";
import { assessment, assessments, now, photo, photos, wound } from "./testing";

const w = woundWords.nn;
const before = assessments[1]!;
const plain = (text: string) => text.replaceAll("\u00a0", " ");
const fact = (id: string, ...of: Parameters<typeof factsOf> extends [unknown, ...infer R] ? R : never) => factsOf(w, ...of).find((f) => f.id === id);

describe("a wound's facts", () => {
  test("stand beside what they were, as one says it", () => {
    const said = factsOf(w, assessment({}), before).map((f) => plain(`${f.name}: ${f.now}${f.aside === "" ? "" : ` (${f.aside})`} – ${f.before}`));
    expect(said).toEqual([
      "Lengd × breidd: 3,6 × 2,5 cm – før 4,2 × 2,8",
      "Djupn: 0,3 cm – før 0,4",
      "Areal: 7,1 cm² (ellipse) – ned 23 %",
      "Vev: 75 % granulasjon, 25 % fibrin – før 60 / 40",
      "Infeksjonsteikn: Ingen – som før",
      "Væske: Litt – før middels",
      "Sårkant: Fast – som før",
      "Hud rundt: Tørr – som før",
      "Smerte: 3 av 10 – før 4",
      "Bandasje: Skum, kvar tredje dag – som før",
    ]);
  });

  test("say nothing of before where there is nothing", () => {
    expect(factsOf(w, assessment({}), null).every((f) => f.before === "" && f.changed === "")).toBe(true);
  });

  test("tell signs of infection that have come and gone by name", () => {
    const f = fact("infection", assessment({ infection: ["redness", "odour"] }), assessment({ infection: ["odour", "fever"] }));
    expect(f).toMatchObject({ now: "Raudne og lukt", before: "nytt: raudne; utan feber no", changed: "changed" });
  });

  test("name the parts of a wound's bed that was made of others", () => {
    const f = fact("tissue", assessment({ tissue: { granulation: 90, epithelium: 10, fibrin: 0, necrosis: 0 } }), assessment({ tissue: { granulation: 60, epithelium: 0, fibrin: 40, necrosis: 0 } }));
    expect(plain(f?.before ?? "")).toBe("før 60 % granulasjon, 40 % fibrin");
  });

  test("that were told before and are not now say so, and what nobody tells is left out", () => {
    const silent = assessment({ pain: null, depth: null, edge: "" });
    expect(fact("pain", silent, before)).toMatchObject({ now: "Ikkje sagt", before: "før 4 av 10" });
    expect(fact("edge", silent, assessment({ edge: "" }))).toBeUndefined();
  });

  test("call an area unchanged that is so to the per cent", () => {
    expect(fact("area", assessment({ area: 9.21 }), assessment({ area: 9.2 }))?.before).toBe("som før");
    expect(fact("area", assessment({ area: 12.1 }), assessment({ area: 9.2 }))?.before).toBe("opp 32 %");
  });
});

describe("how it goes", () => {
  test("is by the area, and by length and width where there is none", () => {
    expect(wayOf(assessment({}), before)).toBe("smaller");
    expect(wayOf(assessment({ area: null }), assessment({ area: null, length: 3, width: 2 }))).toBe("larger");
    expect(wayOf(assessment({ area: null, length: null }), before)).toBeNull();
  });

  test("is alike within what two people measure differently", () => {
    expect(wayOf(assessment({ area: 8.6 }), before)).toBe("alike");
    expect(changeText(w, assessment({ area: 8.6 }), before)).toBe("Såret er om lag like stort som sist");
    expect(changeText(w, assessment({}), before)).toBe("Såret er 23 % mindre enn sist");
  });

  test("is said to the patient without a number", () => {
    expect(plainText(w, wound({}))).toBe("Såret er mindre enn sist");
    expect(plainText(w, wound({ latest: assessment({ area: 12 }) }))).toBe("Såret er større enn sist");
    expect(plainText(w, wound({ before: null }))).toBe("Såret er sett på éin gong så langt");
    expect(plainText(w, wound({ latest: null, before: null }))).toBe("Ingen har målt såret enno");
    for (const words of Object.values(woundWords)) expect(plainText(words, wound({}))).not.toMatch(/\d/);
  });

  test("can't be told of what was nothing", () => {
    expect(growth(3, 0)).toBeNull();
    expect(growth(null, 3)).toBeNull();
  });
});

describe("photos", () => {
  test("are shown with the latest of an earlier day, and wrong ones are passed over", () => {
    const again = photo({ id: "p6", takenAt: now });
    expect(pairOf([again, ...photos])).toMatchObject({ now: { id: "p6" }, before: { id: "p4" } });
    expect(pairOf([photo({ id: "p6", takenAt: now, status: "entered-in-error" }), ...photos]).now?.id).toBe("p5");
    expect(pairOf([])).toEqual({ now: null, before: null });
  });

  test("have the size that was found with them, else what was measured on them", () => {
    expect(plain(photoSize(w, photos[1]!, assessments))).toBe("4,2 × 2,8 cm");
    expect(plain(photoSize(w, photos[1]!, []))).toBe("4,2 × 2,8 cm");
    expect(photoSize(w, photo({ id: "p9" }), [])).toBe("");
    expect(assessedOf(photos[1]!, [{ ...before, status: "entered-in-error" }])).toBeNull();
  });
});

describe("words", () => {
  test("say the side once", () => {
    expect(siteOf(w, { site: "utsida av venstre legg", side: "left" })).toBe("Utsida av venstre legg");
    expect(siteOf(woundWords.en, { site: "utsida av venstre legg", side: "left" })).toBe("Utsida av venstre legg");
    expect(siteOf(w, { site: "hælen", side: "right" })).toBe("Hælen, høgre");
    expect(siteOf(w, { site: "ryggen nedst", side: "none" })).toBe("Ryggen nedst");
  });

  test("tell days and lists as one says them", () => {
    expect(plain(dayText(w, now, now))).toBe("I dag kl. 10.12");
    expect(dayText(w, photos[1]!.takenAt, now)).toBe("Onsdag 11. november");
    expect(listed(w, ["raudne", "lukt", "puss"])).toBe("raudne, lukt og puss");
  });
});

test("the curve holds what counts and has an area, the oldest first", () => {
  const all = [assessment({ id: "x", status: "entered-in-error" }), assessment({ id: "y", area: null }), ...assessments];
  expect(areasOf(all).map((p) => p.area)).toEqual([13.6, 12.1, 10.6, 9.2, 7.1]);
});
