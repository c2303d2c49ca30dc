import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));

/** Classes that a sheet gives a look by themselves: ".sk-card {", and not ".sk-week .sk-card {". */
function owned(css: string): ReadonlySet<string> {
  const selectors = css.replace(/\/\*[\s\S]*?\*\//g, "").match(/[^{};]+(?=\{)/g) ?? [];
  return new Set(selectors.flatMap((s) => s.split(",")).map((s) => s.trim()).filter((s) => /^\.sk-[a-z0-9_-]+$/.test(s)));
}

// The pieces' sheets stay in the page once they are loaded: one who has been in the calendar
// has its sheet on every page after it.
test("no class gets its look from two of the pieces that are loaded when they are asked for", () => {
  const sheets = readdirSync(here, { recursive: true, encoding: "utf8" }).filter((name) => /[/\\].*\.css$/.test(name)).sort();
  expect(sheets.length).toBeGreaterThan(3);
  const owner = new Map<string, string>();
  const twice: string[] = [];
  for (const sheet of sheets) {
    for (const name of owned(readFileSync(join(here, sheet), "utf8"))) {
      const other = owner.get(name);
      if (other) twice.push(`${name}: ${other}, ${sheet}`);
      owner.set(name, sheet);
    }
  }
  expect(twice).toEqual([]);
});
