/** L24 (RFC 3190 section 4): linear 24-bit samples, network byte order, channels interleaved; the upper 16 bits are kept. */
import type { AudioDecoder } from './codec.ts';

/** Decodes L24. Stateless. */
export class L24Decoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;

  constructor(sampleRate: number, channels: number) {
    this.sampleRate = sampleRate;
    this.channels = channels;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const samples = Math.min(Math.floor(Math.min(length, bytes.length - at) / 3), into.length - intoAt);
    const frames = samples > 0 ? Math.floor(samples / this.channels) : 0;
    const end = intoAt + frames * this.channels;
    for (let to = intoAt, from = at; to < end; to++, from += 3) into[to] = (bytes[from] << 8) | bytes[from + 1];
    return frames;
  }

  samplesIn(length: number): number {
    return Math.floor(length / (3 * this.channels));
  }

  reset(): void {}
}
