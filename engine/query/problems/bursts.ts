import type { Capture } from '../../capture.ts';
import { Arrival, SequenceGaps } from '../../trackers/streams/sequence-gaps.ts';

/** A run of numbers that were missed together: frames before and after it, and how many never came. */
export interface Burst {
  readonly before: number;
  readonly after: number;
  readonly lost: number;
  /** The longest run without one that came late. */
  readonly longest: number;
}

/** Past this many, further bursts are not told apart. */
const MOST_BURSTS = 20_000;

interface OpenBurst {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
  readonly late: number[];
}

/** Where a stream lost packets, in order of time. `rows` are the stream's RTP rows. */
export function burstsOf(capture: Capture, rows: Uint32Array): Burst[] {
  const { rtp } = capture.streams;
  const { sequence } = rtp.rows.columns;
  const gaps = new SequenceGaps();
  const open: OpenBurst[] = [];
  let lastRow = -1;
  let lost = 0;
  for (const row of rows) {
    const number = sequence.get(row);
    const highest = gaps.highest;
    const arrival = gaps.add(number);
    // A stray number far off opens no gap.
    if (arrival === Arrival.AfterGap && gaps.lost > lost && open.length < MOST_BURSTS) {
      const [before, after] = [rtp.frame.get(lastRow), rtp.frame.get(row)];
      open.push({ from: highest + 1, to: gaps.highest - 1, before, after, late: [] });
    } else if (arrival === Arrival.Late) {
      const extended = highest + (((number - highest) << 16) >> 16);
      open.findLast(({ from, to }) => from <= extended && extended <= to)?.late.push(extended);
    }
    lost = gaps.lost;
    lastRow = row;
  }
  return open.map(closed).filter((burst) => burst.lost > 0);
}

function closed({ from, to, before, after, late }: OpenBurst): Burst {
  let longest = 0;
  let next = from;
  for (const number of [...late.toSorted((a, b) => a - b), to + 1]) {
    longest = Math.max(longest, number - next);
    next = number + 1;
  }
  return { before, after, lost: to - from + 1 - late.length, longest };
}
