import { clockLine, type ClockLine } from './clocks.ts';
import type { Alignment } from './align.ts';
import type { ObservedStream } from './observed-stream.ts';

/** Two sights of one stream laid side by side: an entry a sequence number that either saw, in A's numbers. */
export interface Comparison {
  readonly a: ObservedStream;
  readonly b: ObservedStream;
  readonly alignment: Alignment;
  readonly sequence: Float64Array;
  /** Rows of A and B that first showed the number, -1 where none did. */
  readonly rowA: Int32Array;
  readonly rowB: Int32Array;
  /** B's time less A's, clocks corrected; NaN where one did not see it. */
  readonly delayMs: Float64Array;
  /** 1 where B saw it in another order than A. */
  readonly reordered: Uint8Array;
  /** Numbers that only one of them could see: the other had not begun, or had ended. */
  readonly outsideA: number;
  readonly outsideB: number;
  /** Null where one clock saw both. */
  readonly clocks: ClockLine | null;
}

/** Lays two sights side by side; `hasOneClock` where both are of one capture. */
export function compareStreams(
  a: ObservedStream,
  b: ObservedStream,
  alignment: Alignment,
  hasOneClock: boolean,
): Comparison {
  const { shift } = alignment;
  const from = Math.max(a.lowest, b.lowest - shift);
  const to = Math.min(a.highest, b.highest - shift);
  const seen = new Set<number>();
  for (const sequence of a.first.keys()) if (sequence >= from && sequence <= to) seen.add(sequence);
  for (const theirs of b.first.keys()) {
    const sequence = theirs - shift;
    if (sequence >= from && sequence <= to) seen.add(sequence);
  }
  // Sorted, and not counted through: between two numbers of a damaged stream may lie millions.
  const numbers = Float64Array.from(seen).toSorted();
  const count = numbers.length;
  const rowA = new Int32Array(count);
  const rowB = new Int32Array(count);
  const delayMs = new Float64Array(count).fill(Number.NaN);
  numbers.forEach((sequence, i) => {
    const [atA, atB] = [a.first.get(sequence) ?? -1, b.first.get(sequence + shift) ?? -1];
    rowA[i] = atA;
    rowB[i] = atB;
    if (atA >= 0 && atB >= 0) delayMs[i] = b.timeMs[atB] - a.timeMs[atA];
  });
  const clocks = hasOneClock ? null : correctClocks(a, rowA, delayMs);
  const comparison = { a, b, alignment, sequence: numbers, rowA, rowB, delayMs, clocks };
  return {
    ...comparison,
    reordered: reorderedOf(rowA, rowB),
    outsideA: countOutside(a.first.keys(), (sequence) => !seen.has(sequence)),
    outsideB: countOutside(b.first.keys(), (sequence) => !seen.has(sequence - shift)),
  };
}

function countOutside(sequences: Iterable<number>, isOutside: (sequence: number) => boolean): number {
  let count = 0;
  for (const sequence of sequences) if (isOutside(sequence)) count++;
  return count;
}

/** Takes the clocks' line out of the delays, and gives it. */
function correctClocks(a: ObservedStream, rowA: Int32Array, delayMs: Float64Array): ClockLine {
  const times: number[] = [];
  const delays: number[] = [];
  delayMs.forEach((delay, i) => {
    if (Number.isNaN(delay)) return;
    times.push(a.timeMs[rowA[i]]);
    delays.push(delay);
  });
  const line = clockLine(times, delays);
  delayMs.forEach((delay, i) => {
    if (!Number.isNaN(delay)) delayMs[i] = delay - line.offsetMs - line.slope * a.timeMs[rowA[i]];
  });
  return line;
}

/** Marks the packets that B saw after one that A saw later. */
function reorderedOf(rowA: Int32Array, rowB: Int32Array): Uint8Array {
  const both = Array.from(rowA.keys()).filter((i) => rowA[i] >= 0 && rowB[i] >= 0);
  const marks = new Uint8Array(rowA.length);
  let latest = -1;
  for (const i of both.toSorted((x, y) => rowB[x] - rowB[y])) {
    if (rowA[i] < latest) marks[i] = 1;
    latest = Math.max(latest, rowA[i]);
  }
  return marks;
}
