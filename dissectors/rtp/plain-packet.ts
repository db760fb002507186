import { FIXED_HEADER, HEAD_MAX, HEAD_MIN, type RtpColumns } from './rtp.ts';

/** What `dissect` writes of a packet of which `isPlainPacket` is true; every other column is 0. */
export const PLAIN_COLUMNS = [
  'sequence',
  'timestamp',
  'ssrc',
  'payloadType',
  'payloadLength',
] as const satisfies readonly (keyof RtpColumns)[];

/**
 * Whether `length` octets at `start`, of which nothing was cut, are what nearly all RTP packets are: the fixed header, without CSRC,
 * extension and padding, and a payload of which nothing is kept. Such a packet can be read without asking anybody. A payload type that
 * could be an RTCP packet's is left to who looks closer.
 */
export function isPlainPacket(bytes: Uint8Array, start: number, length: number): boolean {
  const payload = length - FIXED_HEADER;
  if (payload < 0 || (payload >= HEAD_MIN && payload <= HEAD_MAX)) return false;
  return bytes[start] === 0x80 && (bytes[start + 1] & 0x60) !== 0x40;
}
