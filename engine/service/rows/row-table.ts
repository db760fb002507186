import type { Turns } from '../../filter/turns.ts';
import type { FilterTable } from '../../filter/index.ts';
import type { TableName, TableRows } from '../../../shared/engine-api.ts';
import type { CaptureIndex } from '../../query/capture-index.ts';
import { CodedError } from '../coded-error.ts';
import { ranksOf, type SortKeys } from './sort-rows.ts';

/**
 * A table of the window. Its rows are known by numbers that stay the same for a capture: frames, indices of calls,
 * places in the list of streams.
 */
export interface RowTable<Row = TableRows[TableName]> {
  /** Rows without filter. */
  count(index: CaptureIndex): number;
  /** All row numbers, ascending; null where they are 0 to the count. */
  all(index: CaptureIndex): Uint32Array | null;
  /** Row numbers, ascending, of what belongs to a call or stream (row ids); null of either means any. */
  scoped(index: CaptureIndex, call: string | null, stream: string | null): Uint32Array;
  /** Whose filter it has. */
  readonly filterTable: FilterTable;
  /** Row numbers, ascending, of rows that pass; `passed` are what the filter of `filterTable` lets through. */
  filtered(index: CaptureIndex, passed: Uint32Array): Uint32Array;
  /** What rows are sorted by. Throws with the code `no-such-column`. */
  keys(index: CaptureIndex, by: string, rows: Uint32Array, turns: Turns): Promise<SortKeys>;
  page(index: CaptureIndex, rows: Uint32Array): Promise<Row[]> | Row[];
  /** The number of a row by its id or number; -1 where there is none. */
  find(index: CaptureIndex, id: string | number): number;
}

export function noSuchColumn(by: string): CodedError {
  return new CodedError('no-such-column', `Rows cannot be sorted by ${by.slice(0, 60)}.`);
}

type Value = string | number | null;

/** Rows between two looks at the clock. */
const STRETCH = 64;

/** Keys by a column of rows that are made one by one: `a.lostPercent` is a column of a column. */
export async function keysOfRows(
  rows: Uint32Array,
  rowOf: (number: number) => object,
  by: string,
  turns: Turns,
): Promise<SortKeys> {
  const path = by.split('.');
  const values: Value[] = [];
  for (let i = 0; i < rows.length; i++) {
    values.push(valueAt(rowOf(rows[i]), path, by));
    if (i % STRETCH === 0) await turns.wait();
  }
  if (values.some((value) => typeof value === 'string')) {
    return ranksOf(values.map((value) => (value === null ? null : String(value))));
  }
  return Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value)));
}

function valueAt(row: object, path: readonly string[], by: string): Value {
  let value: unknown = row;
  for (const name of path) {
    if (value === null) return null;
    if (typeof value !== 'object' || !Object.hasOwn(value, name)) throw noSuchColumn(by);
    value = (value as Record<string, unknown>)[name];
  }
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (Array.isArray(value)) return value.length;
  throw noSuchColumn(by);
}

/** Numbers in both, of two ascending lists. */
export function inBoth(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(Math.min(a.length, b.length));
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      both[count++] = a[i];
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return both.subarray(0, count);
}

/** 0, 1, 2 … */
export function upTo(count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

/** Whether an ascending list has a number. */
export function hasNumber(list: Uint32Array, number: number): boolean {
  const at = lowerBound(list, number);
  return at < list.length && list[at] === number;
}

/** The place of the first that is not below `number`, in an ascending list. */
export function lowerBound(list: Uint32Array, number: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
