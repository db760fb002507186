import { expect, test } from 'vitest';
import {
  clipSelection,
  extendTo,
  isSelected,
  NO_SELECTION,
  selectAll,
  selectedCount,
  selectOnly,
  toggleRow,
  type Selection,
} from './selection.ts';

const rowsOf = (selection: Selection): number[] => selection.ranges.flatMap(({ from, to }) => span(from, to));
const span = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test('a click selects one, Shift from there, Ctrl beside it', () => {
  let selection = selectOnly(5);
  expect(rowsOf(selection)).toEqual([5]);
  selection = extendTo(selection, 8);
  expect(rowsOf(selection)).toEqual([5, 6, 7, 8]);
  selection = extendTo(selection, 3);
  expect(rowsOf(selection)).toEqual([3, 4, 5]);
  selection = toggleRow(selection, 10);
  expect(rowsOf(selection)).toEqual([3, 4, 5, 10]);
  selection = extendTo(selection, 12, true);
  expect(rowsOf(selection)).toEqual([3, 4, 5, 10, 11, 12]);
  selection = toggleRow(selection, 4);
  expect(rowsOf(selection)).toEqual([3, 5, 10, 11, 12]);
  expect(selection.active).toBe(4);
});

test('neighbouring ranges become one', () => {
  let selection = selectOnly(1);
  selection = toggleRow(selection, 3);
  selection = toggleRow(selection, 2);
  expect(selection.ranges).toEqual([{ from: 1, to: 3 }]);
});

test('all of three million rows are one range', () => {
  const selection = selectAll(selectOnly(7), 3_000_000);
  expect(selection.ranges).toEqual([{ from: 0, to: 2_999_999 }]);
  expect(selection.active).toBe(7);
  expect(selectedCount(selection)).toBe(3_000_000);
  expect(selectAll(NO_SELECTION, 0)).toEqual(NO_SELECTION);
});

test('toggling at random agrees with a plain set', () => {
  const set = new Set<number>();
  let selection = NO_SELECTION;
  let seed = 42;
  for (let step = 0; step < 2000; step++) {
    seed = (seed * 1664525 + 1013904223) % 4294967296;
    const row = Math.floor((seed / 4294967296) * 60);
    if (set.has(row)) set.delete(row);
    else set.add(row);
    selection = toggleRow(selection, row);
    expect(rowsOf(selection)).toEqual([...set].toSorted((a, b) => a - b));
    expect(isSelected(selection, row)).toBe(set.has(row));
    expect(selectedCount(selection)).toBe(set.size);
  }
});

test('a shorter list cuts what lies behind its end', () => {
  const selection = extendTo(selectOnly(5), 20);
  expect(clipSelection(selection, 10)).toEqual({ ranges: [{ from: 5, to: 9 }], active: 9, anchor: 5 });
  expect(clipSelection(selection, 100)).toBe(selection);
  expect(clipSelection(selection, 0)).toEqual(NO_SELECTION);
});
