/** The header of a WebSocket frame (RFC 6455 section 5.2), and the mask (section 5.3). */

export const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

export const OPCODE_NAMES: ReadonlyMap<number, string> = new Map([
  [Opcode.Continuation, 'continuation'],
  [Opcode.Text, 'text'],
  [Opcode.Binary, 'binary'],
  [Opcode.Close, 'close'],
  [Opcode.Ping, 'ping'],
  [Opcode.Pong, 'pong'],
]);

export const FIN = 0x80;
/** Set on the first frame of a message that permessage-deflate compressed (RFC 7692 section 6). */
export const RSV1 = 0x40;
const RSV2_RSV3 = 0x30;
const OPCODE = 0x0f;
const MASK = 0x80;
export const KEY_OCTETS = 4;
const MAX_CONTROL_OCTETS = 125;
/** A frame that says it is longer is none: nobody sends a terabyte of signalling. */
const MAX_PLAUSIBLE_OCTETS = 2 ** 40;

export const FrameResult = { Not: 0, Short: 1, Found: 2 } as const;
export type FrameResult = (typeof FrameResult)[keyof typeof FrameResult];

/** One object is reused for all frames. */
export class FrameHeader {
  first = 0;
  opcode: number = Opcode.Continuation;
  isFinal = false;
  isCompressed = false;
  isMasked = false;
  /** Octets of the header, the masking key included. */
  headerLength = 0;
  payloadLength = 0;
  /** The length was written in as few octets as it takes, as it has to be. */
  isMinimal = true;

  /** Found where the whole header is there and such a frame is allowed; Short where more octets may make it one. */
  read(bytes: Uint8Array, at: number, end: number): FrameResult {
    if (at >= end) return FrameResult.Short;
    const first = bytes[at];
    this.first = first;
    this.opcode = first & OPCODE;
    this.isFinal = (first & FIN) !== 0;
    this.isCompressed = (first & RSV1) !== 0;
    const isControl = this.opcode >= Opcode.Close;
    if (!OPCODE_NAMES.has(this.opcode) || (first & RSV2_RSV3) !== 0) return FrameResult.Not;
    if (isControl && !this.isFinal) return FrameResult.Not;
    if (this.isCompressed && (isControl || this.opcode === Opcode.Continuation)) return FrameResult.Not;
    if (at + 2 > end) return FrameResult.Short;
    this.isMasked = (bytes[at + 1] & MASK) !== 0;
    const short = bytes[at + 1] & 0x7f;
    if (isControl && short > MAX_CONTROL_OCTETS) return FrameResult.Not;
    const lengthOctets = short === 126 ? 2 : short === 127 ? 8 : 0;
    this.headerLength = 2 + lengthOctets + (this.isMasked ? KEY_OCTETS : 0);
    if (at + 2 + lengthOctets > end) return FrameResult.Short;
    let length = lengthOctets === 0 ? short : 0;
    for (let i = 0; i < lengthOctets; i++) length = length * 256 + bytes[at + 2 + i];
    if (length > MAX_PLAUSIBLE_OCTETS) return FrameResult.Not;
    this.payloadLength = length;
    this.isMinimal = lengthOctets === 0 || length >= (lengthOctets === 2 ? 126 : 0x10000);
    return at + this.headerLength > end ? FrameResult.Short : FrameResult.Found;
  }
}

/** Octets that `payload` stands for: `length` at `at`, with the key at `keyAt` of the same octets, -1 for none. A copy. */
export function unmasked(bytes: Uint8Array, keyAt: number, at: number, length: number): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(length);
  plain.set(bytes.subarray(at, at + length));
  if (keyAt < 0) return plain;
  for (let i = 0; i < length; i++) plain[i] ^= bytes[keyAt + (i & 3)];
  return plain;
}
