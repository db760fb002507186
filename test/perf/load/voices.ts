import type { Random } from './random.ts';

/** A loop of encoded audio at 8000 samples a second, a whole number of 20 ms packets long. */
export type Voice = Buffer;

export const samplesPerPacket = 160;
const sampleRate = 8000;

/** Linear 16-bit to µ-law (ITU-T G.711, table 2a). */
export function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), 32635) + 132;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** Linear 16-bit to A-law (ITU-T G.711, table 1a). */
export function encodeALaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(sample >= 0 ? sample >> 3 : ~sample >> 3, 4095);
  const exponent = magnitude < 32 ? 0 : 27 - Math.clz32(magnitude);
  const mantissa = exponent < 2 ? (magnitude >> 1) & 0x0f : (magnitude >> exponent) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

/**
 * A voice-like sound: a buzz of harmonics whose loudness rises and falls a few times a second, with pauses between
 * phrases and a little noise throughout.
 * @param pitchHz the buzz's fundamental: two voices of one call differ in it
 */
export function makeVoice(
  random: Random,
  pitchHz: number,
  durationSeconds: number,
  encode: (sample: number) => number,
): Voice {
  const voice = Buffer.alloc(Math.round(durationSeconds * sampleRate));
  const syllableHz = 3 + random.unit() * 2;
  const phraseSeconds = 1.5 + random.unit() * 2;
  for (let at = 0; at < voice.length; at++) {
    const seconds = at / sampleRate;
    const bend = 2 * Math.PI * pitchHz * seconds + 3 * Math.sin(2 * Math.PI * 0.7 * seconds);
    const buzz = Math.sin(bend) + 0.6 * Math.sin(2 * bend) + 0.4 * Math.sin(3 * bend) + 0.3 * Math.sin(5 * bend);
    const syllable = Math.sin(Math.PI * syllableHz * seconds) ** 2;
    const talking = seconds % phraseSeconds < phraseSeconds * 0.75 ? 1 : 0;
    const noise = (random.unit() - 0.5) * 120;
    voice[at] = encode(Math.round(buzz * syllable * talking * 6000 + noise));
  }
  return voice;
}
