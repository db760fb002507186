/**
 * ITU-T G.726 (12/90), decoding: ADPCM at 16, 24, 32 and 40 kbit/s. The names of the recommendation's sub-blocks (section 4.2)
 * stand beside their parts. Codes are packed into octets from the low bit on (RFC 3551 section 4.5.4), or from the high bit
 * on, as ITU-T I.366.2 has it (AAL2-G726-32 and the like).
 */
import type { AudioDecoder } from './codec.ts';

/** Tables by the size of a code, without its sign: quantizer output (log2), weight of the step size, weight of the speed. */
interface RateTables {
  readonly levels: Int16Array;
  readonly scales: Int32Array;
  readonly speeds: Int16Array;
}

function tables(levels: number[], scales: number[], speeds: number[]): RateTables {
  return {
    levels: Int16Array.from(levels),
    scales: Int32Array.from(scales, (scale) => 32 * scale),
    speeds: Int16Array.from(speeds, (speed) => 512 * speed),
  };
}

// Tables 1 … 8 of the recommendation, by the bits of a code.
const RATES: Readonly<Record<2 | 3 | 4 | 5, RateTables>> = {
  2: tables([116, 365], [-22, 439], [0, 7]),
  3: tables([-2048, 135, 273, 373], [-4, 30, 137, 582], [0, 1, 2, 7]),
  4: tables([-2048, 4, 135, 213, 273, 323, 373, 425], [-12, 18, 41, 64, 112, 198, 355, 1122], [0, 0, 0, 1, 1, 1, 3, 7]),
  5: tables(
    [-2048, -66, 28, 104, 169, 224, 274, 318, 358, 395, 429, 459, 488, 514, 539, 566],
    [14, 14, 24, 39, 40, 41, 58, 100, 141, 179, 219, 280, 358, 440, 529, 696],
    [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6],
  ),
};

/** Zero in the recommendation's 11-bit floating point: sign, 4 bits of exponent, 6 of mantissa. */
const FLOAT_ZERO = 32;
const FLOAT_SIGN = 0x400;
const DIFFERENCE_SIGN = 0x8000;
const MAGNITUDE = 0x7fff;

/** A magnitude as 11-bit floating point (FLOATA, FLOATB), below 0 where it is negative. */
function toFloat(magnitude: number, isNegative: boolean): number {
  const exponent = 32 - Math.clz32(magnitude);
  const float = magnitude === 0 ? FLOAT_ZERO : (exponent << 6) + ((magnitude << 6) >> exponent);
  return isNegative ? float - FLOAT_SIGN : float;
}

/** FMULT: a coefficient, 14 bits behind the point, times a sample in floating point. */
function multiply(exact: number, float: number): number {
  const coefficient = exact >> 2;
  const magnitude = coefficient > 0 ? coefficient : -coefficient & 0x1fff;
  const exponent = 26 - Math.clz32(magnitude);
  const mantissa =
    magnitude === 0 ? FLOAT_ZERO : exponent >= 0 ? magnitude >> exponent : (magnitude << -exponent) & 0xffff;
  const places = exponent + ((float >> 6) & 15) - 13;
  const product = (Math.imul(mantissa, float & 63) + 48) >> 4;
  const result = places >= 0 ? (product << places) & MAGNITUDE : product >> -places;
  return (coefficient ^ float) < 0 ? -result : result;
}

/** Decodes G.726. One channel. */
export class G726Decoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels = 1;
  private readonly bits: 2 | 3 | 4 | 5;
  private readonly isHighFirst: boolean;
  private readonly rate: RateTables;
  // The step size: locked (slow) and unlocked (fast), how much of each counts, and what decides that.
  private slow = 0;
  private fast = 0;
  private speed = 0;
  private shortAverage = 0;
  private longAverage = 0;
  private isTone = false;
  // The predictor: two poles, six zeros, and what they look back at.
  private a1 = 0;
  private a2 = 0;
  private readonly b = new Int32Array(6);
  private readonly d = new Int32Array(6);
  private s1 = 0;
  private s2 = 0;
  private wasNegative = false;
  private wasNegativeBefore = false;

  /** `bits` of a code: 2 is 16 kbit/s, 5 is 40. */
  constructor(bits: 2 | 3 | 4 | 5, isHighFirst: boolean, sampleRate: number) {
    this.bits = bits;
    this.isHighFirst = isHighFirst;
    this.sampleRate = sampleRate;
    this.rate = RATES[bits];
    this.reset();
  }

  reset(): void {
    this.slow = 34_816;
    this.fast = 544;
    this.speed = this.shortAverage = this.longAverage = this.a1 = this.a2 = 0;
    this.isTone = this.wasNegative = this.wasNegativeBefore = false;
    this.b.fill(0);
    this.d.fill(FLOAT_ZERO);
    this.s1 = this.s2 = FLOAT_ZERO;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const { bits, isHighFirst } = this;
    const held = Math.min(length, bytes.length - at);
    const samples = Math.min(this.samplesIn(held), into.length - intoAt);
    const mask = (1 << bits) - 1;
    let reservoir = 0;
    let inReservoir = 0;
    for (let i = 0, from = at; i < samples; i++) {
      if (inReservoir < bits) {
        reservoir = isHighFirst ? (reservoir << 8) | bytes[from++] : reservoir | (bytes[from++] << inReservoir);
        inReservoir += 8;
      }
      inReservoir -= bits;
      const code = (isHighFirst ? reservoir >> inReservoir : reservoir) & mask;
      reservoir = isHighFirst ? reservoir & ((1 << inReservoir) - 1) : reservoir >> bits;
      into[intoAt + i] = this.next(code);
    }
    return Math.max(0, samples);
  }

  samplesIn(length: number): number {
    return length > 0 ? Math.floor((8 * length) / this.bits) : 0;
  }

  /** The sample of one code. */
  private next(code: number): number {
    const { rate, b, d } = this;
    const isNegative = code >> (this.bits - 1) !== 0;
    const size = isNegative ? code ^ ((1 << this.bits) - 1) : code;
    // ACCUM: the estimate, of the zeros and of all.
    let sum = 0;
    for (let i = 0; i < 6; i++) sum += multiply(b[i], d[i]);
    const zeros = sum >> 1;
    const estimate = (sum + multiply(this.a1, this.s1) + multiply(this.a2, this.s2)) >> 1;
    const step = this.stepSize();
    const magnitude = difference(rate.levels[size], step);
    const sample = isNegative ? estimate - magnitude : estimate + magnitude;
    this.update(step, rate.scales[size], rate.speeds[size], magnitude, isNegative, sample, sample - estimate + zeros);
    return Math.max(-32768, Math.min(32767, sample * 4));
  }

  /** LIMA and MIX. */
  private stepSize(): number {
    if (this.speed >= 256) return this.fast;
    const slow = this.slow >> 6;
    const apart = this.fast - slow;
    const share = apart * (this.speed >> 2);
    return slow + (apart > 0 ? share >> 6 : apart < 0 ? (share + 63) >> 6 : 0);
  }

  private update(
    step: number,
    scale: number,
    speed: number,
    magnitude: number,
    isNegative: boolean,
    sample: number,
    withoutPoles: number,
  ): void {
    const isTransition = this.isTone && magnitude > this.transitionThreshold();
    // FILTD, LIMB, FILTE
    this.fast = Math.max(544, Math.min(5120, step + ((scale - step) >> 5)));
    this.slow += this.fast + (-this.slow >> 6);
    const isBelow = withoutPoles < 0;
    if (isTransition) {
      this.a1 = this.a2 = 0;
      this.b.fill(0);
    } else {
      this.adaptPoles(withoutPoles, isBelow);
      this.adaptZeros(magnitude, isNegative);
    }
    const { d } = this;
    d.copyWithin(1, 0, 5);
    d[0] = toFloat(magnitude, isNegative);
    this.s2 = this.s1;
    this.s1 = sample <= -DIFFERENCE_SIGN ? FLOAT_ZERO - FLOAT_SIGN : toFloat(Math.abs(sample), sample < 0);
    this.wasNegativeBefore = this.wasNegative;
    this.wasNegative = isBelow;
    // TONE
    this.isTone = !isTransition && this.a2 < -11_776;
    // FILTA, FILTB, SUBTC, FILTC
    this.shortAverage += (speed - this.shortAverage) >> 5;
    this.longAverage += (4 * speed - this.longAverage) >> 7;
    const isChanging =
      step < 1536 || this.isTone || Math.abs(4 * this.shortAverage - this.longAverage) >= this.longAverage >> 3;
    this.speed = isTransition ? 256 : this.speed + (((isChanging ? 512 : 0) - this.speed) >> 4);
  }

  /** TRANS: a difference beyond this, in a tone, is the end of the tone. */
  private transitionThreshold(): number {
    const whole = this.slow >> 15;
    const threshold = whole > 9 ? 31 << 10 : (32 + ((this.slow >> 10) & 31)) << whole;
    return (threshold + (threshold >> 1)) >> 1;
  }

  /** UPA2, LIMC, UPA1, LIMD. */
  private adaptPoles(withoutPoles: number, isBelow: boolean): void {
    const isLikeLast = isBelow === this.wasNegative;
    let a2 = this.a2 - (this.a2 >> 7);
    if (withoutPoles !== 0) {
      const pull = isLikeLast ? -this.a1 : this.a1;
      a2 += pull < -8191 ? -256 : pull > 8191 ? 255 : pull >> 5;
      a2 += isBelow === this.wasNegativeBefore ? 128 : -128;
      a2 = Math.max(-12_288, Math.min(12_288, a2));
    }
    this.a2 = a2;
    let a1 = this.a1 - (this.a1 >> 8);
    if (withoutPoles !== 0) a1 += isLikeLast ? 192 : -192;
    const most = 15_360 - a2;
    this.a1 = Math.max(-most, Math.min(most, a1));
  }

  /** XOR and UPB. */
  private adaptZeros(magnitude: number, isNegative: boolean): void {
    const { b, d } = this;
    const leak = this.bits === 5 ? 9 : 8;
    for (let i = 0; i < 6; i++) {
      b[i] -= b[i] >> leak;
      if (magnitude !== 0) b[i] += d[i] < 0 === isNegative ? 128 : -128;
    }
  }
}

/** ADDA and ANTILOG: the magnitude of the difference, from a level of the quantizer and the step size (log2 both). */
function difference(level: number, step: number): number {
  const logarithm = level + (step >> 2);
  if (logarithm < 0) return 0;
  return ((128 + (logarithm & 127)) << 7) >> (14 - ((logarithm >> 7) & 15));
}
