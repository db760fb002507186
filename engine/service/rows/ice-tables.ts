import type { AllocationListRow, IceListRow } from '../../../shared/engine-api.ts';
import type { IceOutcome, IceRow, TurnAllocationRow } from '../../../shared/ice.ts';
import { type CaptureIndex, numberOf } from '../../query/capture-index.ts';
import { allocationListRow, compareOutcome, iceListRow } from '../../query/ice/ice-lists.ts';
import type { IceKind } from '../../query/ice/ice-members.ts';
import { hasNumber, keysOfRows, type RowTable, upTo } from './row-table.ts';

/** Sessions, and allocations that none of them used, in order of time. */
export const sessionsTable: RowTable<IceListRow> = iceTable<IceRow, IceListRow>({
  listOf: (index) => index.ice.entries,
  kindOf: ({ kind }) => (kind === 'ice-session' ? 'session' : 'allocation'),
  callOf: (_index, row) => (row.kind === 'ice-session' ? row.call : null),
  toRow: (index, row) => {
    const isSession = row.kind === 'ice-session';
    const packets = index.iceMembers.packetCount(isSession ? 'session' : 'allocation', row.number);
    return iceListRow(row, packets, isSession && row.call !== null ? numberOf(row.call, 'c') : null);
  },
});

export const allocationsTable: RowTable<AllocationListRow> = iceTable<TurnAllocationRow, AllocationListRow>({
  listOf: (index) => index.ice.allocations,
  kindOf: () => 'allocation',
  callOf: (index, { session }) => index.ice.sessions.find(({ id }) => id === session)?.call ?? null,
  toRow: (_index, row) => allocationListRow(row),
});

interface IceTable<Row, Shown> {
  readonly listOf: (index: CaptureIndex) => readonly Row[];
  readonly kindOf: (row: Row) => IceKind;
  readonly callOf: (index: CaptureIndex, row: Row) => string | null;
  readonly toRow: (index: CaptureIndex, row: Row) => Shown;
}

/** A row's number is its place in the list. Filters are those of packets: a row passes of which a packet does. */
function iceTable<Row extends IceRow, Shown extends { outcome: IceOutcome }>({
  listOf,
  kindOf,
  callOf,
  toRow,
}: IceTable<Row, Shown>): RowTable<Shown> {
  return {
    count: (index) => listOf(index).length,
    all: () => null,
    scoped: (index, call, stream) => {
      const list = listOf(index);
      if (stream !== null) return new Uint32Array(0);
      return upTo(list.length).filter((at) => call === null || callOf(index, list[at]) === call);
    },
    filterTable: 'packets',
    filtered: (index, passed) => {
      const list = listOf(index);
      const numbers = {
        session: numbersIn(index, 'session', passed),
        allocation: numbersIn(index, 'allocation', passed),
      };
      return upTo(list.length).filter((at) => numbers[kindOf(list[at])].has(list[at].number));
    },
    keys: (index, by, rows, turns) => {
      const list = listOf(index);
      const toSort = (at: number): object => {
        const row = toRow(index, list[at]);
        return { ...row, outcome: compareOutcome(row.outcome, 'failed') };
      };
      return keysOfRows(rows, toSort, by, turns);
    },
    page: (index, rows) => Array.from(rows, (at) => toRow(index, listOf(index)[at])),
    find: (index, id) => listOf(index).findIndex((row) => row.id === id),
  };
}

/** Numbers of the sessions or allocations that have one of the frames (ascending). */
function numbersIn({ iceMembers: members }: CaptureIndex, kind: IceKind, frames: Uint32Array): Set<number> {
  const { stun, dtls } = members;
  const numbers = new Set<number>();
  for (let row = 0; row < (stun?.count ?? 0); row++) {
    const number = kind === 'session' ? members.sessionOfStun(row) : members.allocationOfStun(row);
    if (number > 0 && !numbers.has(number) && hasNumber(frames, stun?.frame.get(row) ?? 0)) numbers.add(number);
  }
  const dtlsRows = kind === 'session' ? (dtls?.count ?? 0) : 0;
  for (let row = 0; row < dtlsRows; row++) {
    const number = members.sessionOfDtls(row);
    if (number > 0 && !numbers.has(number) && hasNumber(frames, dtls?.frame.get(row) ?? 0)) numbers.add(number);
  }
  return numbers;
}
