import type { MenuEntry } from '../menu/menu.tsx';
import type { FieldValue, GridColumn } from './column.ts';
import { nameOf } from './column.ts';
import { type ColumnState, isColumnShown, orderedColumns } from './column-state.ts';
import { valueFilter } from './filter-text.ts';

type Change = (part: Partial<ColumnState> | null) => void;

/** Which columns are shown, and by which the rows are sorted. */
export function columnEntries<Row>(
  columns: readonly GridColumn<Row>[],
  state: ColumnState,
  change: Change,
): readonly MenuEntry[] {
  const all = orderedColumns(columns, state.order);
  const shown = all.filter((column) => isColumnShown(column, state));
  const sortable = all.filter(({ sortBy }) => sortBy !== undefined);
  return [
    { kind: 'heading', label: 'Columns' },
    ...all.map((column): MenuEntry => {
      const isChecked = shown.includes(column);
      return {
        kind: 'item',
        label: nameOf(column),
        isChecked,
        isDisabled: isChecked && shown.length === 1,
        staysOpen: true,
        run: () => change({ isShown: { ...state.isShown, [column.id]: !isChecked } }),
      };
    }),
    ...(sortable.length > 0 ? [{ kind: 'separator' } as const, { kind: 'heading', label: 'Sort by' } as const] : []),
    ...sortable.map((column): MenuEntry => {
      const { sortBy = '' } = column;
      const sort = state.sort?.by === sortBy ? state.sort : null;
      return {
        kind: 'item',
        label: nameOf(column),
        ...(sort === null ? {} : { detail: sort.descending ? '▼' : '▲' }),
        isChecked: sort !== null,
        staysOpen: true,
        run: () => change({ sort: { by: sortBy, descending: sort !== null && !sort.descending } }),
      };
    }),
    { kind: 'separator' },
    { kind: 'item', label: 'As designed', run: () => change(null) },
  ];
}

export interface RowMenuActions {
  readonly copyText: (text: string) => void;
  readonly copyRows: (as: 'text' | 'csv' | 'json' | 'filter') => void;
  readonly hasRowFilter: boolean;
  readonly filterBy: ((condition: string, isNegated: boolean) => void) | null;
}

export interface MenuCell {
  /** The column's. */
  readonly name: string;
  readonly text: string;
  readonly value: FieldValue | null;
}

/** What can be done with the selected rows, and with the cell the menu was asked for on; by keyboard that is none. */
export function rowEntries(
  cell: MenuCell | null,
  cells: readonly MenuCell[],
  actions: RowMenuActions,
): readonly MenuEntry[] {
  const { copyText, copyRows, filterBy } = actions;
  const entries: MenuEntry[] = [];
  if (cell !== null && cell.text !== '')
    entries.push({ kind: 'item', label: 'Copy cell', detail: cell.text, run: () => copyText(cell.text) });
  entries.push(
    { kind: 'item', label: 'Copy as text', detail: 'Ctrl+C', run: () => copyRows('text') },
    { kind: 'item', label: 'Copy as CSV', run: () => copyRows('csv') },
    { kind: 'item', label: 'Copy as JSON', run: () => copyRows('json') },
  );
  if (actions.hasRowFilter) entries.push({ kind: 'item', label: 'Copy as filter', run: () => copyRows('filter') });
  const condition = cell?.value == null ? null : valueFilter(cell.value);
  if (condition !== null && filterBy !== null) {
    entries.push(
      { kind: 'separator' },
      { kind: 'item', label: 'Filter by this value', detail: condition, run: () => filterBy(condition, false) },
      { kind: 'item', label: 'And not this value', detail: `!(${condition})`, run: () => filterBy(condition, true) },
      { kind: 'item', label: 'Copy value as filter', run: () => copyText(condition) },
    );
  }
  if (cell === null && filterBy !== null) entries.push(...filterEntries(cells, filterBy));
  return entries;
}

/** A filter for each cell that has one. */
function filterEntries(cells: readonly MenuCell[], filterBy: (condition: string, isNegated: boolean) => void) {
  const entries = cells.flatMap(({ name, value }): MenuEntry[] => {
    if (value === null) return [];
    const condition = valueFilter(value);
    return [{ kind: 'item', label: `Filter by ${name}`, detail: condition, run: () => filterBy(condition, false) }];
  });
  return entries.length === 0 ? [] : [{ kind: 'separator' } as const, ...entries];
}
