/** RTP payloads of AMR and AMR-WB: RFC 4867, sections 4.3 (bandwidth-efficient) and 4.4 (octet-aligned, without options). */

/** What a fmtp says of `octet-align`. Where it says nothing, the payload's length decides between the two. */
export type AmrAlignment = 'bits' | 'octets' | 'either';

/** A packet with more frames than this (a second) is not played. */
export const AMR_MOST_FRAMES = 50;
/** The frame type of a frame that was not sent. */
export const AMR_NO_DATA = 15;
/** AMR-WB: a frame that was lost. */
const SPEECH_LOST = 14;

// Bits of speech by frame type: 3GPP TS 26.101 table 1b, TS 26.201 table 2. −1: not used in RTP.
const NARROW_BITS = Int16Array.of(95, 103, 118, 134, 148, 159, 204, 244, 39, -1, -1, -1, -1, -1, -1, 0);
const WIDE_BITS = Int16Array.of(132, 177, 253, 285, 317, 365, 397, 461, 477, 40, -1, -1, -1, -1, 0, 0);

/** Finds the frames of a payload. One instance is used again and again. */
export class AmrPayload {
  /** Frames of the payload that was parsed last. */
  frames = 0;
  /** Of each: its type, where its bits begin (counted from the first bit of the buffer), and how many there are. */
  readonly types = new Uint8Array(AMR_MOST_FRAMES);
  readonly bitAts = new Float64Array(AMR_MOST_FRAMES);
  readonly bitCounts = new Uint16Array(AMR_MOST_FRAMES);
  private readonly sizes: Int16Array;
  private readonly alignment: AmrAlignment;

  constructor(isWide: boolean, alignment: AmrAlignment) {
    this.sizes = isWide ? WIDE_BITS : NARROW_BITS;
    this.alignment = alignment;
  }

  /** Parses the payload `bytes[at … at + length)`. False, and no frames, where it is not AMR to the last octet. */
  parse(bytes: Uint8Array, at: number, length: number): boolean {
    this.frames = 0;
    if (length < 2 || at + length > bytes.length) return false;
    const { alignment } = this;
    if (alignment !== 'octets' && this.parseBits(bytes, at, length)) return true;
    if (alignment !== 'bits' && this.parseOctets(bytes, at, length)) return true;
    this.frames = 0;
    return false;
  }

  /** Mode request of 4 bits, 6 bits of table of contents a frame, then the frames, bit after bit. */
  private parseBits(bytes: Uint8Array, at: number, length: number): boolean {
    const end = 8 * (at + length);
    let bit = 8 * at + 4;
    this.frames = 0;
    for (let hasMore = true; hasMore; bit += 6) {
      if (bit + 6 > end) return false;
      const entry = bitsAt(bytes, bit, 6);
      hasMore = entry >> 5 !== 0;
      if (!this.addFrame((entry >> 1) & 15, (entry & 1) !== 0)) return false;
    }
    for (let frame = 0; frame < this.frames; frame++) {
      this.bitAts[frame] = bit;
      bit += this.bitCounts[frame];
    }
    this.dropDamaged();
    return bit <= end && end - bit < 8;
  }

  /** An octet with the mode request, an octet of table of contents a frame, then the frames, each from a new octet on. */
  private parseOctets(bytes: Uint8Array, at: number, length: number): boolean {
    const end = at + length;
    let octet = at + 1;
    this.frames = 0;
    for (let hasMore = true; hasMore; octet++) {
      if (octet >= end) return false;
      const entry = bytes[octet];
      hasMore = entry >> 7 !== 0;
      if (!this.addFrame((entry >> 3) & 15, (entry & 4) !== 0)) return false;
    }
    for (let frame = 0; frame < this.frames; frame++) {
      this.bitAts[frame] = 8 * octet;
      octet += Math.ceil(this.bitCounts[frame] / 8);
    }
    this.dropDamaged();
    return octet === end;
  }

  private readonly isGood = new Uint8Array(AMR_MOST_FRAMES);

  private addFrame(type: number, isGood: boolean): boolean {
    const bits = this.sizes[type];
    if (bits < 0 || this.frames === AMR_MOST_FRAMES) return false;
    this.types[this.frames] = type;
    this.isGood[this.frames] = isGood ? 1 : 0;
    this.bitCounts[this.frames++] = bits;
    return true;
  }

  /** A frame marked as damaged, or lost before it was sent, is for the decoder to conceal, as one that never came. */
  private dropDamaged(): void {
    for (let frame = 0; frame < this.frames; frame++) {
      if (this.isGood[frame] === 1 && this.types[frame] !== SPEECH_LOST) continue;
      this.types[frame] = AMR_NO_DATA;
      this.bitCounts[frame] = 0;
    }
  }
}

/** Up to 8 bits from bit `bit` of `bytes` on. */
export function bitsAt(bytes: Uint8Array, bit: number, count: number): number {
  const octet = Math.floor(bit / 8);
  const two = (bytes[octet] << 8) | (bytes[octet + 1] ?? 0);
  return (two >> (16 - (bit % 8) - count)) & ((1 << count) - 1);
}
