// Microphone and camera: got, switched, lost and got again. What happens is told by actions;
// the tracks go to whoever sends or shows them.

import type { Action, Device, DeviceFailure } from "../state/state";
import { classify } from "./classify";

export type InputKind = "microphone" | "camera";

export interface InputsConfig {
  /** navigator.mediaDevices; undefined outside a secure context. */
  media: MediaDevices | undefined;
  dispatch: (action: Action) => void;
  /** The track of a source is another one now, or none. The caller does not stop it. */
  onTrack: (kind: InputKind, track: MediaStreamTrack | null) => void;
  /** Device ids that the person chose last time; empty: the system's choice. */
  preferred: Readonly<Record<InputKind, string>>;
  onPreferred: (kind: InputKind, id: string) => void;
  /** The old camera is let go before the new one is asked for: telephones have one at a time. */
  oneCamera: boolean;
  /** A machine of two cores encodes 640×360 well and 1280×720 badly. */
  small: boolean;
}

const muteDelay = 1_500; // ms: a source that falters for less is no interruption

interface Held {
  track: MediaStreamTrack | null;
  wanted: boolean;
  selected: string;
  failure: DeviceFailure | null;
  work: Promise<void>; // one change at a time
  muteTimer: ReturnType<typeof setTimeout> | undefined;
  release: () => void; // takes the listeners off the track
}

/** An error by name, for classify. */
class InsecureContext extends Error {
  override readonly name = "InsecureContext";
}

/** Inputs owns the tracks of microphone and camera until close. */
export class Inputs {
  readonly #cfg: InputsConfig;
  readonly #held: Record<InputKind, Held>;
  readonly #onDeviceChange = () => void this.#devicesChanged();
  #closed = false;
  #active = false; // between start and release
  #paused = false; // the camera, for another one's sake
  #listening = false;

  constructor(cfg: InputsConfig) {
    this.#cfg = cfg;
    const held = (selected: string): Held => ({
      track: null,
      wanted: true,
      selected,
      failure: null,
      work: Promise.resolve(),
      muteTimer: undefined,
      release: () => {},
    });
    this.#held = { microphone: held(cfg.preferred.microphone), camera: held(cfg.preferred.camera) };
  }

  track(kind: InputKind): MediaStreamTrack | null {
    return this.#held[kind].track;
  }

  /**
   * Asks for everything that is wanted and not there, with one question where the browser
   * can. Falls back to the one that can be had, and says of the other why not.
   */
  async start(): Promise<void> {
    this.#listen();
    this.#active = true;
    const missing = (["microphone", "camera"] as const).filter((k) => this.#held[k].wanted && !this.#held[k].track);
    if (missing.length < 2) {
      await Promise.all(missing.map((k) => this.#locked(k, () => this.#acquire(k))));
      return;
    }
    await this.#locked("microphone", () =>
      this.#locked("camera", async () => {
        for (const k of missing) this.#cfg.dispatch({ type: "asking", device: k });
        try {
          const stream = await this.#get({ audio: this.#constraints("microphone"), video: this.#constraints("camera") });
          this.#take("microphone", stream.getAudioTracks()[0] ?? null);
          this.#take("camera", stream.getVideoTracks()[0] ?? null);
        } catch (err) {
          const failure = classify(err);
          if (failure === "dismissed" || failure === "insecure" || failure === "unsupported") {
            for (const k of missing) this.#fail(k, failure); // asking again would only ask again
          } else {
            for (const k of missing) await this.#acquire(k);
          }
        }
      }),
    );
    await this.refresh();
  }

  /** Switches sound on or off. Off keeps the device, so that on is instant; nothing is heard of it. */
  setMicrophone(on: boolean): Promise<void> {
    const held = this.#held.microphone;
    held.wanted = on;
    if (held.track) held.track.enabled = on;
    this.#cfg.dispatch({ type: "wanted", device: "microphone", on });
    if (!on || held.track) return Promise.resolve();
    return this.#locked("microphone", () => this.#acquire("microphone"));
  }

  /** Switches the picture on or off. Off lets the camera go: its lamp goes out. */
  setCamera(on: boolean): Promise<void> {
    this.#held.camera.wanted = on;
    this.#cfg.dispatch({ type: "wanted", device: "camera", on });
    return this.#locked("camera", async () => {
      if (this.#held.camera.wanted) await this.#acquire("camera");
      else this.#stop("camera");
    });
  }

  /** Lets the camera go for a while though it is wanted: another one needs the hardware. */
  pauseCamera(): Promise<void> {
    this.#paused = true;
    return this.#locked("camera", async () => this.#stop("camera"));
  }

  /** Takes the camera up again after pauseCamera, if it is still wanted. */
  unpauseCamera(): Promise<void> {
    this.#paused = false;
    return this.#locked("camera", async () => {
      if (this.#held.camera.wanted && !this.#held.camera.track) await this.#acquire("camera");
    });
  }

  /** Takes up again what an interruption took and did not give back. */
  async resume(): Promise<void> {
    await Promise.all(
      (["microphone", "camera"] as const).map((k) =>
        this.#locked(k, async () => {
          const held = this.#held[k];
          const dead = !held.track || held.track.readyState === "ended" || held.track.muted;
          // What was denied stays denied until the person asks for it: no question out of the blue.
          if (!held.wanted || !dead || held.failure === "denied" || held.failure === "dismissed") return;
          this.#stop(k);
          await this.#acquire(k);
        }),
      ),
    );
  }

  /** Changes to another device and remembers it. Stays with the old one when the new can't be had. */
  select(kind: InputKind, id: string): Promise<void> {
    return this.#locked(kind, async () => {
      const held = this.#held[kind];
      const before = held.selected;
      held.selected = id;
      this.#cfg.onPreferred(kind, id);
      if ((!held.wanted && !held.track) || (kind === "camera" && this.#paused)) return; // for when it is wanted again
      if (kind === "camera" && this.#cfg.oneCamera) this.#stop(kind);
      if (await this.#acquire(kind, true)) return;
      const failure = held.failure ?? "unknown";
      held.selected = before;
      this.#cfg.onPreferred(kind, before);
      if (!held.track || held.track.readyState === "ended") await this.#acquire(kind);
      else this.#running(kind); // the old one runs on
      this.#cfg.dispatch({ type: "notice", notice: { kind: "device-failed", device: kind, failure } });
    });
  }

  /** To the next camera in the list: front and back on a phone. */
  async flip(): Promise<void> {
    const { cameras } = await this.#list();
    if (cameras.length < 2) return;
    const now = this.#held.camera.track?.getSettings().deviceId ?? this.#held.camera.selected;
    const next = cameras[(cameras.findIndex((c) => c.id === now) + 1) % cameras.length];
    if (next) await this.select("camera", next.id);
  }

  /** Reads the list of devices anew. Labels are empty until a permission has been given. */
  async refresh(): Promise<void> {
    const list = await this.#list();
    if (!this.#closed) this.#cfg.dispatch({ type: "devices", ...list });
  }

  close(): void {
    this.#closed = true;
    this.#cfg.media?.removeEventListener?.("devicechange", this.#onDeviceChange);
    this.#stop("microphone");
    this.#stop("camera");
  }

  /** Lets both devices go, as after leaving; only start asks for them again. */
  release(): void {
    this.#active = false;
    this.#paused = false;
    this.#stop("microphone");
    this.#stop("camera");
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#cfg.media?.addEventListener?.("devicechange", this.#onDeviceChange);
  }

  #locked(kind: InputKind, change: () => Promise<unknown>): Promise<void> {
    const held = this.#held[kind];
    const next = held.work.then(async () => {
      if (this.#active && !this.#closed) await change();
    });
    held.work = next.catch(() => {}); // each change tells its own errors; the next one still runs
    return next;
  }

  #constraints(kind: InputKind): MediaTrackConstraints {
    const id = this.#held[kind].selected;
    const device: MediaTrackConstraints = id ? { deviceId: { exact: id } } : {};
    if (kind === "microphone") return { ...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const [width, height] = this.#cfg.small ? [640, 360] : [1280, 720];
    return {
      ...device,
      ...(id ? {} : { facingMode: "user" }),
      width: { ideal: width },
      height: { ideal: height },
      frameRate: { ideal: 30, max: 30 },
    };
  }

  #get(constraints: MediaStreamConstraints): Promise<MediaStream> {
    const media = this.#cfg.media;
    // Media Capture and Streams §10.1: mediaDevices is there in secure contexts only.
    if (!media) return Promise.reject(new InsecureContext());
    return media.getUserMedia(constraints);
  }

  /** Gets the device of one kind; says whether it runs. exact: no other device will do. */
  async #acquire(kind: InputKind, exact = false): Promise<boolean> {
    if (kind === "camera" && this.#paused) return false; // it comes when the other one has gone
    this.#cfg.dispatch({ type: "asking", device: kind });
    const ask = () => this.#get(kind === "microphone" ? { audio: this.#constraints(kind) } : { video: this.#constraints(kind) });
    try {
      let stream: MediaStream;
      try {
        stream = await ask();
      } catch (err) {
        const gone = classify(err) === "unsuitable" || classify(err) === "missing";
        if (exact || !this.#held[kind].selected || !gone) throw err;
        // The one chosen last time is not here today.
        this.#held[kind].selected = "";
        stream = await ask();
      }
      this.#take(kind, stream.getTracks()[0] ?? null);
      await this.refresh();
      return this.#held[kind].track !== null;
    } catch (err) {
      this.#held[kind].failure = classify(err);
      if (!this.#held[kind].track || !exact) this.#fail(kind, classify(err));
      return false;
    }
  }

  #take(kind: InputKind, track: MediaStreamTrack | null): void {
    const held = this.#held[kind];
    if (!track) return this.#fail(kind, "missing");
    if (this.#closed || !this.#active || (kind === "camera" && !held.wanted)) {
      track.stop(); // nobody wants it any more
      this.#cfg.dispatch({ type: "stopped", device: kind });
      return;
    }
    const old = held.track;
    held.release();
    held.track = track;
    held.failure = null;
    // Motion: a face may be coarse for a moment, it must not stutter.
    track.contentHint = kind === "camera" ? "motion" : "speech";
    if (kind === "microphone") track.enabled = held.wanted;
    const ended = () => void this.#lost(kind, track);
    const muted = () => {
      clearTimeout(held.muteTimer);
      held.muteTimer = setTimeout(() => this.#cfg.dispatch({ type: "interrupted", device: kind, on: true }), muteDelay);
    };
    const unmuted = () => {
      clearTimeout(held.muteTimer);
      this.#cfg.dispatch({ type: "interrupted", device: kind, on: false });
    };
    track.addEventListener("ended", ended);
    track.addEventListener("mute", muted);
    track.addEventListener("unmute", unmuted);
    held.release = () => {
      clearTimeout(held.muteTimer);
      track.removeEventListener("ended", ended);
      track.removeEventListener("mute", muted);
      track.removeEventListener("unmute", unmuted);
      held.release = () => {};
    };
    this.#cfg.onTrack(kind, track);
    old?.stop();
    this.#running(kind);
  }

  #running(kind: InputKind): void {
    const track = this.#held[kind].track;
    if (!track) return;
    const id = track.getSettings().deviceId ?? this.#held[kind].selected;
    this.#cfg.dispatch({ type: "running", device: kind, id, label: track.label });
  }

  #fail(kind: InputKind, failure: DeviceFailure): void {
    const held = this.#held[kind];
    held.release();
    held.track?.stop();
    held.track = null;
    held.failure = failure;
    this.#cfg.onTrack(kind, null);
    this.#cfg.dispatch({ type: "device-failed", device: kind, failure });
  }

  #stop(kind: InputKind): void {
    const held = this.#held[kind];
    if (!held.track) return;
    held.release();
    held.track.stop();
    held.track = null;
    this.#cfg.onTrack(kind, null);
    this.#cfg.dispatch({ type: "stopped", device: kind });
  }

  /** The device went away under way: unplugged, or its headset out of reach. Another one takes over. */
  #lost(kind: InputKind, track: MediaStreamTrack): Promise<void> {
    return this.#locked(kind, async () => {
      const held = this.#held[kind];
      if (held.track !== track) return;
      this.#stop(kind);
      held.selected = "";
      if (!held.wanted) return;
      const ok = await this.#acquire(kind);
      this.#cfg.dispatch({
        type: "notice",
        notice: { kind: "device-lost", device: kind, to: ok ? (this.#held[kind].track?.label ?? "") : "" },
      });
    });
  }

  async #devicesChanged(): Promise<void> {
    await this.refresh();
    for (const kind of ["microphone", "camera"] as const) {
      const held = this.#held[kind];
      // One was plugged in that had been missed.
      if (held.wanted && !held.track && (held.failure === "missing" || held.failure === "in-use")) {
        await this.#locked(kind, async () => {
          if (!held.track) await this.#acquire(kind);
        });
      }
    }
  }

  async #list() {
    const all = await (this.#cfg.media?.enumerateDevices?.() ?? Promise.resolve([])).catch(() => []);
    const of = (kind: MediaDeviceKind): Device[] =>
      all
        // Chromium lists the system's choice twice more, under these names.
        .filter((d) => d.kind === kind && d.deviceId !== "" && d.deviceId !== "default" && d.deviceId !== "communications")
        .map((d) => ({ id: d.deviceId, label: d.label }));
    const speakers = of("audiooutput");
    return {
      microphones: of("audioinput"),
      cameras: of("videoinput"),
      speakers,
      speakerSelectable: speakers.length > 0 && typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype,
      screenPossible: typeof this.#cfg.media?.getDisplayMedia === "function",
    };
  }
}
