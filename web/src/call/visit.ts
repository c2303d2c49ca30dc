// One person's part in a call, from the warming to the end, and again after it: the session,
// what it shows, and what it owes the server.

import type { Ask, ClientMessage, Draw, Freeze, Hold, Permission, Point, Sample, ServerMessage, Show, Source } from "../gen/protocol";
import type { Deps } from "../deps";
import type { Action, AppState, FailureCode, Over } from "../state/state";
import { mediaOf } from "../state/view";
import { Health } from "./health";
import { Outbox } from "./outbox";
import type { Measure, Path } from "./rtc";
import type { Seat } from "./seat";
import { Session } from "./session";
import { Stage } from "./stage";
import { Tickets } from "./tickets";
import { Wishes } from "./wishes";

export interface VisitConfig {
  deps: Pick<Deps, "api" | "connect" | "newPath" | "seats" | "watch" | "streamOf" | "random">;
  state: () => AppState;
  dispatch: (action: Action) => void;
  track: (source: Source) => MediaStreamTrack | null;
  /** The server has told something, and the state knows it already. */
  told: (m: ServerMessage) => void;
  over: (over: Over) => void;
  failed: (why: FailureCode | Error) => void;
}

const chatLetters = 2_000;
/** What parts of the call page say by themselves. */
export type Spoken = Point | Sample | Ask | Hold | Draw | Freeze | Show;
const needs: Readonly<Record<Spoken["type"], Permission>> = { point: "see", sample: "measure", ask: "ask", hold: "write-plan", draw: "draw", freeze: "draw", show: "draw" };

/** Whether the seat may say it: whose picture it is may always let it go on. */
const maySay = (m: Spoken, self: string, may: readonly Permission[]): boolean => may.includes(needs[m.type]) || (m.type === "freeze" && !m.frozen && m.participant === self);

/** Visit owns its session from warm, join or resume until end; its stage until close. */
export class Visit {
  readonly stage: Stage;
  readonly #cfg: VisitConfig;
  readonly #wishes: Wishes;
  readonly #outbox: Outbox;
  readonly #tickets: Tickets;
  #session: Session | null = null;
  #path: Path | null = null;
  #health = new Health();

  constructor(cfg: VisitConfig) {
    this.#cfg = cfg;
    const send = (m: ClientMessage) => this.#session?.send(m) ?? false;
    this.#outbox = new Outbox(send);
    this.#wishes = new Wishes((lines) => send({ type: "want", lines }));
    this.#tickets = new Tickets(() => cfg.deps.api.ticket(cfg.state().invitation?.consultation.id ?? "").then((t) => t.ticket));
    this.stage = new Stage({
      call: () => cfg.state().call,
      local: cfg.track,
      remote: (mid) => this.#path?.track(mid) ?? null,
      wish: (lines) => this.#wishes.set(lines),
      blocked: (blocked) => {
        if (blocked !== cfg.state().soundBlocked) cfg.dispatch({ type: "sound-blocked", blocked });
      },
      watch: cfg.deps.watch,
      streamOf: cfg.deps.streamOf,
    });
  }

  /** The person will hardly say no now: what can be fetched beforehand is fetched. */
  warm(): void {
    this.#begin().warm();
    this.#tickets.prepare();
  }

  join(): void {
    this.#begin().join();
  }

  resume(seat: Seat): void {
    this.#begin().resume(seat);
  }

  /** Gives up the seat; false: there was none. */
  leave(): boolean {
    if (!this.#session || !this.#cfg.state().call) return false;
    this.#session.leave();
    return true;
  }

  nudge(): void {
    this.#session?.nudge();
  }

  changed(): void {
    this.#session?.changed();
  }

  park(): void {
    this.#session?.park();
  }

  /** An own device has another track, or none. */
  setTrack(source: Source, track: MediaStreamTrack | null): void {
    this.#session?.setTrack(source, track);
    this.stage.refresh();
  }

  /** What a new state asks for: the elements, and what the server is told of this page. */
  follow(before: AppState, after: AppState): void {
    const was = before.call;
    const is = after.call;
    if (is && (is.lines !== was?.lines || is.participants !== was.participants || is.chosen !== was.chosen)) this.stage.refresh();
    if (after.microphone.wanted !== before.microphone.wanted || after.camera.wanted !== before.camera.wanted) this.park();
    this.#outbox.tell(after);
  }

  /** An order to the server, when the seat has the right to give it. */
  order(right: "admit" | "confirm" | "mute" | "remove" | "lock" | "end", m: ClientMessage): void {
    if (this.#cfg.state().call?.may.includes(right)) this.#outbox.order(m);
  }

  /** Something that is of use now or not at all, when the seat has the right to say it; false: it was not said. */
  say(m: Spoken): boolean {
    const { call } = this.#cfg.state();
    return (call?.presence === "here" && maySay(m, call.self, call.may) && this.#session?.send(m)) || false;
  }

  chat(text: string): void {
    const { call, skew } = this.#cfg.state();
    // The rules of Chat in the protocol: no control characters, so many letters.
    const plain = text.replace(/\p{Cc}/gu, (c) => (/[\n\t\r]/.test(c) ? c : "")).trim();
    const clean = [...plain].slice(0, chatLetters).join("");
    if (!call || call.presence !== "here" || clean === "" || !call.may.includes("chat")) return;
    const id = Array.from({ length: 16 }, () => Math.floor(this.#cfg.deps.random() * 36).toString(36)).join("");
    this.#cfg.dispatch({ type: "chat-sent", id, text: clean, at: Date.now() + skew });
    this.#session?.send({ type: "chat", id, text: clean }); // else after the next welcome
  }

  /** Lets go of the call. The server keeps the seat for a while, unless leave was said. */
  end(): void {
    this.#session?.close();
    this.#session = null;
    this.#path = null;
    this.#tickets.drop();
    this.#wishes.close();
    this.#outbox.close();
  }

  close(): void {
    this.end();
    this.stage.close();
  }

  #begin(): Session {
    this.#session ??= new Session({
      connect: this.#cfg.deps.connect,
      newPath: this.#cfg.deps.newPath,
      ticket: () => this.#tickets.take(),
      media: () => mediaOf(this.#cfg.state()),
      wanted: () => {
        const { microphone, camera } = this.#cfg.state();
        return { microphone: microphone.wanted, camera: camera.wanted, second: "" };
      },
      track: this.#cfg.track,
      store: this.#cfg.deps.seats,
      dispatch: this.#cfg.dispatch,
      message: (m) => this.#onMessage(m),
      shown: (path) => {
        this.#path = path;
        this.#health = new Health();
        this.stage.refresh();
        this.#wishes.renew();
      },
      measured: (m) => this.#onMeasured(m),
      over: this.#cfg.over,
      failed: this.#cfg.failed,
      random: this.#cfg.deps.random,
    });
    return this.#session;
  }

  #onMessage(m: ServerMessage): void {
    if (m.type === "welcome") this.#outbox.pause();
    this.#cfg.dispatch({ type: "message", message: m, at: Date.now() });
    if (m.type === "welcome" || m.type === "admitted") {
      this.#wishes.renew();
      this.stage.refresh();
    }
    if (m.type === "welcome") this.#outbox.renew(this.#cfg.state());
    if (m.type === "error" && m.re === "chat") {
      for (const id of this.#outbox.chatRefused(m.code, this.#cfg.state())) this.#cfg.dispatch({ type: "chat-dropped", id });
    }
    this.#cfg.told(m);
  }

  #onMeasured(m: Measure): void {
    const { call, connection } = this.#cfg.state();
    if (!call) return;
    const { health, loss } = this.#health.look(performance.now(), m, call.lines);
    const rtt = Math.round(m.rtt / 10) * 10; // finer is not drawn, and would redraw the page each second
    const same = JSON.stringify(health) === JSON.stringify(call.health);
    if (same && loss === connection.loss && rtt === connection.rtt) return;
    this.#cfg.dispatch({ type: "path", rtt, loss, health });
  }
}
