/**
 * DVI4 (RFC 3551 section 4.5.1): the IMA's ADPCM, 4 bits a sample. Every payload begins with the state of the decoder, so
 * it can be decoded by itself:
 *
 *     |  predicted value, signed 16 bits  |  step index  |  reserved  |  samples, two an octet, the first one high |
 */
import type { AudioDecoder } from './codec.ts';

const HEADER_OCTETS = 4;
const LAST_STEP = 88;

// The IMA's step sizes.
const STEPS = Int16Array.from([
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118,
  130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060,
  1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484,
  7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
]);
// By the three bits of a code's size: how far the step index goes on.
const INDEX_STEPS = Int8Array.of(-1, -1, -1, -1, 2, 4, 6, 8);

/** Sample frames of a payload; 0 where its header is none of DVI4. */
export function dvi4SamplesOf(bytes: Uint8Array, at: number, length: number): number {
  return length > HEADER_OCTETS && bytes[at + 2] <= LAST_STEP ? 2 * (length - HEADER_OCTETS) : 0;
}

/** Decodes DVI4. One channel. */
export class Dvi4Decoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels = 1;

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const held = Math.min(length, bytes.length - at) - HEADER_OCTETS;
    const samples = Math.min(2 * held, into.length - intoAt);
    if (samples <= 0 || bytes[at + 2] > LAST_STEP) return 0;
    let value = ((bytes[at] << 24) >> 16) | bytes[at + 1];
    let index = bytes[at + 2];
    for (let i = 0, from = at + HEADER_OCTETS; i < samples; i++) {
      const code = (i & 1) === 0 ? bytes[from] >> 4 : bytes[from++] & 0x0f;
      const step = STEPS[index];
      let change = step >> 3;
      if ((code & 4) !== 0) change += step;
      if ((code & 2) !== 0) change += step >> 1;
      if ((code & 1) !== 0) change += step >> 2;
      value = Math.max(-32768, Math.min(32767, (code & 8) === 0 ? value + change : value - change));
      index = Math.max(0, Math.min(LAST_STEP, index + INDEX_STEPS[code & 7]));
      into[intoAt + i] = value;
    }
    return samples;
  }

  samplesIn(length: number): number {
    return Math.max(0, 2 * (length - HEADER_OCTETS));
  }

  reset(): void {}
}
