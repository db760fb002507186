import type { DissectorTrial, PluginError, PluginRow } from '../../../shared/plugins.ts';
import type { Glyph } from '../../widgets/severity.tsx';

/** A plugin's state as a glyph and in words. */
export function stateWords(row: PluginRow): { glyph: Glyph; words: string } {
  if (row.state === 'off') return { glyph: 'incomplete', words: 'off' };
  if (row.state === 'ok') return { glyph: 'ok', words: 'at work' };
  return { glyph: 'error', words: hasFaulted(row) ? 'faulted in this capture' : 'does not compile' };
}

/** Whether it went wrong in the open capture: what declared its parts was compiled. */
export function hasFaulted({ state, dissectors, checks, exports }: PluginRow): boolean {
  return state === 'failed' && dissectors.length + checks.length + exports.length > 0;
}

/** `2 dissectors, 1 export`. */
export function kindWords({ dissectors, checks, exports }: PluginRow): string {
  const parts = [
    [dissectors.length, 'dissector'],
    [checks.length, 'check'],
    [exports.length, 'export'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`)
    .join(', ');
}

/** `line 12, column 7`; '' where it cannot be told. */
export function placeWords({ line, column }: Pick<PluginError, 'line' | 'column'>): string {
  if (line === null) return '';
  return column === null ? `line ${line}` : `line ${line}, column ${column}`;
}

const SURE = ['not its own', 'weak', 'likely', 'strong', 'certain'];

/** What a dissector made of a payload, and whether it would have been asked at all. */
export function trialWords({ claimedBy, confidence, verdict, error }: DissectorTrial): {
  glyph: Glyph;
  verdict: string;
  claim: string;
} {
  const sure = confidence === null ? '' : `, ${SURE[confidence] ?? confidence}`;
  const claim = claimedBy === null ? 'no claim fits this packet: it would not be asked' : `by ${claimedBy}${sure}`;
  if (error !== null || verdict === null) return { glyph: 'error', verdict: 'failed', claim };
  switch (verdict) {
    case 'ok':
      return { glyph: claimedBy === null ? 'warning' : 'ok', verdict: 'takes it', claim };
    case 'malformed':
      return { glyph: 'warning', verdict: 'takes it as malformed', claim };
    case 'need-more':
      return { glyph: 'incomplete', verdict: 'wants more octets', claim };
    case 'reject':
      return { glyph: 'incomplete', verdict: 'rejects it', claim };
  }
}

/** What is wrong with a plugin in the editor, by the line. */
export interface ShownProblem {
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
  /** Types are advice: what runs does not know of them. */
  readonly kind: 'error' | 'type';
}

/** Faults first, each once; what the types say of a line that has a fault is left out. */
export function shownProblems(
  errors: readonly PluginError[],
  types: readonly { readonly line: number; readonly column: number; readonly message: string }[],
): ShownProblem[] {
  const shown: ShownProblem[] = [];
  for (const { message, line, column } of errors) {
    const isKnown = shown.some((other) => other.message === message && other.line === line);
    if (!isKnown) shown.push({ message, line, column, kind: 'error' });
  }
  const faulty = new Set(shown.map(({ line }) => line));
  return [
    ...shown,
    ...types.filter(({ line }) => !faulty.has(line)).map((each) => ({ ...each, kind: 'type' as const })),
  ];
}
