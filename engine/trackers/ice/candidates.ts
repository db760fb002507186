import type { CandidateType } from '../../../shared/ice.ts';
import { formatEndpoint } from '../../store/addresses.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import type { IceDescription } from './descriptions.ts';
import type { IcePair, SideIndex } from './ice-pair.ts';
import type { IceCandidate, IceSession } from './ice-session.ts';
import { MOST_CANDIDATES_OF_SESSION, MOST_PAIRS_OF_SESSION } from './ice-timing.ts';
import type { Discovery } from './read-checks.ts';

/** What STUN and TURN servers said of addresses, whoever asked. */
export class Discovered {
  /** Base to what a server saw of it. */
  readonly mapped = new Map<string, { address: string; frame: number }>();
  readonly bases = new Map<string, string>();
  /** Addresses that asked a server themselves. */
  readonly asked = new Set<string>();
  /** Relayed address to the client that has it. */
  readonly relayed = new Map<string, { client: string; frame: number }>();

  constructor(store: CaptureStore, discoveries: readonly Discovery[]) {
    for (const { flow, mapped, relayed, frame } of discoveries) {
      const base = store.flows.destinationEndpoint(flow);
      const address = store.strings.text(mapped);
      this.asked.add(base);
      if (mapped !== 0 && address !== base && !this.mapped.has(base)) {
        this.mapped.set(base, { address, frame });
        this.bases.set(address, base);
      }
      if (relayed !== 0) this.relayed.set(store.strings.text(relayed), { client: base, frame });
    }
  }
}

/** The address of a side's end of a pair, as the local side sees the pair: its own base, the far side's as it asks it. */
export function endsOfPair(store: CaptureStore, pair: IcePair): readonly [string, string] {
  const { flows } = store;
  const [own, far] = [pair.firstFlow[0], pair.lastFlow[1]];
  if (own !== 0) return [flows.sourceEndpoint(own), flows.destinationEndpoint(own)];
  return [flows.destinationEndpoint(far), flows.sourceEndpoint(far)];
}

/** All candidates of a session: announced, trickled, and those that only checks and servers show. */
export function findCandidates(store: CaptureStore, session: IceSession, discovered: Discovered): void {
  const { candidates } = session;
  for (const description of session.descriptions) announced(session, description, candidates);
  resolveNames(store, session);
  for (const pair of session.pairs) {
    const ends = endsOfPair(store, pair);
    for (const side of [0, 1] as const) {
      if (candidates.length >= MOST_CANDIDATES_OF_SESSION) return;
      addSeen(store, session, pair, side, ends[side], discovered);
      addMapped(store, session, pair, side, discovered);
    }
  }
}

function announced(session: IceSession, description: IceDescription, into: IceCandidate[]): void {
  const side = sideOf(session, description);
  for (const one of description.candidates) {
    const { component, type, transport, priority, foundation, relatedAddress, relatedPort } = one;
    const address = formatEndpoint(one.address, one.port);
    if (!isCandidateType(type) || (transport !== 'udp' && transport !== 'tcp')) continue;
    const isKnown = into.some(
      (c) => c.side === side && c.address === address && c.component === component && c.type === type,
    );
    if (isKnown || into.length >= MOST_CANDIDATES_OF_SESSION) continue;
    into.push({
      side,
      type,
      address,
      transport,
      component,
      section: description.section,
      generation: session.generations.findIndex(({ ufrags }) => ufrags.includes(description.ufrag)),
      priority,
      foundation,
      related: relatedAddress === '' ? null : formatEndpoint(relatedAddress, relatedPort),
      from: description.isTrickled ? 'trickle' : 'sdp',
      frame: description.frame,
    });
  }
}

/** By the ufrag; by the call's sides where a fragment has none. */
export function sideOf(session: IceSession, { ufrag, side }: IceDescription): SideIndex {
  for (const { ufrags } of session.generations) {
    if (ufrag !== '' && ufrags[0] === ufrag) return 0;
    if (ufrag !== '' && ufrags[1] === ufrag) return 1;
  }
  const known = session.descriptions.find((one) => one.ufrag !== '');
  if (known === undefined) return 0;
  const its = session.generations.some(({ ufrags }) => ufrags[1] === known.ufrag) ? 1 : 0;
  return known.side === side ? its : its === 0 ? 1 : 0;
}

/** A name (multicast DNS) stands for the address whose checks come from its port. */
function resolveNames(store: CaptureStore, session: IceSession): void {
  for (const candidate of session.candidates) {
    if (!isName(candidate.address)) continue;
    const port = candidate.address.slice(candidate.address.lastIndexOf(':'));
    for (const pair of session.pairs.slice(0, MOST_PAIRS_OF_SESSION)) {
      const end = endsOfPair(store, pair)[candidate.side];
      if (end.endsWith(port)) candidate.related ??= end;
    }
  }
}

export function isName(address: string): boolean {
  return /\.local:\d+$/i.test(address);
}

function addSeen(
  store: CaptureStore,
  session: IceSession,
  pair: IcePair,
  side: SideIndex,
  address: string,
  discovered: Discovered,
): void {
  if (candidateOf(session, side, address) !== null) return;
  const relay = discovered.relayed.get(address);
  const server = discovered.bases.get(address);
  const isBase = discovered.asked.has(address) || isMappedElsewhere(store, pair, side);
  const isAnnounced = session.candidates.some((c) => c.side === side && (c.from === 'sdp' || c.from === 'trickle'));
  const type: CandidateType =
    relay !== undefined ? 'relay' : server !== undefined ? 'srflx' : isBase && !isAnnounced ? 'host' : 'prflx';
  session.candidates.push({
    side,
    type,
    address,
    transport: transportOf(store, pair),
    component: pair.component,
    section: session.transports[pair.transport]?.section ?? 0,
    generation: session.generations.indexOf(pair.generation),
    priority: null,
    foundation: null,
    related: relay?.client ?? server ?? null,
    from: type === 'relay' ? 'turn' : 'check',
    frame: relay?.frame ?? pair.firstFrame,
  });
}

/** What the other side saw of a base: reflexive where it is another address. */
function addMapped(
  store: CaptureStore,
  session: IceSession,
  pair: IcePair,
  side: SideIndex,
  discovered: Discovered,
): void {
  const mapped = pair.mapped[side] === 0 ? '' : store.strings.text(pair.mapped[side]);
  const flow = pair.firstFlow[side];
  const base = flow === 0 ? '' : store.flows.sourceEndpoint(flow);
  if (mapped === '' || base === '' || mapped === base || candidateOf(session, side, mapped) !== null) return;
  if (session.candidates.length >= MOST_CANDIDATES_OF_SESSION) return;
  session.candidates.push({
    side,
    type: discovered.bases.has(mapped) ? 'srflx' : 'prflx',
    address: mapped,
    transport: transportOf(store, pair),
    component: pair.component,
    section: session.transports[pair.transport]?.section ?? 0,
    generation: session.generations.indexOf(pair.generation),
    priority: null,
    foundation: null,
    related: base,
    from: 'check',
    frame: pair.firstArrived[side] >= 0 ? pair.firstArrived[side] : pair.firstFrame,
  });
}

export function candidateOf(session: IceSession, side: SideIndex, address: string): IceCandidate | null {
  return (
    session.candidates.find((c) => c.side === side && c.address === address) ??
    session.candidates.find((c) => c.side === side && isName(c.address) && c.related === address) ??
    null
  );
}

/**
 * The type of a side's end of a pair: of its base, or where the other side sees another address that is the one paired
 * (RFC 8445 section 7.2.5.3.2), of that. null where nothing tells.
 */
export function typeOfEnd(
  store: CaptureStore,
  session: IceSession,
  pair: IcePair,
  side: SideIndex,
): CandidateType | null {
  const end = endsOfPair(store, pair)[side];
  const own = candidateOf(session, side, end);
  const mapped = pair.mapped[side] === 0 ? '' : store.strings.text(pair.mapped[side]);
  if (side === 0 && mapped !== '' && mapped !== end && own?.type === 'host') {
    return candidateOf(session, side, mapped)?.type ?? 'prflx';
  }
  if (own === null) return null;
  // Known by its checks alone, and no description says whether it had been announced.
  const isGuess = own.from === 'check' && own.type === 'prflx' && own.related === null;
  const isAnnounced = session.candidates.some((c) => c.side === side && (c.from === 'sdp' || c.from === 'trickle'));
  return isGuess && !isAnnounced ? null : own.type;
}

function transportOf(store: CaptureStore, pair: IcePair): 'udp' | 'tcp' {
  const flow = pair.firstFlow[0] || pair.firstFlow[1];
  return flow !== 0 && store.flows.isTcp(flow) ? 'tcp' : 'udp';
}

/** The other side sees another address than the capture: what the capture sees is behind a NAT, hence the side's own. */
function isMappedElsewhere(store: CaptureStore, { mapped, firstFlow }: IcePair, side: SideIndex): boolean {
  if (mapped[side] === 0 || firstFlow[side] === 0) return false;
  return store.strings.text(mapped[side]) !== store.flows.sourceEndpoint(firstFlow[side]);
}

function isCandidateType(type: string): type is CandidateType {
  return type === 'host' || type === 'srflx' || type === 'prflx' || type === 'relay';
}
