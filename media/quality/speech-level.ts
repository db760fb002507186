/**
 * Who speaks when, and how loud, after the manner of ITU-T P.56 method B: the active level is that over the time above a
 * threshold which lies 15.9 dB below it, with 200 ms of hangover. Worked out on the power of frames instead of on an
 * envelope of samples, which agrees with it within a decibel on speech.
 */
import { FRAMES_A_SECOND } from './sound-meter.ts';

const MARGIN_DB = 15.9;
const HANGOVER_FRAMES = 0.2 * FRAMES_A_SECOND;
const LOWEST_DBOV = -80;
/** What is softer than this on the whole is noise: speech is at -26 dBov, and 20 dB below that hard to understand. */
const SPEECH_LEAST_DBOV = -50;

export interface SpeechLevel {
  /** dBov; null where nobody speaks. */
  readonly activeDbov: number | null;
  /** By frame: 1 where somebody speaks. */
  readonly active: Uint8Array;
  /** The threshold, as a power. */
  readonly threshold: number;
}

/** Finds the level of speech in frames (see `SoundMeter.framePowers`). Pauses after each pass over them. */
export function* speechLevel(powers: Float32Array): Generator<void, SpeechLevel, void> {
  let before: { readonly threshold: number; readonly level: number } | null = null;
  const nobody: SpeechLevel = { activeDbov: null, active: new Uint8Array(powers.length), threshold: Infinity };
  for (let threshold = LOWEST_DBOV; threshold <= 0; threshold++) {
    const level = levelAbove(powers, 10 ** (threshold / 10));
    if (level === null) return nobody;
    if (level - threshold <= MARGIN_DB) {
      const found = before === null ? threshold : between(before, { threshold, level });
      const power = 10 ** (found / 10);
      const activeDbov = levelAbove(powers, power) ?? level;
      if (activeDbov < SPEECH_LEAST_DBOV) return nobody;
      return { activeDbov, active: activityAbove(powers, power), threshold: power };
    }
    before = { threshold, level };
    yield;
  }
  return nobody;
}

interface Point {
  readonly threshold: number;
  readonly level: number;
}

/** The threshold at which the level is the margin above it, on the line between two. */
function between(a: Point, b: Point): number {
  const [over, under] = [a.level - a.threshold - MARGIN_DB, b.level - b.threshold - MARGIN_DB];
  return over === under ? b.threshold : a.threshold + ((b.threshold - a.threshold) * over) / (over - under);
}

/** dBov over the frames that are active by a threshold; null where none is. */
function levelAbove(powers: Float32Array, threshold: number): number | null {
  let sum = 0;
  let count = 0;
  let hang = 0;
  for (let i = 0; i < powers.length; i++) {
    const power = powers[i];
    if (power >= threshold) hang = HANGOVER_FRAMES + 1;
    if (hang === 0) continue;
    hang--;
    sum += power;
    count++;
  }
  return sum > 0 ? 10 * Math.log10(sum / count) : null;
}

function activityAbove(powers: Float32Array, threshold: number): Uint8Array {
  const active = new Uint8Array(powers.length);
  let hang = 0;
  for (let i = 0; i < powers.length; i++) {
    if (powers[i] >= threshold) hang = HANGOVER_FRAMES + 1;
    if (hang === 0) continue;
    hang--;
    active[i] = 1;
  }
  return active;
}
