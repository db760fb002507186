import type { AllocationListRow, IceListRow } from '../../../shared/engine-api.ts';
import type { IceOutcome, IceRow, IceSessionRow, TurnAllocationRow } from '../../../shared/ice.ts';
import type { Capture } from '../../capture.ts';
import { iceRows } from './ice-rows.ts';
import { turnAllocationRows } from './turn-rows.ts';

/** The ICE sessions and TURN allocations of a capture that was read. */
export interface IceLists {
  /** In order of their numbers, as the allocations. */
  readonly sessions: readonly IceSessionRow[];
  readonly allocations: readonly TurnAllocationRow[];
  /** The sessions, and the allocations that none of them used, in order of time. */
  readonly entries: readonly IceRow[];
}

const RANK: Readonly<Record<IceOutcome, number>> = { failed: 0, warning: 1, incomplete: 2, ok: 3 };

/** Below 0 where the first is the graver one. */
export function compareOutcome(a: IceOutcome, b: IceOutcome): number {
  return RANK[a] - RANK[b];
}

const known = new WeakMap<Capture, IceLists>();

/** The rows of a capture, made once. Before its trackers have concluded there are none. */
export function iceListsOf(capture: Capture): IceLists {
  let lists = known.get(capture);
  if (lists !== undefined) return lists;
  lists = joinLists(iceRows(capture), turnAllocationRows(capture));
  // Of a capture that grows there may be more later.
  if (lists.entries.length > 0) known.set(capture, lists);
  return lists;
}

/** Sessions and allocations as one list; each allocation is told the session that names it. */
export function joinLists(sessions: readonly IceSessionRow[], turn: readonly TurnAllocationRow[]): IceLists {
  const users = new Map(sessions.flatMap(({ id, allocations: used }) => used.map((one) => [one, id] as const)));
  const allocations = turn.map((row) => ({ ...row, session: row.session ?? users.get(row.id) ?? null }));
  const alone = allocations.filter(({ session }) => session === null);
  const entries = [...sessions, ...alone].toSorted((a, b) => a.startTime - b.startTime);
  return { sessions, allocations, entries };
}

/** The row of an id (`i2`, `t1`) with the allocations that belong to it; null where there is none. */
export function iceEntry(
  { sessions, allocations }: IceLists,
  id: string,
): { session: IceSessionRow | null; allocations: TurnAllocationRow[] } | null {
  const session = sessions.find((row) => row.id === id) ?? null;
  if (session !== null) return { session, allocations: allocations.filter((row) => row.session === id) };
  const allocation = allocations.find((row) => row.id === id);
  return allocation === undefined ? null : { session: null, allocations: [allocation] };
}

/** A session or an allocation of its own as the grid shows it; `packetCount` counts all packets that belong to it. */
export function iceListRow(row: IceRow, packetCount: number, callNumber: number | null): IceListRow {
  const { id, number, kind, outcome, verdict, startTime, endTime } = row;
  const shared = { id, number, kind, outcome, verdict, startTime, endTime, packetCount, callNumber };
  if (row.kind === 'turn-allocation') {
    return { ...shared, client: row.client, peer: row.server, role: null, pairs: null, call: null };
  }
  return {
    ...shared,
    client: row.selected?.local ?? row.local.address,
    peer: row.selected?.remote ?? row.remote.address,
    role: row.roles.local,
    pairs: row.pairs.length,
    call: row.call,
  };
}

/** An allocation as the grid shows it. */
export function allocationListRow(row: TurnAllocationRow): AllocationListRow {
  const { steps: _steps, peers, explanation: _explanation, advice: _advice, evidence: _evidence, ...rest } = row;
  const sum = (of: (peer: TurnAllocationRow['peers'][number]) => number): number =>
    peers.reduce((total, peer) => total + of(peer), 0);
  return {
    ...rest,
    peers: peers.length,
    packetsRelayed: sum(({ packetsSent, packetsReceived }) => packetsSent + packetsReceived),
    bytesRelayed: sum(({ bytesSent, bytesReceived }) => bytesSent + bytesReceived),
  };
}
