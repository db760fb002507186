/** A seeded source of numbers (mulberry32): the same seed gives the same capture on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number of 32 bits, 0 … 2^32 − 1. */
  u32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 ≤ x < 1. */
  unit(): number {
    return this.u32() / 0x1_0000_0000;
  }

  /** A whole number, `from` ≤ n < `to`. */
  between(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from));
  }

  /** True with the probability given. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Bell-shaped (the sum of three uniforms), mean 0, standard deviation `sigma`, never beyond ±3 sigma. */
  bell(sigma: number): number {
    return (this.unit() + this.unit() + this.unit() - 1.5) * 2 * sigma;
  }

  /** `digits` lower-case hexadecimal digits, at most 8. */
  hex(digits: number): string {
    return this.u32().toString(16).padStart(8, '0').slice(0, digits);
  }
}
