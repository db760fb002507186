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

/** Decodes µ-law or A-law, according to the table given. Stateless; several channels come interleaved by octet. */
export class G711Decoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  private readonly table: Int16Array;

  constructor(table: Int16Array, sampleRate: number, channels: number) {
    this.table = table;
    this.sampleRate = sampleRate;
    this.channels = channels;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const table = this.table;
    const room = Math.min(length, bytes.length - at, into.length - intoAt);
    const frames = room > 0 ? Math.floor(room / this.channels) : 0;
    const samples = frames * this.channels;
    for (let i = 0; i < samples; i++) into[intoAt + i] = table[bytes[at + i]];
    return frames;
  }

  samplesIn(length: number): number {
    return Math.floor(length / this.channels);
  }

  reset(): void {}
}
