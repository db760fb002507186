/**
 * Speex (RFC 5574): narrowband, wideband and ultra-wideband by the RTP clock. A payload has frames of 20 ms one behind the other,
 * bit by bit; they are taken apart here, so that each is a packet of its own for the decoder.
 */
import { bitsAt } from './amr-payload.ts';
import type { Codec } from './codec.ts';
import { frameCodec } from './frame-codec.ts';
import { oggFile } from './ogg-file.ts';

/** Bits of a narrowband frame by its submode, with the bit before and the submode itself; 0 where there is none. */
const NARROW_BITS = [5, 43, 119, 160, 220, 300, 364, 492, 79, 0, 0, 0, 0, 0, 0, 0];
/** Bits of a layer above, likewise. */
const LAYER_BITS = [4, 36, 112, 192, 352, 0, 0, 0];
const TERMINATOR = 15;
const USER_MESSAGE = 13;
const REQUEST = 14;
/** Bits that follow the code of a request, by the code (chapter 5.5 of the manual). */
const REQUEST_BITS = [1, 1, 4, 4, 4, 4, 4, 4, 8, 8, 16, 16, 32, 32, 64, 64];

/** Speex at 8000, 16000 or 32000 Hz; null at other rates. */
export function speexCodec(clockRate: number): Codec | null {
  const layers = [8000, 16_000, 32_000].indexOf(clockRate);
  if (layers < 0) return null;
  const frameSamples = clockRate / 50;
  const headers = [speexHeader(clockRate, layers, frameSamples), new Uint8Array(8)];
  return frameCodec({
    sampleRate: clockRate,
    frameSamples,
    mostFrames: (length) => Math.floor((8 * length) / NARROW_BITS[0]),
    frames: (bytes, at, length) => splitSpeex(bytes, at, length, layers),
    file: (frames) => ({ format: 'ogg', bytes: oggFile(headers, frames, frameSamples), sampleRate: clockRate }),
  });
}

/** The frames of a payload, each from an octet's first bit on; none where the payload breaks a rule. */
export function splitSpeex(bytes: Uint8Array, at: number, length: number, layers: number): Uint8Array[] {
  const end = 8 * Math.min(at + length, bytes.length);
  const frames: Uint8Array[] = [];
  let bit = 8 * at;
  // What is too short for a frame fills the last octet.
  while (end - bit >= NARROW_BITS[0]) {
    const submode = bitsAt(bytes, bit, 5) & 15;
    if (bitsAt(bytes, bit, 1) === 1) return [];
    if (submode === TERMINATOR) break;
    if (submode === REQUEST || submode === USER_MESSAGE) {
      if (end - bit < 9) return [];
      bit += 9 + (submode === REQUEST ? REQUEST_BITS[bitsAt(bytes, bit + 5, 4)] : 8 * bitsAt(bytes, bit + 5, 4));
      continue;
    }
    const to = frameEnd(bytes, bit, end, layers);
    if (to < 0) return [];
    frames.push(cutBits(bytes, bit, to));
    bit = to;
  }
  return bit > end ? [] : frames;
}

/** Where the frame at `bit` ends; −1 where it is none or reaches beyond `end`. */
function frameEnd(bytes: Uint8Array, bit: number, end: number, layers: number): number {
  const narrow = NARROW_BITS[bitsAt(bytes, bit + 1, 4)];
  let to = bit + narrow;
  if (narrow === 0) return -1;
  for (let layer = 0; layer < layers && end - to >= 4 && bitsAt(bytes, to, 1) === 1; layer++) {
    const bits = LAYER_BITS[bitsAt(bytes, to + 1, 3)];
    if (bits === 0) return -1;
    to += bits;
  }
  return to <= end ? to : -1;
}

/** Bits `from … to` from the first bit of an octet on, then a 0 and 1s (RFC 5574 section 3.3). */
function cutBits(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const bits = to - from;
  const cut = new Uint8Array(Math.ceil(bits / 8));
  for (let i = 0; i < cut.length; i++) {
    const count = Math.min(8, bits - 8 * i);
    cut[i] = (bitsAt(bytes, from + 8 * i, count) << (8 - count)) | (2 ** Math.max(0, 7 - count) - 1);
  }
  return cut;
}

/** The first packet of a file: what kind of Speex it is. */
function speexHeader(clockRate: number, mode: number, frameSamples: number): Uint8Array {
  const header = new Uint8Array(80);
  header.set(Uint8Array.from('Speex   1.2', (character) => character.charCodeAt(0)));
  const view = new DataView(header.buffer);
  const numbers = [1, header.length, clockRate, mode, 4, 1, -1, frameSamples, 0, 1];
  numbers.forEach((number, i) => view.setInt32(28 + 4 * i, number, true));
  return header;
}
