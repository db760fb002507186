import type { AudioMark } from '../../shared/engine-api.ts';
import type { MarkKind, PlayerState } from './player-state.ts';

/** A mark as the engine has it, or one that the window puts together: digits by other roads than events, clipping. */
export interface ShownMark extends Omit<AudioMark, 'kind'> {
  readonly kind: AudioMark['kind'] | 'tone' | 'info' | 'clipping';
}

export const MARK_KINDS: readonly { readonly kind: MarkKind; readonly title: string }[] = [
  { kind: 'loss', title: 'Loss' },
  { kind: 'late', title: 'Late' },
  { kind: 'concealed', title: 'Concealed' },
  { kind: 'reordered', title: 'Reordered' },
  { kind: 'silence', title: 'Silence' },
  { kind: 'clipping', title: 'Clipping' },
  { kind: 'digit', title: 'DTMF events' },
  { kind: 'tone', title: 'DTMF tones' },
  { kind: 'info', title: 'DTMF in SIP INFO' },
  { kind: 'codec', title: 'Codec' },
];

/** All marks of a lane, also of kinds that are not shown. */
export function marksOf({ plan, found }: PlayerState, lane: number): ShownMark[] {
  return [...(plan?.lanes[lane]?.marks ?? []), ...Object.values(found).flatMap((byLane) => byLane?.[lane] ?? [])];
}

/** How many there are of a kind, in packets where the marks are about packets. */
export function countMarks(state: PlayerState, kind: MarkKind): number {
  let count = 0;
  // A mark may be longer than a packet: a buffer counts what it bridged itself.
  if (kind === 'concealed') {
    const buffers = (state.plan?.lanes ?? []).flatMap(({ jitterBuffer }) => jitterBuffer ?? []);
    return buffers.reduce((sum, { concealed }) => sum + concealed, 0);
  }
  for (let lane = 0; lane < (state.plan?.lanes.length ?? 0); lane++) {
    for (const mark of marksOf(state, lane)) if (mark.kind === kind) count += mark.count;
  }
  return count;
}

/** The shown mark next to a time in a direction, over all lanes; null where there is none. */
export function neighbourMark(state: PlayerState, time: number, step: 1 | -1): ShownMark | null {
  let best: ShownMark | null = null;
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
