import type { StreamListRow } from '../../shared/engine-api.ts';
import { notRatedBecause, ratedStream } from '../quality/rating.ts';
import type { Capture } from '../capture.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { nameOf } from './call-list.ts';
import { partiesOf } from './call-rows.ts';
import type { CaptureIndex } from './capture-index.ts';
import { sparksOf } from './stream-series.ts';
import { streamId, streamRow } from './stream-rows.ts';

/** Sparklines that are kept: drawing one anew takes a walk over the stream's packets. */
const SPARKS_KEPT = 2000;
const sparksByIndex = new WeakMap<CaptureIndex, Map<number, StreamListRow['sparks']>>();

/** A stream as a grid shows it. */
export function streamListRow(index: CaptureIndex, stream: Stream): StreamListRow {
  return { ...streamRowToSort(index, stream), sparks: sparks(index, stream) };
}

/** What a grid can be sorted by: all but what takes a walk over the stream's packets. */
export function streamRowToSort(index: CaptureIndex, stream: Stream): Omit<StreamListRow, 'sparks'> {
  const { capture } = index;
  const row = streamRow(capture, stream, index.digitsOf(stream));
  const call = stream.call < 0 ? null : capture.calls.entries[stream.call];
  const side = sideOf(row.direction);
  const names = namesOf(index, stream, side);
  return {
    ...row,
    number: stream.index + 1,
    side,
    callNumber: call === null ? null : call.index + 1,
    ...names,
    problems: index.lists.briefsOfStream(streamId(stream)),
    // Takes a walk over the packets where it is asked for, once.
    get quality() {
      const { expected, late, bursts } = ratedStream(capture, stream).measures;
      const isTimed = stream.figures?.meanJitterMs != null && expected > 0;
      const latePercent = isTimed ? (late * 100) / expected : null;
      return { latePercent, bursts: bursts.bursts, notRatedBecause: notRatedBecause(capture, stream) };
    },
  };
}

/** A: what the caller says. */
export function sideOf(direction: StreamListRow['direction']): StreamListRow['side'] {
  if (direction === null) return null;
  return direction === 'caller-to-callee' ? 'A' : 'B';
}

/** Who speaks and who hears, where signalling says it. */
export function namesOf(
  { capture }: CaptureIndex,
  stream: Stream,
  side: StreamListRow['side'],
): { fromName: string | null; toName: string | null } {
  if (stream.isUnsignalled || side === null) return { fromName: null, toName: null };
  const [caller, callee] = partyNames(capture, stream);
  return side === 'A' ? { fromName: caller, toName: callee } : { fromName: callee, toName: caller };
}

/** Of the call that set the stream up: caller and callee. */
function partyNames(capture: Capture, { call, verto }: Stream): [string | null, string | null] {
  if (verto !== null) return [verto.callerNumber || null, verto.calleeNumber || null];
  const { from, to } = partiesOf(capture, capture.calls.entries[call], false);
  return [nameOf(from), nameOf(to)];
}

function sparks(index: CaptureIndex, stream: Stream): StreamListRow['sparks'] {
  let known = sparksByIndex.get(index);
  if (known === undefined) sparksByIndex.set(index, (known = new Map()));
  let lines = known.get(stream.index);
  if (lines === undefined) {
    lines = sparksOf(index.capture, stream, index.rowsOf(stream));
    if (known.size < SPARKS_KEPT) known.set(stream.index, lines);
  }
  return lines;
}
