import type { KeyRow } from '../shared/api.ts';
import { NONE } from './format.ts';
import type { Column } from './table.ts';

/** SRTP keys as a table. Whoever asks for it asks for the keys themselves. */
export const KEY_COLUMNS: readonly Column<KeyRow>[] = [
  { header: 'source', value: (row) => row.source },
  { header: 'call', value: (row) => row.call ?? NONE, optional: true },
  { header: 'side', value: (row) => row.side ?? row.role ?? NONE, optional: true },
  { header: 'packet', align: 'right', value: (row) => String(row.packet ?? NONE), optional: true },
  { header: 'media address', value: (row) => row.mediaAddress ?? NONE, optional: true },
  { header: 'tag', align: 'right', value: (row) => String(row.tag ?? NONE), optional: true },
  { header: 'suite', value: (row) => row.suite },
  { header: 'key', value: (row) => row.key, tone: () => 'bold' },
  { header: 'lifetime', value: (row) => row.lifetime ?? NONE, optional: true },
  { header: 'mki', value: (row) => row.mki ?? NONE, optional: true },
  { header: 'selected', value: (row) => (row.selected ? 'yes' : NONE), rank: 1 },
  { header: 'streams', value: (row) => row.streams.join(' ') || NONE, rank: 3 },
  { header: 'authenticated', align: 'right', value: (row) => String(row.authenticated), rank: 2 },
];
