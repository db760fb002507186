/** L16 (RFC 3551 section 4.5.11): linear 16-bit samples, network byte order, channels interleaved. */
import type { AudioDecoder } from './codec.ts';

/** Decodes L16. Stateless. */
export class L16Decoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;

  constructor(sampleRate: number, channels: number) {
    this.sampleRate = sampleRate;
    this.channels = channels;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const octets = Math.min(length, bytes.length - at, (into.length - intoAt) * 2);
    const frames = octets > 0 ? Math.floor(octets / (2 * this.channels)) : 0;
    const samples = frames * this.channels;
    for (let i = 0, from = at; i < samples; i++, from += 2) into[intoAt + i] = (bytes[from] << 8) | bytes[from + 1];
    return frames;
  }

  samplesIn(length: number): number {
    return Math.floor(length / (2 * this.channels));
  }

  reset(): void {}
}
