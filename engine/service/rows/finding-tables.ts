import type { DigitRow } from '../../../shared/api.ts';
import type { ProblemRow } from '../../../shared/engine-api.ts';
import { type CaptureIndex, numberOf } from '../../query/capture-index.ts';
import { digitRows } from '../../query/digit-rows.ts';
import { compareSeverity } from '../../query/problems/problem-lists.ts';
import { hasNumber, keysOfRows, type RowTable, upTo } from './row-table.ts';

/** Rows that are held whole, that belong to a call or stream, and whose packets say whether a filter lets them through. */
interface HeldRow {
  readonly call: string | null;
  readonly stream: string | null;
  readonly packets: readonly number[];
}

function heldTable<Row extends HeldRow>(
  listOf: (index: CaptureIndex) => readonly Row[],
  toSort: (row: Row) => object,
  numberOfId: (id: string) => number,
): RowTable<Row> {
  return {
    count: (index) => listOf(index).length,
    all: () => null,
    scoped: (index, call, stream) => {
      const list = listOf(index);
      return upTo(list.length).filter(
        (number) =>
          (call === null || list[number].call === call) && (stream === null || list[number].stream === stream),
      );
    },
    filterTable: 'packets',
    filtered: (index, passed) => {
      const list = listOf(index);
      return upTo(list.length).filter((number) => list[number].packets.some((packet) => hasNumber(passed, packet - 1)));
    },
    keys: (index, by, rows, turns) => {
      const list = listOf(index);
      return keysOfRows(rows, (number) => toSort(list[number]), by, turns);
    },
    page: (index, rows) => Array.from(rows, (number) => listOf(index)[number]),
    find: (index, id) => {
      const number = (typeof id === 'number' ? id : numberOfId(id)) - 1;
      return number >= 0 && number < listOf(index).length ? number : -1;
    },
  };
}

export const problemsTable: RowTable<ProblemRow> = heldTable<ProblemRow>(
  (index) => index.problems,
  (row) => ({
    ...row,
    severity: compareSeverity(row.severity, 'error'),
    call: row.call === null ? null : numberOf(row.call, 'c'),
    stream: row.stream === null ? null : numberOf(row.stream, 's'),
  }),
  (id) => numberOf(id, 'p'),
);

const digitsByIndex = new WeakMap<CaptureIndex, DigitRow[]>();

function digitsOf(index: CaptureIndex): DigitRow[] {
  let rows = digitsByIndex.get(index);
  if (rows === undefined) digitsByIndex.set(index, (rows = digitRows(index.capture)));
  return rows;
}

/** Digits have no ids: they are known by their place, from 1. */
export const digitsTable: RowTable<DigitRow> = heldTable<DigitRow>(
  digitsOf,
  (row) => ({ ...row, call: row.call === null ? null : numberOf(row.call, 'c'), stream: numberOf(row.stream, 's') }),
  Number,
);
