/**
 * Comfort noise (RFC 3389): a payload says how loud the pause is, and may say of what colour; noise of that kind is heard until the next
 * payload. What a person heard was some such noise, never these very samples.
 */
import type { AudioDecoder, Codec, DecodedRun, PayloadRun } from './codec.ts';

/** Coefficients used of a payload's: the RFC asks for no more, and G.711 appendix II uses ten. */
const MOST_ORDER = 12;
/** The last payload of a stream is heard this long: nobody says how long the pause was. */
const LAST_SECONDS = 0.2;

/** Comfort noise with the sample rate of its RTP clock. */
export function comfortNoiseCodec(clockRate: number): Codec {
  const last = Math.round(LAST_SECONDS * clockRate);
  const samplesIn = (length: number): number => (length > 0 ? last : 0);
  return {
    sampleRate: clockRate,
    channels: 1,
    samplesIn,
    isInRuns: true,
    open: (): AudioDecoder => ({
      sampleRate: clockRate,
      channels: 1,
      samplesIn,
      decode: () => 0,
      decodeRun: async (run) => noiseOf(run),
      reset() {},
    }),
  };
}

function noiseOf({ payloads, room }: PayloadRun): DecodedRun {
  const starts = new Uint32Array(payloads.length + 1);
  payloads.forEach((payload, i) => (starts[i + 1] = starts[i] + (payload.length > 0 ? room[i] : 0)));
  const samples = new Int16Array(starts[payloads.length]);
  payloads.forEach((payload, i) => colouredNoise(samples, starts[i], starts[i + 1] - starts[i], payload));
  return { samples, starts };
}

/** Fills `count` samples with what the RFC's payload says: its first octet is the level below overload in dB. */
function colouredNoise(into: Int16Array, at: number, count: number, payload: Uint8Array): void {
  if (count === 0) return;
  const rms = 32768 * 10 ** (-(payload[0] & 0x7f) / 20);
  const reflections = [...payload.subarray(1, 1 + MOST_ORDER)].map((octet) => (258 * (octet - 127)) / 32768);
  if (reflections.length === 0) return whiteNoise(into, at, count, rms);
  // Exciting the filter with so much makes its output as loud as was said.
  const gain = reflections.reduce((product, k) => product * (1 - k * k), 1);
  const peak = rms * Math.sqrt(3 * Math.max(0, gain));
  const coefficients = predictorOf(reflections);
  const order = coefficients.length;
  const past = new Float64Array(order);
  const random = new Uniform();
  // Before the first sample is kept, the filter finds its level.
  for (let i = -LEAD_IN; i < count; i++) {
    let sample = peak * random.next();
    for (let tap = 0; tap < order; tap++) sample -= coefficients[tap] * past[tap];
    past.copyWithin(1, 0, order - 1);
    past[0] = sample;
    if (i >= 0) into[at + i] = Math.max(-32768, Math.min(32767, Math.round(sample)));
  }
}

const LEAD_IN = 64;

/** Predictor coefficients of reflection coefficients, the first the nearest (Levinson's recursion; RFC 3389 section 3.2). */
function predictorOf(reflections: readonly number[]): Float64Array {
  let predictor: number[] = [];
  for (const k of reflections) {
    const before = predictor;
    predictor = [...before.map((value, i) => value + k * before[before.length - 1 - i]), k];
  }
  return Float64Array.from(predictor);
}

/** Fills `count` samples of `into` from `at` on with noise of the level `rms`, the same at every call. */
export function whiteNoise(into: Int16Array, at: number, count: number, rms: number): void {
  const peak = rms * Math.sqrt(3);
  const random = new Uniform();
  for (let i = at; i < at + count; i++) {
    into[i] = Math.max(-32768, Math.min(32767, Math.round(peak * random.next())));
  }
}

/** Numbers spread evenly over −1 … 1; the same every time, so that what is exported twice is the same twice. */
class Uniform {
  private state = 0x2545f491;

  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return this.state / 0x80000000;
  }
}
