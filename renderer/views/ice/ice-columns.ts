import type { AllocationListRow, IceListRow } from '../../../shared/engine-api.ts';
import type { IceOutcome } from '../../../shared/ice.ts';
import { formatCount, formatNumber, UNKNOWN } from '../../model/format/numbers.ts';
import { formatTime, timeUnit, type TimeContext } from '../../model/format/times.ts';
import type { CellPart, GridColumn } from '../../widgets/grid/column.ts';
import { OUTCOME_GLYPHS } from './ice-words.ts';

/** What both lists begin with. */
interface Common {
  id: string;
  kind: string;
  number: number;
  outcome: IceOutcome;
  verdict: string;
  startTime: number;
}

function outcomeColumn<Row extends Common>(): GridColumn<Row> {
  return {
    id: 'outcome',
    title: '',
    name: 'Outcome',
    width: 32,
    priority: 1,
    sortBy: 'outcome',
    text: ({ outcome }) => outcome,
    parts: ({ outcome }) => [{ kind: 'glyph', glyph: OUTCOME_GLYPHS[outcome], label: outcome }],
  };
}

function numberColumn<Row extends Common>(text: (row: Row) => string): GridColumn<Row> {
  return {
    id: 'number',
    title: '#',
    name: 'Number',
    width: 36,
    align: 'right',
    isMono: true,
    priority: 1,
    sortBy: 'number',
    text,
    tone: () => 't3',
    value: ({ kind, number }) => ({ field: kind === 'ice-session' ? 'ice.id' : 'turn.id', value: number }),
  };
}

function startColumn<Row extends Common>(times: TimeContext): GridColumn<Row> {
  return {
    id: 'start',
    title: 'Start',
    unit: timeUnit(times),
    width: 106,
    isMono: true,
    priority: 2,
    sortBy: 'startTime',
    text: ({ startTime }, { before }) => formatTime(startTime, before?.startTime ?? null, times),
  };
}

function verdictColumn<Row extends Common>(): GridColumn<Row> {
  return {
    id: 'verdict',
    title: 'Verdict',
    width: 220,
    minWidth: 210,
    isFlexible: true,
    priority: 1,
    sortBy: 'verdict',
    text: ({ verdict }) => verdict,
    parts: ({ verdict }) => [{ kind: 'text', text: verdict, className: 'trunc', title: verdict }],
  };
}

function address<Row>(
  id: string,
  title: string,
  of: (row: Row) => string | null,
  more: Partial<GridColumn<Row>> = {},
): GridColumn<Row> {
  return {
    id,
    title,
    width: 142,
    isMono: true,
    sortBy: id,
    text: (row) => of(row) ?? UNKNOWN,
    tone: (row) => (of(row) === null ? 't3' : ''),
    ...more,
  };
}

function figure<Row>(
  id: string,
  title: string,
  of: (row: Row) => number | null,
  more: Partial<GridColumn<Row>> = {},
): GridColumn<Row> {
  return {
    id,
    title,
    width: 64,
    align: 'right',
    isMono: true,
    sortBy: id,
    text: (row) => formatCount(of(row)),
    tone: (row) => (of(row) === null ? 't3' : ''),
    ...more,
  };
}

export function sessionColumns(times: TimeContext): readonly GridColumn<IceListRow>[] {
  return [
    outcomeColumn(),
    // An allocation without a session has a number among allocations.
    numberColumn(({ kind, number }) => (kind === 'ice-session' ? String(number) : `t${number}`)),
    address('client', 'Client', ({ client }) => client, { priority: 1 }),
    address('peer', 'Peer or server', ({ peer }) => peer, { priority: 1 }),
    startColumn(times),
    {
      id: 'role',
      title: 'Role',
      width: 84,
      priority: 3,
      sortBy: 'role',
      text: (row) => roleWords(row),
      parts: (row): readonly CellPart[] => [
        { kind: 'text', text: roleWords(row), className: row.role === null ? 't3' : '' },
      ],
    },
    figure('pairs', 'Pairs', ({ pairs }) => pairs, { width: 48, priority: 2 }),
    verdictColumn(),
    figure('packetCount', 'Packets', ({ packetCount }) => packetCount, { isHidden: true }),
    {
      ...figure<IceListRow>('length', 'Length', ({ startTime, endTime }) => endTime - startTime),
      unit: 's',
      text: ({ startTime, endTime }) => formatNumber(endTime - startTime, 2),
      isHidden: true,
      sortBy: 'endTime',
    },
    figure('callNumber', 'Call', ({ callNumber }) => callNumber, {
      isHidden: true,
      value: ({ callNumber }) => (callNumber === null ? null : { field: 'call.id', value: callNumber }),
    }),
  ];
}

function roleWords({ kind, role }: IceListRow): string {
  return kind === 'turn-allocation' ? 'TURN only' : (role ?? UNKNOWN);
}

export function allocationColumns(times: TimeContext): readonly GridColumn<AllocationListRow>[] {
  return [
    outcomeColumn(),
    numberColumn(({ number }) => String(number)),
    address('client', 'Client', ({ client }) => client, { priority: 1 }),
    address('server', 'Server', ({ server }) => server, { priority: 1 }),
    startColumn(times),
    {
      id: 'transport',
      title: 'Over',
      width: 46,
      priority: 3,
      sortBy: 'transport',
      text: ({ transport }) => transport.toUpperCase(),
    },
    address('relayedAddress', 'Relayed', ({ relayedAddress }) => relayedAddress, { width: 140, priority: 3 }),
    figure('packetsRelayed', 'Relayed', ({ packetsRelayed }) => packetsRelayed, {
      unit: 'packets',
      width: 108,
      priority: 3,
    }),
    verdictColumn(),
    figure('bytesRelayed', 'Relayed', ({ bytesRelayed }) => bytesRelayed, { unit: 'bytes', width: 96, isHidden: true }),
    address('mappedAddress', 'Mapped', ({ mappedAddress }) => mappedAddress, { isHidden: true }),
    { ...address<AllocationListRow>('username', 'User name', ({ username }) => username), isHidden: true },
    { ...address<AllocationListRow>('realm', 'Realm', ({ realm }) => realm), isHidden: true },
    { ...address<AllocationListRow>('software', 'Software', ({ software }) => software), isHidden: true },
    figure('lifetimeSeconds', 'Lifetime', ({ lifetimeSeconds }) => lifetimeSeconds, {
      unit: 's',
      width: 84,
      isHidden: true,
    }),
    figure('refreshes', 'Refreshes', ({ refreshes }) => refreshes, { width: 76, isHidden: true }),
    figure('peers', 'Peers', ({ peers }) => peers, { isHidden: true }),
    {
      id: 'session',
      title: 'Session',
      width: 64,
      isHidden: true,
      sortBy: 'session',
      text: ({ session }) => (session === null ? UNKNOWN : session.slice(1)),
      value: ({ session }) => (session === null ? null : { field: 'ice.id', value: Number(session.slice(1)) }),
    },
  ];
}
