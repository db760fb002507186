import type { KeyListRow } from '../../../shared/engine-api.ts';
import { noSuchColumn, type RowTable } from './row-table.ts';

export const keysTable: RowTable<KeyListRow> = {
  count: () => 0,
  all: () => null,
  scoped: () => new Uint32Array(0),
  filterTable: 'packets',
  filtered: () => new Uint32Array(0),
  keys: (_index, by) => Promise.reject(noSuchColumn(by)),
  page: () => [],
  find: () => -1,
};
