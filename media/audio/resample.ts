/**
 * Sample-rate conversion between any two whole rates: a windowed sinc (Kaiser), one set of taps for each phase that
 * output samples can have between input samples. Output sample m lies exactly at input position m · inRate / outRate,
 * with no delay, so what was aligned stays aligned and any part of a call can be converted by itself.
 */

/** Input samples (at the lower of the two rates) on either side that an output sample is made from. */
const HALF_WIDTH = 16;
/** Kaiser's beta for about 70 dB; with the half width above, the edge is 0.14 of the lower rate wide. */
const BETA = 7;
/** The middle of the edge, as a part of the lower Nyquist frequency: 3.2 kHz passes whole at 8 kHz. */
const ROLL_OFF = 0.95;
/** Rates with little in common have more phases than are worth tables; the nearest of this many is used instead. */
const MOST_PHASES = 1024;
const MOST_TAPS_IN_ALL = 1 << 20;

export class Resampler {
  readonly inRate: number;
  readonly outRate: number;
  /** Input samples needed before and after the position of an output sample. 0 when the rates are equal. */
  readonly margin: number;
  private readonly up: number;
  private readonly down: number;
  private readonly phases: number;
  private readonly taps: Float64Array;
  /** The input as floating point, which the sums are made of. */
  private scratch = new Float64Array(0);

  /** Both rates in Hz, whole and above 0. */
  constructor(inRate: number, outRate: number) {
    this.inRate = inRate;
    this.outRate = outRate;
    const common = greatestCommonDivisor(inRate, outRate);
    this.up = outRate / common;
    this.down = inRate / common;
    if (inRate === outRate) {
      this.margin = 0;
      this.phases = 1;
      this.taps = new Float64Array(0);
      return;
    }
    const cutoff = Math.min(1, outRate / inRate);
    // Even, so that the taps come in fours.
    this.margin = 2 * Math.ceil(HALF_WIDTH / 2 / cutoff);
    const mostPhases = Math.max(32, Math.floor(MOST_TAPS_IN_ALL / (2 * this.margin)));
    this.phases = Math.min(this.up, MOST_PHASES, mostPhases);
    this.taps = makeTaps(this.phases, this.margin, cutoff);
  }

  /** The first input sample that output samples from `outAt` on need. */
  inputFrom(outAt: number): number {
    return Math.floor((outAt * this.down) / this.up) - this.margin;
  }

  /** One past the last input sample that output samples before `outEnd` need. */
  inputTo(outEnd: number): number {
    return Math.floor(((outEnd - 1) * this.down) / this.up) + 1 + this.margin;
  }

  /**
   * Adds output samples `outAt … outAt + count` to `sum[0 … count)`. `input[0]` is input sample `inputAt`; it must
   * reach from `inputFrom(outAt)` to `inputTo(outAt + count)`.
   */
  addTo(sum: Int32Array, input: Int16Array, inputAt: number, outAt: number, count: number): void {
    if (this.inRate === this.outRate) {
      const from = outAt - inputAt;
      for (let i = 0; i < count; i++) sum[i] += input[from + i];
      return;
    }
    const { up, down, phases, taps } = this;
    const width = 2 * this.margin;
    const stepWhole = Math.floor(down / up);
    const stepRest = down % up;
    const whole = Math.floor((outAt * down) / up);
    let rest = outAt * down - whole * up;
    const from = whole - this.margin + 1;
    const samples = this.toFloat(input, from - inputAt, this.inputTo(outAt + count) - inputAt);
    let first = 0;
    for (let i = 0; i < count; i++) {
      let tap = (phases === up ? rest : Math.floor((rest * phases) / up)) * width;
      // Four sums side by side take half the time of one, whose every addition waits for the last.
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let j = first; j < first + width; j += 4, tap += 4) {
        a += samples[j] * taps[tap];
        b += samples[j + 1] * taps[tap + 1];
        c += samples[j + 2] * taps[tap + 2];
        d += samples[j + 3] * taps[tap + 3];
      }
      sum[i] += Math.round(a + b + c + d);
      first += stepWhole;
      rest += stepRest;
      if (rest >= up) {
        rest -= up;
        first++;
      }
    }
  }

  /** `input[from … to)` from index 0 on. */
  private toFloat(input: Int16Array, from: number, to: number): Float64Array {
    if (this.scratch.length < to - from) this.scratch = new Float64Array(to - from);
    const { scratch } = this;
    for (let i = from; i < to; i++) scratch[i - from] = input[i];
    return scratch;
  }
}

/** `phases` rows of `2 · margin` taps: row p is for a position p / phases past the input sample of tap margin − 1. */
function makeTaps(phases: number, margin: number, cutoff: number): Float64Array {
  const width = 2 * margin;
  const taps = new Float64Array(phases * width);
  const band = cutoff * ROLL_OFF;
  for (let phase = 0; phase < phases; phase++) {
    const row = phase * width;
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const distance = j - margin + 1 - phase / phases;
      const edge = distance / margin;
      const window = Math.abs(edge) >= 1 ? 0 : besselI0(BETA * Math.sqrt(1 - edge * edge));
      const tap = window * (distance === 0 ? band : Math.sin(Math.PI * band * distance) / (Math.PI * distance));
      taps[row + j] = tap;
      sum += tap;
    }
    // Each phase passes a constant unchanged; otherwise the phases would hum against each other.
    for (let j = 0; j < width; j++) taps[row + j] /= sum;
  }
  return taps;
}

/** The modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y > 0) [x, y] = [y, x % y];
  return x;
}
