import type { IcePair, SideIndex } from './ice-pair.ts';
import { BLOCKED_CHECKS } from './ice-timing.ts';

/**
 * Whether answers that were seen on their way to a side reached it. Where the other side's checks, which go the same way,
 * are never answered, they did not; unless a pair was nominated on the strength of them.
 */
export function worksFor(pair: IcePair, side: SideIndex): boolean {
  if (pair.arrived[side] === 0) return false;
  const other = side === 0 ? 1 : 0;
  const isDoubtful = pair.requests[other] >= BLOCKED_CHECKS && pair.answered[other] === 0;
  return !isDoubtful || pair.isNominated;
}
