/**
 * G.723.1 (RFC 3551 section 4.5.3): frames of 30 ms, whose first two bits say whether they are of 6.3 kbit/s (24 octets), 5.3 kbit/s
 * (20), the description of a pause's noise (4), or of nothing sent (1).
 */
import type { Codec } from './codec.ts';
import { frameCodec, joinFrames } from './frame-codec.ts';

const FRAME_OCTETS = [24, 20, 4, 1];
const FRAME_SAMPLES = 240;
const SID = 2;
/** "Untransmitted": the decoder goes on with the noise it was told of. */
const UNTRANSMITTED = Uint8Array.of(3);
const NO_HEADER = new Uint8Array(0);

export const G723: Codec = frameCodec({
  sampleRate: 8000,
  frameSamples: FRAME_SAMPLES,
  // Frames of nothing are never many in a row: a payload of them alone would be no use to anybody.
  mostFrames: (length) => Math.ceil(length / FRAME_OCTETS[SID]),
  frames: splitFrames,
  file: (frames) => ({ format: 'g723_1', bytes: joinFrames(NO_HEADER, frames), sampleRate: 8000 }),
  pauseFrame(payload) {
    const last = splitFrames(payload, 0, payload.length).at(-1);
    return last !== undefined && (last[0] & 3) >= SID ? UNTRANSMITTED : null;
  },
});

function splitFrames(bytes: Uint8Array, at: number, length: number): Uint8Array[] {
  const end = at + length;
  const frames: Uint8Array[] = [];
  const most = Math.ceil(length / FRAME_OCTETS[SID]);
  for (let from = at; from < end; ) {
    const to = from + FRAME_OCTETS[bytes[from] & 3];
    if (to > end || frames.length === most) return [];
    frames.push(bytes.subarray(from, to));
    from = to;
  }
  return frames;
}
