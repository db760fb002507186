import type { Overview } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { protocolName } from '../store/protocol-list.ts';

const BUCKETS = 200;
const PROTOCOLS = 256;

/** Packets in each of 200 equal parts of the capture's time, by protocol, the commonest first: one walk over the frames. */
export function packetRates({ store }: Capture): Omit<Overview['rate'], 'problems'> {
  const { frames } = store;
  if (frames.count === 0) return { startTime: 0, bucketSeconds: 1, protocols: [] };
  const { seconds, nanoseconds, protocol } = frames;
  const durationSeconds = frames.arrivalSecondsBetween(frames.earliest, frames.latest);
  const bucketSeconds = durationSeconds > 0 ? durationSeconds / BUCKETS : 1;
  const startSeconds = seconds.get(frames.earliest);
  const startNanoseconds = nanoseconds.get(frames.earliest);
  const counts = new Uint32Array(PROTOCOLS * BUCKETS);
  for (let frame = 0; frame < frames.count; frame++) {
    const since = seconds.get(frame) - startSeconds + (nanoseconds.get(frame) - startNanoseconds) / 1e9;
    const bucket = Math.min(BUCKETS - 1, Math.floor(since / bucketSeconds));
    counts[protocol.get(frame) * BUCKETS + bucket]++;
  }
  const protocols: { protocol: string; packets: number[]; total: number }[] = [];
  for (let i = 0; i < PROTOCOLS; i++) {
    const packets = Array.from(counts.subarray(i * BUCKETS, (i + 1) * BUCKETS));
    const total = packets.reduce((sum, count) => sum + count, 0);
    if (total > 0) protocols.push({ protocol: protocolName(i, store.dissectorIds), packets, total });
  }
  protocols.sort((a, b) => b.total - a.total);
  return {
    startTime: frames.arrivalTime(frames.earliest),
    bucketSeconds,
    protocols: protocols.map(({ protocol: name, packets }) => ({ protocol: name, packets })),
  };
}
