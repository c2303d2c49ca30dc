// The formats that health devices write numbers and times in. All little-endian (GATT
// Specification Supplement §2.2).

/** What a device's clock shows, as if it were UTC; ms. It tells no zone. */
export type WallTime = number;

/** A time of a device: unknown to it, or one that does not exist. */
export type ReadTime = WallTime | "unknown" | "impossible";

/**
 * Bytes reads one field after the other. Beyond the end it gives zeros and says so by `short`,
 * which is asked once when all is read: nothing is thrown, and no zero is taken for a value.
 */
export class Bytes {
  readonly #view: DataView;
  #at = 0;
  #short = false;

  constructor(view: DataView) {
    this.#view = view;
  }

  /** Whether more was read than there is. */
  get short(): boolean {
    return this.#short;
  }
  get left(): number {
    return Math.max(0, this.#view.byteLength - this.#at);
  }

  u8(): number {
    return this.#take(1, (at) => this.#view.getUint8(at));
  }
  u16(): number {
    return this.#take(2, (at) => this.#view.getUint16(at, true));
  }
  s16(): number {
    return this.#take(2, (at) => this.#view.getInt16(at, true));
  }
  u24(): number {
    return this.#take(3, (at) => this.#view.getUint16(at, true) + this.#view.getUint8(at + 2) * 0x10000);
  }
  u32(): number {
    return this.#take(4, (at) => this.#view.getUint32(at, true));
  }
  /** IEEE 11073-20601 SFLOAT-Type; null: no reading. */
  sfloat(): number | null {
    return sfloat(this.u16());
  }
  /** IEEE 11073-20601 FLOAT-Type; null: no reading. */
  float(): number | null {
    return float(this.u32());
  }

  /** Date Time (GATT Specification Supplement, 0x2A08). */
  time(): ReadTime {
    const [year, month, day, hour, minute, second] = [this.u16(), this.u8(), this.u8(), this.u8(), this.u8(), this.u8()];
    if (year > 9999 || month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59) return "impossible";
    if (year === 0 || month === 0 || day === 0) return "unknown"; // "0: not known", for each of the three
    if (year < 1582) return "impossible";
    const time = Date.UTC(year, month - 1, day, hour, minute, second);
    return new Date(time).getUTCDate() === day ? time : "impossible"; // 31 April
  }

  #take(size: number, read: (at: number) => number): number {
    if (this.left < size) {
      this.#at = this.#view.byteLength;
      this.#short = true;
      return 0;
    }
    this.#at += size;
    return read(this.#at - size);
  }
}

// NaN, not at this resolution, +∞, −∞, reserved. They are so with the exponent 0 alone
// (IEEE 11073-20601): 0xF7FE is 204.6.
const shortSpecials: ReadonlySet<number> = new Set([0x07fe, 0x07ff, 0x0800, 0x0801, 0x0802]);
const longSpecials: ReadonlySet<number> = new Set([0x007ffffe, 0x007fffff, 0x00800000, 0x00800001, 0x00800002]);

/** 16 bits: mantissa of 12, exponent of 4, both signed, to the base of ten. */
export function sfloat(bits: number): number | null {
  return shortSpecials.has(bits) ? null : scaled((bits << 20) >> 20, (bits << 16) >> 28);
}

/** 32 bits: mantissa of 24, exponent of 8, both signed, to the base of ten. */
export function float(bits: number): number | null {
  return longSpecials.has(bits) ? null : scaled((bits << 8) >> 8, bits >> 24);
}

/** By dividing where the exponent is negative: 364 / 10 is 36.4, and 364 × 0.1 is not. */
const scaled = (mantissa: number, exponent: number): number => (exponent < 0 ? mantissa / 10 ** -exponent : mantissa * 10 ** exponent);
