/**
 * ITU-T G.711 (11/88), decoding: µ-law (PCMU) and A-law (PCMA). One octet is one sample; the 14-bit and 13-bit values
 * of tables 1a … 2b are scaled to 16 bits, as every 16-bit implementation does.
 */
import type { AudioDecoder } from './codec.ts';

/** The 16-bit sample of every µ-law octet (G.711 tables 2a and 2b, times 4). */
export const MU_LAW: Int16Array = Int16Array.from({ length: 256 }, (_, octet) => muLawSample(octet));

/** The 16-bit sample of every A-law octet (G.711 tables 1a and 1b, times 8). */
export const A_LAW: Int16Array = Int16Array.from({ length: 256 }, (_, octet) => aLawSample(octet));

// The line carries every bit inverted. Segment s spans 2^s steps of 8, all offset by the bias of 132.
function muLawSample(octet: number): number {
  const code = ~octet & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return code & 0x80 ? -magnitude : magnitude;
}

// The line carries the even bits inverted (0x55). The first two segments have the same step; each later one doubles.
function aLawSample(octet: number): number {
  const code = octet ^ 0x55;
  const segment = (code >> 4) & 7;
  const middle = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? middle : (middle + 256) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
}

/**
 * By two octets (the first one low): both samples as they lie side by side in memory. Decoding two at a time takes
 * half the time of one at a time, and decoding is most of what rendering a long call does.
 */
function pairsOf(table: Int16Array): Int32Array {
  const samples = new Int16Array(2 * 65536);
  for (let pair = 0; pair < 65536; pair++) {
    samples[2 * pair] = table[pair & 0xff];
    samples[2 * pair + 1] = table[pair >> 8];
  }
  return new Int32Array(samples.buffer);
}

/** One law: its table, and the table by pairs, made when a stream first needs it. */
export class Law {
  readonly table: Int16Array;
  private pairTable: Int32Array | null = null;

  constructor(table: Int16Array) {
    this.table = table;
  }

  get pairs(): Int32Array {
    return (this.pairTable ??= pairsOf(this.table));
  }
}

export const PCMU = new Law(MU_LAW);
export const PCMA = new Law(A_LAW);

/** Decodes µ-law or A-law. Stateless; several channels come interleaved by octet. */
export class G711Decoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  private readonly table: Int16Array;
  private readonly pairs: Int32Array;
  // The buffer decoded into last, a view on it by pairs, and the sample of the buffer at which the first pair begins.
  private into: Int16Array = new Int16Array(0);
  private intoPairs: Int32Array = new Int32Array(0);
  private skew = 0;

  constructor(law: Law, sampleRate: number, channels: number) {
    this.table = law.table;
    this.pairs = law.pairs;
    this.sampleRate = sampleRate;
    this.channels = channels;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const { table, pairs } = this;
    const room = Math.min(length, bytes.length - at, into.length - intoAt);
    const frames = room > 0 ? Math.floor(room / this.channels) : 0;
    const end = at + frames * this.channels;
    if (into !== this.into) this.aimAt(into);
    let from = at;
    let to = intoAt;
    const { intoPairs, skew } = this;
    if (((to ^ skew) & 1) !== 0 && from < end) into[to++] = table[bytes[from++]];
    for (let pair = (to - skew) >> 1; from + 1 < end; from += 2, to += 2) {
      intoPairs[pair++] = pairs[bytes[from] | (bytes[from + 1] << 8)];
    }
    if (from < end) into[to] = table[bytes[from]];
    return frames;
  }

  samplesIn(length: number): number {
    return Math.floor(length / this.channels);
  }

  reset(): void {}

  private aimAt(into: Int16Array): void {
    this.into = into;
    this.skew = (into.byteOffset >> 1) & 1;
    const pairs = (into.length - this.skew) >> 1;
    this.intoPairs =
      pairs > 0 ? new Int32Array(into.buffer, into.byteOffset + 2 * this.skew, pairs) : new Int32Array(0);
  }
}
