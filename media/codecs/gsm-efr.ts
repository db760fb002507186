/**
 * GSM enhanced full rate (GSM 06.60; RTP: RFC 3551 section 4.5.9): 31 octets with a signature of four bits and the 244 bits of AMR at
 * 12.2 kbit/s, which it became, in the order of the encoder's parameters. Decoded as that.
 */
import { amrCodec } from './amr.ts';
import { bitsAt } from './amr-payload.ts';
import type { AudioDecoder, Codec } from './codec.ts';

const FRAME_OCTETS = 31;
const FRAME_SAMPLES = 160;
const SIGNATURE = 12;
/** More are in no packet that anybody sends: 240 ms. */
const MOST_FRAMES = 12;
/** What AMR's octet-aligned payload begins with, and its entry for a frame of 12.2 kbit/s, with and without another after it. */
const AMR_HEADER = 0xf0;
const AMR_ENTRY = 0x3c;
const MORE_FOLLOW = 0x80;

export function gsmEfrCodec(): Codec | null {
  const amr = amrCodec({ encoding: 'AMR', clockRate: 8000, channels: 1, parameters: 'octet-align=1' }, false);
  return amr === null ? null : { ...amr, samplesIn, samplesOf, open: async () => new EfrDecoder(await amr.open()) };
}

function samplesIn(length: number): number {
  return Math.min(MOST_FRAMES, Math.floor(length / FRAME_OCTETS)) * FRAME_SAMPLES;
}

function samplesOf(bytes: Uint8Array, at: number, length: number): number {
  if (length % FRAME_OCTETS !== 0 || at + length > bytes.length) return 0;
  for (let frame = at; frame < at + length; frame += FRAME_OCTETS) if (bytes[frame] >> 4 !== SIGNATURE) return 0;
  return samplesIn(length);
}

class EfrDecoder implements AudioDecoder {
  readonly sampleRate = 8000;
  readonly channels = 1;
  readonly samplesIn = samplesIn;
  private readonly amr: AudioDecoder;

  constructor(amr: AudioDecoder) {
    this.amr = amr;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const frames = samplesOf(bytes, at, length) / FRAME_SAMPLES;
    if (frames === 0) return 0;
    const payload = amrPayload(bytes, at, frames);
    return this.amr.decode(payload, 0, payload.length, into, intoAt);
  }

  reset(): void {
    this.amr.reset();
  }
}

/** The same frames as a payload of AMR: its bits are sorted by how much an error in them would hurt. */
function amrPayload(bytes: Uint8Array, at: number, frames: number): Uint8Array {
  const payload = new Uint8Array(1 + frames + frames * FRAME_OCTETS);
  payload[0] = AMR_HEADER;
  for (let frame = 0; frame < frames; frame++) {
    payload[1 + frame] = AMR_ENTRY | (frame + 1 < frames ? MORE_FOLLOW : 0);
    const from = 8 * (at + frame * FRAME_OCTETS) + 4;
    const to = 1 + frames + frame * FRAME_OCTETS;
    AMR_ORDER.forEach((place, i) => (payload[to + (i >> 3)] |= bitsAt(bytes, from + place, 1) << (7 - (i & 7))));
  }
  return payload;
}

/** By bit of a frame of AMR at 12.2 kbit/s: which of the encoder's bits it is (3GPP TS 26.101 annex B, table B.8). */
// biome-ignore format: twenty a line
export const AMR_ORDER: readonly number[] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 23, 15, 16, 17, 18,
  19, 20, 21, 22, 24, 25, 26, 27, 28, 38, 141, 39, 142, 40, 143, 41, 144, 42, 145, 43,
  146, 44, 147, 45, 148, 46, 149, 47, 97, 150, 200, 48, 98, 151, 201, 49, 99, 152, 202, 86,
  136, 189, 239, 87, 137, 190, 240, 88, 138, 191, 241, 91, 194, 92, 195, 93, 196, 94, 197, 95,
  198, 29, 30, 31, 32, 33, 34, 35, 50, 100, 153, 203, 89, 139, 192, 242, 51, 101, 154, 204,
  55, 105, 158, 208, 90, 140, 193, 243, 59, 109, 162, 212, 63, 113, 166, 216, 67, 117, 170, 220,
  36, 37, 54, 53, 52, 58, 57, 56, 62, 61, 60, 66, 65, 64, 70, 69, 68, 104, 103, 102,
  108, 107, 106, 112, 111, 110, 116, 115, 114, 120, 119, 118, 157, 156, 155, 161, 160, 159, 165, 164,
  163, 169, 168, 167, 173, 172, 171, 207, 206, 205, 211, 210, 209, 215, 214, 213, 219, 218, 217, 223,
  222, 221, 73, 72, 71, 76, 75, 74, 79, 78, 77, 82, 81, 80, 85, 84, 83, 123, 122, 121,
  126, 125, 124, 129, 128, 127, 132, 131, 130, 135, 134, 133, 176, 175, 174, 179, 178, 177, 182, 181,
  180, 185, 184, 183, 188, 187, 186, 226, 225, 224, 229, 228, 227, 232, 231, 230, 235, 234, 233, 238,
  237, 236, 96, 199,
];
