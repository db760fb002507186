/** What ICE and TURN are called in the window. */
import type { IceDetail } from '../../../shared/engine-api.ts';
import type { IceOutcome, IcePairRow, IceRow, IceSessionRow, StepOutcome, TurnStep } from '../../../shared/ice.ts';
import type { Glyph } from '../../widgets/severity.tsx';

export const OUTCOME_GLYPHS: Readonly<Record<IceOutcome, Glyph>> = {
  ok: 'ok',
  failed: 'error',
  warning: 'warning',
  incomplete: 'incomplete',
};

/** `missing`: it was asked and nobody answered. */
export const STEP_GLYPHS: Readonly<Record<StepOutcome, Glyph>> = {
  ok: 'ok',
  failed: 'error',
  missing: 'error',
  'not-tried': 'incomplete',
};

export const STEP_NAMES: Readonly<Record<TurnStep['step'], string>> = {
  reachability: 'Server reachable',
  allocate: 'Allocate',
  permission: 'Permission',
  'connectivity-check': 'Connectivity check',
  'channel-bind': 'Channel bind',
  media: 'Media',
};

export const PAIR_GLYPHS: Readonly<Record<IcePairRow['state'], Glyph>> = {
  succeeded: 'ok',
  failed: 'error',
  'in-progress': 'running',
  waiting: 'incomplete',
};

/** `ICE 2`, `TURN 1`. */
export function titleOf({ kind, number }: Pick<IceRow, 'kind' | 'number'>): string {
  return `${kind === 'ice-session' ? 'ICE' : 'TURN'} ${number}`;
}

/** The row that a detail is about; null where the answer is empty. */
export function rowOf({ session, allocations }: IceDetail): IceRow | null {
  return session ?? allocations[0] ?? null;
}

export function isSelectedPair({ selected }: IceSessionRow, pair: IcePairRow): boolean {
  return selected !== null && selected.local === pair.local && selected.remote === pair.remote;
}

/** The selected pair first, then as they come. */
export function orderedPairs(session: IceSessionRow): IcePairRow[] {
  const rank = (pair: IcePairRow): number => (isSelectedPair(session, pair) ? 0 : 1);
  return session.pairs.toSorted((a, b) => rank(a) - rank(b));
}

/** `selected`, `nominated`, else the state. */
export function pairWords(session: IceSessionRow, pair: IcePairRow): string {
  if (isSelectedPair(session, pair)) return 'selected';
  return pair.nominated && pair.state === 'succeeded' ? 'nominated' : pair.state.replace('-', ' ');
}

/** Whether media went where the sides agreed to send it. */
export function wayWords(
  { selected, pairs }: IceSessionRow,
  way: IceSessionRow['media'][number],
): { glyph: Glyph; words: string } {
  const { local, remote } = way;
  if (way.isSelectedPair) return { glyph: 'ok', words: 'the way of the selected pair' };
  const wasNominated = pairs.some((pair) => pair.local === local && pair.remote === remote && pair.nominated);
  // Before a restart, or before a better pair was nominated, it was the selected one.
  if (wasNominated) return { glyph: 'ok', words: 'the way of a pair that was nominated too' };
  if (selected === null) return { glyph: 'note', words: 'and no pair was selected' };
  return { glyph: 'warning', words: 'not the way of the selected pair' };
}

/** The verdict as text for a ticket. */
export function verdictText(row: IceRow, file: string): string {
  const about =
    row.kind === 'ice-session'
      ? `${row.local.address ?? 'unknown'} to ${row.remote.address ?? 'unknown'}`
      : `${row.client} to ${row.server}`;
  return [
    `${titleOf(row)} of ${file}, ${about}`,
    row.verdict,
    row.explanation,
    ...(row.advice === null ? [] : [`Next: ${row.advice}`]),
    ...(row.evidence.length === 0 ? [] : [`Packets: ${row.evidence.map((packet) => `#${packet}`).join(' ')}`]),
  ]
    .filter((line) => line !== '')
    .join('\n');
}
