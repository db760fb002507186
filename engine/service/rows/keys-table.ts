import type { KeyListRow } from '../../../shared/engine-api.ts';
import { numberOf } from '../../query/capture-index.ts';
import { heldTable } from './held-table.ts';
import type { RowTable } from './row-table.ts';

/** Keys for SRTP. Nothing is sorted by the key itself: an order would tell of it. */
export const keysTable: RowTable<KeyListRow> = heldTable<KeyListRow>(
  (index) => index.keys,
  ({ call, streams, packet }) => ({ call, streams, packets: packet === null ? [] : [packet] }),
  ({ key: _key, ...row }) => ({ ...row, call: row.callNumber }),
  (id) => numberOf(id, 'key'),
);
