/**
 * RED (RFC 2198): the newest block of a payload is decoded; the older ones repeat what earlier packets had, and are decoded where
 * these were lost.
 */
import type { AudioDecoder, Codec } from './codec.ts';
import {
  findPrimary,
  HEADER_OCTETS,
  isHeader,
  octetsOf,
  offsetOf,
  type Primary,
  type RedOptions,
} from './red-payload.ts';
import { RedRunDecoder } from './red-runs.ts';

/**
 * RED whose blocks have the codecs `blocks`, all of one sample rate and number of channels, all or none of them decoded in runs;
 * there is at least one. `clockRate` is that of its timestamps, Hz.
 */
export function redCodec(blocks: ReadonlyMap<number, Codec>, clockRate: number): Codec {
  const [{ sampleRate, channels, isInRuns = false }] = blocks.values();
  const primary: Primary = { payloadType: -1, at: 0 };
  const samplesIn = (length: number): number =>
    Math.max(...[...blocks.values()].map((codec) => codec.samplesIn(length)));
  return {
    sampleRate,
    channels,
    samplesIn,
    isInRuns,
    samplesOf(bytes, at, length) {
      if (!findPrimary(bytes, at, length, primary)) return 0;
      const codec = blocks.get(primary.payloadType);
      const rest = at + length - primary.at;
      return codec?.samplesOf?.(bytes, primary.at, rest) ?? codec?.samplesIn(rest) ?? 0;
    },
    async open() {
      const decoders = new Map<number, AudioDecoder>();
      for (const [payloadType, codec] of blocks) decoders.set(payloadType, await codec.open());
      const options = { sampleRate, channels, samplesIn, samplesPerUnit: sampleRate / clockRate };
      return isInRuns ? new RedRunDecoder(blocks, decoders, options) : new RedDecoder(decoders, options);
    },
  };
}

class RedDecoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samplesIn: (length: number) => number;
  private readonly decoders: ReadonlyMap<number, AudioDecoder>;
  private readonly samplesPerUnit: number;
  private readonly primary: Primary = { payloadType: -1, at: 0 };
  /** Of the newest block that was decoded. */
  private latest: AudioDecoder | null = null;

  constructor(decoders: ReadonlyMap<number, AudioDecoder>, options: RedOptions) {
    this.decoders = decoders;
    this.sampleRate = options.sampleRate;
    this.channels = options.channels;
    this.samplesIn = options.samplesIn;
    this.samplesPerUnit = options.samplesPerUnit;
  }

  repeats(bytes: Uint8Array, at: number, length: number, missing: number): number {
    const { primary } = this;
    if (!findPrimary(bytes, at, length, primary)) return 0;
    let header = at;
    while (isHeader(bytes, header)) header += HEADER_OCTETS;
    // From the newest of the older blocks on, as far as one begins before the next.
    let reached = 0;
    for (header -= HEADER_OCTETS; header >= at; header -= HEADER_OCTETS) {
      const samples = this.samplesBefore(bytes, header);
      const decoder = this.decoders.get(bytes[header] & 0x7f);
      if (decoder === undefined || samples > missing) break;
      if (samples - decoder.samplesIn(octetsOf(bytes, header)) > reached) break;
      reached = Math.max(reached, samples);
    }
    if (reached > 0) return reached;
    // Opus may have a repetition of its own.
    const decoder = this.decoders.get(primary.payloadType);
    return decoder?.repeats?.(bytes, primary.at, at + length - primary.at, missing) ?? 0;
  }

  recover(bytes: Uint8Array, at: number, length: number, missing: number, into: Int16Array, intoAt: number): void {
    const { primary } = this;
    if (!findPrimary(bytes, at, length, primary)) return;
    // Nothing of an older block may be heard in place of the newest.
    const before = into.subarray(0, intoAt);
    let block = at;
    while (isHeader(bytes, block)) block += HEADER_OCTETS;
    block++;
    let isFound = false;
    for (let header = at; isHeader(bytes, header); header += HEADER_OCTETS) {
      const octets = octetsOf(bytes, header);
      const samples = this.samplesBefore(bytes, header);
      const decoder = this.decoders.get(bytes[header] & 0x7f);
      if (decoder !== undefined && samples > 0 && samples <= missing && samples <= intoAt && octets > 0) {
        isFound = true;
        decoder.decode(bytes, block, octets, before, intoAt - samples);
      }
      block += octets;
    }
    const rest = at + length - primary.at;
    if (!isFound) this.decoders.get(primary.payloadType)?.recover?.(bytes, primary.at, rest, missing, into, intoAt);
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const { primary } = this;
    if (!findPrimary(bytes, at, length, primary)) return 0;
    this.latest = this.decoders.get(primary.payloadType) ?? null;
    return this.latest?.decode(bytes, primary.at, at + length - primary.at, into, intoAt) ?? 0;
  }

  conceal(count: number, into: Int16Array, intoAt: number): number {
    return this.latest?.conceal?.(count, into, intoAt) ?? 0;
  }

  reset(): void {
    this.latest = null;
    for (const decoder of this.decoders.values()) decoder.reset();
  }

  /** How far before the payload the block whose header is at `header` begins, in sample frames. */
  private samplesBefore(bytes: Uint8Array, header: number): number {
    return Math.round(offsetOf(bytes, header) * this.samplesPerUnit);
  }
}
