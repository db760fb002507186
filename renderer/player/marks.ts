import type { AudioMark } from '../../shared/engine-api.ts';
import type { MarkKind, PlayerState } from './player-state.ts';

export const MARK_KINDS: readonly { readonly kind: MarkKind; readonly title: string }[] = [
  { kind: 'loss', title: 'Loss' },
  { kind: 'late', title: 'Late' },
  { kind: 'reordered', title: 'Reordered' },
  { kind: 'silence', title: 'Silence' },
  { kind: 'digit', title: 'Digits' },
  { kind: 'codec', title: 'Codec' },
];

/** All marks of a lane, also of kinds that are not shown. */
export function marksOf({ plan, silences }: PlayerState, lane: number): AudioMark[] {
  return [...(plan?.lanes[lane]?.marks ?? []), ...(silences[lane] ?? [])];
}

/** How many there are of a kind, in packets where the marks are about packets. */
export function countMarks(state: PlayerState, kind: MarkKind): number {
  let count = 0;
  for (let lane = 0; lane < (state.plan?.lanes.length ?? 0); lane++) {
    for (const mark of marksOf(state, lane)) if (mark.kind === kind) count += mark.count;
  }
  return count;
}

/** The shown mark next to a time in a direction, over all lanes; null where there is none. */
export function neighbourMark(state: PlayerState, time: number, step: 1 | -1): AudioMark | null {
  let best: AudioMark | null = null;
  for (let lane = 0; lane < (state.plan?.lanes.length ?? 0); lane++) {
    for (const mark of marksOf(state, lane)) {
      const ahead = (mark.at - time) * step;
      // A place sought is met to within a sample or so.
      if (state.hidden.has(mark.kind) || ahead <= 0.002) continue;
      if (best === null || ahead < (best.at - time) * step) best = mark;
    }
  }
  return best;
}
