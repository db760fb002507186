import { rate } from '../../media/quality/e-model.ts';
import type { QualitySeries } from '../../shared/quality.ts';
import type { Capture } from '../capture.ts';
import { StreamWalk } from '../query/stream-walk.ts';
import { streamId } from '../query/stream-rows.ts';
import { Arrival } from '../trackers/streams/sequence-gaps.ts';
import { rowsByStream } from '../trackers/streams/rows-by-stream.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { orderStream } from './measure-stream.ts';
import { ratedStream } from './rating.ts';
import { reportsOf, type StreamReport } from './reports.ts';

/** More are not drawn. */
export const MOST_BUCKETS = 600;
/** Reports that are drawn; of more, every so many-th. */
const MOST_REPORTS = 2000;

/**
 * Figures of a stream over its time: a second a bucket, longer ones where there would be more than 600. A lost packet counts
 * where it was missed. R of a bucket is by the loss in it and the codec, delay and burst ratio of the whole.
 */
export function qualitySeries(capture: Capture, stream: Stream): QualitySeries {
  const { frames } = capture.store;
  const durationSeconds = Math.max(0, frames.secondsBetween(stream.firstFrame, stream.lastFrame));
  const bucketSeconds = Math.max(1, durationSeconds / MOST_BUCKETS);
  const count = Math.max(1, Math.min(MOST_BUCKETS, Math.ceil(durationSeconds / bucketSeconds)));
  const bucketOf = (timeMs: number): number =>
    Math.max(0, Math.min(count - 1, Math.floor(timeMs / 1000 / bucketSeconds)));
  const unknown = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  const [lostPercent, latePercent, jitterMs, r, mos] = [unknown(), unknown(), unknown(), unknown(), unknown()];
  const [seen, lost, late] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const rows = rowsByStream(capture.streams).of(stream);
  const ordered = orderStream(capture, stream, rows);
  const walk = new StreamWalk(capture, stream);
  for (let packet = 0; packet < rows.length; packet++) {
    walk.take(rows[packet], bucketOf);
    const bucket = bucketOf(walk.timeMs);
    if (walk.arrival !== Arrival.Duplicate) seen[bucket]++;
    lost[bucket] += walk.lostBefore;
    if (walk.foundAt >= 0) lost[walk.foundAt]--;
    late[bucket] += ordered.late[packet];
    const now = walk.jitterMs;
    if (now !== null && !(jitterMs[bucket] >= now)) jitterMs[bucket] = now;
  }
  const { impairment, burstRatio, delayMs } = ratedStream(capture, stream);
  for (let bucket = 0; bucket < count; bucket++) {
    const expected = seen[bucket] + lost[bucket];
    if (expected <= 0) continue;
    lostPercent[bucket] = (lost[bucket] * 100) / expected;
    latePercent[bucket] = (late[bucket] * 100) / expected;
    const missing = lostPercent[bucket] + latePercent[bucket];
    if (impairment === null || (missing > 0 && impairment.bpl === null)) continue;
    const rating = rate({ ...impairment, lossPercent: missing, burstRatio, delayMs });
    r[bucket] = rating.r;
    mos[bucket] = rating.mos;
  }
  return {
    stream: streamId(stream),
    startTime: frames.time(stream.firstFrame),
    bucketSeconds,
    lostPercent,
    latePercent,
    jitterMs,
    r,
    mos,
    model: impairment?.model ?? null,
    reported: reportedColumns(capture, reportsOf(capture).about(stream)),
  };
}

function reportedColumns(capture: Capture, reports: readonly StreamReport[]): QualitySeries['reported'] {
  const every = Math.max(1, Math.ceil(reports.length / MOST_REPORTS));
  const drawn = reports.filter((_, i) => i % every === 0);
  const column = (of: (report: StreamReport) => number | null): Float64Array =>
    Float64Array.from(drawn, (report) => of(report) ?? Number.NaN);
  return {
    time: column(({ frame }) => capture.store.frames.time(frame)),
    lostPercent: column(({ lostPercent }) => lostPercent),
    jitterMs: column(({ jitterMs }) => jitterMs),
    roundTripMs: column(({ roundTripMs }) => roundTripMs),
  };
}
