/**
 * GSM full rate (ETSI EN 300 961, GSM 06.10), decoding, as RTP carries it (RFC 3551 section 4.5.8): 33 octets for 160
 * samples, the first four bits 0xD. Sections named are those of GSM 06.10.
 */
import type { AudioDecoder } from './codec.ts';
import { add, GsmSynthesis, multiplyRounded, saturate } from './gsm-synthesis.ts';

const FRAME_OCTETS = 33;
const FRAME_SAMPLES = 160;
const SIGNATURE = 0xd;
const SUBFRAME = 40;
const PULSES = 13;
const LONGEST_LAG = 120;

// Table 1.1: bits of the eight log area ratios.
const RATIO_BITS = Int8Array.of(6, 6, 5, 5, 4, 4, 3, 3);
// Table 4.3b: gains of the long-term predictor.
const GAINS = Int16Array.of(3277, 11469, 21299, 32767);
// Table 4.6: the normalized inverse mantissa of the largest pulse.
const MANTISSAS = Int16Array.of(18431, 20479, 22527, 24575, 26623, 28671, 30719, 32767);

/** Whether a frame at `at` begins as frames of GSM full rate do. */
function isFrame(bytes: Uint8Array, at: number): boolean {
  return bytes[at] >> 4 === SIGNATURE;
}

/** Sample frames of a payload; 0 where it is not made of frames of GSM full rate. */
export function gsmSamplesOf(bytes: Uint8Array, at: number, length: number): number {
  if (length % FRAME_OCTETS !== 0) return 0;
  for (let from = at; from < at + length; from += FRAME_OCTETS) if (!isFrame(bytes, from)) return 0;
  return (length / FRAME_OCTETS) * FRAME_SAMPLES;
}

/** Decodes GSM full rate. One channel. */
export class GsmDecoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels = 1;
  private readonly synthesis = new GsmSynthesis();
  /** The excitation: the last 120 samples, then the subframe being made. */
  private readonly excitation = new Int16Array(LONGEST_LAG + SUBFRAME);
  private readonly frame = new Int16Array(FRAME_SAMPLES);
  private readonly ratios = new Int16Array(8);
  private lag = SUBFRAME;
  private bytes: Uint8Array = new Uint8Array(0);
  private bitAt = 0;

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const held = Math.floor(Math.min(length, bytes.length - at) / FRAME_OCTETS);
    const frames = Math.max(0, Math.min(held, Math.floor((into.length - intoAt) / FRAME_SAMPLES)));
    for (let i = 0; i < frames; i++) {
      const from = at + i * FRAME_OCTETS;
      // Anything else is not GSM full rate, and would be noise.
      if (!isFrame(bytes, from)) return i * FRAME_SAMPLES;
      this.decodeFrame(bytes, from);
      into.set(this.frame, intoAt + i * FRAME_SAMPLES);
    }
    return frames * FRAME_SAMPLES;
  }

  samplesIn(length: number): number {
    return Math.floor(length / FRAME_OCTETS) * FRAME_SAMPLES;
  }

  reset(): void {
    this.synthesis.reset();
    this.excitation.fill(0);
    this.lag = SUBFRAME;
  }

  private decodeFrame(bytes: Uint8Array, at: number): void {
    this.bytes = bytes;
    this.bitAt = 8 * at + 4;
    for (let i = 0; i < 8; i++) this.ratios[i] = this.bits(RATIO_BITS[i]);
    for (let subframe = 0; subframe < 4; subframe++) {
      this.excite();
      this.frame.set(this.excitation.subarray(LONGEST_LAG), subframe * SUBFRAME);
      this.excitation.copyWithin(0, SUBFRAME);
    }
    this.synthesis.filter(this.ratios, this.frame);
  }

  /** Makes the excitation of a subframe: pulses (4.2.16, 4.2.17) and the long-term predictor (4.3.2). */
  private excite(): void {
    const { excitation } = this;
    const lag = this.bits(7);
    const gain = GAINS[this.bits(2)];
    const grid = this.bits(2);
    const largest = this.bits(6);
    if (lag >= SUBFRAME && lag <= LONGEST_LAG) this.lag = lag;

    let exponent = largest > 15 ? (largest >> 3) - 1 : 0;
    let mantissa = largest - (exponent << 3);
    if (mantissa === 0) {
      exponent = -4;
      mantissa = 7;
    } else {
      for (; mantissa <= 7; exponent--) mantissa = (mantissa << 1) | 1;
      mantissa -= 8;
    }
    const places = 6 - exponent;
    const half = places > 0 ? 1 << (places - 1) : 0;

    for (let i = 0, from = LONGEST_LAG - this.lag, to = LONGEST_LAG; i < SUBFRAME; i++) {
      excitation[to++] = multiplyRounded(gain, excitation[from++]);
    }
    for (let pulse = 0, to = LONGEST_LAG + grid; pulse < PULSES; pulse++, to += 3) {
      const size = ((this.bits(3) << 1) - 7) << 12;
      const value = saturate(multiplyRounded(MANTISSAS[mantissa], size) + half) >> places;
      excitation[to] = add(value, excitation[to]);
    }
  }

  private bits(count: number): number {
    const octet = this.bitAt >> 3;
    const two = (this.bytes[octet] << 8) | (this.bytes[octet + 1] ?? 0);
    const value = (two >> (16 - (this.bitAt & 7) - count)) & ((1 << count) - 1);
    this.bitAt += count;
    return value;
  }
}
