import { expect, test } from 'vitest';
import type { GridColumn } from './column.ts';
import {
  isColumnShown,
  layoutColumns,
  moveColumn,
  nextSort,
  orderedColumns,
  parseColumnState,
  PLAIN_STATE,
  resizeColumn,
} from './column-state.ts';

const column = (id: string, width: number, more: Partial<GridColumn<null>> = {}): GridColumn<null> => ({
  id,
  title: id,
  width,
  text: () => id,
  ...more,
});
const columns = [
  column('a', 100, { priority: 1 }),
  column('b', 100),
  column('c', 100, { priority: 3 }),
  column('d', 100, { isHidden: true }),
  column('e', 200, { isFlexible: true, minWidth: 100, priority: 1 }),
];
const ids = (width: number, state = PLAIN_STATE): string =>
  layoutColumns(columns, state, width)
    .map(({ column: { id }, width: px }) => `${id}${px}`)
    .join(' ');

test('columns that do not fit go, the least important first; the rest keeps its width', () => {
  expect(ids(500)).toBe('a100 b100 c100 e200');
  expect(ids(400)).toBe('a100 b100 c100 e100');
  expect(ids(399)).toBe('a100 b100 e199');
  expect(ids(299)).toBe('a100 e199');
  expect(ids(150)).toBe('a100');
  expect(ids(0)).toBe('a100');
});

test('a width that was given holds, also for a column that takes what is left', () => {
  expect(ids(1000, resizeColumn(PLAIN_STATE, 'e', 120))).toBe('a100 b100 c100 e120');
  expect(ids(1000, resizeColumn(PLAIN_STATE, 'b', 3))).toBe('a100 b24 c100 e776');
});

test('columns are moved, and a new one stands where it was designed', () => {
  const moved = moveColumn(columns, PLAIN_STATE, 'e', 'b');
  expect(moved.order).toEqual(['a', 'e', 'b', 'c', 'd']);
  expect(moveColumn(columns, moved, 'a', null).order).toEqual(['e', 'b', 'c', 'd', 'a']);
  expect(moveColumn(columns, moved, 'a', 'a')).toBe(moved);
  const without = ['e', 'a', 'c', 'd', 'gone'];
  expect(orderedColumns(columns, without).map(({ id }) => id)).toEqual(['e', 'a', 'b', 'c', 'd']);
});

test('shown and hidden against the design', () => {
  expect(columns.filter((each) => isColumnShown(each, PLAIN_STATE)).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'e']);
  const state = { ...PLAIN_STATE, isShown: { d: true, a: false } };
  expect(columns.filter((each) => isColumnShown(each, state)).map(({ id }) => id)).toEqual(['b', 'c', 'd', 'e']);
});

test('a header goes up, down, and back to the own order', () => {
  const up = nextSort(null, 'x');
  expect(up).toEqual({ by: 'x', descending: false });
  expect(nextSort(up, 'x')).toEqual({ by: 'x', descending: true });
  expect(nextSort({ by: 'x', descending: true }, 'x')).toBeNull();
  expect(nextSort(up, 'y')).toEqual({ by: 'y', descending: false });
});

test('whatever was kept, a state comes out', () => {
  for (const bad of [
    undefined,
    null,
    3,
    'x',
    [],
    { order: 'a', isShown: [1], widths: { a: 'wide', b: 1e9 }, sort: {} },
  ])
    expect(parseColumnState(bad)).toEqual(PLAIN_STATE);
  const good = { order: ['b'], isShown: { d: true }, widths: { a: 80 }, sort: { by: 'x', descending: true } };
  expect(parseColumnState(JSON.parse(JSON.stringify(good)))).toEqual(good);
});
