import type { DiagramRow } from '../../shared/ladder-diagram/layout.ts';

export type Step = 'j' | 'k' | 'ArrowDown' | 'ArrowUp' | 'PageDown' | 'PageUp' | 'Home' | 'End' | '[' | ']';

/** The row a key leads to, or null where it leads nowhere; `selected` is -1 where nothing is. */
export function stepTo(rows: readonly DiagramRow[], selected: number, key: Step, page: number): number | null {
  const last = rows.length - 1;
  const isRow = (index: number): boolean => rows[index]?.drawn.kind !== 'gap';
  const hasProblem = (index: number): boolean => rows[index].problems.length > 0;
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return find(rows.length, selected + 1, 1, isRow);
    case 'k':
    case 'ArrowUp':
      return find(rows.length, selected < 0 ? last : selected - 1, -1, isRow);
    case 'PageDown':
      return find(rows.length, Math.min(last, Math.max(0, selected) + page), -1, isRow);
    case 'PageUp':
      return find(rows.length, Math.max(0, selected - page), 1, isRow);
    case 'Home':
      return find(rows.length, 0, 1, isRow);
    case 'End':
      return find(rows.length, last, -1, isRow);
    case ']':
      return find(rows.length, selected + 1, 1, hasProblem);
    case '[':
      return find(rows.length, selected < 0 ? last : selected - 1, -1, hasProblem);
    default:
      return null;
  }
}

function find(count: number, from: number, step: 1 | -1, fits: (index: number) => boolean): number | null {
  for (let i = from; i >= 0 && i < count; i += step) if (fits(i)) return i;
  return null;
}
