import type { CallListRow, ProblemBrief, StreamListRow } from '../../../shared/engine-api.ts';
import { Turns } from '../../filter/turns.ts';
import { callListRow } from '../../query/call-list.ts';
import { type CaptureIndex, numberOf } from '../../query/capture-index.ts';
import { compareSeverity } from '../../query/problems/problem-lists.ts';
import { streamListRow, streamRowToSort } from '../../query/stream-list.ts';
import { inBoth, keysOfRows, lowerBound, type RowTable, upTo } from './row-table.ts';

/** Calls, or all other exchanges; a row's number is the index of the entry. */
function callTable(name: 'calls' | 'registrations'): RowTable<CallListRow> {
  const all = (index: CaptureIndex): Uint32Array => (name === 'calls' ? index.calls : index.others);
  const row = (index: CaptureIndex, number: number): CallListRow =>
    callListRow(index, index.capture.calls.entries[number]);
  return {
    count: (index) => all(index).length,
    all,
    scoped: (index, call, stream) => {
      const ofStream = stream === null ? undefined : (index.stream(stream)?.call ?? -1);
      const wanted = call === null ? ofStream : numberOf(call, 'c') - 1;
      if (wanted === undefined) return all(index);
      return all(index).filter((number) => number === wanted && (ofStream === undefined || number === ofStream));
    },
    filterTable: 'calls',
    filtered: (index, passed) => inBoth(all(index), passed),
    keys: (index, by, rows, turns) => keysOfRows(rows, (number) => sortable(row(index, number), by), by, turns),
    page: (index, rows) => Array.from(rows, (number) => row(index, number)),
    find: (index, id) => {
      const number = (typeof id === 'number' ? id : numberOf(id, 'c')) - 1;
      const list = all(index);
      return list[lowerBound(list, number)] === number ? number : -1;
    },
  };
}

export const callsTable = callTable('calls');
export const registrationsTable = callTable('registrations');

/** A row's number is the place in the list of recognised streams. */
export const streamsTable: RowTable<StreamListRow> = {
  count: (index) => index.streams.length,
  all: () => null,
  scoped: (index, call, stream) =>
    upTo(index.streams.length).filter((number) => {
      const { call: own, index: candidate } = index.streams[number];
      if (call !== null && own !== numberOf(call, 'c') - 1) return false;
      return stream === null || candidate === numberOf(stream, 's') - 1;
    }),
  filterTable: 'streams',
  filtered: (_index, passed) => passed,
  keys: (index, by, rows, turns) =>
    keysOfRows(rows, (number) => sortable(streamRowToSort(index, index.streams[number]), by), by, turns),
  page: async (index, rows) => {
    const turns = new Turns(undefined);
    const page: StreamListRow[] = [];
    for (const number of rows) {
      page.push(streamListRow(index, index.streams[number]));
      await turns.wait();
    }
    return page;
  },
  find: (index, id) => {
    const candidate = (typeof id === 'number' ? id : numberOf(id, 's')) - 1;
    return index.streams.findIndex((stream) => stream.index === candidate);
  },
};

/** What stands for a row where rows are sorted by a column. */
function sortable(row: { readonly problems: readonly ProblemBrief[] }, by: string): object {
  return by === 'problems' ? { problems: troubleOf(row.problems) } : row;
}

/** By problems, the most troubled row comes first: that with the gravest, then with the most; those without come last. */
function troubleOf(problems: readonly ProblemBrief[]): number | null {
  if (problems.length === 0) return null;
  return compareSeverity(problems[0].severity, 'error') * MOST_PROBLEMS - problems.length;
}

/** More than a call or stream has. */
const MOST_PROBLEMS = 1_000_000;
