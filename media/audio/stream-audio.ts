/** One stream made ready to be heard: its packets, where they go, and how they are decoded. */
import { type Codec, type CodecFormat, codecFor } from '../codecs/index.ts';
import { BY_TIMESTAMP, planPlayout, type Playout } from './playout.ts';
import { PayloadRates, type StreamPackets, type Timeline } from './timeline.ts';

/** What signalling (or RFC 3551, or the user) says of a payload type. */
export interface PayloadFormat extends CodecFormat {
  readonly payloadType: number;
}

export interface StreamAudio {
  readonly packets: StreamPackets;
  readonly timeline: Timeline;
  /** By payload type (128 entries); null where the payload type is not played. */
  readonly codecs: readonly (Codec | null)[];
  /** Samples of the last row: the most its packet can have, until `withLastPayload` says how many it has. */
  readonly lastSamples: number;
}

/**
 * Lays out a stream for rendering. Payload types without a format or a codec (telephone-event, CN, what is not decoded)
 * are left out, and their span stays silent.
 */
export function prepareStream(
  packets: StreamPackets,
  formats: readonly PayloadFormat[],
  playout: Playout = BY_TIMESTAMP,
): StreamAudio {
  const codecs: (Codec | null)[] = Array.from({ length: 128 }, () => null);
  const rates = new PayloadRates();
  for (const format of formats) {
    const { payloadType } = format;
    const codec = codecFor(format);
    if (codec === null || !(payloadType >= 0 && payloadType < 128)) continue;
    codecs[payloadType] = codec;
    rates.clockRates[payloadType] = format.clockRate;
    rates.sampleRates[payloadType] = codec.sampleRate;
  }
  const timeline = planPlayout(packets, rates, playout);
  const last = lastPacket(timeline);
  const codec = last < 0 ? null : codecs[packets.payloadType[last]];
  return { packets, timeline, codecs, lastSamples: codec?.samplesIn(packets.payloadLength[last]) ?? 0 };
}

/** The packet that is heard last, where only its payload says how many samples it has; else -1. */
export function packetToMeasure({ packets, timeline, codecs }: StreamAudio): number {
  const last = lastPacket(timeline);
  return last >= 0 && codecs[packets.payloadType[last]]?.samplesOf !== undefined ? last : -1;
}

/** The stream with the payload `bytes[at … at + length)` of its `packetToMeasure` looked into. */
export function withLastPayload(audio: StreamAudio, bytes: Uint8Array, at: number, length: number): StreamAudio {
  const codec = audio.codecs[audio.packets.payloadType[lastPacket(audio.timeline)]];
  return { ...audio, lastSamples: codec?.samplesOf?.(bytes, at, length) ?? audio.lastSamples };
}

function lastPacket({ rows, packet }: Timeline): number {
  return rows === 0 ? -1 : packet[rows - 1];
}

/** Samples a second for rendering `streams` together: the highest any of them has, or 8000 when nothing is heard. */
export function outputRate(streams: readonly StreamAudio[]): number {
  const rates = streams.flatMap(({ timeline }) => timeline.rates);
  return rates.length === 0 ? 8000 : Math.max(...rates);
}

/** Where `streams` begin and end together, in samples at `sampleRate` from the call's zero; null when all are silent. */
export function extentOf(streams: readonly StreamAudio[], sampleRate: number): { from: number; to: number } | null {
  let from = Infinity;
  let to = -Infinity;
  for (const { timeline, lastSamples } of streams) {
    if (timeline.rows === 0) continue;
    const last = timeline.rows - 1;
    from = Math.min(
      from,
      Math.floor((timeline.at[0] * sampleRate) / timeline.sampleRate[0]),
      Math.round(timeline.beginSeconds * sampleRate),
    );
    // Every row is heard only until the next begins, so the last one is where the stream ends.
    to = Math.max(to, Math.ceil(((timeline.at[last] + lastSamples) * sampleRate) / timeline.sampleRate[last]));
  }
  return from < to ? { from, to } : null;
}
