// The page's one AudioContext: the microphone's level, and the tone that tests the loudspeaker.

import { barOf, Ear, type Findings } from "./ear";

const every = 50; // ms between looks at the microphone

/** Sound owns the AudioContext from the first use until close. */
export class Sound {
  #context: AudioContext | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #clone: MediaStreamTrack | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #make: () => AudioContext;

  constructor(make: () => AudioContext) {
    this.#make = make;
  }

  /** Wakes the context. Browsers let sound start in a press only; calling it from each press does no harm. */
  wake(): void {
    const context = this.#open();
    if (context && context.state !== "running") void context.resume().catch(() => {});
  }

  /**
   * Looks at a microphone's level until stopWatching or the next watch. The track is cloned,
   * so that the level is there also when the one that is sent is switched off.
   * isOn: whether the sound is switched on. strict: see Ear.
   */
  watch(track: MediaStreamTrack, isOn: () => boolean, strict: boolean, tell: (level: number, f: Findings) => void): void {
    this.stopWatching();
    const context = this.#open();
    if (!context) return;
    const clone = track.clone();
    clone.enabled = true;
    const source = context.createMediaStreamSource(new MediaStream([clone]));
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048; // 43 ms at 48 kHz: about what passes between two looks
    source.connect(analyser);
    this.#source = source;
    this.#clone = clone;
    const samples = new Float32Array(analyser.fftSize);
    const ear = new Ear(strict);
    this.#timer = setInterval(() => {
      if (context.state !== "running") return; // no press yet: nothing is known
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      let peak = 0;
      for (const x of samples) {
        sum += x * x;
        peak = Math.max(peak, Math.abs(x));
      }
      const rms = Math.sqrt(sum / samples.length);
      const on = isOn();
      tell(on ? barOf(rms) : 0, ear.hear({ at: performance.now(), rms, peak, on }));
    }, every);
  }

  stopWatching(): void {
    clearInterval(this.#timer);
    this.#source?.disconnect();
    this.#clone?.stop();
    this.#source = null;
    this.#clone = null;
  }

  /** Plays two soft notes on a loudspeaker ("" is the system's choice); resolves when they have ended. */
  async tone(speaker: string): Promise<void> {
    const context = this.#open();
    if (!context) throw new DOMException("", "NotSupportedError");
    if (context.state !== "running") await context.resume();
    const out = speaker ? context.createMediaStreamDestination() : context.destination;
    let player: HTMLAudioElement | null = null;
    if (out instanceof MediaStreamAudioDestinationNode) {
      player = new Audio();
      player.srcObject = out.stream;
      await player.setSinkId(speaker);
      await player.play();
    }
    const notes = [523.25, 659.25]; // C5 and E5, Hz
    const length = 0.45; // s each
    await Promise.all(
      notes.map((hz, i) => {
        const start = context.currentTime + 0.05 + i * length;
        const gain = context.createGain();
        gain.gain.setValueAtTime(0, start);
        gain.gain.linearRampToValueAtTime(0.25, start + 0.03);
        gain.gain.exponentialRampToValueAtTime(0.001, start + length);
        gain.connect(out);
        const note = context.createOscillator();
        note.frequency.value = hz;
        note.connect(gain);
        return new Promise<void>((done) => {
          note.onended = () => done();
          note.start(start);
          note.stop(start + length);
        });
      }),
    );
    player?.pause();
  }

  close(): void {
    this.stopWatching();
    void this.#context?.close().catch(() => {});
    this.#context = null;
  }

  #open(): AudioContext | null {
    try {
      this.#context ??= this.#make();
    } catch {
      return null; // a browser without sound of its own: the level stays at nothing
    }
    return this.#context;
  }
}
