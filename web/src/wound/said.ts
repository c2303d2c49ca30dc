// How a wound is said: its facts now and before, what has changed in words, and the patient's plain
// words. Pure.

import { dayOf, partsOf } from "../i18n/norway";
import { capital, clock, date, sameDay, tight } from "../i18n/time";
import type { WoundWords } from "./i18n/words";
import { counts, parts, signs, type Assessment, type Photo, type Tissue, type Wound } from "./types";

/** A number as it is written, with as many decimals. */
export function number(w: WoundWords, v: number, decimals = 1): string {
  const text = v.toFixed(decimals);
  return w.language === "en" ? text : text.replace(".", ",");
}

// Who registered the wound may have written in another language than who reads.
const sideWords: Readonly<Record<Wound["side"], readonly string[]>> = { left: ["venstre", "left"], right: ["høgre", "høyre", "right"], both: ["begge", "both"], none: [] };

/** "Utsida av venstre legg" as it was written, with its side where the words don't have it. */
export function siteOf(w: WoundWords, wound: Pick<Wound, "site" | "side">): string {
  const side = w.side(wound.side);
  const site = wound.site.trim();
  const said = sideWords[wound.side].some((word) => site.toLocaleLowerCase().includes(word));
  return side === "" || said ? capital(site) : `${capital(site)}, ${side}`;
}

/** "Onsdag 11. november", "I dag kl. 10.09" */
export const dayText = (w: WoundWords, ms: number, now: number): string => (sameDay(ms, now) ? w.todayAt(tight(w.time.at(clock(w.time, ms)))) : capital(date(w.time, ms)));

/** "kl. 10.09" of today's, else "onsdag 11. november": within a sentence. */
export const whenText = (w: WoundWords, ms: number, now: number): string => (sameDay(ms, now) ? tight(w.time.at(clock(w.time, ms))) : date(w.time, ms));

/** "11. nov." */
export function dayShort(w: WoundWords, ms: number): string {
  const [, month, day] = partsOf(dayOf(ms)) ?? [1970, 0, 1];
  return w.dayShort(day, w.monthShort[month] ?? "");
}

/** "11. november" */
export function dayLong(w: WoundWords, ms: number): string {
  const [, month, day] = partsOf(dayOf(ms)) ?? [1970, 0, 1];
  return w.dayShort(day, w.time.month(month));
}

/** "Mari Bjørk, sjukepleiar" */
export const whoText = (w: WoundWords, of: { readonly by: string; readonly role: string }): string => [of.by, w.role(of.role)].filter((part) => part !== "").join(", ");

/** "raudne, lukt og puss" */
export function listed(w: WoundWords, words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${w.and} ${last}`;
}

/** "3,6 × 2,5"; empty where neither is known. */
export function sizeText(w: WoundWords, a: Pick<Assessment, "length" | "width">): string {
  if (a.length === null && a.width === null) return "";
  const one = (v: number | null) => (v === null ? "?" : number(w, v));
  return `${one(a.length)} × ${one(a.width)}`;
}

/** "75 % granulasjon, 25 % fibrin" */
export const tissueText = (w: WoundWords, t: Tissue): string => parts.filter((p) => t[p] > 0).map((p) => `${t[p]}\u00a0% ${w.part(p)}`).join(", ");

/** What a tissue was, short where it was made of the same parts as it is now: "60 / 40". */
function tissueBefore(w: WoundWords, now: Tissue, before: Tissue): string {
  const shown = parts.filter((p) => now[p] > 0);
  const alike = parts.every((p) => now[p] > 0 === before[p] > 0);
  return alike && shown.length > 1 ? shown.map((p) => before[p]).join(" / ") : tissueText(w, before);
}

const signsText = (w: WoundWords, a: Assessment): string => (a.infection.length === 0 ? w.noSigns : capital(listed(w, signs.filter((s) => a.infection.includes(s)).map((s) => w.sign(s)))));

/** Whether a fact is as it was; "": there is nothing to compare with. */
export type Changed = "" | "same" | "changed";

export interface Fact {
  readonly id: "size" | "depth" | "area" | "tissue" | "infection" | "moisture" | "edge" | "skin" | "pain" | "dressing";
  readonly name: string;
  readonly now: string;
  readonly aside: string; // said more softly, after it: how it was come by
  readonly before: string; // what has changed, in words
  readonly changed: Changed;
}

/** How much larger or smaller, per cent; null: can't be told. */
export function growth(now: number | null, before: number | null): number | null {
  if (now === null || before === null || before <= 0) return null;
  return Math.round(((now - before) / before) * 100);
}

/** What an assessment says, beside what the one before it said. What neither of them tells is left out. */
export function factsOf(w: WoundWords, now: Assessment, before: Assessment | null): readonly Fact[] {
  const out: Fact[] = [];
  const fact = (id: Fact["id"], name: string, is: string, was: string, more: Partial<Fact> = {}): void => {
    if (is === "" && was === "") return;
    const changed: Changed = !before ? "" : is === was ? "same" : "changed";
    const said = !before ? "" : is === was ? w.asBefore : was === "" ? w.beforeNone : w.before(was);
    out.push({ id, name, now: is === "" ? w.notTold : is, aside: "", before: said, changed, ...more });
  };
  const cm = (text: string) => (text === "" ? "" : `${text}\u00a0cm`);
  const plain = (from: string, is: string, was: string): Partial<Fact> => (from !== "" && is !== was && was !== "" ? { before: w.before(was) } : {});

  const [size, sizeWas] = [sizeText(w, now), before ? sizeText(w, before) : ""];
  fact("size", w.size, cm(size), cm(sizeWas), plain(size, size, sizeWas));
  const depth = (a: Assessment | null) => (a?.depth == null ? "" : number(w, a.depth));
  fact("depth", w.depth, cm(depth(now)), cm(depth(before)), plain(depth(now), depth(now), depth(before)));
  if (now.area !== null || before?.area != null) {
    const text = (a: Assessment | null) => (a?.area == null ? "" : `${number(w, a.area)}\u00a0cm²`);
    const by = growth(now.area, before?.area ?? null);
    const said = by === null ? {} : by === 0 ? { before: w.asBefore, changed: "same" as const } : { before: by < 0 ? w.down(String(-by)) : w.up(String(by)), changed: "changed" as const };
    fact("area", w.area, text(now), text(before), { aside: now.area === null ? "" : w.method[now.areaMethod], ...said });
  }
  const tissue = (a: Assessment | null) => (a?.tissue ? tissueText(w, a.tissue) : "");
  fact("tissue", w.tissue, tissue(now), tissue(before), now.tissue && before?.tissue && tissue(now) !== tissue(before) ? { before: w.before(tissueBefore(w, now.tissue, before.tissue)) } : {});
  const come = before ? signs.filter((s) => now.infection.includes(s) && !before.infection.includes(s)) : [];
  const gone = before ? signs.filter((s) => !now.infection.includes(s) && before.infection.includes(s)) : [];
  const words = (of: readonly (typeof signs)[number][]) => listed(w, of.map((s) => w.sign(s)));
  const moved = [come.length > 0 ? w.come(words(come)) : "", gone.length > 0 ? w.gone(words(gone)) : ""].filter((t) => t !== "").join("; ");
  fact("infection", w.infection, signsText(w, now), before ? signsText(w, before) : "", moved === "" ? {} : { before: moved });
  const chosen = (id: Fact["id"], name: string, is: string, was: string | undefined, say: (v: string) => string) => fact(id, name, is === "" ? "" : capital(say(is)), was ? capital(say(was)) : "", is !== "" && was && is !== was ? { before: w.before(say(was)) } : {});
  chosen("moisture", w.moistureOf, now.moisture, before?.moisture, (v) => w.moisture(v as Assessment["moisture"]));
  chosen("edge", w.edgeOf, now.edge, before?.edge, (v) => w.edge(v as Assessment["edge"]));
  chosen("skin", w.skinOf, now.skin, before?.skin, (v) => w.skin(v as Assessment["skin"]));
  const pain = (a: Assessment | null) => (a?.pain == null ? "" : w.ofTen(a.pain));
  fact("pain", w.pain, pain(now), pain(before), now.pain !== null && before?.pain != null && now.pain !== before.pain ? { before: w.before(String(before.pain)) } : {});
  fact("dressing", w.dressing, now.dressing, before?.dressing ?? "");
  return out;
}

const noticed = 10; // per cent: less than that is how people measure, and not the wound

/** Which way the wound's size has gone since last; null: can't be told. */
export function wayOf(now: Assessment | null, before: Assessment | null): "smaller" | "larger" | "alike" | null {
  const square = (a: Assessment | null) => a?.area ?? (a?.length != null && a.width !== null ? a.length * a.width : null);
  const by = growth(square(now), square(before));
  if (by === null) return null;
  return by <= -noticed ? "smaller" : by >= noticed ? "larger" : "alike";
}

/** "Såret er 23 % mindre enn sist", for who treats; empty: can't be told. */
export function changeText(w: WoundWords, now: Assessment | null, before: Assessment | null): string {
  const way = wayOf(now, before);
  const by = growth(now?.area ?? null, before?.area ?? null);
  if (way === null || by === null) return "";
  if (way === "alike") return w.alike;
  return way === "smaller" ? w.smaller(String(-by)) : w.larger(String(by));
}

/** How it goes, in a patient's words and without a number. */
export function plainText(w: WoundWords, wound: Pick<Wound, "latest" | "before" | "status">): string {
  if (wound.status === "closed") return w.plainClosed;
  switch (wayOf(wound.latest, wound.before)) {
    case "smaller":
      return w.plainSmaller;
    case "larger":
      return w.plainLarger;
    case "alike":
      return w.plainAlike;
    default:
      return wound.latest ? w.plainFirst : w.plainNot;
  }
}

/** What counts in a series, the oldest first, with an area: what the chart shows. */
export const areasOf = (all: readonly Assessment[]): readonly { readonly at: number; readonly area: number; readonly id: string }[] =>
  all.filter((a) => counts(a) && a.area !== null).map((a) => ({ at: a.at, area: a.area!, id: a.id })).sort((a, b) => a.at - b.at);

/** The latest photo, and the latest of an earlier day than that; wrong ones are passed over. */
export function pairOf(photos: readonly Photo[]): { readonly now: Photo | null; readonly before: Photo | null } {
  const all = photos.filter(counts).sort((a, b) => b.takenAt - a.takenAt);
  const now = all[0] ?? null;
  return { now, before: now ? (all.find((p) => !sameDay(p.takenAt, now.takenAt)) ?? null) : null };
}

/** The assessment that rests on a photo, or was made on its day; null: none. */
export function assessedOf(photo: Photo, all: readonly Assessment[]): Assessment | null {
  const count = all.filter(counts);
  return count.find((a) => a.photo === photo.id) ?? count.find((a) => sameDay(a.at, photo.takenAt)) ?? null;
}

/** "4,2 × 2,8 cm" of what was measured on a photo or assessed with it; empty: nothing. */
export function photoSize(w: WoundWords, photo: Photo, all: readonly Assessment[]): string {
  const of = assessedOf(photo, all);
  const size = of ? sizeText(w, of) : photo.longest !== null && photo.widest !== null ? sizeText(w, { length: photo.longest, width: photo.widest }) : "";
  return size === "" ? "" : `${size}\u00a0cm`;
}
