import type { StreamSeries } from '../../shared/engine-api.ts';

/** Lowest, mean and highest of what is known; null where nothing is. */
export interface Summary {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export function summaryOf(values: ArrayLike<number>): Summary | null {
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return count === 0 ? null : { min, mean: sum / count, max };
}

/** The middle of each bucket, seconds since the stream's first. */
export function bucketTimes({ bucketSeconds, jitterMs }: StreamSeries): number[] {
  return Array.from(jitterMs, (_, index) => (index + 0.5) * bucketSeconds);
}

/** As uPlot wants them: a gap where there is no value. */
export function withGaps(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}

/** Several packets a bucket, so that a chart has a value in each; no more than can be told apart. */
export function bucketsFor(packets: number): number {
  return Math.max(1, Math.min(2000, Math.ceil(packets / 4)));
}

/**
 * The place of the value nearest to `wanted` among `count` ascending ones that are asked for one by one; -1 for none.
 * Asks about log2(count) times.
 */
export async function nearestIndex(
  count: number,
  valueAt: (index: number) => Promise<number>,
  wanted: number,
): Promise<number> {
  if (count <= 0) return -1;
  let low = 0;
  let high = count - 1;
  // The first that is not below what is wanted, or the last.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((await valueAt(middle)) < wanted) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const [before, here] = [await valueAt(low - 1), await valueAt(low)];
  return wanted - before <= Math.abs(here - wanted) ? low - 1 : low;
}
