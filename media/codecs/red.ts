/**
 * RED (RFC 2198): a payload with one or more blocks of other payload types, the newest last. That one is decoded; the older
 * ones repeat what earlier packets had, and are decoded where these were lost.
 *
 *     |1|  block PT   |  timestamp offset, 14 bits  |  block length, 10 bits  |   for every block but the last
 *     |0|  block PT   |
 */
import type { AudioDecoder, Codec } from './codec.ts';

const HEADER_OCTETS = 4;

/** The newest block of a payload: its payload type, −1 where the payload is no RED, and where its octets begin. */
interface Primary {
  payloadType: number;
  at: number;
}

function findPrimary(bytes: Uint8Array, at: number, length: number, into: Primary): boolean {
  const end = Math.min(at + length, bytes.length);
  let header = at;
  let older = 0;
  into.payloadType = -1;
  while (header < end && bytes[header] >> 7 === 1) {
    if (header + HEADER_OCTETS > end) return false;
    older += ((bytes[header + 2] & 3) << 8) | bytes[header + 3];
    header += HEADER_OCTETS;
  }
  into.at = header + 1 + older;
  if (header >= end || into.at > end) return false;
  into.payloadType = bytes[header];
  return true;
}

/**
 * RED whose blocks have the codecs `blocks`, all of one sample rate and number of channels; there is at least one. `clockRate` is
 * that of its timestamps, Hz.
 */
export function redCodec(blocks: ReadonlyMap<number, Codec>, clockRate: number): Codec {
  const [{ sampleRate, channels }] = blocks.values();
  const primary: Primary = { payloadType: -1, at: 0 };
  const samplesIn = (length: number): number =>
    Math.max(...[...blocks.values()].map((codec) => codec.samplesIn(length)));
  return {
    sampleRate,
    channels,
    samplesIn,
    samplesOf(bytes, at, length) {
      if (!findPrimary(bytes, at, length, primary)) return 0;
      const codec = blocks.get(primary.payloadType);
      const rest = at + length - primary.at;
      return codec?.samplesOf?.(bytes, primary.at, rest) ?? codec?.samplesIn(rest) ?? 0;
    },
    async open() {
      const decoders = new Map<number, AudioDecoder>();
      for (const [payloadType, codec] of blocks) decoders.set(payloadType, await codec.open());
      return new RedDecoder(decoders, { sampleRate, channels, samplesIn, samplesPerUnit: sampleRate / clockRate });
    },
  };
}

interface RedOptions {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samplesIn: (length: number) => number;
  /** Samples of a timestamp unit. */
  readonly samplesPerUnit: number;
}

class RedDecoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samplesIn: (length: number) => number;
  private readonly decoders: ReadonlyMap<number, AudioDecoder>;
  private readonly samplesPerUnit: number;
  private readonly primary: Primary = { payloadType: -1, at: 0 };

  constructor(decoders: ReadonlyMap<number, AudioDecoder>, options: RedOptions) {
    this.decoders = decoders;
    this.sampleRate = options.sampleRate;
    this.channels = options.channels;
    this.samplesIn = options.samplesIn;
    this.samplesPerUnit = options.samplesPerUnit;
  }

  recover(bytes: Uint8Array, at: number, length: number, missing: number, into: Int16Array, intoAt: number): void {
    const { primary } = this;
    if (!findPrimary(bytes, at, length, primary)) return;
    // Nothing of an older block may be heard in place of the newest.
    const before = into.subarray(0, intoAt);
    let block = at;
    while (bytes[block] >> 7 === 1) block += HEADER_OCTETS;
    block++;
    for (let header = at; bytes[header] >> 7 === 1; header += HEADER_OCTETS) {
      const offset = (bytes[header + 1] << 6) | (bytes[header + 2] >> 2);
      const octets = ((bytes[header + 2] & 3) << 8) | bytes[header + 3];
      const samples = Math.round(offset * this.samplesPerUnit);
      const decoder = this.decoders.get(bytes[header] & 0x7f);
      if (samples > 0 && samples <= missing && samples <= intoAt && octets > 0) {
        decoder?.decode(bytes, block, octets, before, intoAt - samples);
      }
      block += octets;
    }
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    const { primary } = this;
    if (!findPrimary(bytes, at, length, primary)) return 0;
    const decoder = this.decoders.get(primary.payloadType);
    return decoder?.decode(bytes, primary.at, at + length - primary.at, into, intoAt) ?? 0;
  }

  reset(): void {
    for (const decoder of this.decoders.values()) decoder.reset();
  }
}
