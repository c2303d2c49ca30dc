// Assessments that are begun and not kept by the service yet, in the session storage of the page's tab:
// they end with it. By patient and writer, so that nobody's is sent in another's name.

import { draftFrom, type Draft } from "./draft";

/** A draft by its wound; key is set once it is being sent: sent again it is kept once. */
export interface Begun {
  readonly draft: Draft;
  readonly key: string;
  readonly at: number; // when it was saved, ms; 0: it is not yet
}
export type AllBegun = Readonly<Record<string, Begun>>;

export interface Shelf {
  load(): AllBegun;
  save(all: AllBegun): void;
}

export function createShelf(storage: Storage | undefined, patient: string, self: string): Shelf {
  const name = `samkonsult.wound.${patient}.${self}`;
  return {
    load() {
      try {
        const all: unknown = JSON.parse(storage?.getItem(name) ?? "{}");
        if (typeof all !== "object" || all === null) return {};
        return Object.fromEntries(
          Object.entries(all).flatMap(([wound, one]: [string, { draft?: unknown; key?: unknown; at?: unknown } | null]) => {
            const draft = draftFrom(one?.draft);
            return draft ? [[wound, { draft, key: typeof one?.key === "string" ? one.key : "", at: typeof one?.at === "number" ? one.at : 0 }] as const] : [];
          }),
        );
      } catch {
        return {}; // somebody else's, or storage is forbidden
      }
    },
    save(all) {
      try {
        if (Object.keys(all).length === 0) storage?.removeItem(name);
        else storage?.setItem(name, JSON.stringify(all));
      } catch {
        // Full or forbidden: the draft stays in the page.
      }
    },
  };
}
