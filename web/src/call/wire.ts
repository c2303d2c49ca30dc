// One websocket: hello, welcome, then messages both ways, with a ping that notices when the
// other side is gone. What to do about it is the session's (session.ts).

import {
  isServerMessage,
  version,
  type ClientMessage,
  type Error as ServerError,
  type Hello,
  type ServerMessage,
  type Welcome,
} from "../gen/protocol";

/** The parts of WebSocket that are used. */
export type Socket = Pick<WebSocket, "readyState" | "send" | "close" | "addEventListener" | "removeEventListener">;

export interface WireEvents {
  /** Hello has been answered; everything after it goes to message. */
  welcome(wire: Wire, m: Welcome): void;
  message(wire: Wire, m: Exclude<ServerMessage, Welcome>): void;
  /** It is over, told once. code: websocket close code; 0: nothing was heard in time. refusal: the fatal error before it. */
  closed(wire: Wire, code: number, refusal: ServerError | null): void;
}

const pingEvery = 5_000; // ms
const pongWithin = 8_000; // ms
const helloWithin = 6_000; // ms, from the attempt's start to welcome: three tries of TCP's first packet
const probeWithin = 1_500; // ms
const partWithin = 2_000; // ms
const open = 1; // WebSocket.OPEN

/** Wire owns a socket from its making until closed is told or drop is called. */
export class Wire {
  readonly #socket: Socket;
  readonly #events: WireEvents;
  readonly #received: () => number;
  #hello: Omit<Hello, "type" | "version"> | null = null;
  #welcomed = false;
  #refusal: ServerError | null = null;
  #over = false;
  #ping: ReturnType<typeof setInterval> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #n = 0;
  #probing = false;

  /** received: packets so far on the media path, for the pings. */
  constructor(socket: Socket, events: WireEvents, received: () => number) {
    this.#socket = socket;
    this.#events = events;
    this.#received = received;
    socket.addEventListener("open", this.#onOpen);
    socket.addEventListener("message", this.#onMessage);
    socket.addEventListener("close", this.#onClose);
  }

  get welcomed(): boolean {
    return this.#welcomed;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Says hello now, or as soon as the socket is open. Once. */
  hello(h: Omit<Hello, "type" | "version">): void {
    this.#hello = h;
    this.#wait(helloWithin);
    if (this.#socket.readyState === open) this.#onOpen();
  }

  /** Whether the socket is open. */
  get open(): boolean {
    return !this.#over && this.#socket.readyState === open;
  }

  /** Whether hello has been said, so that the server may have acted on it. */
  get greeted(): boolean {
    return this.#hello !== null && this.#socket.readyState === open;
  }

  /** Sends a message; false: the wire can't carry it now. */
  send(m: ClientMessage): boolean {
    if (!this.#welcomed || this.#over || this.#socket.readyState !== open) return false;
    this.#socket.send(JSON.stringify(m));
    return true;
  }

  /** Asks whether the other side is still there, when there is reason to doubt it. Asked again before the answer, it waits no longer. */
  probe(): void {
    if (!this.#welcomed || this.#over || this.#probing) return;
    this.#onPing();
    this.#wait(probeWithin);
    this.#probing = true;
  }

  /** Lets the socket go without telling anyone. */
  drop(code = 1000): void {
    if (this.#over) return;
    this.#end();
    this.#socket.close(code);
  }

  /** Lets the socket go, and calls then once what was sent has arrived, or after 2 s. */
  part(then: () => void): void {
    const socket = this.#socket;
    const parted = () => {
      clearTimeout(patience);
      socket.removeEventListener("close", parted);
      then();
    };
    const patience = setTimeout(parted, partWithin);
    socket.addEventListener("close", parted); // RFC 6455 §7.1.4: after the other side's close, which comes after all it has read
    this.drop();
  }

  readonly #onOpen = () => {
    if (!this.#hello || this.#welcomed || this.#over) return;
    const hello: Hello = { type: "hello", version, ...this.#hello };
    this.#socket.send(JSON.stringify(hello));
  };

  readonly #onMessage = (e: MessageEvent) => {
    let m: unknown;
    try {
      m = JSON.parse(String(e.data));
    } catch {
      return; // not ours; the connection says soon enough if it is of no use
    }
    if (!isServerMessage(m)) {
      // A newer server may say more than this page knows. A welcome it must understand.
      if ((m as { type?: unknown } | null)?.type === "welcome") {
        this.#refusal = { type: "error", code: "version", rule: "welcome could not be read", fatal: true };
        this.#fail(1002);
      }
      return;
    }
    this.#probing = false;
    if (this.#welcomed) this.#wait(pingEvery + pongWithin); // any word is a sign of life, not the pong alone
    switch (m.type) {
      case "welcome":
        if (this.#welcomed) return; // there is one to a connection
        this.#welcomed = true;
        this.#wait(pingEvery + pongWithin);
        this.#ping = setInterval(this.#onPing, pingEvery);
        this.#events.welcome(this, m);
        return;
      case "pong":
        return;
      case "error":
        if (m.fatal) this.#refusal = m;
        break;
    }
    this.#events.message(this, m);
  };

  readonly #onPing = () => {
    this.#n++;
    this.send({ type: "ping", n: this.#n, received: this.#received() });
  };

  readonly #onClose = (e: CloseEvent) => {
    if (this.#over) return;
    this.#end();
    this.#events.closed(this, e.code, this.#refusal);
  };

  /** Waits for a word. A timer that fires late means that the page slept: one more chance, shorter. */
  #wait(ms: number, late = true): void {
    clearTimeout(this.#patience);
    const due = performance.now() + ms;
    this.#patience = setTimeout(() => {
      if (late && performance.now() - due > 1_000) {
        this.#onPing();
        this.#wait(2_000, false);
      } else {
        this.#fail(1000);
      }
    }, ms);
  }

  /** Gives up a socket of which nothing more is expected: its own close may take a minute to come. */
  #fail(code: number): void {
    if (this.#over) return;
    this.#end();
    this.#socket.close(code === 1000 ? 1000 : 4400);
    this.#events.closed(this, 0, this.#refusal);
  }

  #end(): void {
    this.#over = true;
    clearInterval(this.#ping);
    clearTimeout(this.#patience);
    this.#socket.removeEventListener("open", this.#onOpen);
    this.#socket.removeEventListener("message", this.#onMessage);
    this.#socket.removeEventListener("close", this.#onClose);
  }
}
