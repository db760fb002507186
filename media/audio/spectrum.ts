/**
 * The spectrum of a few hundredths of a second of one channel: Hann window, radix-2 FFT, levels against a sine of full scale.
 */

/** An octet of 0 is this or softer, 255 is a sine of full scale; dB. */
export const SPECTRUM_FLOOR_DB = -100;
/** Long enough to part the harmonics of a voice, short enough to part its syllables. */
const WINDOW_SECONDS = 0.03;
const MOST_ROWS = 256;
const FULL_SCALE = 32_768;

/** Measures windows of one length; reused from window to window. */
export class Spectrum {
  /** Samples in a window: a power of two. */
  readonly size: number;
  /** Frequencies told apart, evenly from 0 to half the sample rate. */
  readonly rows: number;
  private readonly window: Float64Array;
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(sampleRate: number) {
    this.size = 2 ** Math.ceil(Math.log2(Math.max(2, sampleRate * WINDOW_SECONDS)));
    this.rows = Math.min(MOST_ROWS, this.size / 2);
    const of = (value: (i: number) => number, count: number): Float64Array =>
      Float64Array.from({ length: count }, (_, i) => value(i));
    this.window = of((i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / this.size), this.size);
    this.cosines = of((i) => Math.cos((2 * Math.PI * i) / this.size), this.size / 2);
    this.sines = of((i) => -Math.sin((2 * Math.PI * i) / this.size), this.size / 2);
    this.re = new Float64Array(this.size);
    this.im = new Float64Array(this.size);
  }

  /**
   * Raises `rows` octets of `column` from `at` on to the levels of the window that begins with interleaved `samples`; what is
   * missing at its end is silence. A row is the loudest of its frequencies.
   */
  raise(samples: Int16Array, channel: number, channels: number, column: Uint8Array, at: number): void {
    const { re, im, size, rows, window } = this;
    const frames = Math.floor(samples.length / channels);
    for (let i = 0; i < size; i++) {
      re[i] = i < frames ? samples[i * channels + channel] * window[i] : 0;
      im[i] = 0;
    }
    this.transform();
    // A sine of full scale: half the samples, halved by the window.
    const full = ((FULL_SCALE * size) / 4) ** 2;
    const perRow = size / 2 / rows;
    for (let row = 0; row < rows; row++) {
      let most = 0;
      for (let bin = row * perRow; bin < (row + 1) * perRow; bin++) most = Math.max(most, re[bin] ** 2 + im[bin] ** 2);
      const db = most === 0 ? SPECTRUM_FLOOR_DB : 10 * Math.log10(most / full);
      const level = Math.round(255 * (1 - Math.min(0, db) / SPECTRUM_FLOOR_DB));
      if (level > column[at + row]) column[at + row] = level;
    }
  }

  /** In place, decimation in time. */
  private transform(): void {
    const { re, im, size, cosines, sines } = this;
    for (let i = 1, j = 0; i < size; i++) {
      let bit = size >> 1;
      for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
      j ^= bit;
      if (i < j) {
        [re[i], re[j]] = [re[j], re[i]];
        [im[i], im[j]] = [im[j], im[i]];
      }
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let first = 0; first < size; first += 2 * half) {
        for (let k = 0; k < half; k++) {
          const [a, b] = [first + k, first + k + half];
          const [c, s] = [cosines[k * stride], sines[k * stride]];
          const [x, y] = [re[b] * c - im[b] * s, re[b] * s + im[b] * c];
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
      }
    }
  }
}
