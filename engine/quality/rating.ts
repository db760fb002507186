import { BurstGap } from '../../media/quality/burst-gap.ts';
import { hasModes } from '../../media/quality/codec-mode.ts';
import { burstRatioToUse, type Rating, rate } from '../../media/quality/e-model.ts';
import { type Impairment, impairmentOf } from '../../media/quality/impairment.ts';
import { ASSUMED_BUFFER_MS } from '../../media/quality/late-rule.ts';
import type { StreamMos } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { PayloadKind } from '../trackers/streams/payload-map.ts';
import { rowsByStream } from '../trackers/streams/rows-by-stream.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import type { StreamFigures } from '../trackers/streams/stream-figures.ts';
import { measureStream, type StreamMeasures } from './measure-stream.ts';
import { roundTripMs } from './round-trips.ts';

/** A stream's rating with what it was made of. */
export interface RatedStream {
  readonly measures: StreamMeasures;
  readonly impairment: Impairment | null;
  readonly rating: Rating | null;
  /** Why it is not rated, a sentence without its full stop; null where it is. */
  readonly reason: string | null;
  /** One way, mouth to ear as far as it is known: half the round trip, a packet's length and the buffer; null without RTCP. */
  readonly delayMs: number | null;
  /** Lost and late packets of those expected. */
  readonly lossPercent: number;
  readonly burstRatio: number;
}

interface Known {
  readonly figures: StreamFigures;
  readonly rated: RatedStream;
}

/** By stream; good as long as its figures are those it was made with. */
const known = new WeakMap<Stream, Known>();

/** Measures and rates a stream that was recognised, once. */
export function ratedStream(capture: Capture, stream: Stream): RatedStream {
  const { figures } = stream;
  if (figures === null) throw new Error('only recognised streams have figures');
  const before = known.get(stream);
  if (before !== undefined && before.figures === figures) return before.rated;
  const rated = rateStream(capture, stream);
  known.set(stream, { figures, rated });
  return rated;
}

/** The opinion of a stream; null for codecs without published values, and what cannot be rated otherwise. */
export function mosOf(capture: Capture, stream: Stream): StreamMos | null {
  const { rating, impairment } = quickRating(capture, stream) ?? ratedStream(capture, stream);
  if (rating === null || impairment === null) return null;
  return { value: rounded(rating.mos, 2), r: rounded(rating.r, 1), model: impairment.model };
}

/** Why a stream has no opinion, a sentence without its full stop; null where it has one. */
export function notRatedBecause(capture: Capture, stream: Stream): string | null {
  return (quickRating(capture, stream) ?? ratedStream(capture, stream)).reason;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** As much of the measures as an opinion is made of. */
type RatedBy = Pick<StreamMeasures, 'expected' | 'lost' | 'late' | 'bursts' | 'ptimeMs' | 'kbps' | 'payloadTypes'>;

type Verdict = Omit<RatedStream, 'measures'>;

function rateStream(capture: Capture, stream: Stream): RatedStream {
  const measures = measureStream(capture, stream, rowsByStream(capture.streams).of(stream));
  return { measures, ...rateMeasures(stream, measures, roundTripMs(capture, stream)) };
}

/** Whether the figures prove that no packet came later than the assumed buffer is deep. False where they do not tell. */
export function isNeverLate(figures: StreamFigures): boolean {
  return figures.isContinuous && Math.abs(figures.skewMs) <= ASSUMED_BUFFER_MS;
}

/**
 * The same rating from the figures alone, where they say all that it takes: none later than the buffer is deep, losses known
 * one by one, packets of one length. Most streams are like that, and nothing is read twice for them. Else null.
 */
function quickRating(capture: Capture, stream: Stream): Verdict | null {
  const { figures, payloads } = stream;
  const type = stream.mainPayloadType;
  if (figures === null || type < 0 || !isNeverLate(figures)) return null;
  const encoding = payloads.encodings[type];
  if (encoding === undefined || hasModes(encoding.name)) return null;
  const roundTrip = roundTripMs(capture, stream);
  if (roundTrip !== null && figures.steadyStep <= 0) return null;
  const { lost, expected, first, highest } = figures.gaps;
  const bursts = new BurstGap();
  let next = first;
  figures.gaps.missing((from, to) => {
    bursts.received(from - next);
    bursts.missed(to - from + 1);
    next = to + 1;
  });
  bursts.received(highest - next + 1);
  const types = stream.payloadTypes.filter((value) => isSound(stream, value));
  return rateMeasures(
    stream,
    {
      expected,
      lost,
      late: 0,
      bursts: bursts.figures(),
      ptimeMs: figures.steadyStep > 0 ? (figures.steadyStep * 1000) / payloads.clockRate[type] : null,
      kbps: null,
      payloadTypes: types.map((value) => ({ frame: stream.firstFrame, value })),
    },
    roundTrip,
  );
}

function isSound({ payloads, guessedEvents }: Stream, type: number): boolean {
  const kind = payloads.kind[type];
  return kind !== PayloadKind.Event && kind !== PayloadKind.ComfortNoise && !guessedEvents.includes(type);
}

function rateMeasures(stream: Stream, measures: RatedBy, roundTrip: number | null): Verdict {
  const { expected, lost, late, bursts } = measures;
  const lossPercent = expected === 0 ? 0 : ((lost + late) * 100) / expected;
  const delayMs = delayOf(roundTrip, measures.ptimeMs);
  const found = impairmentFor(stream, measures);
  const nothing = { rating: null, delayMs, lossPercent };
  if (found.impairment === null) return { ...nothing, impairment: null, reason: found.reason, burstRatio: 1 };
  const { impairment } = found;
  const burstRatio = burstRatioToUse(bursts.burstRatio ?? 1, impairment.bpl, lossPercent);
  if (lossPercent > 0 && impairment.bpl === null) {
    const name = stream.payloads.encodings[stream.mainPayloadType]?.name ?? 'its codec';
    const reason = `packets are missing, and ITU-T G.113 publishes no robustness to loss for ${name}`;
    return { ...nothing, impairment, reason, burstRatio };
  }
  const rating = rate({ ...impairment, lossPercent, burstRatio, delayMs });
  return { impairment, rating, reason: null, delayMs, lossPercent, burstRatio };
}

/** What the codec of a stream does by itself, or why that is not known. */
function impairmentFor(
  stream: Stream,
  { kbps, payloadTypes }: Pick<RatedBy, 'kbps' | 'payloadTypes'>,
): ReturnType<typeof impairmentOf> {
  const none = (reason: string): ReturnType<typeof impairmentOf> => ({ impairment: null, reason });
  const type = stream.mainPayloadType;
  if (type < 0) return none('it carries no audio');
  const encoding = stream.payloads.encodings[type];
  if (encoding === undefined) return none('its codec is not known');
  if (stream.packets < LEAST_PACKETS) return none('it has too few packets to tell');
  // A µ-law stream that goes on in A-law is as good.
  const names = new Set(payloadTypes.map(({ value }) => tableOf(stream, value)));
  if (names.size > 1) return none('its codec changes');
  return impairmentOf({
    encoding: encoding.name,
    clockRate: encoding.clockRate,
    channels: encoding.channels,
    kbps,
  });
}

/** Fewer packets say nothing of a call. */
const LEAST_PACKETS = 10;

function tableOf(stream: Stream, type: number): string {
  const encoding = stream.payloads.encodings[type];
  if (encoding === undefined) return `type ${type}`;
  const { clockRate, channels } = encoding;
  const name = encoding.name.toUpperCase();
  const found = impairmentOf({ encoding: name, clockRate, channels, kbps: null });
  return found.impairment?.source ?? name;
}

function delayOf(roundTrip: number | null, ptimeMs: number | null): number | null {
  return roundTrip === null ? null : roundTrip / 2 + (ptimeMs ?? 0) + ASSUMED_BUFFER_MS;
}
