// Texts that the service may not have yet, in the session storage of the page's tab: they end
// with it. By patient and writer, so that nobody's text is sent in another's name.

import { fieldNames } from "./fields";
import type { Kept } from "./writing";

export interface Shelf {
  load(): Kept;
  save(kept: Kept): void;
}

export function createShelf(storage: Storage | undefined, patient: string, self: string): Shelf {
  const key = `samkonsult.plan.${patient}.${self}`;
  return {
    load() {
      try {
        const all: unknown = JSON.parse(storage?.getItem(key) ?? "{}");
        if (typeof all !== "object" || all === null) return {};
        const entries = fieldNames.flatMap((field) => {
          const one: unknown = (all as Record<string, unknown>)[field];
          if (typeof one !== "object" || one === null || !("text" in one) || !("base" in one)) return [];
          const { text, base } = one;
          return typeof text === "string" && typeof base === "number" && Number.isInteger(base) && base >= 0 ? [[field, { text, base }] as const] : [];
        });
        return Object.fromEntries(entries);
      } catch {
        return {}; // somebody else's, or storage is forbidden
      }
    },
    save(kept) {
      try {
        if (Object.keys(kept).length === 0) storage?.removeItem(key);
        else storage?.setItem(key, JSON.stringify(kept));
      } catch {
        // Full or forbidden: the text stays in the page.
      }
    },
  };
}
