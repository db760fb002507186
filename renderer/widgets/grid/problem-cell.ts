import type { ProblemBrief } from '../../../shared/engine-api.ts';
import type { CellPart } from './column.ts';

const ORDER = { error: 0, warning: 1, note: 2 } as const;

function worstOf(problems: readonly ProblemBrief[]): ProblemBrief | undefined {
  return problems.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity])[0];
}

/** `One-way audio +1`. */
export function problemText(problems: readonly ProblemBrief[]): string {
  const worst = worstOf(problems);
  if (worst === undefined) return '';
  return problems.length === 1 ? worst.title : `${worst.title} +${problems.length - 1}`;
}

/** The worst with its glyph, and how many more there are. */
export function problemParts(problems: readonly ProblemBrief[]): readonly CellPart[] {
  const worst = worstOf(problems);
  if (worst === undefined) return [];
  const parts: CellPart[] = [
    { kind: 'glyph', glyph: worst.severity, label: worst.severity },
    { kind: 'text', text: worst.title, className: 'trunc' },
  ];
  if (problems.length > 1) parts.push({ kind: 'text', text: `+${problems.length - 1}`, className: 't3' });
  return parts;
}
