// Saves a form as it is answered: one request at a time, the newest answers last, and anew when
// the network is back. What is grave is shown by the page itself and waits for nothing here.

import { signal, type ReadonlySignal } from "@preact/signals";
import type { Form, SaveForm } from "../gen/api";
import type { Answers, DraftShelf } from "./answers";
import { isOpen } from "./answers";

export interface WriterConfig {
  readonly form: Form;
  readonly shelf: DraftShelf;
  readonly save: (version: number, body: SaveForm) => Promise<Form>;
  /** The form as the service has it now. */
  readonly read: () => Promise<Form | null>;
  readonly online: (tell: () => void) => () => void;
}

export interface Written {
  readonly form: Form;
  readonly answers: Answers;
  /** "waits": there is no network, and the answers are kept here. */
  readonly state: "saved" | "saving" | "waits" | "refused";
  readonly completing: boolean;
}

const retryAfter = 5_000; // ms

const codeOf = (err: unknown): string => ((err as { code?: unknown } | null)?.code as string | undefined) ?? "internal";

/** Owns its timer until close. */
export class Writer {
  readonly #cfg: WriterConfig;
  readonly #written;
  readonly #off: () => void;
  #turn = 0; // grows with each change of the answers
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(cfg: WriterConfig) {
    this.#cfg = cfg;
    const draft = isOpen(cfg.form) ? cfg.shelf.load() : null;
    if (!draft) cfg.shelf.drop();
    this.#written = signal<Written>({ form: cfg.form, answers: draft?.answers ?? cfg.form.answers, state: "saved", completing: draft?.complete ?? false });
    this.#off = cfg.online(() => void this.#run());
    if (draft) {
      this.#turn++;
      void this.#run();
    }
  }

  get written(): ReadonlySignal<Written> {
    return this.#written;
  }

  put(answers: Answers): void {
    this.#change({ answers, completing: false });
  }

  complete(): void {
    this.#change({ completing: true });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#off();
  }

  #change(with_: Partial<Written>): void {
    this.#turn++;
    this.#written.value = { ...this.#written.peek(), ...with_, state: "saving" };
    const { answers, completing } = this.#written.peek();
    this.#cfg.shelf.save({ answers, complete: completing });
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running || this.#closed) return;
    this.#running = true;
    clearTimeout(this.#timer);
    try {
      for (let saved = -1; saved !== this.#turn && !this.#closed; ) {
        if (this.#turn === 0) return;
        const turn = this.#turn;
        const { form, answers, completing } = this.#written.peek();
        if (!isOpen(form)) return;
        const kept = await this.#cfg.save(form.version, { answers: [...answers], complete: completing, wrong: false, reason: "" });
        this.#written.value = { ...this.#written.peek(), form: kept, state: turn === this.#turn ? "saved" : "saving" };
        if (turn === this.#turn) this.#cfg.shelf.drop();
        saved = turn;
      }
      this.#turn = 0;
    } catch (err) {
      await this.#failed(codeOf(err));
    } finally {
      this.#running = false;
    }
  }

  async #failed(code: string): Promise<void> {
    if (code === "changed") {
      // Answered on another device meanwhile: what is written here now is the newest, unless it was sent there.
      const now = await this.#cfg.read().catch(() => null);
      if (now) {
        this.#written.value = isOpen(now) ? { ...this.#written.peek(), form: now } : { form: now, answers: now.answers, state: "saved", completing: false };
        if (!isOpen(now)) this.#cfg.shelf.drop();
        else this.#later(0);
        return;
      }
    }
    const refused = ["refused", "not-found", "invalid"].includes(code);
    this.#written.value = { ...this.#written.peek(), state: refused ? "refused" : "waits" };
    if (!refused) this.#later(retryAfter);
  }

  #later(ms: number): void {
    if (!this.#closed) this.#timer = setTimeout(() => void this.#run(), ms);
  }
}
