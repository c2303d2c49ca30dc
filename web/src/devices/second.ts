// The second picture: the wound, by another camera, or the screen.

import type { SecondKind } from "../gen/protocol";
import type { DeviceFailure, SecondPicture } from "../state/state";
import { classify } from "./classify";

export interface SecondConfig {
  media: MediaDevices | undefined;
  /** Tells how it stands. */
  onState: (second: Omit<SecondPicture, "screenPossible">) => void;
  /** The track to send and show, or none. */
  onTrack: (track: MediaStreamTrack | null) => void;
  /** Telephones: the first camera is let go before the second is opened, and taken up after it. */
  oneCamera: boolean;
  pauseCamera: () => Promise<void>;
  resumeCamera: () => Promise<void>;
  /** The id of the camera that is in use as the first, to find another one. */
  firstCamera: () => string;
}

/** Second owns the second picture's track until stop. */
export class Second {
  readonly #cfg: SecondConfig;
  #track: MediaStreamTrack | null = null;
  #turn = 0; // grows at each start and stop: an answer to an older one is thrown away
  #paused = false;

  constructor(cfg: SecondConfig) {
    this.#cfg = cfg;
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /** Starts, or changes to another kind or camera. Must come from a press when kind is "screen". */
  async start(kind: "camera" | "screen", id = ""): Promise<void> {
    const turn = ++this.#turn;
    this.#cfg.onState({ state: "starting", kind, failure: null });
    try {
      const stream = kind === "screen" ? await this.#screen() : await this.#camera(id);
      const track = stream.getVideoTracks()[0];
      if (turn !== this.#turn || !track) {
        for (const t of stream.getTracks()) t.stop();
        if (!track && turn === this.#turn) this.#failed(kind, "missing");
        return;
      }
      this.#drop();
      // Sharp before smooth: a wound and a screen are read, not watched.
      track.contentHint = "detail";
      track.addEventListener("ended", () => {
        if (this.#track === track) void this.stop(); // "Stop sharing" in the browser's own bar
      });
      this.#track = track;
      this.#cfg.onTrack(track);
      this.#cfg.onState({ state: "on", kind, failure: null });
    } catch (err) {
      if (turn !== this.#turn) return;
      this.#failed(kind, classify(err, kind === "screen"));
    }
  }

  async stop(): Promise<void> {
    this.#turn++;
    this.#drop();
    this.#cfg.onTrack(null);
    this.#cfg.onState({ state: "off", kind: "", failure: null });
    await this.#giveBack();
  }

  #failed(kind: SecondKind, failure: DeviceFailure): void {
    this.#drop();
    this.#cfg.onTrack(null);
    // Leaving the picker is no failure.
    if (failure === "dismissed") this.#cfg.onState({ state: "off", kind: "", failure: null });
    else this.#cfg.onState({ state: "failed", kind, failure });
    void this.#giveBack();
  }

  #drop(): void {
    this.#track?.stop();
    this.#track = null;
  }

  async #giveBack(): Promise<void> {
    if (!this.#paused) return;
    this.#paused = false;
    await this.#cfg.resumeCamera();
  }

  #screen(): Promise<MediaStream> {
    const media = this.#cfg.media;
    if (typeof media?.getDisplayMedia !== "function") return Promise.reject(new DOMException("", "NotSupportedError"));
    // Called before anything is awaited: the picker opens on a press only (Screen Capture §5).
    return media.getDisplayMedia({ video: { frameRate: { ideal: 10, max: 15 } }, audio: false });
  }

  async #camera(id: string): Promise<MediaStream> {
    const media = this.#cfg.media;
    if (!media) throw Object.assign(new Error(), { name: "InsecureContext" });
    if (this.#cfg.oneCamera && !this.#paused) {
      this.#paused = true;
      await this.#cfg.pauseCamera();
    }
    const size = { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 15, max: 30 } };
    const chosen = id || (this.#cfg.oneCamera ? "" : await this.#another(media));
    if (chosen) return media.getUserMedia({ video: { ...size, deviceId: { exact: chosen } } });
    return media.getUserMedia({ video: { ...size, facingMode: { ideal: "environment" } } });
  }

  /** On a PC: a camera that is not the first one, the likeliest to be a loose one. */
  async #another(media: MediaDevices): Promise<string> {
    const first = this.#cfg.firstCamera();
    const cameras = (await media.enumerateDevices().catch(() => [])).filter((d) => d.kind === "videoinput" && d.deviceId !== "");
    return cameras.find((c) => c.deviceId !== first)?.deviceId ?? "";
  }
}
