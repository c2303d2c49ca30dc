// What a patient loads, compressed, must stay within the budget of the design: 100 kB before
// the call page, 180 kB with it, everything included; and so must what someone who is signed in
// loads: 100 kB to the first page, 180 kB with all of them. The patient's own plan is loaded by
// who reads one, in the call or out of it, and has its own 25 kB; so have the wounds:
// 40 kB with measuring on photos and the assessment, for who treats, and 28 kB for the patient. Small
// pages that come by themselves have 6 kB each, and the patient's own pages 60 kB, with the keypad and the
// trend of the call. Run after vite build; fails over it.

import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const dist = new URL("../dist/", import.meta.url);
const limits = { before: 100_000, whole: 180_000, plan: 25_000, wounds: 40_000, ownWound: 28_000, small: 6_000, mine: 60_000 }; // bytes

/** What has a limit of its own. */
const apart = (key) => /^src\/(plan|mine|wound|sharing|forms|work)\//.test(key);

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

/** Files that come with a chunk: itself, what it imports statically, its styles and assets. */
function loadedBy(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const file of [...(chunk.css ?? []), ...(chunk.assets ?? [])]) seen.add(file);
  for (const next of chunk.imports ?? []) loadedBy(next, seen);
  return seen;
}

/** Bytes on the wire: the larger of brotli and gzip, since some networks take brotli away. */
function size(file) {
  const sizes = [".br", ".gz"].flatMap((ending) => {
    try {
      return [statSync(fileURLToPath(new URL(file + ending, dist))).size];
    } catch {
      return [];
    }
  });
  return sizes.length > 0 ? Math.max(...sizes) : statSync(fileURLToPath(new URL(file, dist))).size;
}

/** What someone loads who comes by one of the two entries, before and with what is loaded later. */
function entry(name, key, later) {
  if (!manifest[key]) throw new Error(`no ${key} in dist/.vite/manifest.json`);
  const first = new Set(["index.html", "icon.svg", ...loadedBy("index.html"), ...loadedBy(key)]);
  const all = new Set(first);
  // A chunk that others import too goes by no source's name: the way in by a link loads the
  // house's client of the API when it reads its appointment.
  for (const other of (manifest[key].dynamicImports ?? []).filter((k) => !apart(k))) for (const file of loadedBy(other)) all.add(file);
  for (const [other, chunk] of Object.entries(manifest)) if (chunk.isDynamicEntry && later(other)) for (const file of loadedBy(other)) all.add(file);
  // A lazy chunk whose name is not found would make the sum too small and the check idle.
  if (all.size === first.size) throw new Error(`nothing is loaded later than ${key}`);
  const sum = (files) => [...files].reduce((total, file) => total + size(file), 0);
  for (const file of all) console.log(`${String(size(file)).padStart(8)}  ${file}${first.has(file) ? "" : "  (later)"}`);
  const before = sum(first);
  const whole = sum(all);
  console.log(`${name}: ${(before / 1000).toFixed(1)} kB of ${limits.before / 1000} first, ${(whole / 1000).toFixed(1)} kB of ${limits.whole / 1000} in all\n`);
  return before <= limits.before && whole <= limits.whole;
}

// With the call: what is measured, too, which is loaded only for who may see it.
const inCall = (key) => key.startsWith("src/pages/") || key.startsWith("src/health/");
/** What a part adds that is loaded by itself, beside what its page has loaded already. */
function part(name, keys, limit, after) {
  const there = new Set(after.flatMap((key) => [...loadedBy(key)]));
  const files = new Set(keys.flatMap((key) => [...loadedBy(key)]).filter((file) => !there.has(file)));
  if (files.size === 0) throw new Error(`no ${name} in dist/.vite/manifest.json`);
  const sum = [...files].reduce((total, file) => total + size(file), 0);
  console.log(`${name}: ${(sum / 1000).toFixed(1)} kB of ${limit / 1000}\n`);
  return sum <= limit;
}

const inHouse = (key) => key.startsWith("src/house/");
const within = [
  entry("the call, by a link", "src/start.tsx", (key) => inCall(key)),
  entry("the house, signed in", "src/house/main.tsx", (key) => inHouse(key) && key !== "src/house/main.tsx"),
  part("the patient's own pages", ["src/mine/page.tsx"], limits.mine, ["index.html", "src/house/main.tsx"]),
  part("the plan", ["src/plan/page.tsx"], limits.plan, ["index.html", "src/house/main.tsx"]),
  part("the wounds", ["src/wound/page.tsx", "src/wound/index.ts"], limits.wounds, ["index.html", "src/house/main.tsx"]),
  ...["sharing", "forms", "work"].map((name) => part(name, [`src/${name}/page.tsx`], limits.small, ["index.html", "src/house/main.tsx"])),
  part("the patient's own wound", ["src/wound/own.tsx"], limits.ownWound, ["index.html", "src/house/main.tsx"]),
];
if (within.includes(false)) {
  console.error("over the budget");
  process.exit(1);
}
