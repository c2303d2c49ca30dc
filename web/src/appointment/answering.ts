// What the page knows of its appointment and says to it: read when the link is opened, again
// and again while somebody looks at it before the call, and after each answer.

import type { Booking } from "../gen/api";
import { answerBody, answersByLink, readinessBody, type Said, type Saying, type Telling } from "../state/appointment";
import type { Action, AppState } from "../state/state";
import type { Doors } from "./doors";

const every = 30_000; // ms between readings: who is late, and whether the time is another

export interface AnsweringConfig {
  doors: Doors;
  state: () => AppState;
  dispatch: (action: Action) => void;
  /** Hands a file over to the person. */
  offer: (file: Blob, name: string) => void;
}

/** What the page says of a door that did not open. */
export function problemOf(err: unknown): Exclude<Saying["problem"], ""> {
  const code = typeof err === "object" && err !== null && "code" in err ? err.code : "";
  switch (code) {
    case "no-network":
      return "no-network";
    case "taken":
    case "changed":
      return "taken";
    case "refused":
    case "no-seat":
    case "not-found":
    case "consultation-ended":
    case "link-expired":
    case "link-revoked":
    case "sign-in":
      return "gone";
    case "too-many":
    case "busy":
    case "under-way":
      return "too-many";
    default:
      return "server";
  }
}

/** Answering owns its timer from open until close. */
export class Answering {
  readonly #cfg: AnsweringConfig;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0; // grows with each reading and each answer: an older reading is thrown away
  #opening = 0; // grows with each link: what was said by an earlier one is no longer shown
  #hidden = false;
  #opened = false;

  constructor(cfg: AnsweringConfig) {
    this.#cfg = cfg;
  }

  /** A link has been opened. */
  open(): void {
    const invitation = this.#cfg.state().invitation;
    if (!invitation || !answersByLink(invitation.role)) return;
    this.#opened = true;
    this.#cfg.dispatch({ type: "appointment-loading" });
    void this.read();
  }

  /** Reads it anew; also when it could not be read. Never rejects. */
  async read(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#opened) return;
    const turn = ++this.#turn;
    try {
      const read = await this.#cfg.doors.read();
      if (turn === this.#turn) this.#cfg.dispatch({ type: "appointment", read });
    } catch {
      if (turn === this.#turn) this.#cfg.dispatch({ type: "appointment-failed" });
    }
    if (turn === this.#turn) this.#later();
  }

  /** After it could not be read: what is loaded is shown meanwhile. */
  again(): void {
    if (!this.#opened) return;
    this.#cfg.dispatch({ type: "appointment-loading" });
    void this.read();
  }

  answer(said: Said): void {
    const booking = this.#cfg.state().appointment.booking;
    if (booking) void this.#say("answer", () => this.#cfg.doors.answer(booking.id, answerBody(said)));
  }

  tell(telling: Telling): void {
    const { appointment, invitation } = this.#cfg.state();
    const body = readinessBody(telling);
    if (appointment.booking && invitation) void this.#say("readiness", () => this.#cfg.doors.tell(invitation.consultation.id, body));
  }

  calendar(): void {
    const { appointment, invitation } = this.#cfg.state();
    if (!invitation || appointment.saying.busy) return;
    const saying = (change: Partial<Saying>) => this.#cfg.dispatch({ type: "appointment-saying", saying: { what: "calendar", busy: false, problem: "", ...change } });
    saying({ busy: true });
    this.#cfg.doors.calendar(invitation.consultation.id).then(
      (file) => {
        // Tells nothing of what the consultation is about: other people see what lies in a telephone's downloads.
        this.#cfg.offer(file, "samtale.ics");
        saying({});
      },
      (err: unknown) => saying({ problem: problemOf(err) }),
    );
  }

  /** The page has come to the front: what stands there may be old. */
  shown(): void {
    if (!this.#hidden) return;
    this.#hidden = false;
    if (this.#looks() && !this.#cfg.state().appointment.saying.busy) void this.read();
    else this.#later();
  }

  hidden(): void {
    this.#hidden = true;
    clearTimeout(this.#timer);
  }

  close(): void {
    this.#opened = false;
    this.#opening++;
    this.#turn++;
    clearTimeout(this.#timer);
  }

  /** Says one thing at a time; a second press on the same button is the first. */
  async #say(what: Saying["what"], send: () => Promise<Booking>): Promise<void> {
    if (this.#cfg.state().appointment.saying.busy) return;
    const opening = this.#opening;
    this.#turn++;
    clearTimeout(this.#timer);
    this.#cfg.dispatch({ type: "appointment-saying", saying: { what, busy: true, problem: "" } });
    try {
      const booking = await send();
      if (opening !== this.#opening) return;
      this.#turn++;
      this.#cfg.dispatch({ type: "appointment-said", booking });
    } catch (err) {
      if (opening !== this.#opening) return;
      const problem = problemOf(err);
      this.#cfg.dispatch({ type: "appointment-saying", saying: { what, busy: false, problem } });
      // Something is another than the page shows: what is shown beside the words is as it is now.
      if (problem === "taken" || problem === "gone") return this.read();
    }
    this.#later();
  }

  /** Whether the page is one where it matters: in the call everybody sees who is there. */
  #looks(): boolean {
    const { page } = this.#cfg.state();
    return this.#opened && !this.#hidden && (page === "welcome" || page === "check" || page === "waiting");
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (!this.#opened) return;
    this.#timer = setTimeout(() => {
      if (this.#looks() && !this.#cfg.state().appointment.saying.busy) void this.read();
      else this.#later();
    }, every);
  }
}
