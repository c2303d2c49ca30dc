// Tickets fetched a little before they are needed. Each is used once, and none when it has grown old.

const fresh = 45_000; // ms of its 60 s

export class Tickets {
  readonly #fetch: () => Promise<string>;
  #kept: { at: number; ticket: Promise<string> } | null = null;

  constructor(fetch: () => Promise<string>) {
    this.#fetch = fetch;
  }

  /** Fetches one to have at hand. What goes wrong is told by take. */
  prepare(): void {
    if (this.#kept && performance.now() - this.#kept.at <= fresh) return;
    const ticket = this.#fetch();
    ticket.catch(() => {});
    this.#kept = { at: performance.now(), ticket };
  }

  /** The ticket at hand, or a new one. */
  take(): Promise<string> {
    this.prepare();
    const { ticket } = this.#kept!;
    this.#kept = null;
    return ticket;
  }

  /** They are another link's. */
  drop(): void {
    this.#kept = null;
  }
}
