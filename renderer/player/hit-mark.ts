import { marksOf, type ShownMark } from './marks.ts';
import type { PlayerState } from './player-state.ts';

const REACH_PX = 5;

/** The shown mark of a lane at a place `x` px into the window, or nearest within reach; null where there is none. */
export function hitMark(state: PlayerState, x: number, lane: number, width: number): ShownMark | null {
  const { window, hidden } = state;
  const scale = width / (window.to - window.from);
  let best: ShownMark | null = null;
  let nearest = REACH_PX;
  for (const mark of marksOf(state, lane)) {
    if (hidden.has(mark.kind) || mark.kind === 'silence') continue;
    const from = (mark.at - window.from) * scale;
    const to = from + mark.seconds * scale;
    const distance = x < from ? from - x : x > to ? x - to : 0;
    if (distance <= nearest) {
      nearest = distance;
      best = mark;
    }
  }
  return best;
}
