import { type StunColumns, stunColumns } from '../../../dissectors/stun/columns.ts';
import { recordColumns } from '../../../dissectors/tls/columns.ts';
import type { Capture } from '../../capture.ts';
import type { LayerTable } from '../../store/layer-table.ts';
import type { IceLists } from './ice-lists.ts';

/** Whose packets are asked for. */
export type IceKind = 'session' | 'allocation';

type DtlsLayer = LayerTable<typeof recordColumns>;

/**
 * Which packets belong to which ICE session and TURN allocation, by their numbers. An allocation has its requests, their
 * answers and all it relayed; a session has its checks, the DTLS on the same way, and its allocations.
 */
export class IceMembers {
  readonly stun: LayerTable<StunColumns> | null;
  readonly dtls: DtlsLayer | null;
  private readonly capture: Capture;
  /** Number of the session that used an allocation, by the allocation's number; 0 for none. */
  private readonly sessionOfAllocation: Uint32Array;
  /** Number of the session that goes a flow, 0 for none. */
  private flowSessions: Uint32Array | null = null;
  private readonly counts: { session: Uint32Array | null; allocation: Uint32Array | null } = {
    session: null,
    allocation: null,
  };

  constructor(capture: Capture, { sessions, allocations }: IceLists) {
    this.capture = capture;
    this.stun = capture.store.layer('stun', stunColumns);
    this.dtls = capture.store.layer('dtls', recordColumns);
    const numbers = new Map(sessions.map(({ id, number }) => [id, number]));
    this.sessionOfAllocation = new Uint32Array(largest(allocations) + 1);
    for (const { number, session } of allocations) this.sessionOfAllocation[number] = numbers.get(session ?? '') ?? 0;
  }

  /** The number of the allocation that a row of STUN belongs to, 0 for none. */
  allocationOfStun(row: number): number {
    return this.capture.turn.allocationOfRow.get(row);
  }

  /** The number of the session that a row of STUN belongs to, 0 for none. */
  sessionOfStun(row: number): number {
    const own = this.capture.ice.sessionOfRow.get(row);
    if (own !== 0) return own;
    return this.sessionOfAllocation[this.allocationOfStun(row)] ?? 0;
  }

  /** The number of the session that a row of DTLS belongs to, 0 for none. */
  sessionOfDtls(row: number): number {
    const { dtls, capture } = this;
    return dtls === null ? 0 : this.sessionOfFlow(capture.store.flowOf(dtls, row));
  }

  /** The number of the session whose checks go a flow (either direction), 0 for none. Of several it is the last one. */
  sessionOfFlow(flow: number): number {
    this.flowSessions ??= this.findFlowSessions();
    return this.flowSessions[flow] ?? 0;
  }

  /** Packets of a session or allocation; a packet is counted once. */
  packetCount(kind: IceKind, number: number): number {
    return (this.counts[kind] ??= this.count(kind))[number] ?? 0;
  }

  private findFlowSessions(): Uint32Array {
    const { stun, capture } = this;
    const { flows } = capture.store;
    const sessions = new Uint32Array(flows.count + 1);
    for (let row = 0; row < (stun?.count ?? 0); row++) {
      const session = capture.ice.sessionOfRow.get(row);
      if (stun === null || session === 0) continue;
      const flow = capture.store.flowOf(stun, row);
      sessions[flow] = session;
      if (flows.reverse[flow] !== 0) sessions[flows.reverse[flow]] = session;
    }
    return sessions;
  }

  private count(kind: IceKind): Uint32Array {
    const { stun, dtls } = this;
    const counts: number[] = [];
    const lastFrame: number[] = [];
    const take = (number: number, frame: number): void => {
      if (number === 0 || lastFrame[number] === frame) return;
      lastFrame[number] = frame;
      counts[number] = (counts[number] ?? 0) + 1;
    };
    // Both layers are in the order of frames, and so are their rows together.
    let at = 0;
    const dtlsRows = kind === 'session' ? (dtls?.count ?? 0) : 0;
    for (let row = 0; row < (stun?.count ?? 0) || at < dtlsRows; ) {
      const frame = stun !== null && row < stun.count ? stun.frame.get(row) : Infinity;
      if (dtls !== null && at < dtlsRows && dtls.frame.get(at) < frame) {
        take(this.sessionOfDtls(at), dtls.frame.get(at));
        at++;
      } else {
        take(kind === 'session' ? this.sessionOfStun(row) : this.allocationOfStun(row), frame);
        row++;
      }
    }
    return Uint32Array.from(counts, (count) => count ?? 0);
  }
}

function largest(rows: readonly { number: number }[]): number {
  return rows.reduce((most, { number }) => Math.max(most, number), 0);
}
