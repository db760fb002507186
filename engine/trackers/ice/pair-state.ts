import { errorName } from '../../../dissectors/stun/methods.ts';
import type { IcePairRow } from '../../../shared/ice.ts';
import type { Capture } from '../../capture.ts';
import { endsOfPair } from './candidates.ts';
import type { IcePair, SideIndex } from './ice-pair.ts';
import type { IceSession } from './ice-session.ts';
import { BLOCKED_CHECKS, GIVE_UP_SECONDS, LOST_SECONDS } from './ice-timing.ts';
import { worksFor } from './works.ts';

/** The state of a pair whose checks were seen, in the words of RFC 8445 section 6.1.2.6. */
export function pairState(capture: Capture, session: IceSession, pair: IcePair): IcePairRow['state'] {
  if (worksFor(pair, 0) || worksFor(pair, 1)) return 'succeeded';
  if (pair.elsewhere.some(({ count }) => count > 0) || isRejected(pair)) return 'failed';
  const { frames } = capture.store;
  const watched = frames.secondsBetween(pair.firstFrame, frames.latest);
  const isSettled = session.selected !== null && watched >= LOST_SECONDS;
  return isSettled || watched >= GIVE_UP_SECONDS ? 'failed' : 'in-progress';
}

/** Why a pair failed, or waits, without a full stop; null where it succeeded. */
export function whyOfPair(capture: Capture, session: IceSession, pair: IcePair): string | null {
  if (pairState(capture, session, pair) === 'succeeded') return null;
  const elsewhere = pair.elsewhere.find(({ count }) => count > 0);
  if (elsewhere !== undefined) return `answered from ${elsewhere.address}: symmetric NAT`;
  if (isRejected(pair)) {
    const [worst] = [...pair.errors[0], ...pair.errors[1]].toSorted((a, b) => b.count - a.count);
    return `${worst.code} ${errorName(worst.code)}`.trim();
  }
  const ends = endsOfPair(capture.store, pair);
  for (const side of [0, 1] as const) {
    const other: SideIndex = side === 0 ? 1 : 0;
    if (pair.requests[side] >= BLOCKED_CHECKS && pair.answered[side] === 0 && pair.answered[other] > 0) {
      return `checks of ${ends[other]} arrive, those of ${ends[side]} are not answered`;
    }
    if (pair.answered[side] > 0 && pair.arrived[side] === 0) return `answers do not get back to ${ends[side]}`;
  }
  return 'no answer';
}

function isRejected({ errors, answered }: IcePair): boolean {
  return answered[0] + answered[1] === 0 && errors[0].length + errors[1].length > 0;
}
