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
 * The highest line that lies below all delays and touches the lower convex hull where the middle of the time is (Moon,
 * Skelly and Towsley, "Estimation and removal of clock skew from network delay measurements", 1999): the network never
 * makes a packet faster than the fastest, so what falls or rises along the bottom is the clocks'. Flat where the packets span
 * too little time.
 */
export function clockLine(timeMs: ArrayLike<number>, delayMs: ArrayLike<number>): ClockLine {
  const order = Array.from({ length: timeMs.length }, (_, i) => i).toSorted((i, j) => timeMs[i] - timeMs[j]);
  if (order.length === 0) return { offsetMs: 0, slope: 0 };
  const [first] = order;
  const last = order[order.length - 1];
  if (timeMs[last] - timeMs[first] < LEAST_MS_FOR_DRIFT) {
    return { offsetMs: order.reduce((least, i) => Math.min(least, delayMs[i]), Infinity), slope: 0 };
  }
  const hull: number[] = [];
  for (const i of order) {
    while (hull.length >= 2 && !turnsLeft(hull[hull.length - 2], hull[hull.length - 1], i, timeMs, delayMs)) hull.pop();
    hull.push(i);
  }
  const middle = (timeMs[first] + timeMs[last]) / 2;
  let edge = 0;
  while (edge + 2 < hull.length && timeMs[hull[edge + 1]] < middle) edge++;
  const [from, to] = [hull[edge], hull[edge + 1]];
  const slope = timeMs[to] === timeMs[from] ? 0 : (delayMs[to] - delayMs[from]) / (timeMs[to] - timeMs[from]);
  return { offsetMs: delayMs[from] - slope * timeMs[from], slope };
}

function turnsLeft(a: number, b: number, c: number, x: ArrayLike<number>, y: ArrayLike<number>): boolean {
  return (x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a]) > 0;
}
