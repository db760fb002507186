/**
 * G.729 and its annexes A (the same bits) and B (pauses): RFC 3551 section 4.5.6. A payload has frames of 10 octets, 10 ms each, and
 * may end in a SID frame of 2 octets, after which there is noise until the next payload.
 */
import type { Codec } from './codec.ts';
import { whiteNoise } from './comfort-noise.ts';
import { frameCodec, joinFrames } from './frame-codec.ts';

const FRAME_OCTETS = 10;
const FRAME_SAMPLES = 80;
const SID_OCTETS = 2;
/** A frame of nothing but zeros is what decoders take for a lost one. */
const LOST = new Uint8Array(FRAME_OCTETS);
const NO_HEADER = new Uint8Array(0);

export const G729: Codec = frameCodec({
  sampleRate: 8000,
  frameSamples: FRAME_SAMPLES,
  mostFrames: (length) => Math.ceil(length / FRAME_OCTETS),
  frames(bytes, at, length) {
    const rest = length % FRAME_OCTETS;
    if (rest !== 0 && rest !== SID_OCTETS) return [];
    return Array.from({ length: Math.floor(length / FRAME_OCTETS) }, (_, i) =>
      bytes.subarray(at + i * FRAME_OCTETS, at + (i + 1) * FRAME_OCTETS),
    );
  },
  file: (frames) => ({ format: 'g729', bytes: joinFrames(NO_HEADER, frames), sampleRate: 8000 }),
  lostFrame: LOST,
  noise(payload) {
    if (payload.length % FRAME_OCTETS !== SID_OCTETS) return null;
    const rms = sidLevel(payload, payload.length - SID_OCTETS);
    return (into, at, count) => whiteNoise(into, at, count, rms);
  },
});

/**
 * The level of a SID frame's noise, of full scale 32768. Annex B (B.4.2.1) says that of the excitation, in 32 steps: −12 dB, −4 … 16 dB
 * by 4, 18 … 66 dB by 2. Its filter, which gives the noise its colour, makes it louder; it is left out here but for that: what is heard
 * is about as loud, and without colour.
 */
function sidLevel(bytes: Uint8Array, at: number): number {
  const index = (bytes[at + 1] >> 1) & 31;
  const decibels = index >= 7 ? 2 * index + 4 : index >= 1 ? 4 * index - 8 : -12;
  return 10 ** ((decibels + FILTER_DB) / 20);
}

/** What the filter adds: 7 dB to white noise, 11 to 14 to pink, as bcg729 decodes them. */
const FILTER_DB = 11;
