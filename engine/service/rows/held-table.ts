import type { CaptureIndex } from '../../query/capture-index.ts';
import { hasNumber, keysOfRows, type RowTable, upTo } from './row-table.ts';

/** What decides which calls, streams and filters show a row. */
export interface Belonging {
  readonly call: string | null;
  readonly streams: readonly string[];
  /** One of them has to pass a filter. */
  readonly packets: readonly number[];
}

/** A table of rows that are held whole, in an order of their own. */
export function heldTable<Row>(
  listOf: (index: CaptureIndex) => readonly Row[],
  belongingOf: (row: Row) => Belonging,
  toSort: (row: Row) => object,
  numberOfId: (id: string) => number,
): RowTable<Row> {
  return {
    count: (index) => listOf(index).length,
    all: () => null,
    scoped: (index, call, stream) => {
      const list = listOf(index);
      return upTo(list.length).filter((number) => {
        const own = belongingOf(list[number]);
        return (call === null || own.call === call) && (stream === null || own.streams.includes(stream));
      });
    },
    filterTable: 'packets',
    filtered: (index, passed) => {
      const list = listOf(index);
      return upTo(list.length).filter((number) =>
        belongingOf(list[number]).packets.some((packet) => hasNumber(passed, packet - 1)),
      );
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
