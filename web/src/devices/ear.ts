// What the microphone's level tells: that it is heard, that it is dead, that someone talks
// while the sound is off. Pure: levels and times in, findings out.

/** One look at the microphone. */
export interface Sample {
  readonly at: number; // ms, any clock that only goes forward
  readonly rms: number; // root mean square of the samples, 0–1
  readonly peak: number; // largest absolute sample, 0–1
  readonly on: boolean; // the sound is switched on
}

export interface Findings {
  readonly heard: boolean; // someone has been heard since the start; stays true
  readonly silent: boolean; // switched on, and not a sound for 5 s
  readonly talkingOff: boolean; // someone talks, and the sound is off
}

const decibels = (db: number) => 10 ** (db / 20);

const heardAt = decibels(-55); // quiet talk at arm's length lies above, a still room below
const deadUnder = 3e-5; // below one step of 16-bit sound (2⁻¹⁵): a dead line, no still room
const talkAt = decibels(-38); // plain talk, not a chair
const silentAfter = 5_000; // ms
const talkFor = 400; // ms of talk within talkWithin
const talkWithin = 1_500;

/** Ear remembers what it needs of the samples before. */
export class Ear {
  #heard = false;
  #lastSound = -1; // last sample that was no silence, or where counting started
  #talk: { at: number; ms: number }[] = [];
  #before = -1;

  /** strict: until something is heard, a still room counts as silence too, as in the device check. */
  constructor(private readonly strict: boolean) {}

  hear(s: Sample): Findings {
    // A page that slept has heard nothing; it does not know of a silence either.
    const gap = this.#before < 0 ? 0 : s.at - this.#before;
    if (this.#lastSound < 0 || gap > 1_000) this.#lastSound = s.at;
    this.#before = s.at;

    if (s.rms >= heardAt) this.#heard = true;
    const sound = this.strict && !this.#heard ? s.rms >= heardAt : s.peak >= deadUnder;
    if (sound || !s.on) this.#lastSound = s.at;

    this.#talk = this.#talk.filter((t) => s.at - t.at <= talkWithin);
    if (!s.on && s.rms >= talkAt) this.#talk.push({ at: s.at, ms: Math.min(gap, 200) });
    if (s.on) this.#talk = [];

    return {
      heard: this.#heard,
      silent: s.at - this.#lastSound >= silentAfter,
      talkingOff: this.#talk.reduce((sum, t) => sum + t.ms, 0) >= talkFor,
    };
  }
}

/** The level bar: 0 at −60 dBFS and below, 1 at −10 and above, as the ear counts. */
export function barOf(rms: number): number {
  const db = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.min(1, Math.max(0, (db + 60) / 50));
}
