/** ESP (RFC 4303) as far as it can be read without keys: with NULL encryption (RFC 2410); and who opens it with keys. */
import type { FramePiece } from './ip-issues.ts';

/** Lengths of integrity check values: SHA-1-96 and the like, SHA-256, SHA-384, SHA-512, none, AES-GMAC with 8. */
const ICV_LENGTHS = [12, 16, 24, 32, 0, 8];
const HEADER_BYTES = 8;
const IP_IPV4 = 4;
const IP_TCP = 6;
const IP_UDP = 17;
const IP_IPV6 = 41;

/** What is inside an ESP packet: of `ip` protocol `protocol`, from `at` to `end`. */
export class EspPayload {
  protocol = 0;
  at = 0;
  end = 0;
  /** Where the two octets of padding length and next header are: after the padding. */
  trailerAt = 0;
}

/** Opens ESP packets for the decoder, with the keys a person gave. */
export interface EspOpener {
  /** What was opened last. Read only, and only until the next packet is opened. */
  readonly plain: Uint8Array;
  /** Where in `plain` the packet inside is, and of what protocol. */
  readonly payload: EspPayload;
  /** Id of `plain` for who wants to read it again (`FramePiece.record`). */
  readonly record: number;
  /** Whether a key may be for this SPI, so that the payload of a UDP datagram on any port may be ESP. */
  knows(spi: number): boolean;
  /**
   * Opens the ESP packet from `at` to `end`, all of it; false where no key fits. Addresses are those of flows; the packet
   * lies `frameAt` octets into the frame, or into the datagram of `pieces`.
   */
  open(
    bytes: Uint8Array,
    at: number,
    end: number,
    source: number,
    destination: number,
    v6: boolean,
    frame: number,
    frameAt: number,
    pieces: readonly FramePiece[] | null,
  ): boolean;
}

/**
 * Looks whether the ESP packet from `at` to `end` (all of it) is not encrypted: padding must be as the RFC wants it (1, 2,
 * 3 …), and the length of the packet inside must fit. Nothing else in the packet tells it.
 */
export function readEspNull(bytes: Uint8Array, at: number, end: number, payload: EspPayload): boolean {
  for (const icvLength of ICV_LENGTHS) {
    const trailerAt = end - icvLength - 2;
    if (trailerAt < at + HEADER_BYTES) continue;
    const paddingLength = bytes[trailerAt];
    const payloadEnd = trailerAt - paddingLength;
    payload.at = at + HEADER_BYTES;
    payload.end = payloadEnd;
    payload.trailerAt = trailerAt;
    payload.protocol = bytes[trailerAt + 1];
    if (payloadEnd < payload.at + 8 || (end - icvLength - at) % 4 !== 0) continue;
    if (isPadding(bytes, payloadEnd, paddingLength) && isWhole(bytes, payload)) return true;
  }
  return false;
}

/**
 * Reads padding length and next header at the end of what was decrypted, `plain`. False where no padding is so long; with
 * `isStrict` also where padding is not 1, 2, 3 …, or the packet inside has another length: all there is where nothing
 * authenticates.
 */
export function readEspTrailer(plain: Uint8Array, isStrict: boolean, payload: EspPayload): boolean {
  const trailerAt = plain.length - 2;
  if (trailerAt < 0 || plain[trailerAt] > trailerAt) return false;
  payload.at = 0;
  payload.end = trailerAt - plain[trailerAt];
  payload.trailerAt = trailerAt;
  payload.protocol = plain[trailerAt + 1];
  return !isStrict || (isPadding(plain, payload.end, plain[trailerAt]) && isWhole(plain, payload));
}

function isPadding(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[at + i] !== i + 1) return false;
  return true;
}

function isWhole(bytes: Uint8Array, { protocol, at, end }: EspPayload): boolean {
  const length = end - at;
  const u16 = (offset: number): number => (bytes[at + offset] << 8) | bytes[at + offset + 1];
  switch (protocol) {
    case IP_IPV4:
      return length >= 20 && bytes[at] >>> 4 === 4 && u16(2) === length;
    case IP_IPV6:
      return length >= 40 && bytes[at] >>> 4 === 6 && u16(4) + 40 === length;
    case IP_UDP:
      return u16(4) === length;
    case IP_TCP: {
      const headerLength = (bytes[at + 12] >>> 4) << 2;
      // Reserved bits are zero, and SYN and FIN do not go together.
      return (
        length >= 20 && headerLength >= 20 && headerLength <= length && (u16(12) & 0x0e00) === 0 && (u16(12) & 3) !== 3
      );
    }
    default:
      return false;
  }
}
