// A seat in a call, kept through everything: the websocket that goes, the media path that
// falls silent, the network that changes, the server that restarts.
//
// At any time there is at most one live wire, and one attempt at a new one. An attempt says
// hello with a ticket, or resumes with the seat's token; it brings an offer when the shown
// path is dead. The server takes the seat over at that moment, so the old wire is dropped
// when the new one is welcomed, and the old path when the new one carries (paths.ts).

import { closeCodes, type ClientMessage, type Error as ServerError, type MediaState, type ServerMessage, type Source, type Welcome } from "../gen/protocol";
import { overBy } from "../state/message";
import type { Action, Connection, FailureCode, Over } from "../state/state";
import { backoff } from "./heal";
import { Paths, type PathsConfig } from "./paths";
import type { Path } from "./rtc";
import type { Seat, SeatStore } from "./seat";
import { Wire, type Socket } from "./wire";

export interface SessionConfig extends Omit<PathsConfig, "stirred"> {
  connect: () => Socket;
  /** A fresh single-use ticket. Rejects when there is none to be had; failed is then told. */
  ticket: () => Promise<string>;
  media: () => MediaState;
  /** What is switched on by the person's wish, whether or not the device runs yet: what a reload takes up. */
  wanted: () => MediaState;
  store: SeatStore;
  dispatch: (action: Action) => void;
  /** Every message of the live wire, but those that are the connection's own. */
  message: (m: ServerMessage) => void;
  over: (over: Over) => void;
  failed: (why: FailureCode | Error) => void;
  random: () => number;
}

const lookEvery = 500; // ms between looks at the paths
const saveEvery = 3_000; // ms between notes of the seat for a reload
const tellAfter = 2_000; // ms without a wire until it is said
const doubtAfter = 1_000; // ms without media until the wire is asked whether it lives
const staleAfter = 1_000; // ms a socket opened beforehand may take to open
const grace = 10_000; // ms past the resume window in which the server may still know the seat
const firstTries = 5; // attempts at the very first hello before it is called no network
const ticketTries = 3;

interface Attempt {
  readonly mode: "ticket" | "resume";
  readonly withPath: boolean;
  readonly better: boolean; // the shown path carries, but this one may carry better
  wire: Wire | null;
  path: Path | null;
}

/** Session owns its wires, paths and timers from join or resume until close. */
export class Session {
  readonly #cfg: SessionConfig;
  readonly #paths: Paths;
  #wire: Wire | null = null;
  #warm: Wire | null = null; // opened beforehand, has not said hello
  #warmed = 0; // ms: when
  #attempt: Attempt | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #pathTries = 0;
  #nextPath = 0; // ms: no attempt for the path's sake before this
  #badTickets = 0; // refused in a row

  #seat: Seat | null = null;
  #fellBack = false; // a refused resume has been answered with a ticket
  #heard = 0; // ms: when there was last a live wire
  #saved = 0; // ms
  #closing = -1; // ms to wait when the server goes down; -1: it doesn't
  #status: Connection["status"] = "idle";
  #told = -1; // the number of tries that was last told
  #ticker: ReturnType<typeof setInterval> | undefined;
  #closed = false;
  #parting = false; // the wire closes the paths

  constructor(cfg: SessionConfig) {
    this.#cfg = cfg;
    this.#paths = new Paths({ ...cfg, stirred: () => void this.#look() });
  }

  /** Opens what can be opened before the press: the offer, and the socket. May be called again. */
  warm(): void {
    if (!this.#closed && !this.#attempt && !this.#wire) this.#warmUp();
  }

  /** Joins with a ticket. */
  join(): void {
    this.#start(performance.now());
    this.#begin("ticket", true);
  }

  /** Takes up a seat after a reload. */
  resume(seat: Seat): void {
    this.#seat = seat;
    this.#start(performance.now() - Math.max(Date.now() - seat.at, 0));
    this.#begin("resume", true);
  }

  /** Sends a message on the live wire; false: there is none now. */
  send(m: ClientMessage): boolean {
    return this.#wire?.send(m) ?? false;
  }

  /** A source's track is another one, or none. */
  setTrack(source: Source, track: MediaStreamTrack | null): void {
    this.#paths.setTrack(source, track);
  }

  /** The network may be there again: what waits is tried now, what lives is asked. */
  nudge(): void {
    if (this.#closed || this.#status === "idle" || this.#closing >= 0) return;
    this.#tries = 0;
    this.#nextPath = 0;
    this.#wire?.probe();
    const { mode, withPath, wire } = this.#attempt ?? {};
    if (mode && !wire?.greeted) this.#begin(mode, withPath ?? true);
    else if (this.#retry !== undefined) this.#again();
  }

  /** It is another network: one that blocked UDP may be behind us, and pictures over TCP come late. */
  changed(): void {
    if (!this.#attempt?.wire?.greeted) {
      // An offer made without a network knows no address to send from, and would fail at once.
      this.#paths.sink();
      this.#takeWarm()?.drop();
    }
    this.nudge();
    if (this.#closed || this.#attempt || this.#retry !== undefined || !this.#wire) return;
    if (this.#paths.tcp && this.#paths.verdict === "carrying") this.#begin("resume", true, true);
  }

  /**
   * Notes the seat for a reload, as the page may be gone in a moment; and at each switching
   * off or on, as a reload must never open a microphone. Firefox closes the websocket of a
   * page that goes before it tells the page.
   */
  park(): void {
    if (this.#closed || !this.#seat) return;
    if (this.#wire) return this.#stillHere(performance.now(), true);
    this.#seat = { ...this.#seat, media: this.#cfg.wanted() };
    this.#cfg.store.save(this.#seat);
  }

  /** Gives up the seat. */
  leave(): void {
    const wire = this.#wire;
    if (!this.#closed && wire?.send({ type: "leave" })) {
      // The path goes last: one that dies before the server has read of it is a lost
      // connection, whose place is kept, and the others would be told that it comes back.
      this.#parting = true;
      wire.part(() => this.#paths.close());
    }
    this.#finish(overBy("left"));
  }

  /** Ends everything without telling anyone: the server keeps the seat for a reload. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#ticker);
    clearTimeout(this.#retry);
    this.#warm?.drop();
    this.#attempt?.wire?.drop();
    this.#wire?.drop();
    if (!this.#parting) this.#paths.close();
  }

  #start(heard: number): void {
    this.#heard = heard;
    this.#ticker ??= setInterval(() => void this.#look(), lookEvery);
    this.#tell();
  }

  #finish(over: Over): void {
    if (this.#closed) return;
    if (this.#seat) this.#cfg.store.clear(this.#seat.consultation);
    this.close();
    this.#cfg.over(over);
  }

  #fail(why: FailureCode | Error): void {
    if (this.#closed) return;
    this.close();
    this.#cfg.failed(why);
  }

  // ------------------------------------------------------------ attempts

  #newWire(): Wire {
    return new Wire(
      this.#cfg.connect(),
      {
        welcome: (wire, m) => this.#onWelcome(wire, m),
        message: (wire, m) => this.#onMessage(wire, m),
        closed: (wire, code, refusal) => this.#onClosed(wire, code, refusal),
      },
      () => this.#paths.received,
    );
  }

  #warmUp(): void {
    this.#paths.rise().offer().catch(() => {}); // told at the attempt
    if (this.#warm) return;
    this.#warm = this.#newWire();
    this.#warmed = performance.now();
  }

  /** The socket that was opened beforehand. One that has been trying for long may have begun in a network that is gone. */
  #takeWarm(): Wire | null {
    const warm = this.#warm;
    this.#warm = null;
    if (!warm || warm.open || performance.now() - this.#warmed < staleAfter) return warm;
    warm.drop();
    return null;
  }

  #begin(mode: Attempt["mode"], withPath: boolean, better = false): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#attempt?.wire?.drop();
    const attempt: Attempt = { mode, withPath, better, wire: null, path: null };
    this.#attempt = attempt;
    void this.#run(attempt); // ends with hello said, or with the next try planned
  }

  async #run(attempt: Attempt): Promise<void> {
    const stale = () => this.#attempt !== attempt || this.#closed;
    try {
      attempt.path = attempt.withPath ? this.#paths.rise() : null;
      attempt.wire = this.#takeWarm() ?? this.#newWire();
      const [offer, ticket] = await Promise.all([
        attempt.path?.offer() ?? "",
        attempt.mode === "ticket" ? this.#cfg.ticket() : "",
      ]);
      if (stale()) return;
      if (attempt.wire.over) attempt.wire = this.#newWire(); // closed while the ticket was fetched
      const who = attempt.mode === "resume" && this.#seat ? { resume: { token: this.#seat.token, epoch: this.#seat.epoch } } : { ticket };
      attempt.wire.hello({ ...who, ...(offer === "" ? {} : { offer }), media: this.#cfg.media() });
    } catch (err) {
      if (stale()) return;
      attempt.wire?.drop();
      this.#attempt = null;
      // Without a seat nothing can be kept: say why. With one, the network may come back.
      if (!this.#seat) this.#fail(err instanceof Error ? err : new Error(String(err)));
      else this.#later();
    }
  }

  /** Plans the next try. */
  #later(wait = backoff(this.#tries, this.#cfg.random)): void {
    if (this.#closed) return;
    this.#tries++;
    if (!this.#seat && this.#tries >= firstTries) return this.#fail("no-network");
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#again(), wait);
    this.#tell();
  }

  #again(): void {
    if (!this.#seat) return this.#begin("ticket", true);
    if (performance.now() - this.#heard > this.#seat.window + grace) return this.#finish(overBy("lost"));
    this.#begin("resume", this.#paths.needed);
  }

  // ------------------------------------------------------------ what wires tell

  #onWelcome(wire: Wire, m: Welcome): void {
    const attempt = this.#attempt;
    if (this.#closed || attempt?.wire !== wire) return wire.drop();
    this.#attempt = null;
    this.#wire?.drop();
    this.#wire = wire;
    this.#closing = -1;
    this.#tries = 0;
    this.#badTickets = 0;
    this.#fellBack = false;
    this.#seat = {
      consultation: m.consultation.id,
      token: m.resumeToken,
      epoch: m.epoch,
      window: m.resumeWindow,
      at: Date.now(),
      media: this.#cfg.wanted(),
    };
    this.#stillHere(performance.now(), true);
    this.#paths.setWaiting(m.presence === "waiting");
    if (attempt.path && m.answer) this.#paths.answered(attempt.path, m.answer);
    this.#cfg.message(m);
    this.#tell();
  }

  #onMessage(wire: Wire, m: Exclude<ServerMessage, Welcome>): void {
    if (this.#closed || wire !== this.#wire) return; // a refusal is handled when its wire has closed
    switch (m.type) {
      case "send":
        this.#paths.ask(m);
        return;
      case "closing":
        this.#closing = m.retryAfter;
        this.#tell();
        return;
      case "ended":
        // By this page's own attempt, which the server has taken as the newer one.
        if (m.reason === "replaced" && this.#attempt?.wire?.greeted) return;
        this.#finish(overBy(m.reason, m.by ?? ""));
        return;
      case "admitted":
        this.#paths.setWaiting(false);
        break;
    }
    this.#cfg.message(m);
  }

  #onClosed(wire: Wire, code: number, refusal: ServerError | null): void {
    if (this.#closed) return;
    if (wire === this.#warm) {
      this.#warm = null; // the server waits 10 s for a hello
      return;
    }
    const attempt = this.#attempt?.wire === wire ? this.#attempt : null;
    if (attempt) {
      this.#attempt = null;
      if (attempt.better && this.#wire && this.#paths.sink()) return; // what carries goes on
    } else {
      if (wire !== this.#wire) return;
      this.#stillHere(performance.now());
      this.#wire = null;
      if (this.#attempt) return; // it decides
    }
    switch (refusal?.code) {
      case "version":
      case "locked":
      case "full":
        return this.#fail(refusal.code);
      case "ended":
        return this.#finish(overBy("ended"));
      case "offer":
        return this.#fail("unsupported");
      case "ticket":
        // Its 60 s were over, or it was used in a hello whose answer was lost: another one.
        return ++this.#badTickets < ticketTries ? this.#later() : this.#fail("server");
      case "resume":
        return this.#refused();
      case "offer-required":
        if (attempt?.withPath) break;
        this.#paths.condemn();
        return this.#begin("resume", true);
    }
    switch (code) {
      case closeCodes.denied:
        return this.#refused();
      case closeCodes.replaced:
        return this.#finish(overBy("replaced"));
      case closeCodes.left:
        return this.#finish(overBy("ended"));
    }
    this.#later(this.#closing >= 0 ? this.#closing * (1 + this.#cfg.random()) : undefined);
  }

  /**
   * The seat's token is not known (any more). Within its window that can only mean that a
   * welcome was lost on the way, or that the server has restarted: the link still opens.
   */
  #refused(): void {
    const fresh = this.#seat !== null && performance.now() - this.#heard <= this.#seat.window;
    if (this.#fellBack || !fresh) return this.#finish(overBy("lost"));
    this.#fellBack = true;
    this.#begin("ticket", true);
  }

  // ------------------------------------------------------------ twice a second

  async #look(): Promise<void> {
    if (this.#closed) return;
    if (this.#wire) this.#stillHere(performance.now());
    await this.#paths.look();
    if (this.#closed) return;
    if (this.#paths.verdict === "carrying") {
      this.#pathTries = 0;
      // It came back before the server took the seat over: the other path is not needed.
      if (!this.#attempt?.wire?.greeted && !this.#attempt?.better && this.#paths.sink()) {
        this.#takeWarm()?.drop();
        if (this.#attempt && this.#wire) this.#giveUpAttempt();
        else if (this.#attempt) this.#begin("resume", false);
      }
      if (this.#paths.quiet >= doubtAfter) this.#wire?.probe();
    } else if (this.#paths.verdict === "silent" && !this.#attempt && this.#retry === undefined) {
      this.#warmUp(); // most likely it will be needed in a second
    } else if (this.#paths.lost && !this.#attempt && this.#retry === undefined && performance.now() >= this.#nextPath) {
      this.#nextPath = performance.now() + backoff(++this.#pathTries, this.#cfg.random);
      this.#again();
    }
    this.#tell();
  }

  #giveUpAttempt(): void {
    this.#attempt?.wire?.drop();
    this.#attempt = null;
  }

  #stillHere(now: number, note = false): void {
    this.#heard = now;
    if (!this.#seat || (now - this.#saved < saveEvery && !note)) return;
    this.#saved = now;
    this.#seat = { ...this.#seat, at: Date.now(), media: this.#cfg.wanted() };
    this.#cfg.store.save(this.#seat);
  }

  #tell(): void {
    const { verdict, any, carried } = this.#paths;
    let status: Connection["status"];
    if (this.#closing >= 0) status = "server-closing";
    else if (!any || (!carried && (this.#status === "connecting" || this.#status === "idle"))) status = "connecting";
    else if (verdict !== "carrying") status = "reconnecting";
    else if (!this.#wire && performance.now() - this.#heard >= tellAfter) status = "signal-lost";
    else status = "ok";
    const tries = this.#tries + this.#pathTries;
    if (status === this.#status && tries === this.#told) return;
    this.#status = status;
    this.#told = tries;
    this.#cfg.dispatch({ type: "connection", status, at: Date.now(), attempt: tries });
  }
}
