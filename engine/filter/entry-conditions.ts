/** Conditions on calls and streams: decided once for each, then for the packets that belong to them. */
import type { Capture } from '../capture.ts';
import { callRow } from '../query/call-rows.ts';
import { streamRows } from '../query/stream-rows.ts';
import type { CallRow, StreamRow } from '../../shared/api.ts';
import type { Leaf } from './check.ts';
import { type Block, rowBlock, stateOf } from './conditions.ts';
import type { FieldSource, Value } from './field.ts';
import { Failed, No } from './ternary.ts';

type EntrySource = Extract<FieldSource, { kind: 'entry' }>;

/** The rows of calls and streams that conditions are about, made when they are first asked for. */
export class EntryRows {
  private readonly capture: Capture;
  private readonly calls: (CallRow | undefined)[] = [];
  private rowsOfStreams: Map<number, StreamRow> | null = null;
  private streamsOfCalls: Map<number, StreamRow[]> | null = null;

  constructor(capture: Capture) {
    this.capture = capture;
  }

  /** The row of an entry, by its index. */
  call(index: number): CallRow {
    const streams = this.streamsOf(index).map(({ id }) => id);
    return (this.calls[index] ??= callRow(this.capture, this.capture.calls.entries[index], streams, false));
  }

  /** The row of a stream by its index, null where it was not recognised. */
  stream(index: number): StreamRow | null {
    return this.streams().get(index) ?? null;
  }

  streamsOf(call: number): StreamRow[] {
    if (this.streamsOfCalls === null) {
      this.streamsOfCalls = new Map();
      for (const stream of this.capture.streams.streams) {
        const row = this.stream(stream.index);
        if (stream.call < 0 || row === null) continue;
        const list = this.streamsOfCalls.get(stream.call);
        if (list === undefined) this.streamsOfCalls.set(stream.call, [row]);
        else list.push(row);
      }
    }
    return this.streamsOfCalls.get(call) ?? [];
  }

  private streams(): Map<number, StreamRow> {
    if (this.rowsOfStreams === null) {
      const { streams } = this.capture.streams;
      const rows = streamRows(this.capture);
      this.rowsOfStreams = new Map(streams.map((stream, i) => [stream.index, rows[i]]));
    }
    return this.rowsOfStreams;
  }
}

/** Whether an entry passes; values that are not known are as if they were not there. */
export function entryState(leaf: Leaf, values: readonly (Value | null)[]): number {
  const known = values.filter((value) => value !== null);
  const state = stateOf(known, leaf.mode, leaf.test);
  return state === No && known.length > 0 && leaf.mode === 'all' ? Failed : state;
}

/** A packet has what its SIP messages' calls have, and what the stream of its RTP has. */
export function entryBlock(capture: Capture, leaf: Leaf, source: EntrySource, rows: EntryRows): Block {
  const { calls, streams } = capture;
  const { rtp } = streams;
  const { candidates, streamOfRow } = streams;
  // The number of a row needs no row.
  const isNumbered = leaf.field.type === 'id' || leaf.field.type === 'protocol';
  if (source.of === 'stream') {
    const states = memoised(candidates.length, (index) => {
      const row = rows.stream(index);
      if (row !== null && isNumbered) return entryState(leaf, [index + 1]);
      return row === null ? No : entryState(leaf, source.read({ call: null, streams: [row] }));
    });
    return rowBlock(capture, rtp, leaf.mode, (row) => states(streamOfRow.get(row) - 1));
  }
  const states = memoised(calls.entries.length, (index) => {
    if (isNumbered) return entryState(leaf, [index + 1]);
    return entryState(leaf, source.read({ call: rows.call(index), streams: rows.streamsOf(index) }));
  });
  const bySip = rowBlock(capture, calls.sip, leaf.mode, (row) => states(calls.callOfRow.get(row) - 1));
  const byRtp = rowBlock(capture, rtp, leaf.mode, (row) => {
    const stream = streamOfRow.get(row) - 1;
    return stream < 0 ? No : states(candidates[stream].call);
  });
  // A packet is SIP or RTP, never both.
  return (from, to, out) => {
    bySip(from, to, out);
    byRtp(from, to, out);
  };
}

const UNDECIDED = 255;

/** What `decide` says of an index, asked once for each; `No` for what is out of bounds. */
function memoised(count: number, decide: (index: number) => number): (index: number) => number {
  const known = new Uint8Array(count).fill(UNDECIDED);
  return (index) => {
    if (index < 0 || index >= count) return No;
    if (known[index] === UNDECIDED) known[index] = decide(index);
    return known[index];
  };
}
