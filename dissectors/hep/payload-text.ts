/** Payloads that are text: logs, and reports as JSON. */
import type { Octets } from '../../base/octets.ts';

/** Octets that decide whether a payload is text. */
const LOOKED_AT = 512;
const TAB = 9;
const CARRIAGE_RETURN = 13;
const DELETE = 127;

/** Whether the payload has no control characters but those of lines. */
export function isText(data: Octets, at: number, length: number): boolean {
  for (let i = 0; i < Math.min(length, LOOKED_AT); i++) {
    const octet = data.u8(at + i);
    if (octet < TAB || (octet > CARRIAGE_RETURN && octet < 32) || octet === DELETE) return false;
  }
  return length > 0;
}
