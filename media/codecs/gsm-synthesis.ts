/** GSM 06.10's short-term synthesis filter and de-emphasis: excitation to speech (sections 4.2.8 … 4.2.9, 4.3.4, 4.3.5). */

// Table 4.1, by log area ratio: offset, least value, inverse of the slope.
const OFFSETS = Int16Array.of(0, 0, 2048, -2560, 94, -1792, -341, -1144);
const LEAST = Int16Array.of(-32, -32, -16, -16, -8, -8, -4, -4);
const INVERSE_SLOPES = Int16Array.of(13107, 13107, 13107, 13107, 19223, 17476, 31454, 29708);
const DE_EMPHASIS = 28_180;
/** Where the interpolation of the log area ratios changes within a frame (table 4.2). */
const INTERPOLATED = [13, 27, 40, 160];

/** To 16 bits. */
export function saturate(value: number): number {
  return value > 32767 ? 32767 : value < -32768 ? -32768 : value;
}

/** The sum, saturated. */
export function add(a: number, b: number): number {
  return saturate(a + b);
}

/** The product of two fractions of 15 bits, rounded. */
export function multiplyRounded(a: number, b: number): number {
  return a === -32768 && b === -32768 ? 32767 : (Math.imul(a, b) + 16_384) >> 15;
}

export class GsmSynthesis {
  private readonly before = new Int16Array(8);
  private readonly now = new Int16Array(8);
  private readonly reflections = new Int16Array(8);
  private readonly lattice = new Int16Array(9);
  private last = 0;

  reset(): void {
    this.before.fill(0);
    this.lattice.fill(0);
    this.last = 0;
  }

  /** Makes of a frame's excitation its speech, in place. `codes` are its eight log area ratios as sent. */
  filter(codes: Int16Array, frame: Int16Array): void {
    const { before, now } = this;
    for (let i = 0; i < 8; i++) {
      const value = saturate((add(codes[i], LEAST[i]) << 10) - 2 * OFFSETS[i]);
      const ratio = multiplyRounded(INVERSE_SLOPES[i], value);
      now[i] = add(ratio, ratio);
    }
    for (let part = 0, from = 0; part < INTERPOLATED.length; part++) {
      for (let i = 0; i < 8; i++) this.reflections[i] = reflection(interpolated(part, before[i], now[i]));
      const to = INTERPOLATED[part];
      for (let k = from; k < to; k++) frame[k] = this.deEmphasized(this.synthesized(frame[k]));
      from = to;
    }
    before.set(now);
  }

  private synthesized(excitation: number): number {
    const { lattice, reflections } = this;
    let sample = excitation;
    for (let i = 7; i >= 0; i--) {
      sample = saturate(sample - multiplyRounded(reflections[i], lattice[i]));
      lattice[i + 1] = add(lattice[i], multiplyRounded(reflections[i], sample));
    }
    lattice[0] = sample;
    return sample;
  }

  /** De-emphasis, then upscaling and truncation to 13 bits. */
  private deEmphasized(sample: number): number {
    this.last = add(sample, multiplyRounded(this.last, DE_EMPHASIS));
    return add(this.last, this.last) & ~7;
  }
}

/** Table 4.2. */
function interpolated(part: number, before: number, now: number): number {
  if (part === 0) return add(add(before >> 2, now >> 2), before >> 1);
  if (part === 1) return add(before >> 1, now >> 1);
  if (part === 2) return add(add(before >> 2, now >> 2), now >> 1);
  return now;
}

/** Section 4.2.9.2: a log area ratio to a reflection coefficient. */
function reflection(ratio: number): number {
  const size = ratio === -32768 ? 32767 : Math.abs(ratio);
  const value = size < 11_059 ? size << 1 : size < 20_070 ? size + 11_059 : add(size >> 2, 26_112);
  return ratio < 0 ? -value : value;
}
