/** What an Opus packet says of itself without being decoded: RFC 6716 section 3. */

/** Opus is decoded at 48 kHz whatever was encoded (RFC 7587 section 4.1). */
export const OPUS_SAMPLE_RATE = 48_000;
/** The longest packet: 120 ms. */
export const OPUS_MOST_SAMPLES = 5760;
const LONGEST_FRAME_OCTETS = 1275;
/** From this configuration on frames are of CELT alone. */
const CELT_CONFIG = 16;

/** Samples of a frame, by the configuration of the first octet (table 2). */
function frameSamples(config: number): number {
  if (config < 12) return [480, 960, 1920, 2880][config & 3];
  if (config < 16) return (config & 1) === 0 ? 480 : 960;
  return 120 << (config & 3);
}

/**
 * The samples at 48 kHz of the packet `bytes[at … at + length)`; 0 where it breaks one of the rules R1 … R7 of section 3.4, and so
 * is no Opus packet.
 */
export function opusSamplesOf(bytes: Uint8Array, at: number, length: number): number {
  if (length < 1 || at + length > bytes.length) return 0;
  const samples = frameSamples(bytes[at] >> 3);
  const rest = length - 1;
  switch (bytes[at] & 3) {
    case 0:
      return rest <= LONGEST_FRAME_OCTETS ? samples : 0;
    case 1:
      return rest % 2 === 0 && rest / 2 <= LONGEST_FRAME_OCTETS ? 2 * samples : 0;
    case 2:
      return hasTwoFrames(bytes, at + 1, at + length) ? 2 * samples : 0;
    default:
      return hasFrames(bytes, at + 1, at + length, samples) ? (bytes[at + 1] & 63) * samples : 0;
  }
}

/**
 * The samples at 48 kHz before the packet `bytes[at … at + length)` that it repeats, coarser, for the case that they were lost (in-band
 * FEC, section 2.1.7): those of one frame, or 0. Told by the flags that a frame of SILK begins with (section 4.2.3).
 */
export function opusRepeatedSamples(bytes: Uint8Array, at: number, length: number): number {
  if (opusSamplesOf(bytes, at, length) === 0) return 0;
  const config = bytes[at] >> 3;
  const first = firstFrameAt(bytes, at, at + length);
  if (config >= CELT_CONFIG || first < 0) return 0;
  const samples = frameSamples(config);
  // For each channel: whether there is voice in every 20 ms, then whether there is a repetition.
  const voiceFlags = Math.max(1, samples / 960);
  const isMiddle = (bytes[first] >> (7 - voiceFlags)) & 1;
  const isSide = (bytes[at] & 4) === 0 ? 0 : (bytes[first] >> (6 - 2 * voiceFlags)) & 1;
  return isMiddle === 1 || isSide === 1 ? samples : 0;
}

/** Where the first frame of a sound packet begins; −1 where it has no octets. */
function firstFrameAt(bytes: Uint8Array, at: number, end: number): number {
  const code = bytes[at] & 3;
  let from = at + 1;
  let to = end;
  let isEmpty = false;
  if (code === 2) {
    isEmpty = bytes[from] === 0;
    from += lengthOctets(bytes, from, end);
  } else if (code === 3) {
    const count = bytes[from] & 63;
    const isVariable = (bytes[from] & 128) !== 0;
    const isPadded = (bytes[from++] & 64) !== 0;
    for (let padding = isPadded ? 255 : 0; padding === 255; ) {
      padding = bytes[from++];
      to -= padding === 255 ? 254 : padding;
    }
    if (isVariable && count > 1) {
      isEmpty = bytes[from] === 0;
      for (let frame = 1; frame < count; frame++) from += lengthOctets(bytes, from, end);
    }
  }
  return isEmpty || from >= to ? -1 : from;
}

/** Code 2: the length of the first frame, then both. */
function hasTwoFrames(bytes: Uint8Array, at: number, end: number): boolean {
  const octets = lengthOctets(bytes, at, end);
  if (octets === 0) return false;
  const second = end - at - octets - frameLength(bytes, at);
  return second >= 0 && second <= LONGEST_FRAME_OCTETS;
}

/** Code 3: a count, perhaps padding, and frames of one length or each with its own. */
function hasFrames(bytes: Uint8Array, at: number, end: number, samples: number): boolean {
  if (at >= end) return false;
  const count = bytes[at] & 63;
  if (count === 0 || count * samples > OPUS_MOST_SAMPLES) return false;
  let from = at + 1;
  let to = end;
  if ((bytes[at] & 64) !== 0) {
    let padding = 255;
    while (padding === 255) {
      if (from >= to) return false;
      padding = bytes[from++];
      to -= padding === 255 ? 254 : padding;
    }
  }
  const isVariable = (bytes[at] & 128) !== 0;
  if (!isVariable) return to >= from && (to - from) % count === 0 && (to - from) / count <= LONGEST_FRAME_OCTETS;
  let total = 0;
  for (let frame = 1; frame < count; frame++) {
    const octets = lengthOctets(bytes, from, to);
    if (octets === 0) return false;
    total += frameLength(bytes, from);
    from += octets;
  }
  const last = to - from - total;
  return last >= 0 && last <= LONGEST_FRAME_OCTETS;
}

/** Section 3.2.1: how many octets a frame's length takes, 0 where they are not there. */
function lengthOctets(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return 0;
  if (bytes[at] < 252) return 1;
  return at + 1 < end ? 2 : 0;
}

function frameLength(bytes: Uint8Array, at: number): number {
  return bytes[at] < 252 ? bytes[at] : bytes[at] + 4 * bytes[at + 1];
}
