import type { CaptureStore } from '../../store/capture-store.ts';
import { endsOfPair } from './candidates.ts';
import type { Generation, IcePair, SideIndex } from './ice-pair.ts';
import type { IceSession, IceTransport } from './ice-session.ts';

/** Both sides of a pair that works send about as many checks. */
const MUCH_MORE = 1.5;
/** Sessions whose states are told together. */
const MOST_TOGETHER = 32;
const MOST_TRANSPORTS = 64;

/** Which component of which section a pair is of: by its candidates, else by what PRIORITY says (RFC 8445 section 5.1.2.1). */
export function assignTransports(store: CaptureStore, session: IceSession): void {
  const announced = new Map<string, { section: number; component: number }>();
  for (const { candidates, section } of session.descriptions) {
    for (const { address, port, component } of candidates) {
      const key = `${address}:${port}`;
      if (!announced.has(key)) announced.set(key, { section, component });
    }
  }
  for (const pair of session.pairs) {
    const place = endsOfPair(store, pair)
      .map((end) => announced.get(end.replace(/[[\]]/g, '')))
      .find((known) => known !== undefined);
    const priority = Math.max(...pair.priority);
    const component = place?.component ?? (priority >= 0 ? 256 - (priority % 256) : 1);
    pair.component = component >= 1 && component <= 2 ? component : 1;
    const section = place?.section ?? session.transports.at(0)?.section ?? 0;
    pair.transport = transportFor(session, section, pair.component).index;
    session.transports[pair.transport].pairs.push(pair);
  }
  if (session.transports.length === 0) transportFor(session, 0, 1);
  for (const transport of session.transports) {
    for (const generation of session.generations) {
      const selected = selectedOf(transport, generation);
      if (selected === null) continue;
      session.selectedPairs.add(selected);
      // The newest counts in the end; until it has one, what was selected before stays (RFC 8445 section 9).
      transport.selected = selected;
    }
  }
}

/** Of a generation's nominated pairs the one that was confirmed last. */
function selectedOf({ pairs }: IceTransport, generation: Generation): IcePair | null {
  if (generation.isMixed) return null;
  let selected: IcePair | null = null;
  for (const pair of pairs) {
    if (pair.generation !== generation || !pair.isNominated) continue;
    if (selected === null || Math.max(...pair.lastArrived) > Math.max(...selected.lastArrived)) selected = pair;
  }
  return selected;
}

function transportFor(session: IceSession, section: number, component: number): IceTransport {
  const { transports } = session;
  const known = transports.find((t) => t.section === section && t.component === component);
  if (known !== undefined || transports.length >= MOST_TRANSPORTS) return known ?? transports[0];
  const transport: IceTransport = {
    index: transports.length,
    section,
    component,
    pairs: [],
    selected: null,
    dtls: [],
  };
  transports.push(transport);
  return transport;
}

/**
 * The side whose checks tell: the local one, unless the capture has a good deal more of the other's. It may be lite, or the
 * capture stand where some of what it sends does not come by.
 */
export function followedSide({ pairs }: IceTransport): SideIndex {
  const [local, remote] = ([0, 1] as const).map((side) => pairs.reduce((sum, pair) => sum + pair.requests[side], 0));
  return remote > local * MUCH_MORE ? 1 : 0;
}

/** Roles as they were in the end. */
export function takeRoles(session: IceSession): void {
  const { controlling, controlled } = session.newest;
  for (const side of [0, 1] as const) {
    if (controlling[side] >= 0 || controlled[side] >= 0) {
      session.roles[side] = controlling[side] > controlled[side] ? 'controlling' : 'controlled';
    }
  }
  for (const side of [0, 1] as const) {
    const other = session.roles[side === 0 ? 1 : 0];
    if (session.roles[side] === null && other !== null) {
      session.roles[side] = other === 'controlling' ? 'controlled' : 'controlling';
    }
  }
}

export function closeFrameOf({ dtls }: IceTransport): number {
  return dtls.at(-1)?.closedFrame ?? -1;
}

/**
 * Sessions that make one RTCPeerConnection: those of the sections of a call. Two of one section are answers of a forked
 * call, each of which is a connection of its own.
 */
export function connectionsOf(sessions: readonly IceSession[]): IceSession[][] {
  const connections: IceSession[][] = [];
  const byCall = new Map<number, { sessions: IceSession[]; sections: Set<number> }>();
  for (const session of sessions) {
    const sections = new Set(session.transports.map(({ section }) => section));
    const known = session.call < 0 ? undefined : byCall.get(session.call);
    if (
      known !== undefined &&
      known.sessions.length < MOST_TOGETHER &&
      ![...sections].some((s) => known.sections.has(s))
    ) {
      known.sessions.push(session);
      for (const section of sections) known.sections.add(section);
      continue;
    }
    const connection = [session];
    connections.push(connection);
    if (session.call >= 0 && known === undefined) byCall.set(session.call, { sessions: connection, sections });
  }
  return connections;
}
