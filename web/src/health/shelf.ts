// The tablet's own store for what has not been sent: IndexedDB, which survives a reload and a
// battery that runs out. Nothing is left in it once everything has been sent. No library: three
// requests, and what the page keeps for hours is never read by anything else.

import type { Shelf, Unsent } from "./queue";

const database = "samkonsult-unsent";
const store = "values";

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's store gave no reason"));
  });
}

function done(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new Error("the browser's store gave no reason"));
  });
}

/** factory: the browser's; undefined where it is forbidden: then everything rejects, and the values are kept by the page alone. */
export function createShelf(factory: IDBFactory | undefined): Shelf {
  let opening: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    if (!factory) return Promise.reject(new Error("the browser has no store"));
    opening ??= (() => {
      const request = factory.open(database, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: ["box", "key"] });
      return asked(request).catch((err: unknown) => {
        opening = undefined;
        throw err;
      });
    })();
    return opening;
  };
  return {
    async load(box) {
      const tx = (await open()).transaction(store, "readonly");
      // [box] to [box, []]: an array sorts after every string (Indexed DB §2.4, keys).
      const found = await asked(tx.objectStore(store).getAll(IDBKeyRange.bound([box], [box, []])) as IDBRequest<(Unsent & { box: string })[]>);
      return found.map(({ box: _, ...item }) => item).sort((a, b) => a.order - b.order);
    },
    async put(box, item) {
      // strict: written through to the disk before it counts as kept.
      const tx = (await open()).transaction(store, "readwrite", { durability: "strict" });
      tx.objectStore(store).put({ ...item, box });
      await done(tx);
    },
    async remove(box, key) {
      const tx = (await open()).transaction(store, "readwrite");
      tx.objectStore(store).delete([box, key]);
      await done(tx);
    },
  };
}
