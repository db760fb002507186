/**
 * The Goertzel algorithm for several frequencies at once: how much of each is in a block of samples, as a complex number, so that
 * blocks can be joined and the phase from one to the next tells the exact frequency.
 */
export class Goertzel {
  /** Of the last block, by frequency: real and imaginary part of Σ x[n]·e^(−jωn), n from 0 at the block's first sample. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  private readonly length: number;
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  /** The same of ω·length: what turns the recursion's result back to the first sample. */
  private readonly endCos: Float64Array;
  private readonly endSin: Float64Array;

  /** Frequencies in Hz, for blocks of `length` samples at `rate`. */
  constructor(frequencies: readonly number[], length: number, rate: number) {
    const omegas = frequencies.map((hz) => (2 * Math.PI * hz) / rate);
    this.length = length;
    this.cos = Float64Array.from(omegas, Math.cos);
    this.sin = Float64Array.from(omegas, Math.sin);
    this.endCos = Float64Array.from(omegas, (omega) => Math.cos(omega * (length - 1)));
    this.endSin = Float64Array.from(omegas, (omega) => Math.sin(omega * (length - 1)));
    this.re = new Float64Array(omegas.length);
    this.im = new Float64Array(omegas.length);
  }

  /** Looks at `samples` from index `at` on. */
  run(samples: Float64Array, at: number): void {
    const { cos, sin, endCos, endSin, re, im } = this;
    const end = at + this.length;
    for (let k = 0; k < cos.length; k++) {
      const twice = 2 * cos[k];
      let before = 0;
      let last = 0;
      for (let i = at; i < end; i++) {
        const now = samples[i] + twice * last - before;
        before = last;
        last = now;
      }
      // y = Σ x[n]·e^(jω(N−1−n)); turned back by ω(N−1).
      const real = last - before * cos[k];
      const imaginary = before * sin[k];
      re[k] = real * endCos[k] + imaginary * endSin[k];
      im[k] = imaginary * endCos[k] - real * endSin[k];
    }
  }
}
