// Photos on their way to the service: without a network they wait on the tablet and go in the order in
// which they were taken, once each, by their own keys. They follow src/health/queue.ts, one at a time.

import { codeOfError } from "../health/queue";

export interface UnsentPhoto {
  readonly key: string;
  readonly takenAt: number; // ms since 1970, UTC
  readonly wound: string;
  readonly askedBy: string; // participant; empty: nobody
  readonly blob: Blob;
  readonly refused: string; // why the service would not have it; empty: it goes on trying
}

export interface PhotoShelf {
  load(box: string): Promise<readonly UnsentPhoto[]>;
  put(box: string, item: UnsentPhoto): Promise<void>;
  remove(box: string, key: string): Promise<void>;
}

export interface PhotoQueueConfig {
  readonly shelf: PhotoShelf;
  readonly box: string;
  readonly send: (item: UnsentPhoto) => Promise<string>; // the photo's id
  readonly changed: (items: readonly UnsentPhoto[]) => void;
  readonly kept: (item: UnsentPhoto, photo: string) => void;
}

const firstWait = 1_000; // ms until the next try, doubled each time
const longestWait = 20_000; // ms
const undecided: readonly string[] = ["no-network", "unreadable", "internal", "busy", "under-way", "too-many", "sign-in"];

/** PhotoQueue owns its timer from open until close. */
export class PhotoQueue {
  readonly #cfg: PhotoQueueConfig;
  #items: readonly UnsentPhoto[] = [];
  #running = false;
  #wait = firstWait;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(cfg: PhotoQueueConfig) {
    this.#cfg = cfg;
  }

  async open(): Promise<void> {
    const found = await this.#cfg.shelf.load(this.#cfg.box).catch(() => []);
    const here = new Set(this.#items.map((i) => i.key));
    this.#set([...found.filter((i) => !here.has(i.key)), ...this.#items].sort((a, b) => a.takenAt - b.takenAt));
    this.flush();
  }

  /** Keeps a photo here and sends it as soon as it can. */
  async add(item: UnsentPhoto): Promise<void> {
    this.#set([...this.#items, item]);
    // Kept before it is sent: what happens in between then loses nothing.
    await this.#cfg.shelf.put(this.#cfg.box, item).catch(() => undefined);
    this.flush();
  }

  /** Takes a refused one away. */
  drop(key: string): void {
    this.#set(this.#items.filter((i) => i.key !== key));
    void this.#cfg.shelf.remove(this.#cfg.box, key).catch(() => undefined);
  }

  /** Tries now: the network is back. */
  flush(): void {
    if (this.#closed || this.#running) return;
    clearTimeout(this.#timer);
    void this.#run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let next = this.#next(); next && !this.#closed; next = this.#next()) {
        const item = next;
        try {
          const photo = await this.#cfg.send(item);
          this.#wait = firstWait;
          this.drop(item.key);
          this.#cfg.kept(item, photo);
        } catch (err) {
          const code = codeOfError(err);
          if (undecided.includes(code)) {
            if (!this.#closed) this.#timer = setTimeout(() => this.flush(), this.#wait);
            this.#wait = Math.min(this.#wait * 2, longestWait);
            return;
          }
          const refused = { ...item, refused: code };
          this.#set(this.#items.map((i) => (i.key === item.key ? refused : i)));
          void this.#cfg.shelf.put(this.#cfg.box, refused).catch(() => undefined);
        }
      }
    } finally {
      this.#running = false;
    }
  }

  #next(): UnsentPhoto | undefined {
    return this.#items.find((i) => i.refused === "");
  }

  #set(items: readonly UnsentPhoto[]): void {
    this.#items = items;
    this.#cfg.changed(items);
  }
}

const database = "samkonsult-unsent-photos";
const store = "photos";

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error ?? new Error("the browser's store gave no reason"));
  });

const done = (tx: IDBTransaction): Promise<void> =>
  new Promise((yes, no) => {
    tx.oncomplete = () => yes();
    tx.onabort = () => no(tx.error ?? new Error("the browser's store gave no reason"));
  });

/** The tablet's own store; factory undefined: it is forbidden, and photos are kept by the page alone. */
export function createPhotoShelf(factory: IDBFactory | undefined): PhotoShelf {
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
      const found = await asked(tx.objectStore(store).getAll(IDBKeyRange.bound([box], [box, []])) as IDBRequest<(UnsentPhoto & { box: string })[]>);
      return found.map(({ box: _, ...item }) => item);
    },
    async put(box, item) {
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
