// Messages of health devices as bytes. For tests alone.

/** 23 November 2026 10:12:30, as Date Time (0x2A08). */
export const messageTime = [0xea, 0x07, 11, 23, 10, 12, 30] as const;

/** Each characteristic's message with every field that it can have, little-endian. */
export const whole = {
  // mmHg 148/86, mean 107, time, pulse 71, user 1, irregular pulse
  bloodPressure: [0x1e, 0x94, 0, 0x56, 0, 0x6b, 0, ...messageTime, 0x47, 0, 1, 4, 0],
  // 95 %, 71 /min, time, validated, low perfusion, amplitude 1.6
  oximeterSpot: [0x0f, 0x5f, 0, 0x47, 0, ...messageTime, 0x80, 0, 0x20, 0, 0, 0xa0, 0xe0],
  // 95 %, 71 /min; fast 90 %, 80; slow 98 %, 60; validated, low perfusion, amplitude 1.6
  oximeterContinuous: [0x1f, 0x5f, 0, 0x47, 0, 0x5a, 0, 0x50, 0, 0x62, 0, 0x3c, 0, 0x80, 0, 0x20, 0, 0, 0xa0, 0xe0],
  // 37.4 °C, time, eardrum
  temperature: [0x06, 0x76, 1, 0, 0xff, ...messageTime, 9],
  // 71.2 kg, time, user 1, BMI 24.0, height 1.69 m
  weight: [0x0e, 0xa0, 0x37, ...messageTime, 1, 0xf0, 0, 0x9a, 6],
  // record 7, time, offset 60 min, 0.0065 mol/L, capillary whole blood of the finger, no status
  glucose: [0x0f, 7, 0, ...messageTime, 0x3c, 0, 0x41, 0xc0, 0x11, 0, 0],
  // 71 /min in two bytes, energy
  heartRate: [0x09, 71, 0, 0x10, 0],
} as const;

export const view = (bytes: Iterable<number>): DataView<ArrayBuffer> => new DataView(Uint8Array.from(bytes).buffer);

/** A time as a device writes it, by what its clock shows. */
export function dateTime(wall: number): number[] {
  const d = new Date(wall);
  const year = d.getUTCFullYear();
  return [year & 0xff, year >> 8, d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds()];
}
