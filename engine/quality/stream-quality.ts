import { GMIN } from '../../media/quality/burst-gap.ts';
import { ASSUMED_BUFFER_MS } from '../../media/quality/late-rule.ts';
import type { QualityBursts, QualityRating, StreamQuality } from '../../shared/quality.ts';
import type { Capture } from '../capture.ts';
import { callId } from '../query/call-rows.ts';
import { formatSsrc, streamId } from '../query/stream-rows.ts';
import { rowsByStream } from '../trackers/streams/rows-by-stream.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { lossPlace } from './loss-place.ts';
import type { StreamMeasures } from './measure-stream.ts';
import { mosOf, type RatedStream, ratedStream } from './rating.ts';
import { reportedQuality } from './reported.ts';
import { roundTrips } from './round-trips.ts';
import { sentencesOf } from './sentences.ts';

/** All that packets and RTCP tell of how a stream sounded; nothing is decoded. */
export function streamQuality(capture: Capture, stream: Stream): StreamQuality {
  const { figures } = stream;
  if (figures === null) throw new Error('only recognised streams have figures');
  const { frames, flows } = capture.store;
  const rated = ratedStream(capture, stream);
  const { measures } = rated;
  const { expected, lost, late } = measures;
  const percent = (count: number): number => (expected === 0 ? 0 : (count * 100) / expected);
  const rows = rowsByStream(capture.streams).of(stream);
  const quality: StreamQuality = {
    stream: streamId(stream),
    ssrc: formatSsrc(stream.ssrc),
    src: flows.sourceEndpoint(stream.flow),
    dst: flows.destinationEndpoint(stream.flow),
    call: stream.call < 0 ? null : callId(capture.calls.entries[stream.call]),
    codec: stream.payloads.encodings[stream.mainPayloadType]?.name ?? null,
    startTime: frames.time(stream.firstFrame),
    durationSeconds: frames.secondsBetween(stream.firstFrame, stream.lastFrame),
    rating: qualityRating(capture, stream, rated),
    notRatedBecause: rated.reason,
    loss: {
      expected,
      lost,
      lostPercent: percent(lost),
      late,
      latePercent: percent(late),
      bufferMs: ASSUMED_BUFFER_MS,
      duplicates: figures.gaps.duplicates,
      outOfOrder: figures.outOfOrder,
    },
    jitterMs: { mean: figures.meanJitterMs, max: figures.meanJitterMs === null ? null : figures.maxJitterMs },
    bursts: qualityBursts(measures),
    clockSkewPpm: measures.skewPpm,
    ptimeMs: measures.ptimeMs,
    ptimes: measures.ptimes.map(({ frame, value }) => ({ time: frames.time(frame), packet: frame + 1, ms: value })),
    payloadTypes: measures.payloadTypes.map(({ frame, value }) => ({
      time: frames.time(frame),
      packet: frame + 1,
      payloadType: value,
      codec: stream.payloads.encodings[value]?.name ?? null,
    })),
    comfortNoisePercent: measures.comfortNoisePercent,
    silentPercent: measures.silentPercent,
    reported: reportedQuality(capture, stream),
    roundTrip: roundTrips(capture, stream),
    lossPlace: lossPlace(capture, stream, rows),
    sentences: [],
  };
  quality.sentences = sentencesOf(quality);
  return quality;
}

function qualityRating(capture: Capture, stream: Stream, rated: RatedStream): QualityRating | null {
  const mos = mosOf(capture, stream);
  const { rating, impairment, lossPercent, burstRatio, delayMs } = rated;
  if (mos === null || rating === null || impairment === null) return null;
  return {
    ...mos,
    ie: impairment.ie,
    bpl: impairment.bpl,
    source: impairment.source,
    equipmentImpairment: rating.equipmentImpairment,
    delayImpairment: rating.delayImpairment,
    lossPercent,
    burstRatio,
    delayMs,
    assumed: assumptions(rated),
  };
}

function assumptions({ impairment, delayMs }: RatedStream): string[] {
  const isNarrowband = impairment?.model === 'G.107';
  const assumed = [
    `The listener's jitter buffer holds ${ASSUMED_BUFFER_MS} ms.`,
    delayMs === null
      ? 'RTCP does not tell the delay, so it is not in the rating.'
      : "The delay is half of RTCP's round trip, one packet and the jitter buffer.",
    isNarrowband
      ? 'Telephones, noise and echo are those of the default connection of ITU-T G.107.'
      : 'Telephones and noise are those of the default connection of ITU-T G.107.1, listened to with a handset; echo is left out.',
  ];
  if (impairment?.source.includes('concealment') === true) assumed.unshift('The listener conceals lost packets.');
  return assumed;
}

function qualityBursts({ bursts, ptimeMs }: StreamMeasures): QualityBursts {
  const lasting = (packets: number | null): number | null =>
    packets === null || ptimeMs === null ? null : packets * ptimeMs;
  return {
    gmin: GMIN,
    bursts: bursts.bursts,
    burstDensityPercent: bursts.burstDensityPercent,
    gapDensityPercent: bursts.gapDensityPercent,
    burstDurationMs: lasting(bursts.burstPackets),
    gapDurationMs: lasting(bursts.gapPackets),
    longestRun: bursts.longestRun,
    burstRatio: bursts.burstRatio,
  };
}
