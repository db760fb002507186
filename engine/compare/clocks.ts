import { LowerHull } from '../../media/quality/lower-hull.ts';

/** Two captures have two clocks: what the fastest packets say of their offset and drift. */

/** A straight line in milliseconds: `offsetMs + slope × timeMs`. */
export interface ClockLine {
  readonly offsetMs: number;
  /** Milliseconds gained per millisecond; × 10⁶ it is parts per million. */
  readonly slope: number;
}

/** Under this a drift cannot be told from a queue that emptied. */
const LEAST_MS_FOR_DRIFT = 10_000;

/**
 * The line that lies under all delays and nearest to them (see `LowerHull`): the network never makes a packet faster than the
 * fastest, so what falls or rises along the bottom is the clocks'. Flat where the packets span too little time.
 */
export function clockLine(timeMs: ArrayLike<number>, delayMs: ArrayLike<number>): ClockLine {
  const order = Array.from({ length: timeMs.length }, (_, i) => i).toSorted((i, j) => timeMs[i] - timeMs[j]);
  const hull = new LowerHull();
  for (const i of order) hull.add(timeMs[i], delayMs[i]);
  if (hull.spanMs < LEAST_MS_FOR_DRIFT) {
    const least = order.reduce((lowest, i) => Math.min(lowest, delayMs[i]), Infinity);
    return { offsetMs: order.length === 0 ? 0 : least, slope: 0 };
  }
  const { offset, slope } = hull.line;
  return { offsetMs: offset, slope };
}
