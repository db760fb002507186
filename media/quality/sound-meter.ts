/** Frames of sound are a hundredth of a second. */
export const FRAMES_A_SECOND = 100;

/** At or above this a sample is at full scale: µ-law's largest is 32,124, A-law's 32,256, the next below 31,744. */
const FULL_SCALE = 32_000;
/** As many samples in a row at full scale are a wave cut off; a peak touches it once or twice. */
const CLIPPED_SAMPLES = 4;
const MOST_PLACES = 200;
/** What A-law and µ-law make of silence. */
const DIGITAL_SILENCE = 8;

export interface ClippedPlace {
  /** Sample, counted from the first. */
  readonly at: number;
  readonly samples: number;
}

/**
 * Measures one channel of PCM as it is decoded: the power of each hundredth of a second, peaks, clipping, digital silence.
 * Powers are relative to a square wave of full scale, 0 dBov (ITU-T G.100.1).
 */
export class SoundMeter {
  /** Largest absolute sample. */
  peak = 0;
  /** Runs at full scale, and the first of them. */
  clippings = 0;
  readonly places: ClippedPlace[] = [];
  /** Samples taken. */
  samples = 0;
  private readonly frameSamples: number;
  private powers = new Float32Array(1024);
  private silences = new Uint8Array(1024);
  private frameCount = 0;
  private squares = 0;
  private filled = 0;
  private isSilent = true;
  private totalSquares = 0;
  private run = 0;

  constructor(sampleRate: number) {
    this.frameSamples = Math.max(1, Math.round(sampleRate / FRAMES_A_SECOND));
  }

  /** Takes `block[from]`, `block[from + stride]`, …, `count` samples. */
  take(block: Int16Array, from: number, stride: number, count: number): void {
    const { frameSamples } = this;
    for (let n = 0, i = from; n < count; n++, i += stride) {
      const sample = block[i];
      const size = sample < 0 ? -sample : sample;
      if (size > this.peak) this.peak = size;
      if (size > DIGITAL_SILENCE) this.isSilent = false;
      if (size >= FULL_SCALE) this.run++;
      else if (this.run > 0) this.endRun();
      this.squares += sample * sample;
      this.samples++;
      if (++this.filled === frameSamples) this.endFrame();
    }
  }

  /** The rest that is no whole frame counts as one. */
  finish(): void {
    if (this.run > 0) this.endRun();
    if (this.filled > 0) this.endFrame();
  }

  /** By frame: mean square of samples from -1 to 1. */
  get framePowers(): Float32Array {
    return this.powers.subarray(0, this.frameCount);
  }

  /** By frame: 1 where there is no sound at all, not even noise. */
  get digitalSilence(): Uint8Array {
    return this.silences.subarray(0, this.frameCount);
  }

  /** Mean square over everything, of samples from -1 to 1. */
  get meanPower(): number {
    return this.samples === 0 ? 0 : this.totalSquares / this.samples / 2 ** 30;
  }

  private endRun(): void {
    if (this.run >= CLIPPED_SAMPLES) {
      this.clippings++;
      if (this.places.length < MOST_PLACES) this.places.push({ at: this.samples - this.run, samples: this.run });
    }
    this.run = 0;
  }

  private endFrame(): void {
    if (this.frameCount === this.powers.length) {
      const powers = new Float32Array(this.frameCount * 2);
      const silences = new Uint8Array(this.frameCount * 2);
      powers.set(this.powers);
      silences.set(this.silences);
      this.powers = powers;
      this.silences = silences;
    }
    this.powers[this.frameCount] = this.squares / this.filled / 2 ** 30;
    this.silences[this.frameCount] = this.isSilent ? 1 : 0;
    this.frameCount++;
    this.totalSquares += this.squares;
    this.squares = 0;
    this.filled = 0;
    this.isSilent = true;
  }
}

/** Decibels of a power (a mean square); null for none. */
export function dbov(power: number): number | null {
  return power > 0 ? 10 * Math.log10(power) : null;
}
