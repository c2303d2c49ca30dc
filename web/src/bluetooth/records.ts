// The Record Access Control Point (0x2A52): how a glucose meter is asked for what it keeps. It
// sends nothing by itself (Glucose Service 1.0.1 §3.4).

import { Bytes } from "./bytes";

const report = 0x01; // op code: report stored records
const answered = 0x06; // op code: response code
const greaterOrEqual = 0x03; // operator
const last = 0x06; // operator
const noOperator = 0x00;
const bySequence = 0x01; // filter type
const noRecords = 0x06; // response code value
const success = 0x01;

/**
 * Asks for what is newer than the record of a number. A meter that is not known is asked for its
 * last record alone: all that it keeps would be other days' and other patients'.
 */
export function ask(after: number | null): Uint8Array<ArrayBuffer> {
  // The number is 16 bits and comes round: after the highest, what is greater or equal is nothing.
  if (after === null || after >= 0xffff) return Uint8Array.of(report, last);
  const from = after + 1;
  return Uint8Array.of(report, greaterOrEqual, bySequence, from & 0xff, from >> 8);
}

export type Answer = "done" | "none" | "refused" | "other";

/** What the meter says when it has sent all. */
export function readAnswer(view: DataView): Answer {
  const bytes = new Bytes(view);
  const [op, operator, request, value] = [bytes.u8(), bytes.u8(), bytes.u8(), bytes.u8()];
  if (bytes.short || op !== answered || operator !== noOperator || request !== report) return "other";
  if (value === success) return "done";
  return value === noRecords ? "none" : "refused";
}
