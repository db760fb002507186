/** Where the parts of RTP packets lie, before and after what SRTP adds (RFC 3550 section 5.1, RFC 3711 section 3.1). */

const FIXED_HEADER_BYTES = 12;
const EXTENSION_HEADER_BYTES = 4;
/** Longer ones cannot come over UDP, nor framed over TCP (RFC 4571). */
export const LONGEST_PACKET_BYTES = 0xffff;

/** Octets before the header extension's own header: fixed header and CSRCs. `bytes[at]` must lie within. */
export function csrcEnd(bytes: Uint8Array, at: number): number {
  return FIXED_HEADER_BYTES + 4 * (bytes[at] & 0x0f);
}

export function hasExtension(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] & 0x10) !== 0;
}

/** Octets of the RTP header with CSRCs and header extension; -1 where it does not fit into `length`, or is none of RTP. */
export function rtpHeaderBytes(bytes: Uint8Array, at: number, length: number): number {
  if (length < FIXED_HEADER_BYTES || length > LONGEST_PACKET_BYTES || bytes[at] >> 6 !== 2) return -1;
  let header = csrcEnd(bytes, at);
  if (hasExtension(bytes, at)) {
    if (header + EXTENSION_HEADER_BYTES > length) return -1;
    const words = (bytes[at + header + 2] << 8) | bytes[at + header + 3];
    header += EXTENSION_HEADER_BYTES + 4 * words;
  }
  return header <= length ? header : -1;
}

export function sequenceOf(bytes: Uint8Array, at: number): number {
  return (bytes[at + 2] << 8) | bytes[at + 3];
}

/** The 32-bit word at `at`, as a signed integer. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

export function equalOctets(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
