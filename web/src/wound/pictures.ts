// Photos as the page shows them. They are fetched under the session and never by an address with a
// secret in it; what the page holds of them is an object URL, which is given back as soon as nobody
// shows it. Small ones are kept a little longer: lists are scrolled to and fro.

import { signal, type ReadonlySignal, type Signal } from "@preact/signals";

export type PictureSize = "thumbnail" | "image";

export type Picture = { readonly state: "loading" } | { readonly state: "ready"; readonly url: string } | { readonly state: "failed" };

export interface PicturesConfig {
  readonly fetch: (path: string) => Promise<Blob>;
  readonly patient: string;
  readonly urls: { create(blob: Blob): string; revoke(url: string): void };
}

interface Held {
  readonly picture: Signal<Picture>;
  readonly size: PictureSize;
  users: number;
}

const idleKept = 30; // small ones that nobody shows
const atOnce = 4; // fetched at the same time: the call goes first

export class Pictures {
  readonly #cfg: PicturesConfig;
  readonly #held = new Map<string, Held>(); // in the order in which they were used last
  readonly #waiting: (() => void)[] = [];
  #fetching = 0;
  #closed = false;

  constructor(cfg: PicturesConfig) {
    this.#cfg = cfg;
  }

  /** A photo to be shown until it is released as often as it was held. */
  hold(photo: string, size: PictureSize): ReadonlySignal<Picture> {
    const key = `${size} ${photo}`;
    const held: Held = this.#held.get(key) ?? { picture: signal<Picture>({ state: "loading" }), size, users: 0 };
    const known = this.#held.delete(key);
    this.#held.set(key, held);
    held.users++;
    if (!known || held.picture.peek().state === "failed") void this.#fetch(key, photo, held);
    return held.picture;
  }

  release(photo: string, size: PictureSize): void {
    const key = `${size} ${photo}`;
    const held = this.#held.get(key);
    if (!held) return;
    held.users--;
    if (held.users > 0) return;
    if (size === "image" || held.picture.peek().state !== "ready") return this.#drop(key);
    const idle = [...this.#held].filter(([, h]) => h.users <= 0);
    for (const [old] of idle.slice(0, Math.max(0, idle.length - idleKept))) this.#drop(old);
  }

  /** Fetches one again that failed. */
  again(photo: string, size: PictureSize): void {
    const key = `${size} ${photo}`;
    const held = this.#held.get(key);
    if (held?.picture.peek().state === "failed") void this.#fetch(key, photo, held);
  }

  /** Gives everything back; what still comes is given back when it does. */
  close(): void {
    this.#closed = true;
    for (const key of [...this.#held.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    const held = this.#held.get(key);
    this.#held.delete(key);
    const picture = held?.picture.peek();
    if (picture?.state === "ready") this.#cfg.urls.revoke(picture.url);
  }

  async #fetch(key: string, photo: string, held: Held): Promise<void> {
    held.picture.value = { state: "loading" };
    if (this.#fetching >= atOnce) await new Promise<void>((go) => this.#waiting.push(go));
    const wanted = (): boolean => !this.#closed && this.#held.get(key) === held;
    if (!wanted()) return void this.#waiting.shift()?.();
    this.#fetching++;
    try {
      const blob = await this.#cfg.fetch(`/patients/${encodeURIComponent(this.#cfg.patient)}/photos/${encodeURIComponent(photo)}/${held.size}`);
      if (wanted()) held.picture.value = { state: "ready", url: this.#cfg.urls.create(blob) };
    } catch {
      if (wanted()) held.picture.value = { state: "failed" };
    } finally {
      this.#fetching--;
      this.#waiting.shift()?.();
    }
  }
}
