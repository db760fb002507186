/** The ways in which a stream can be played: as the file has it, as the sender meant it, as a receiver may have heard it. */
import { extendSequence } from '../../base/sequence.ts';
import { Fate } from '../jitter/fate.ts';
import { type JitterTrace, simulateJitterBuffer } from '../jitter/jitter-buffer.ts';
import { Placement } from './arrange.ts';
import { packetSecondsOf } from './packet-seconds.ts';
import {
  laidOut,
  LONGEST_SECONDS,
  type PayloadRates,
  type PlacedPackets,
  placePackets,
  type StreamPackets,
  type Timeline,
} from './timeline.ts';

/**
 * `file`: every packet begins at its arrival, and is cut where the next one begins. `timestamp`: where its RTP timestamp says.
 * `jitter-buffer`: as out of a buffer of `depthMs`, null for one that adapts; late packets are not heard.
 */
export type Playout =
  | { readonly kind: 'file' }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'jitter-buffer'; readonly depthMs: number | null };

export const BY_TIMESTAMP: Playout = { kind: 'timestamp' };

/** Of a packet's length where the stream does not tell. */
const USUAL_PACKET_SECONDS = 0.02;

/** Lays out one stream; see `planTimeline`. Never throws. */
export function planPlayout(packets: StreamPackets, rates: PayloadRates, playout: Playout): Timeline {
  const placed = placePackets(packets, rates, { wantsDue: playout.kind === 'jitter-buffer' });
  if (playout.kind === 'file') return byArrival(packets, placed);
  if (playout.kind === 'jitter-buffer') {
    return throughBuffer(packets, rates, placed, playout.depthMs === null ? null : playout.depthMs / 1000);
  }
  return laidOut(placed);
}

/** Copies are left out: nobody sent them. One segment, for overlaps are cut at the next packet and nowhere else. */
function byArrival(packets: StreamPackets, placed: PlacedPackets): Timeline {
  const { placement } = placed;
  const heard = new Placement(placement.rows);
  for (let row = 0; row < placement.rows; row++) {
    const packet = placement.packet[row];
    const arrival = packets.arrival[packet];
    if (Math.abs(arrival) > LONGEST_SECONDS) continue;
    const to = heard.rows++;
    heard.packet[to] = packet;
    heard.segment[to] = 1;
    heard.sampleRate[to] = placement.sampleRate[row];
    heard.at[to] = Math.round(arrival * placement.sampleRate[row]);
  }
  return laidOut({ ...placed, placement: heard, discontinuities: 0 });
}

function throughBuffer(
  packets: StreamPackets,
  rates: PayloadRates,
  placed: PlacedPackets,
  depthSeconds: number | null,
): Timeline {
  const { placement } = placed;
  const trace = jitterTrace(packets, rates, placed);
  const { fate: fates, delay, bridged, counts } = simulateJitterBuffer(trace, depthSeconds);
  const fate = placed.fate.slice();
  const heard = new Placement(counts.played, { isBridged: true });
  const moment = new Float64Array(packets.count).fill(Number.NaN);
  let beginSeconds = Infinity;
  for (let row = 0; row < placement.rows; row++) {
    const packet = placement.packet[row];
    const rate = placement.sampleRate[row];
    beginSeconds = Math.min(beginSeconds, trace.arrival[row], trace.due[row]);
    fate[packet] = fates[row];
    moment[packet] = trace.due[row] + delay[row];
    if (fates[row] !== Fate.Played || !(Math.abs(moment[packet]) <= LONGEST_SECONDS)) continue;
    const to = heard.rows++;
    heard.packet[to] = packet;
    heard.segment[to] = placement.segment[row];
    heard.sampleRate[to] = rate;
    heard.at[to] = placement.at[row] + Math.round(delay[row] * rate);
    if (heard.bridged !== null) heard.bridged[to] = Math.round(bridged[row] * rate);
  }
  const timeline = laidOut({ ...placed, placement: heard, fate });
  return { ...timeline, beginSeconds: timeline.rows === 0 ? 0 : beginSeconds, moment, counts };
}

/** What the buffer is told of placed packets. */
function jitterTrace(
  packets: StreamPackets,
  { clockRates }: PayloadRates,
  { placement, due }: PlacedPackets,
): JitterTrace {
  const { rows, packet, segment } = placement;
  const sequence = new Float64Array(rows);
  const arrival = new Float64Array(rows);
  const others = new Set<number>();
  let reference = packets.count === 0 ? 0 : packets.sequence[0] + 65536;
  for (let i = 0, row = 0; i < packets.count; i++) {
    reference = extendSequence(reference, packets.sequence[i]);
    if (row < rows && packet[row] === i) {
      sequence[row] = reference;
      arrival[row] = packets.arrival[i];
      row++;
    } else if (clockRates[packets.payloadType[i]] === 0 || packets.payloadLength[i] === 0) {
      others.add(reference);
    }
  }
  return {
    count: rows,
    sequence,
    segment: segment.subarray(0, rows),
    due: due.subarray(0, rows),
    arrival,
    packetSeconds: packetSecondsOf(packets, clockRates) ?? USUAL_PACKET_SECONDS,
    others: Float64Array.from(others).toSorted(),
  };
}
