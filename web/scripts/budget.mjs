// What a patient loads, compressed, must stay within the budget of the design: 100 kB before
// the call page, 180 kB with it, everything included. Run after vite build; fails over it.

import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const dist = new URL("../dist/", import.meta.url);
const limits = { before: 100_000, withCall: 180_000 }; // bytes

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

const first = new Set(["index.html", "icon.svg", ...loadedBy("index.html")]);
const all = new Set(first);
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isDynamicEntry) for (const file of loadedBy(key)) all.add(file);
// A lazy chunk whose name is not found would make the sum too small and the check idle.
if (all.size === first.size) throw new Error("no lazily loaded call page in dist/.vite/manifest.json");

const sum = (files) => [...files].reduce((total, file) => total + size(file), 0);
const before = sum(first);
const withCall = sum(all);
for (const file of all) console.log(`${String(size(file)).padStart(8)}  ${file}${first.has(file) ? "" : "  (with the call)"}`);
console.log(`before the call page: ${(before / 1000).toFixed(1)} kB of ${limits.before / 1000}; with it: ${(withCall / 1000).toFixed(1)} kB of ${limits.withCall / 1000}`);
if (before > limits.before || withCall > limits.withCall) {
  console.error("over the budget");
  process.exit(1);
}
