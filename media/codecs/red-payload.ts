/**
 * Payloads of RED (RFC 2198 section 3): one or more blocks of other payload types, the newest last.
 *
 *     |1|  block PT   |  timestamp offset, 14 bits  |  block length, 10 bits  |   for every block but the last
 *     |0|  block PT   |
 */

/** Octets of the header of every block but the newest, which has one. */
export const HEADER_OCTETS = 4;

/** Whether the header at `header` is that of an older block. */
export function isHeader(bytes: Uint8Array, header: number): boolean {
  return bytes[header] >> 7 === 1;
}

/** How far before the payload the block whose header is at `header` begins, in timestamp units. */
export function offsetOf(bytes: Uint8Array, header: number): number {
  return (bytes[header + 1] << 6) | (bytes[header + 2] >> 2);
}

/** Octets of the block whose header is at `header`. */
export function octetsOf(bytes: Uint8Array, header: number): number {
  return ((bytes[header + 2] & 3) << 8) | bytes[header + 3];
}

/** The newest block of a payload: its payload type, −1 where the payload is no RED, and where its octets begin. */
export interface Primary {
  payloadType: number;
  at: number;
}

/** Finds the newest block of `bytes[at … at + length)`; false where the payload is no RED. */
export function findPrimary(bytes: Uint8Array, at: number, length: number, into: Primary): boolean {
  const end = Math.min(at + length, bytes.length);
  let header = at;
  let older = 0;
  into.payloadType = -1;
  while (header < end && isHeader(bytes, header)) {
    if (header + HEADER_OCTETS > end) return false;
    older += octetsOf(bytes, header);
    header += HEADER_OCTETS;
  }
  into.at = header + 1 + older;
  if (header >= end || into.at > end) return false;
  into.payloadType = bytes[header];
  return true;
}

/** What a decoder of RED is told. */
export interface RedOptions {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samplesIn: (length: number) => number;
  /** Samples of a timestamp unit. */
  readonly samplesPerUnit: number;
}
