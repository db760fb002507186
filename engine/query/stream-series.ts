import type { StreamSeries } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { FIXED_HEADER } from '../../dissectors/rtp/rtp.ts';
import { Arrival } from '../trackers/streams/sequence-gaps.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { streamId } from './stream-rows.ts';
import { StreamWalk } from './stream-walk.ts';

const MOST_BUCKETS = 2000;
const UDP_HEADER = 8;

/** IPv4 and UDP header, or IPv6 and UDP. */
function headersBytes(capture: Capture, stream: Stream): number {
  return (capture.store.flows.isIPv6(stream.flow) ? 40 : 20) + UDP_HEADER;
}

/**
 * Figures of a stream over its time, in equal parts (`buckets`, at most 2000): RFC 3550 jitter, time between packets,
 * loss, bit rate. A lost packet counts where it was missed. `rows` are the stream's, in capture order.
 */
export function streamSeries(capture: Capture, stream: Stream, rows: Uint32Array, buckets: number): StreamSeries {
  const { frames } = capture.store;
  const durationMs = frames.secondsBetween(stream.firstFrame, stream.lastFrame) * 1000;
  const count = durationMs > 0 ? Math.max(1, Math.min(MOST_BUCKETS, Math.floor(buckets) || 1)) : 1;
  const bucketMs = durationMs > 0 ? durationMs / count : 1000;
  const nothing = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  const [jitterMs, deltaMs, lostPercent, bitrateKbps] = [nothing(), nothing(), nothing(), nothing()];
  const [seen, lost, octets] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  // A packet can be earlier than the first, in a capture whose clock was set back.
  const bucketOf = (timeMs: number): number => Math.max(0, Math.min(count - 1, Math.floor(timeMs / bucketMs)));
  const { extraHeaderLength, payloadLength } = capture.streams.rtp.rows.columns;
  const headers = headersBytes(capture, stream) + FIXED_HEADER;
  const walk = new StreamWalk(capture, stream);
  for (const row of rows) {
    walk.take(row, bucketOf);
    const bucket = bucketOf(walk.timeMs);
    octets[bucket] += headers + extraHeaderLength.get(row) + payloadLength.get(row);
    if (walk.arrival !== Arrival.Duplicate) seen[bucket]++;
    lost[bucket] += walk.lostBefore;
    if (walk.foundAt >= 0) lost[walk.foundAt]--;
    raise(jitterMs, bucket, walk.jitterMs);
    raise(deltaMs, bucket, walk.deltaMs);
  }
  for (let bucket = 0; bucket < count; bucket++) {
    const expected = seen[bucket] + lost[bucket];
    if (expected > 0) lostPercent[bucket] = (lost[bucket] * 100) / expected;
    if (octets[bucket] > 0) bitrateKbps[bucket] = (octets[bucket] * 8) / bucketMs;
  }
  const startTime = frames.time(stream.firstFrame);
  return {
    stream: streamId(stream),
    startTime,
    bucketSeconds: bucketMs / 1000,
    jitterMs,
    deltaMs,
    lostPercent,
    bitrateKbps,
  };
}

function raise(values: Float64Array, bucket: number, value: number | null): void {
  if (value !== null && value === value && !(values[bucket] >= value)) values[bucket] = value;
}

const SPARK_PARTS = 60;

/** Loss and jitter in 60 parts, for a line some pixels high; where no packet came, nothing was lost and jitter stays. */
export function sparksOf(
  capture: Capture,
  stream: Stream,
  rows: Uint32Array,
): { lossPercent: number[]; jitterMs: number[] } {
  const series = streamSeries(capture, stream, rows, SPARK_PARTS);
  let last = 0;
  return {
    lossPercent: Array.from(series.lostPercent, (value) => value || 0),
    jitterMs: Array.from(series.jitterMs, (value) => (last = Number.isNaN(value) ? last : value)),
  };
}
