import type { GridColumn, GridSort } from './column.ts';

/** What a person changed of a grid; kept in the settings. */
export interface ColumnState {
  /** Column ids; those not named stand where they were designed. */
  readonly order: readonly string[];
  /** Shown or hidden against the design. */
  readonly isShown: Readonly<Record<string, boolean>>;
  readonly widths: Readonly<Record<string, number>>;
  readonly sort: GridSort | null;
}

export const PLAIN_STATE: ColumnState = { order: [], isShown: {}, widths: {}, sort: null };

const NARROWEST = 24;
const WIDEST = 2000;

/** What was kept, as far as it makes sense: another version, or a hand, may have written it. */
export function parseColumnState(kept: unknown): ColumnState {
  if (typeof kept !== 'object' || kept === null) return PLAIN_STATE;
  const { order, isShown, widths, sort } = kept as Record<string, unknown>;
  return {
    order: Array.isArray(order) ? order.filter((id) => typeof id === 'string') : [],
    isShown: pickEntries(isShown, (value) => typeof value === 'boolean'),
    widths: pickEntries(widths, (value) => typeof value === 'number' && value >= NARROWEST && value <= WIDEST),
    sort: isSort(sort) ? { by: sort.by, descending: sort.descending } : null,
  };
}

function pickEntries<T>(from: unknown, isGood: (value: unknown) => boolean): Record<string, T> {
  if (typeof from !== 'object' || from === null) return {};
  return Object.fromEntries(Object.entries(from).filter(([, value]) => isGood(value))) as Record<string, T>;
}

function isSort(value: unknown): value is GridSort {
  if (typeof value !== 'object' || value === null) return false;
  const { by, descending } = value as Record<string, unknown>;
  return typeof by === 'string' && typeof descending === 'boolean';
}

/** All columns as a person ordered them. */
export function orderedColumns<Row>(
  columns: readonly GridColumn<Row>[],
  order: readonly string[],
): readonly GridColumn<Row>[] {
  const known = order.flatMap((id) => columns.filter((column) => column.id === id));
  const result = [...known];
  // A column that is new since the order was kept goes behind the one it was designed behind.
  columns.forEach((column, at) => {
    if (known.includes(column)) return;
    const after = at === 0 ? -1 : result.indexOf(columns[at - 1]);
    result.splice(after + 1, 0, column);
  });
  return result;
}

export function isColumnShown<Row>(column: GridColumn<Row>, { isShown }: ColumnState): boolean {
  return isShown[column.id] ?? column.isHidden !== true;
}

/** The state with a column moved before another (null: to the end). */
export function moveColumn<Row>(
  columns: readonly GridColumn<Row>[],
  state: ColumnState,
  id: string,
  before: string | null,
): ColumnState {
  if (id === before) return state;
  const order = orderedColumns(columns, state.order)
    .map((column) => column.id)
    .filter((other) => other !== id);
  const at = before === null ? -1 : order.indexOf(before);
  order.splice(at < 0 ? order.length : at, 0, id);
  return { ...state, order };
}

export function resizeColumn(state: ColumnState, id: string, width: number): ColumnState {
  const clamped = Math.min(WIDEST, Math.max(NARROWEST, Math.round(width)));
  return { ...state, widths: { ...state.widths, [id]: clamped } };
}

/** A header's click: by this column, then the other way round, then the table's own order. */
export function nextSort(sort: GridSort | null, by: string): GridSort | null {
  if (sort?.by !== by) return { by, descending: false };
  return sort.descending ? null : { by, descending: true };
}

export interface PlacedColumn<Row> {
  readonly column: GridColumn<Row>;
  readonly width: number;
}

/** The columns that fit into a width, and how wide each is. The others go: the last of the least important first. */
export function layoutColumns<Row>(
  columns: readonly GridColumn<Row>[],
  state: ColumnState,
  available: number,
): readonly PlacedColumn<Row>[] {
  const shown = orderedColumns(columns, state.order).filter((column) => isColumnShown(column, state));
  const widthOf = (column: GridColumn<Row>): number =>
    state.widths[column.id] ?? (isFlexible(column, state) ? (column.minWidth ?? column.width) : column.width);
  let left = shown;
  let used = left.reduce((sum, column) => sum + widthOf(column), 0);
  while (used > available && left.length > 1) {
    const gone = leastImportant(left);
    used -= widthOf(gone);
    left = left.filter((column) => column !== gone);
  }
  const flexible = left.filter((column) => isFlexible(column, state));
  const extra = Math.max(0, available - used);
  return left.map((column) => {
    const at = flexible.indexOf(column);
    const share = at < 0 ? 0 : Math.floor(extra / flexible.length) + (at === 0 ? extra % flexible.length : 0);
    return { column, width: widthOf(column) + share };
  });
}

function isFlexible<Row>(column: GridColumn<Row>, state: ColumnState): boolean {
  return column.isFlexible === true && state.widths[column.id] === undefined;
}

function leastImportant<Row>(columns: readonly GridColumn<Row>[]): GridColumn<Row> {
  return columns.reduce((least, column) => ((column.priority ?? 2) >= (least.priority ?? 2) ? column : least));
}
