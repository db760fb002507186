import type { KeyListRow } from '../../../shared/engine-api.ts';
import { formatCount, UNKNOWN } from '../../model/format/numbers.ts';
import type { CellPart, GridColumn } from '../../widgets/grid/column.ts';

type Column = GridColumn<KeyListRow>;

/** In place of a key: as long whatever the key. */
export const MASK = '••••••••';

/** Where a key came from, in words. */
export function keySourceWords({ source, side, role }: Pick<KeyListRow, 'source' | 'side' | 'role'>): string {
  if (source === 'manual') return 'by hand';
  if (source === 'sdes') return side === null ? 'SDP' : `SDP, ${side}`;
  return role === null ? 'DTLS' : `DTLS, ${role}`;
}

/** What became of a key. */
export function keyStateWords({ streams, authenticated, selected }: KeyListRow): string {
  if (streams.length > 0 || authenticated > 0) return 'in use';
  return selected ? 'opens nothing' : 'not used';
}

/** `1, 2`: numbers of the streams it opens. */
export function openedStreams({ streams }: Pick<KeyListRow, 'streams'>): string {
  return streams.map((stream) => stream.slice(1)).join(', ');
}

/** Columns of the keys; `revealed` are the ids of those that a person asked to see. */
export function keyColumns(revealed: ReadonlySet<string>): readonly Column[] {
  return [
    {
      id: 'state',
      title: '',
      name: 'State',
      width: 32,
      priority: 1,
      sortBy: 'authenticated',
      text: keyStateWords,
      parts: (row) => [stateIcon(row)],
    },
    {
      id: 'source',
      title: 'From',
      width: 92,
      priority: 1,
      sortBy: 'source',
      text: keySourceWords,
    },
    {
      id: 'call',
      title: 'Call',
      width: 52,
      priority: 3,
      sortBy: 'callNumber',
      text: ({ callNumber }) => (callNumber === null ? UNKNOWN : `${callNumber}`),
      tone: ({ callNumber }) => (callNumber === null ? 't3' : ''),
    },
    {
      id: 'packet',
      title: '#',
      name: 'Packet',
      width: 56,
      align: 'right',
      isMono: true,
      priority: 2,
      sortBy: 'packet',
      text: ({ packet }) => (packet === null ? UNKNOWN : String(packet)),
      tone: ({ packet }) => (packet === null ? 't3' : ''),
    },
    {
      id: 'suite',
      title: 'Suite',
      width: 172,
      isMono: true,
      priority: 1,
      sortBy: 'suite',
      text: ({ suite }) => suite,
    },
    {
      id: 'key',
      title: 'Key and salt',
      width: 96,
      minWidth: 84,
      isFlexible: true,
      isMono: true,
      priority: 1,
      text: ({ id, key }) => (revealed.has(id) ? key : MASK),
      tone: ({ id }) => (revealed.has(id) ? '' : 't3'),
    },
    {
      id: 'streams',
      title: 'Opens',
      name: 'Streams it opens',
      width: 84,
      priority: 1,
      sortBy: 'streams',
      text: (row) => (row.streams.length === 0 ? UNKNOWN : openedStreams(row)),
      parts: (row) => [
        row.streams.length === 0
          ? { kind: 'text', text: UNKNOWN, className: 't3' }
          : {
              kind: 'text',
              text: `${row.streams.length === 1 ? 'stream' : 'streams'} ${openedStreams(row)}`,
              className: 'trunc',
            },
      ],
    },
    {
      id: 'authenticated',
      title: 'Authentic',
      unit: 'packets',
      name: 'Authentic packets',
      width: 108,
      align: 'right',
      isMono: true,
      priority: 1,
      sortBy: 'authenticated',
      text: ({ authenticated }) => formatCount(authenticated),
      tone: ({ authenticated }) => (authenticated === 0 ? 't3' : ''),
    },
    {
      id: 'mediaAddress',
      title: 'Media address',
      width: 150,
      isMono: true,
      isHidden: true,
      sortBy: 'mediaAddress',
      text: ({ mediaAddress }) => mediaAddress ?? UNKNOWN,
    },
    {
      id: 'tag',
      title: 'Tag',
      width: 44,
      align: 'right',
      isMono: true,
      isHidden: true,
      sortBy: 'tag',
      text: ({ tag }) => (tag === null ? UNKNOWN : String(tag)),
    },
    {
      id: 'lifetime',
      title: 'Lifetime',
      width: 72,
      isMono: true,
      isHidden: true,
      sortBy: 'lifetime',
      text: ({ lifetime }) => lifetime ?? UNKNOWN,
    },
    {
      id: 'mki',
      title: 'MKI',
      width: 64,
      isMono: true,
      isHidden: true,
      sortBy: 'mki',
      text: ({ mki }) => mki ?? UNKNOWN,
    },
  ];
}

function stateIcon(row: KeyListRow): CellPart {
  const label = keyStateWords(row);
  if (row.streams.length > 0 || row.authenticated > 0) return { kind: 'icon', icon: 'unlock', label };
  return row.selected ? { kind: 'icon', icon: 'lock', label } : { kind: 'text', text: '', className: 't3' };
}
