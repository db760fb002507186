import type { Stream } from './stream.ts';
import type { StreamTracker } from './stream-tracker.ts';

const known = new WeakMap<StreamTracker, RowsByStream>();

/** The rows of the streams of a capture that was read; made once. */
export function rowsByStream(streams: StreamTracker): RowsByStream {
  let rows = known.get(streams);
  if (rows === undefined) known.set(streams, (rows = new RowsByStream(streams)));
  return rows;
}

/** The rows of every stream side by side: one scan of the table, however many streams are asked for afterwards. */
export class RowsByStream {
  private readonly starts: Uint32Array;
  private readonly rows: Uint32Array;

  constructor({ rtp, streamOfRow, copies, candidates }: StreamTracker) {
    const count = rtp.count;
    const starts = new Uint32Array(candidates.length + 2);
    const streamOf = (row: number): number => (copies.get(row) === 0 ? streamOfRow.get(row) : 0);
    for (let row = 0; row < count; row++) starts[streamOf(row) + 1]++;
    for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
    this.starts = starts;
    const next = starts.slice();
    this.rows = new Uint32Array(count);
    for (let row = 0; row < count; row++) this.rows[next[streamOf(row)]++] = row;
  }

  of(stream: Stream): Uint32Array {
    return this.rows.subarray(this.starts[stream.index + 1], this.starts[stream.index + 2]);
  }
}
