// What the page makes of the microphone's sound: the level bar, the verdict of the device
// check, and in the call the notices of a dead microphone and of talk while the sound is off.

import { signal, type ReadonlySignal } from "@preact/signals";
import type { Action, AppState } from "../state/state";
import type { Findings } from "./ear";
import type { Sound } from "./sound";

export interface VoiceConfig {
  sound: Pick<Sound, "watch" | "stopWatching">;
  track: () => MediaStreamTrack | null;
  state: () => AppState;
  dispatch: (action: Action) => void;
}

const talkNoticeFor = 8_000; // ms

/** Voice owns its watch and its timer until stop. */
export class Voice {
  readonly #cfg: VoiceConfig;
  readonly #level = signal(0);
  #talkNotice: ReturnType<typeof setTimeout> | undefined;

  constructor(cfg: VoiceConfig) {
    this.#cfg = cfg;
  }

  get level(): ReadonlySignal<number> {
    return this.#level;
  }

  /** Listens to the microphone there is now: strictly in the device check, mildly in the call, where people are silent for long. */
  listen(strict: boolean): void {
    const track = this.#cfg.track();
    if (!track) return this.stop();
    this.#cfg.sound.watch(track, () => this.#cfg.state().microphone.wanted, strict, (level, f) => {
      this.#level.value = level;
      if (strict) this.#inCheck(f);
      else this.#inCall(f);
    });
  }

  stop(): void {
    this.#cfg.sound.stopWatching();
    this.#level.value = 0;
    clearTimeout(this.#talkNotice);
    this.#talkNotice = undefined;
  }

  #inCheck(f: Findings): void {
    const { check } = this.#cfg.state();
    if (check.heard) return;
    if (f.heard) this.#cfg.dispatch({ type: "heard" });
    else if (f.silent !== check.silent) this.#cfg.dispatch({ type: "silent", silent: f.silent });
  }

  #inCall(f: Findings): void {
    const { call, notices, microphone } = this.#cfg.state();
    if (!call) return;
    const told = notices.some((n) => n.kind === "microphone-silent");
    const dead = f.silent && microphone.wanted && microphone.state === "on";
    if (dead && !told) this.#cfg.dispatch({ type: "notice", notice: { kind: "microphone-silent" } });
    if (!dead && told) this.#cfg.dispatch({ type: "dismiss-kind", kind: "microphone-silent" });
    if (f.talkingOff && this.#talkNotice === undefined) {
      this.#cfg.dispatch({ type: "notice", notice: { kind: "talking-while-muted" } });
      this.#talkNotice = setTimeout(() => {
        this.#talkNotice = undefined;
        this.#cfg.dispatch({ type: "dismiss-kind", kind: "talking-while-muted" });
      }, talkNoticeFor);
    }
  }
}
