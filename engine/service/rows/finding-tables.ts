import type { DigitRow } from '../../../shared/api.ts';
import type { ProblemRow } from '../../../shared/engine-api.ts';
import { numberOf } from '../../query/capture-index.ts';
import { compareSeverity } from '../../query/problems/problem-lists.ts';
import { heldTable } from './held-table.ts';
import type { RowTable } from './row-table.ts';

export const problemsTable: RowTable<ProblemRow> = heldTable<ProblemRow>(
  (index) => index.problems,
  ({ call, stream, packets }) => ({ call, streams: stream === null ? [] : [stream], packets }),
  (row) => ({
    ...row,
    severity: compareSeverity(row.severity, 'error'),
    call: row.call === null ? null : numberOf(row.call, 'c'),
    stream: row.stream === null ? null : numberOf(row.stream, 's'),
  }),
  (id) => numberOf(id, 'p'),
);

/** Digits have no ids: they are known by their place, from 1. */
export const digitsTable: RowTable<DigitRow> = heldTable<DigitRow>(
  ({ digits }) => digits,
  ({ call, stream, packets }) => ({ call, streams: stream === null ? [] : [stream], packets }),
  (row) => ({
    ...row,
    call: row.call === null ? null : numberOf(row.call, 'c'),
    stream: row.stream === null ? null : numberOf(row.stream, 's'),
  }),
  Number,
);
