/** One stream made ready to be heard: its packets, where they go, and who decodes them. */
import { type AudioDecoder, decoderFor } from '../codecs/index.ts';
import { type PayloadRates, type StreamPackets, type Timeline, planTimeline } from './timeline.ts';

/** What signalling (or RFC 3551, or the user) says of a payload type. */
export interface PayloadFormat {
  readonly payloadType: number;
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels: number;
}

export interface StreamAudio {
  readonly packets: StreamPackets;
  readonly timeline: Timeline;
  /** By payload type (128 entries); null where the payload type is not played. */
  readonly decoders: readonly (AudioDecoder | null)[];
}

/**
 * Lays out a stream for rendering. Payload types without a format or a decoder (telephone-event, CN, codecs that are
 * not decoded) are left out, and their span stays silent.
 */
export function prepareStream(packets: StreamPackets, formats: readonly PayloadFormat[]): StreamAudio {
  const decoders: (AudioDecoder | null)[] = Array.from({ length: 128 }, () => null);
  const rates: PayloadRates = { clockRates: new Uint32Array(128), sampleRates: new Uint32Array(128) };
  for (const { payloadType, encoding, clockRate, channels } of formats) {
    const decoder = decoderFor(encoding, clockRate, channels);
    if (decoder === null || !(payloadType >= 0 && payloadType < 128)) continue;
    decoders[payloadType] = decoder;
    rates.clockRates[payloadType] = clockRate;
    rates.sampleRates[payloadType] = decoder.sampleRate;
  }
  return { packets, timeline: planTimeline(packets, rates), decoders };
}

/** Samples a second for rendering `streams` together: the highest any of them has, or 8000 when nothing is heard. */
export function outputRate(streams: readonly StreamAudio[]): number {
  let highest = 0;
  for (const { timeline } of streams) {
    for (let row = 0; row < timeline.rows; row++) highest = Math.max(highest, timeline.sampleRate[row]);
  }
  return highest === 0 ? 8000 : highest;
}

/** Where `streams` begin and end together, in samples at `sampleRate` from the call's zero; null when all are silent. */
export function extentOf(streams: readonly StreamAudio[], sampleRate: number): { from: number; to: number } | null {
  let from = Infinity;
  let to = -Infinity;
  for (const { packets, timeline, decoders } of streams) {
    if (timeline.rows === 0) continue;
    const last = timeline.rows - 1;
    // Every row is heard only until the next begins, so the last one is where the stream ends.
    const packet = timeline.packet[last];
    const decoder = decoders[packets.payloadType[packet]];
    const samples = decoder === null ? 0 : decoder.samplesIn(packets.payloadLength[packet]);
    from = Math.min(from, Math.floor((timeline.at[0] * sampleRate) / timeline.sampleRate[0]));
    to = Math.max(to, Math.ceil(((timeline.at[last] + samples) * sampleRate) / timeline.sampleRate[last]));
  }
  return from < to ? { from, to } : null;
}
