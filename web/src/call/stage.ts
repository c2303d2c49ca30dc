// Which track plays in which element: kept right over newcomers, rewritten lines, new paths
// and changed devices, and told to the server as wishes.

import type { LineWish, Source } from "../gen/protocol";
import type { Call } from "../state/state";
import { largePicture } from "../state/view";
import type { Seen, Watch } from "./eyes";

export interface StageConfig {
  call: () => Call | null;
  local: (source: Source) => MediaStreamTrack | null;
  remote: (mid: string) => MediaStreamTrack | null;
  wish: (lines: LineWish[]) => void;
  /** The browser wants a press before it plays sound, or no longer. */
  blocked: (blocked: boolean) => void;
  watch: Watch;
  streamOf: (track: MediaStreamTrack) => MediaStream;
}

interface Shown {
  readonly el: HTMLMediaElement;
  readonly participant: string;
  readonly source: Source;
  seen: Seen | null; // null for sound
  track: MediaStreamTrack | null;
}

const unseenAfter = 1_000; // ms: a page that is about to show a newcomer gets that long

/** Stage owns what it has attached until detached, and its timer until close. */
export class Stage {
  readonly #cfg: StageConfig;
  readonly #shown = new Set<Shown>();
  readonly #unseen = new Map<string, number>(); // mid and who is on it → since when nobody shows it
  #timer: ReturnType<typeof setTimeout> | undefined;
  #speaker = "";

  constructor(cfg: StageConfig) {
    this.#cfg = cfg;
  }

  attachVideo(el: HTMLVideoElement, participant: string, source: "camera" | "second"): () => void {
    // Sound has its own elements; a muted video needs no press to play, and none on a telephone to stay in the page.
    el.muted = true;
    el.autoplay = true;
    el.playsInline = true;
    const shown: Shown = { el, participant, source, seen: { visible: true, width: 0, height: 0 }, track: null };
    this.#shown.add(shown);
    const unwatch = this.#cfg.watch(el, (seen) => {
      shown.seen = seen;
      this.#wish();
    });
    this.#play(shown);
    this.#wish();
    return () => {
      unwatch();
      this.#drop(shown);
      this.#wish();
    };
  }

  attachAudio(el: HTMLAudioElement, participant: string): () => void {
    el.autoplay = true;
    const shown: Shown = { el, participant, source: "microphone", seen: null, track: null };
    this.#shown.add(shown);
    if (this.#speaker) void this.#toSpeaker(el);
    this.#play(shown);
    return () => this.#drop(shown);
  }

  /** Lines, path or an own device have changed. */
  refresh(): void {
    for (const s of this.#shown) this.#play(s);
    this.#wish();
  }

  /** Plays what the browser held back; must be called from a press. */
  async allow(): Promise<void> {
    const tries = [...this.#shown].filter((s) => s.track).map((s) => s.el.play());
    const done = await Promise.allSettled(tries);
    if (done.every((d) => d.status === "fulfilled")) this.#cfg.blocked(false);
  }

  /** Sends all sound to a loudspeaker; "" is the system's choice. Rejects when it can't be had. */
  async setSpeaker(id: string): Promise<void> {
    this.#speaker = id;
    await Promise.all([...this.#shown].filter((s) => s.source === "microphone").map((s) => this.#toSpeaker(s.el)));
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const s of this.#shown) s.el.srcObject = null;
    this.#shown.clear();
  }

  async #toSpeaker(el: HTMLMediaElement): Promise<void> {
    if ("setSinkId" in el) await el.setSinkId(this.#speaker);
  }

  #drop(s: Shown): void {
    this.#shown.delete(s);
    s.el.srcObject = null;
  }

  #trackFor(s: Shown): MediaStreamTrack | null {
    const call = this.#cfg.call();
    if (s.participant === "self" || s.participant === call?.self) {
      return s.source === "microphone" ? null : this.#cfg.local(s.source); // nobody hears themselves
    }
    const line = call?.lines.find((l) => l.participant === s.participant && l.source === s.source);
    return line ? this.#cfg.remote(line.mid) : null;
  }

  #play(s: Shown): void {
    const track = this.#trackFor(s);
    if (track === s.track) return;
    s.track = track;
    s.el.srcObject = track ? this.#cfg.streamOf(track) : null;
    if (!track) return;
    s.el.play().catch((err: unknown) => {
      // HTML §4.8.11.8: NotAllowedError is the browser's wish for a press; anything else is a newer track's doing.
      if (s.source === "microphone" && err instanceof Error && err.name === "NotAllowedError") this.#cfg.blocked(true);
    });
  }

  #wish(): void {
    const call = this.#cfg.call();
    if (!call) return;
    const now = performance.now();
    const large = largePicture(call);
    const wishes: LineWish[] = [];
    const unseen = new Set<string>();
    for (const l of call.lines) {
      if (l.source === "microphone") continue;
      const seen = [...this.#shown].filter((s) => s.participant === l.participant && s.source === l.source && s.seen);
      const chosen = large?.participant === l.participant && large.source === l.source;
      const key = `${l.mid} ${l.participant} ${l.source}`;
      if (seen.length === 0) {
        unseen.add(key);
        const since = this.#unseen.get(key) ?? now;
        this.#unseen.set(key, since);
        if (now - since >= unseenAfter) wishes.push({ mid: l.mid, visible: false, width: 0, height: 0, chosen });
        continue;
      }
      const visible = seen.some((s) => s.seen?.visible);
      const width = Math.max(...seen.map((s) => (s.seen?.visible ? s.seen.width : 0)));
      const height = Math.max(...seen.map((s) => (s.seen?.visible ? s.seen.height : 0)));
      wishes.push({ mid: l.mid, visible, width, height, chosen });
    }
    for (const key of this.#unseen.keys()) if (!unseen.has(key)) this.#unseen.delete(key);
    if ([...this.#unseen.values()].some((since) => now - since < unseenAfter)) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#wish();
      }, unseenAfter);
    }
    if (wishes.length > 0) this.#cfg.wish(wishes);
  }
}
