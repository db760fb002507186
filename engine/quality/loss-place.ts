import { extendSequence } from '../../base/sequence.ts';
import type { LossPlace } from '../../shared/quality.ts';
import { orderBySequence, type SequenceOrder } from '../audio/sequence-order.ts';
import type { Capture } from '../capture.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { reportsOf, type StreamReport } from './reports.ts';

/** Where the first report comes this soon after the stream's first packet, its receiver counts from that packet on. */
const FIRST_REPORT_SECONDS = 12;

/**
 * Where a stream's packets were lost: what the receiver says it missed, less what was missing here of the same packets.
 * Counted from the stream's beginning where the capture seems to have it, else from the first report to the last. null
 * where there is no report, or the receiver counts doubled packets as received and so less than nothing as lost.
 */
export function lossPlace(capture: Capture, stream: Stream, rows: Uint32Array): LossPlace | null {
  const all = reportsOf(capture).about(stream);
  const last = all.at(-1);
  if (last === undefined || stream.figures?.capturedTwice === true) return null;
  // Several receivers (forking, a conference) count each for itself.
  const own = all.filter(({ reporterSsrc }) => reporterSsrc === last.reporterSsrc);
  const [first] = own;
  const { frames } = capture.store;
  const isFromBeginning =
    frames.secondsBetween(stream.firstFrame, first.frame) <= FIRST_REPORT_SECONDS &&
    (stream.setupRow >= 0 || frames.secondsBetween(0, stream.firstFrame) > 1);
  const { sequence } = capture.streams.rtp.rows.columns;
  const order = orderBySequence(rows.length, (packet) => sequence.get(rows[packet]));
  const seenLast = missedUpTo(capture, rows, order, last);
  if (seenLast === null) return null;
  if (isFromBeginning) {
    const after = last.cumulativeLost - seenLast;
    if (after < 0) return null;
    return { before: seenLast, after, packet: last.frame + 1, fromPacket: null };
  }
  const seenFirst = first === last ? null : missedUpTo(capture, rows, order, first);
  if (seenFirst === null) return null;
  const before = seenLast - seenFirst;
  const after = last.cumulativeLost - first.cumulativeLost - before;
  if (before < 0 || after < 0) return null;
  return { before, after, packet: last.frame + 1, fromPacket: first.frame + 1 };
}

/** Numbers beyond what was captured by then that a report may know: frames of one moment in another order. */
const MOST_AHEAD = 100;

/** Packets missing here up to the highest number that a report knows; null where that was not captured. */
function missedUpTo(capture: Capture, rows: Uint32Array, order: SequenceOrder, report: StreamReport): number | null {
  const { frame } = capture.streams.rtp;
  let highest = -1;
  for (let packet = 0; packet < rows.length && frame.get(rows[packet]) < report.frame; packet++) {
    if (order.number[packet] > highest) highest = order.number[packet];
  }
  if (highest < 0) return null;
  const last = extendSequence(highest, report.highestSequence & 0xffff);
  if (last > highest + MOST_AHEAD) return null;
  let missed = 0;
  for (let i = 0; i < order.sent.length && order.number[order.sent[i]] <= last; i++) missed += order.lostBefore(i);
  return missed;
}
