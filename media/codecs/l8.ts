/** L8 (RFC 3551 section 4.5.10): linear 8-bit samples in offset binary, 128 is silence; channels interleaved. */
import type { AudioDecoder } from './codec.ts';

/** Decodes L8. Stateless. */
export class L8Decoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;

  constructor(sampleRate: number, channels: number) {
    this.sampleRate = sampleRate;
    this.channels = channels;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const samples = Math.min(length, bytes.length - at, into.length - intoAt);
    const frames = samples > 0 ? Math.floor(samples / this.channels) : 0;
    const count = frames * this.channels;
    for (let i = 0; i < count; i++) into[intoAt + i] = (bytes[at + i] - 128) << 8;
    return frames;
  }

  samplesIn(length: number): number {
    return Math.floor(length / this.channels);
  }

  reset(): void {}
}
