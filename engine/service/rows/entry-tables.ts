import type { CallListRow, ProblemBrief, StreamListRow } from '../../../shared/engine-api.ts';
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
    keys: (index, by, rows, turns) =>
      keysOfRows(rows, (number) => withProblemRank(row(index, number)), by, turns),
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
    keysOfRows(rows, (number) => withProblemRank(streamRowToSort(index, index.streams[number])), by, turns),
  page: (index, rows) => Array.from(rows, (number) => streamListRow(index, index.streams[number])),
  find: (index, id) => {
    const candidate = (typeof id === 'number' ? id : numberOf(id, 's')) - 1;
    return index.streams.findIndex((stream) => stream.index === candidate);
  },
};

/** Rows sort by the gravest problem, then by how many there are: the most troubled first; those without come last. */
function withProblemRank<Row extends { readonly problems: readonly ProblemBrief[] }>(
  row: Row,
): Omit<Row, 'problems'> & { problems: number | null } {
  const [worst] = row.problems;
  const rank = worst === undefined ? null : compareSeverity(worst.severity, 'error') * 1e6 - row.problems.length;
  return { ...row, problems: rank };
}
