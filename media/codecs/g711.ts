/** ITU-T G.711 (11/88), decoding. One octet is one sample. */
import { FEWEST_EXPANDED, type SampleMemory, sampleMemoryOf } from '../simd/sample-memory.ts';
import type { AudioDecoder } from './codec.ts';
import { type Law, LAWS } from './g711-laws.ts';

/** Decodes µ-law or A-law. Stateless; several channels come interleaved by octet. */
export class G711Decoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  private readonly law: Law;
  private readonly lawNumber: number;
  // The buffer decoded into last, and the memory it is in.
  private into: Int16Array = new Int16Array(0);
  private memory: SampleMemory | null = null;

  constructor(law: Law, sampleRate: number, channels: number) {
    this.law = law;
    this.lawNumber = LAWS.indexOf(law);
    this.sampleRate = sampleRate;
    this.channels = channels;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const room = Math.min(length, bytes.length - at, into.length - intoAt);
    const frames = room > 0 ? this.samplesIn(room) : 0;
    const count = frames * this.channels;
    if (into !== this.into) this.aimAt(into);
    const { memory } = this;
    if (memory !== null && bytes === memory.bytes && count >= FEWEST_EXPANDED) {
      memory.expand(this.lawNumber, at, into.byteOffset + 2 * intoAt, count);
      return frames;
    }
    const { table } = this.law;
    for (let i = 0; i < count; i++) into[intoAt + i] = table[bytes[at + i]];
    return frames;
  }

  samplesIn(length: number): number {
    // A division takes as long as decoding sixteen samples.
    return this.channels === 1 ? length : Math.floor(length / this.channels);
  }

  reset(): void {}

  private aimAt(into: Int16Array): void {
    this.into = into;
    this.memory = sampleMemoryOf(into);
  }
}
