/** ITU-T G.711 (11/88), decoding. One octet is one sample. */
import { FEWEST_EXPANDED, MOST_PIECES, type SampleMemory, sampleMemoryOf } from '../simd/sample-memory.ts';
import type { AudioDecoder, PayloadPieces } from './codec.ts';
import { type Law, LAWS } from './g711-laws.ts';

/** Decodes µ-law or A-law. Stateless; several channels come interleaved by octet. */
export class G711Decoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  readonly decodePieces?: (bytes: Uint8Array, pieces: PayloadPieces, into: Int16Array) => void;
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
    if (channels === 1) this.decodePieces = (bytes, pieces, into) => this.decodeAll(bytes, pieces, into);
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const room = Math.min(length, bytes.length - at, into.length - intoAt);
    const frames = room > 0 ? this.samplesIn(room) : 0;
    this.lookUp(bytes, at, frames * this.channels, into, intoAt);
    return frames;
  }

  private decodeAll(bytes: Uint8Array, { count, at, length, intoAt }: PayloadPieces, into: Int16Array): void {
    if (into !== this.into) this.aimAt(into);
    const memory = bytes === this.memory?.bytes ? this.memory : null;
    const intoAddress = into.byteOffset;
    for (let from = 0; from < count; from += MOST_PIECES) {
      const to = Math.min(count, from + MOST_PIECES);
      for (let i = from; i < to; i++) {
        if (memory === null || length[i] < FEWEST_EXPANDED) this.lookUp(bytes, at[i], length[i], into, intoAt[i]);
        else memory.addPiece(at[i], intoAddress + 2 * intoAt[i], length[i]);
      }
      memory?.expand(this.lawNumber);
    }
  }

  private lookUp(bytes: Uint8Array, at: number, count: number, into: Int16Array, intoAt: number): void {
    const { table } = this.law;
    for (let i = 0; i < count; i++) into[intoAt + i] = table[bytes[at + i]];
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
