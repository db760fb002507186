import type { TreeRow } from './flatten.ts';

export type TreeMove =
  | { readonly kind: 'select'; readonly row: number }
  | { readonly kind: 'open' | 'close'; readonly row: number }
  /** Opens everything beside a row. */
  | { readonly kind: 'open-siblings'; readonly row: number };

/**
 * What a key does in a tree, by the ARIA authoring practices' tree pattern; null where the key is not the tree's.
 * `row` is the selected row, -1 for none; `pageRows` the rows that fit.
 */
export function treeMove<Item>(
  key: string,
  rows: readonly TreeRow<Item>[],
  row: number,
  pageRows: number,
): TreeMove | null {
  const last = rows.length - 1;
  if (last < 0) return null;
  const select = (to: number): TreeMove => ({ kind: 'select', row: Math.max(0, Math.min(last, to)) });
  const at = rows[row];
  switch (key) {
    case 'ArrowDown':
      return select(row + 1);
    case 'ArrowUp':
      return select(row < 0 ? last : row - 1);
    case 'PageDown':
      return select(row + pageRows);
    case 'PageUp':
      return select(row - pageRows);
    case 'Home':
      return select(0);
    case 'End':
      return select(last);
  }
  if (at === undefined) return null;
  switch (key) {
    case 'ArrowRight':
      if (!at.hasChildren) return null;
      return at.isOpen ? select(row + 1) : { kind: 'open', row };
    case 'ArrowLeft':
      if (at.isOpen) return { kind: 'close', row };
      return at.parent < 0 ? null : select(at.parent);
    case 'Enter':
      return at.hasChildren ? { kind: at.isOpen ? 'close' : 'open', row } : null;
    case '*':
      return { kind: 'open-siblings', row };
    default:
      return null;
  }
}
