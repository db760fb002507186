/**
 * ITU-T G.722 (09/12) at 64 kbit/s, decoding: 7 kHz of speech in two bands. Of every octet the upper two bits are the upper
 * band, the lower six the lower one, both ADPCM (section 4.4; the names of the recommendation's sub-blocks stand beside
 * their parts). 16,000 samples a second, though its RTP clock is 8000 (RFC 3551 section 4.5.2).
 */
import type { AudioDecoder } from './codec.ts';

const SAMPLE_RATE = 16_000;

// Inverse quantizers of 2, 4 and 6 bits (tables 10, 17 … 19 of the recommendation), by the code as sent.
const QM2 = Int16Array.of(-7408, -1616, 7408, 1616);
const QM4 = Int16Array.from([
  0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0,
]);
const QM6 = Int16Array.from([
  -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
  -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728, 24808,
  21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008,
  3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
]);
// How far the logarithm of the step size goes, by the code: WL of RL42, WH of IH2.
const LOWER_STEPS = Int16Array.of(-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60);
const UPPER_STEPS = Int16Array.of(798, -214, 798, -214);
// ILB: 2048 · 2^(i/32).
const ANTILOG = Int16Array.from({ length: 32 }, (_, i) => Math.round(2048 * 2 ** (i / 32)));
// The receive quadrature mirror filter's 24 taps are these 12, once forward and once backward.
const MIRROR_TAPS = Int16Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11);
const HISTORY = 24;

/** One band's predictor and step size. */
class Band {
  step: number;
  /** What the predictors expect next. */
  expected = 0;
  private readonly firstStep: number;
  private readonly mostLogarithm: number;
  private readonly shift: number;
  private logarithm = 0;
  private zeroPart = 0;
  // Of the last two samples: reconstructed, and without the poles' part. Then both poles.
  private r1 = 0;
  private r2 = 0;
  private p1 = 0;
  private p2 = 0;
  private a1 = 0;
  private a2 = 0;
  /** The last six differences and their coefficients. */
  private readonly d = new Int32Array(6);
  private readonly b = new Int32Array(6);

  constructor(firstStep: number, mostLogarithm: number, shift: number) {
    this.firstStep = firstStep;
    this.step = firstStep;
    this.mostLogarithm = mostLogarithm;
    this.shift = shift;
  }

  reset(): void {
    this.step = this.firstStep;
    this.expected = this.logarithm = this.zeroPart = 0;
    this.r1 = this.r2 = this.p1 = this.p2 = this.a1 = this.a2 = 0;
    this.d.fill(0);
    this.b.fill(0);
  }

  /** Takes the quantized difference, and how far its code moves the step size. */
  adapt(difference: number, logarithmStep: number): void {
    const { zeroPart } = this;
    const r0 = limit16(this.expected + difference); // RECONS
    const p0 = limit16(zeroPart + difference); // PARREC
    this.adaptPoles(p0);
    this.zeroPart = this.adaptZeros(difference);
    this.r2 = this.r1;
    this.r1 = r0;
    this.p2 = this.p1;
    this.p1 = p0;
    // FILTEP, PREDIC
    const poles = limit16(
      (Math.imul(this.a1, limit16(2 * r0)) >> 15) + (Math.imul(this.a2, limit16(2 * this.r2)) >> 15),
    );
    this.expected = limit16(poles + this.zeroPart);
    // LOGSCL and SCALEL, LOGSCH and SCALEH
    const logarithm = (Math.imul(this.logarithm, 127) >> 7) + logarithmStep;
    this.logarithm = logarithm < 0 ? 0 : logarithm > this.mostLogarithm ? this.mostLogarithm : logarithm;
    const places = this.shift - (this.logarithm >> 11);
    const mantissa = ANTILOG[(this.logarithm >> 6) & 31];
    this.step = (places < 0 ? mantissa << -places : mantissa >> places) << 2;
  }

  /** UPPOL2 and UPPOL1. */
  private adaptPoles(p0: number): void {
    const isLikeLast = p0 < 0 === this.p1 < 0;
    const isLikeBefore = p0 < 0 === this.p2 < 0;
    const four = limit16(4 * this.a1);
    const turned = isLikeLast ? Math.min(32767, -four) : four;
    const a2 = (isLikeBefore ? 128 : -128) + (turned >> 7) + (Math.imul(this.a2, 32_512) >> 15);
    this.a2 = a2 > 12288 ? 12288 : a2 < -12288 ? -12288 : a2;
    const a1 = limit16((isLikeLast ? 192 : -192) + (Math.imul(this.a1, 32_640) >> 15));
    const most = limit16(15360 - this.a2);
    this.a1 = a1 > most ? most : a1 < -most ? -most : a1;
  }

  /** UPZERO, DELAYA and FILTEZ in one: gives the zeros' part of what comes next. */
  private adaptZeros(difference: number): number {
    const { b, d } = this;
    const pull = difference === 0 ? 0 : 128;
    let zeros = 0;
    for (let i = 5; i >= 0; i--) {
      // −1 where the signs differ: without a branch, which nobody could foretell. The sum stays within 16 bits by itself.
      const sign = (d[i] ^ difference) >> 31;
      const coefficient = (pull ^ sign) - sign + (Math.imul(b[i], 32_640) >> 15);
      const sample = i === 0 ? difference : d[i - 1];
      b[i] = coefficient;
      d[i] = sample;
      zeros += Math.imul(coefficient, limit16(2 * sample)) >> 15;
    }
    return limit16(zeros);
  }
}

function limit16(value: number): number {
  return value > 32767 ? 32767 : value < -32768 ? -32768 : value;
}

function limit15(value: number): number {
  return value > 16383 ? 16383 : value < -16384 ? -16384 : value;
}

/** Decodes G.722 at 64 kbit/s. One channel. */
export class G722Decoder implements AudioDecoder {
  readonly sampleRate = SAMPLE_RATE;
  readonly channels = 1;
  private readonly lower = new Band(32, 18_432, 8);
  private readonly upper = new Band(8, 22_528, 10);
  /** Sums and differences of the bands, the newest pair at `place`; twice, so that the last 24 always lie together. */
  private readonly history = new Int32Array(2 * HISTORY);
  private place = 0;

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const octets = Math.min(length, bytes.length - at, (into.length - intoAt) >> 1);
    if (octets <= 0) return 0;
    const { lower, upper } = this;
    for (let i = 0, to = intoAt; i < octets; i++, to += 2) {
      const octet = bytes[at + i];
      const low = octet & 0x3f;
      const high = octet >> 6;
      const lowSample = limit15(lower.expected + (Math.imul(lower.step, QM6[low]) >> 15));
      lower.adapt(Math.imul(lower.step, QM4[low >> 2]) >> 15, LOWER_STEPS[low >> 2]);
      const difference = Math.imul(upper.step, QM2[high]) >> 15;
      const highSample = limit15(upper.expected + difference);
      upper.adapt(difference, UPPER_STEPS[high]);
      this.join(lowSample, highSample, into, to);
    }
    return 2 * octets;
  }

  samplesIn(length: number): number {
    return 2 * length;
  }

  reset(): void {
    this.lower.reset();
    this.upper.reset();
    this.history.fill(0);
    this.place = 0;
  }

  /** The quadrature mirror filter: two samples of the bands to two of the whole (RECA, RECB, ACCUMC, ACCUMD). */
  private join(low: number, high: number, into: Int16Array, to: number): void {
    const { history } = this;
    const place = this.place;
    history[place] = history[place + HISTORY] = low + high;
    history[place + 1] = history[place + HISTORY + 1] = low - high;
    const oldest = (place + 2) % HISTORY;
    this.place = oldest;
    let first = 0;
    let second = 0;
    for (let tap = 0, from = oldest; tap < 12; tap++, from += 2) {
      first += Math.imul(history[from + 1], MIRROR_TAPS[11 - tap]);
      second += Math.imul(history[from], MIRROR_TAPS[tap]);
    }
    into[to] = limit16(first >> 11);
    into[to + 1] = limit16(second >> 11);
  }
}
