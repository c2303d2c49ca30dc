// What the page tells the server of its video lines: only what has changed, and not more
// often than four times a second, however much the window is pulled about.

import type { LineWish } from "../gen/protocol";

const gap = 250; // ms between messages

export class Wishes {
  readonly #send: (lines: LineWish[]) => boolean;
  readonly #wanted = new Map<string, LineWish>();
  readonly #said = new Map<string, LineWish>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -gap;

  /** send: false when there is no connection; it is then said after renew. */
  constructor(send: (lines: LineWish[]) => boolean) {
    this.#send = send;
  }

  /** The wishes for lines as they are now. A line that is left out keeps its last wish. */
  set(lines: readonly LineWish[]): void {
    for (const l of lines) this.#wanted.set(l.mid, l);
    this.#soon();
  }

  /** The server knows nothing any more: a new connection. */
  renew(): void {
    this.#said.clear();
    this.#soon();
  }

  /** Forgets everything: the call is over. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted.clear();
    this.#said.clear();
  }

  #soon(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#last + gap - performance.now();
    if (wait <= 0) return this.#say();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#say();
    }, wait);
  }

  #say(): void {
    const news = [...this.#wanted.values()].filter((w) => !same(w, this.#said.get(w.mid)));
    if (news.length === 0 || !this.#send(news)) return;
    this.#last = performance.now();
    for (const w of news) this.#said.set(w.mid, w);
  }
}

function same(a: LineWish, b: LineWish | undefined): boolean {
  if (!b || a.visible !== b.visible || a.chosen !== b.chosen) return false;
  return !a.visible || (a.width === b.width && a.height === b.height);
}
