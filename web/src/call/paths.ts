// The media path that is shown, and the one that rises beside it when the shown one is dead.
// The shown one's pictures stay until the new one carries; then it is cut over, at once.

import type { Send, Source } from "../gen/protocol";
import { PathWatch, type Verdict } from "./heal";
import type { Measure, Path } from "./rtc";

export interface PathsConfig {
  newPath: (onState: () => void) => Path;
  track: (source: Source) => MediaStreamTrack | null;
  /** The path to show from now on, told once for each. */
  shown: (path: Path) => void;
  /** A look at the shown path, about once a second from when it first carried. */
  measured: (m: Measure) => void;
  /** Something may have changed: look soon. */
  stirred: () => void;
}

const sources: readonly Source[] = ["microphone", "camera", "second"];
const measureEvery = 900; // ms, at least

/** Paths owns its paths until close. */
export class Paths {
  readonly #cfg: PathsConfig;
  #shown: { path: Path; watch: PathWatch } | null = null;
  #rising: { path: Path; watch: PathWatch | null } | null = null; // watch: from its answer on
  #verdict: Verdict = "starting";
  #received = 0;
  #measured = 0;
  #tcp = false;
  #condemned = false; // the server has said that the shown path is gone
  #looking = false;
  #closed = false;
  #waiting = true;
  readonly #sends = new Map<Source, Send>(); // what the server asks of the newest path

  constructor(cfg: PathsConfig) {
    this.#cfg = cfg;
  }

  /** How the shown path is. */
  get verdict(): Verdict {
    return this.#verdict;
  }

  /** Whether there is a path to show. */
  get any(): boolean {
    return this.#shown !== null;
  }

  /** Whether the shown path has ever carried. */
  get carried(): boolean {
    return this.#shown?.watch.carried ?? false;
  }

  /** Packets that have come on the shown path. */
  get received(): number {
    return this.#received;
  }

  /** How long nothing has come on the shown path, ms; 0 before it has carried. */
  get quiet(): number {
    return this.#shown?.watch.carried ? this.#shown.watch.quiet : 0;
  }

  /** Whether the shown path runs over TCP, for want of UDP. */
  get tcp(): boolean {
    return this.#tcp;
  }

  /** Whether the next attempt must bring an offer: nothing carries, and nothing is on its way up. */
  get needed(): boolean {
    if (this.#rising) return this.#rising.watch === null;
    return !this.#shown || this.#verdict === "dead";
  }

  /** Whether the next attempt should be made for the path's sake alone. */
  get lost(): boolean {
    return this.#shown !== null && this.#verdict === "dead" && !this.#rising?.watch;
  }

  /** The path whose offer is to be sent: the same one until it has been answered. */
  rise(): Path {
    if (this.#rising?.watch === null && this.#rising.path.state !== "closed") return this.#rising.path;
    this.#rising?.path.close();
    const path = this.#cfg.newPath(this.#cfg.stirred);
    for (const s of sources) quietly(path.setTrack(s, this.#cfg.track(s)));
    this.#rising = { path, watch: null };
    return path;
  }

  /** The server says that it has lost the shown path: no use in waiting for its silence. */
  condemn(): void {
    this.#condemned = true;
    this.#verdict = "dead";
  }

  /** Forgets a path whose offer has not been answered: the shown one has come back. Says whether there was one. */
  sink(): boolean {
    if (this.#rising?.watch !== null) return false;
    this.#rising.path.close();
    this.#rising = null;
    return true;
  }

  answered(path: Path, answer: string): void {
    if (this.#rising?.path !== path) return;
    const watch = new PathWatch(performance.now());
    this.#rising.watch = watch;
    this.#sends.clear(); // what was asked of the path before is not asked of this one
    this.#layers();
    // An answer that this browser can't use: closed is dead, and the next path may get a better one.
    path.answer(answer).catch(() => path.close());
    if (!this.#shown) this.#cutOver(path, watch);
  }

  setTrack(source: Source, track: MediaStreamTrack | null): void {
    for (const p of [this.#shown, this.#rising]) if (p) quietly(p.path.setTrack(source, track));
  }

  /** What the server asks of a source on the newest path. */
  ask(send: Send): void {
    this.#sends.set(send.source, send);
    this.#layers();
  }

  /** In the waiting room, or in the call. */
  setWaiting(waiting: boolean): void {
    if (this.#waiting === waiting) return;
    this.#waiting = waiting;
    this.#layers();
  }

  /** One look at both; sets verdict, and cuts over when the rising one carries. */
  async look(): Promise<void> {
    if (this.#looking || this.#closed) return;
    this.#looking = true;
    try {
      await this.#lookAtRising();
      await this.#lookAtShown();
    } finally {
      this.#looking = false;
    }
  }

  close(): void {
    this.#closed = true;
    this.#rising?.path.close();
    this.#shown?.path.close();
  }

  async #lookAtRising(): Promise<void> {
    const rising = this.#rising;
    if (!rising?.watch) return;
    const m = await rising.path.measure();
    if (this.#rising !== rising || this.#closed) return;
    const verdict = rising.watch.look(performance.now(), m.received, rising.path.state);
    if (verdict === "carrying") {
      this.#cutOver(rising.path, rising.watch);
    } else if (verdict === "dead") {
      rising.path.close();
      this.#rising = null;
    }
  }

  async #lookAtShown(): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    const m = await shown.path.measure();
    if (this.#shown !== shown || this.#closed) return;
    const now = performance.now();
    this.#received = m.received ?? 0;
    this.#tcp = m.tcp;
    const verdict = shown.watch.look(now, m.received, shown.path.state);
    this.#verdict = this.#condemned ? "dead" : verdict;
    // A path that carries no more is measured on, or its pictures would stand still as if they were live.
    if (shown.watch.carried && now - this.#measured >= measureEvery) {
      this.#measured = now;
      this.#cfg.measured(m);
    }
  }

  #cutOver(path: Path, watch: PathWatch): void {
    const old = this.#shown;
    this.#shown = { path, watch };
    this.#rising = null;
    this.#condemned = false;
    this.#verdict = watch.carried ? "carrying" : "starting";
    this.#cfg.shown(path);
    old?.path.close();
  }

  /** Layers as the server asks; until it has, the least in the waiting room and all in the call. */
  #layers(): void {
    const path = this.#rising?.watch ? this.#rising.path : this.#shown?.path;
    if (!path) return;
    for (const s of ["camera", "second"] as const) {
      const asked = this.#sends.get(s);
      const unasked = s === "camera" && this.#waiting ? ["q"] : ["q", "h", "f"];
      quietly(path.setLayers(s, asked?.rids ?? unasked, asked?.codec ?? ""));
    }
  }
}

/** For changes to a path that may be closed by then: the next one is made with its tracks and layers. */
function quietly(work: Promise<void>): void {
  work.catch(() => {});
}
