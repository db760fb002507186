import { describe, expect, it } from 'vitest';
import type { AllocationListRow, IceListRow } from '../../../shared/engine-api.ts';
import { allocationListRow, iceListRow, joinLists } from '../../../engine/query/ice/ice-lists.ts';
import type { TimeContext } from '../../model/format/times.ts';
import type { GridColumn } from '../../widgets/grid/column.ts';
import { rowsAsText } from '../../widgets/grid/copy-text.ts';
import { valueFilter } from '../../widgets/grid/filter-text.ts';
import { allocationColumns, sessionColumns } from './ice-columns.ts';
import { orderedPairs, pairWords, verdictText, wayWords } from './ice-words.ts';
import { allocation, session, START } from './testing.ts';

const times: TimeContext = { format: 'since-start', zone: 'utc', start: START };
const shown = <Row>(columns: readonly GridColumn<Row>[]): GridColumn<Row>[] =>
  columns.filter(({ isHidden }) => isHidden !== true);

describe('the lists', () => {
  it('an allocation that a session used stands with it alone', () => {
    const lists = joinLists([session()], [allocation(), allocation({ id: 't2', number: 2, startTime: START - 1 })]);
    expect(lists.entries.map(({ id }) => id)).toEqual(['t2', 'i2']);
    expect(lists.allocations.map((row) => row.session)).toEqual(['i2', null]);
  });

  it('a session as one line', () => {
    const row: IceListRow = iceListRow(session(), 62, null);
    expect(rowsAsText(shown(sessionColumns(times)), [row])).toBe(
      'failed\t2\t10.20.4.88:61002\t192.168.77.15:50410\t0.000\tcontrolling\t4\tAllocate: credentials rejected',
    );
  });

  it('an allocation by itself says so, and is filtered by its own number', () => {
    const row = iceListRow(allocation(), 6, null);
    const columns = shown(sessionColumns(times));
    expect(rowsAsText(columns, [row]).split('\t').slice(1, 7)).toEqual([
      't1',
      '10.20.4.88:61002',
      '198.51.100.20:3478',
      '0.020',
      'TURN only',
      '—',
    ]);
    const value = columns.find(({ id }) => id === 'number')?.value?.(row) ?? null;
    expect(value === null ? '' : valueFilter(value)).toBe('turn.id == 1');
  });

  it('an allocation counts what all its peers were relayed', () => {
    const peer = { permittedTime: null, expiredTime: null, channel: null, packetsReceived: 1, bytesReceived: 10 };
    const peers = [
      { ...peer, peer: '192.0.2.1:1', packetsSent: 5, bytesSent: 500 },
      { ...peer, peer: '192.0.2.2:2', packetsSent: 7, bytesSent: 70 },
    ];
    const row: AllocationListRow = allocationListRow(allocation({ peers }));
    expect(row).toMatchObject({ peers: 2, packetsRelayed: 14, bytesRelayed: 590 });
    expect(rowsAsText(shown(allocationColumns(times)), [row])).toBe(
      'failed\t1\t10.20.4.88:61002\t198.51.100.20:3478\t0.020\tUDP\t—\t14\tAllocate: credentials rejected',
    );
  });
});

describe('words', () => {
  it('the verdict is copied with its proof', () => {
    expect(verdictText(session(), 'edge.pcapng').split('\n')).toEqual([
      'ICE 2 of edge.pcapng, 10.20.4.88:61002 to 192.168.77.15:50410',
      'Allocate: credentials rejected',
      'The server answered the authenticated Allocate with a second 401. All 4 direct pairs failed too.',
      'Next: Have the application fetch fresh TURN credentials.',
      'Packets: #3 #4',
    ]);
  });

  it('the selected pair comes first and is called so', () => {
    const { pairs } = session();
    const third = { ...pairs[2], state: 'succeeded' as const, nominated: true };
    const { local, remote, localType, remoteType } = third;
    const selected = { local, remote, localType, remoteType, packet: 9 };
    const row = session({ pairs: [pairs[0], pairs[1], third], selected });
    const ordered = orderedPairs(row);
    expect(ordered[0]).toBe(third);
    expect(ordered.map((pair) => pairWords(row, pair))).toEqual(['selected', 'failed', 'failed']);
  });

  it('media that left the pair agreed on is told from media before a restart', () => {
    const { pairs } = session();
    const { local, remote } = pairs[0];
    const way = { local, remote, streams: ['s1'], isSelectedPair: false };
    expect(wayWords(session(), { ...way, isSelectedPair: true }).glyph).toBe('ok');
    expect(wayWords(session(), way).words).toBe('and no pair was selected');
    const selected = { local, remote: '192.0.2.1:9', localType: null, remoteType: null, packet: 9 };
    expect(wayWords(session({ selected }), way).glyph).toBe('warning');
    expect(wayWords(session({ selected, pairs: [{ ...pairs[0], nominated: true }] }), way).glyph).toBe('ok');
  });
});
