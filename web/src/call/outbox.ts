// What the page owes the server: its own wishes as they are now, orders given while the
// connection was away, and chat that has not been acknowledged. Nothing is said twice.

import type { ClientMessage, Code } from "../gen/protocol";
import type { AppState } from "../state/state";
import { largePicture, mediaOf } from "../state/view";

const orderLives = 10_000; // ms: an order that comes later would surprise
const chatAgain = 1_000; // ms after the server said that it was too much

export class Outbox {
  readonly #send: (m: ClientMessage) => boolean;
  readonly #said = new Map<string, string>(); // type → what was last said, as JSON
  #orders: { at: number; m: ClientMessage }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #paused = true; // until the server's list has said what it knows

  constructor(send: (m: ClientMessage) => boolean) {
    this.#send = send;
  }

  /** Tells what has changed of what this page is: devices, hand, people beside, the large picture. */
  tell(state: AppState): void {
    const call = state.call;
    if (!call || this.#paused) return;
    this.#say({ type: "media", media: mediaOf(state) });
    this.#say({ type: "beside", people: [...state.beside] });
    if (call.presence !== "here") return; // those who wait may say no more
    this.#say({ type: "hand", raised: state.hand });
    this.#say({ type: "watch", picture: largePicture(call) });
  }

  /** A new connection is being welcomed: nothing is said before renew. */
  pause(): void {
    this.#paused = true;
  }

  /** A new connection: the server's list says what it knows of this page; the rest is said again. */
  renew(state: AppState): void {
    const call = state.call;
    if (!call) return;
    this.#paused = false;
    this.#said.clear();
    const own = call.participants.find((p) => p.id === call.self);
    if (own) {
      this.#note({ type: "beside", people: own.beside });
      this.#note({ type: "hand", raised: own.hand });
      this.#note({ type: "watch", picture: own.watching ?? null });
    }
    this.tell(state);
    const now = performance.now();
    const orders = this.#orders.filter((o) => now - o.at <= orderLives);
    this.#orders = [];
    for (const o of orders) this.order(o.m);
    this.#sayPending(state);
  }

  /** An order to the server: now, or when the connection is back soon. */
  order(m: ClientMessage): void {
    if (!this.#send(m)) this.#orders.push({ at: performance.now(), m });
  }

  /** A chat message was refused. Returns the ids that will never be taken; too many at a time are sent again. */
  chatRefused(code: Code, state: AppState): string[] {
    const pending = state.call?.chat.filter((e) => e.pending) ?? [];
    if (code !== "rate") return pending.map((e) => e.id);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sayPending(state), chatAgain);
    return [];
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#paused = true;
    this.#said.clear();
    this.#orders = [];
  }

  /** The writer's own id makes a repeated message harmless. */
  #sayPending(state: AppState): void {
    for (const e of state.call?.chat ?? []) if (e.pending) this.#send({ type: "chat", id: e.id, text: e.text });
  }

  #note(m: ClientMessage): void {
    this.#said.set(m.type, JSON.stringify(m));
  }

  #say(m: ClientMessage): void {
    if (this.#said.get(m.type) === JSON.stringify(m)) return;
    if (this.#send(m)) this.#note(m);
  }
}
