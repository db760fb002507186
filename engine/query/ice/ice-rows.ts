import type { IceCandidateRow, IcePairRow, IceSessionRow, TurnAllocationRow, Verdict } from '../../../shared/ice.ts';
import type { Capture } from '../../capture.ts';
import { candidateOf, endsOfPair, isName, typeOfEnd } from '../../trackers/ice/candidates.ts';
import type { IcePair } from '../../trackers/ice/ice-pair.ts';
import type { IceCandidate, IceSession } from '../../trackers/ice/ice-session.ts';
import { connectedAfterSeconds } from '../../trackers/ice/ice-verdict.ts';
import { pairState, whyOfPair } from '../../trackers/ice/pair-state.ts';
import type { Stream } from '../../trackers/streams/stream.ts';
import { callId } from '../call-rows.ts';
import { streamId } from '../stream-rows.ts';
import { turnAllocationId, turnAllocationRow } from './turn-rows.ts';

/** `i1` of the session with index 0. */
export function iceSessionId(index: number): string {
  return `i${index + 1}`;
}

/** One row a session, in order of the first packet. */
export function iceRows(capture: Capture): IceSessionRow[] {
  return capture.ice.sessions.map((session) => iceRow(capture, session));
}

export function iceRow(capture: Capture, session: IceSession): IceSessionRow {
  const { store, calls } = capture;
  const { frames } = store;
  const described = session.descriptions.map(({ frame }) => frame);
  const first = session.firstFrame >= 0 ? session.firstFrame : (described.at(0) ?? 0);
  const last = session.lastFrame >= 0 ? session.lastFrame : (described.at(-1) ?? first);
  const ends = endsOfSession(capture, session);
  const [localUfrag, remoteUfrag] = session.first.ufrags;
  const { selected } = session;
  return {
    kind: 'ice-session',
    id: iceSessionId(session.index),
    number: session.index + 1,
    ...verdictOf(capture, session),
    call: session.call < 0 ? null : callId(calls.entries[session.call]),
    local: { ufrag: localUfrag || null, address: ends[0], isLite: session.isLite[0] },
    remote: { ufrag: remoteUfrag || null, address: ends[1], isLite: session.isLite[1] },
    roles: { local: session.roles[0], remote: session.roles[1] },
    candidates: session.candidates.map(candidateRow),
    pairs: [...session.pairs.map((pair) => pairRow(capture, session, pair)), ...session.waiting.map(waitingRow)],
    selected: selected === null ? null : selectedRow(capture, session, selected),
    connectedAfterSeconds: connectedAfterSeconds(capture, session),
    media: mediaRows(capture, session),
    states: session.states,
    restarts: session.restarts.map(({ generation, frame }) => ({
      time: frames.time(frame),
      localUfrag: generation.ufrags[0] || null,
      remoteUfrag: generation.ufrags[1] || null,
      packet: frame + 1,
    })),
    checkTimes: session.checkTimes,
    startTime: frames.time(first),
    endTime: frames.time(last),
    packetCount: session.packetCount,
    allocations: allocationsOf(capture, session),
  };
}

function endsOfSession({ store }: Capture, session: IceSession): readonly [string | null, string | null] {
  const pair = session.selected ?? session.pairs.at(0);
  if (pair !== undefined) return endsOfPair(store, pair);
  const announced = (side: number) => session.candidates.find((c) => c.side === side)?.address ?? null;
  return [announced(0), announced(1)];
}

function candidateRow(candidate: IceCandidate): IceCandidateRow {
  const { side, type, address, transport, component, priority, foundation, related, from, frame } = candidate;
  return {
    side: side === 0 ? 'local' : 'remote',
    type,
    address,
    transport,
    component,
    priority,
    foundation,
    related,
    from,
    packet: frame < 0 ? null : frame + 1,
  };
}

function pairRow(capture: Capture, session: IceSession, pair: IcePair): IcePairRow {
  const { store } = capture;
  const { frames, flows } = store;
  const [local, remote] = endsOfPair(store, pair);
  const errors = [...pair.errors[0], ...pair.errors[1]].reduce((sum, { count }) => sum + count, 0);
  const flow = pair.firstFlow[0] || pair.firstFlow[1];
  return {
    local,
    remote,
    localType: typeOfEnd(store, session, pair, 0),
    remoteType: typeOfEnd(store, session, pair, 1),
    transport: flow !== 0 && flows.isTcp(flow) ? 'tcp' : 'udp',
    component: pair.component,
    state: pairState(capture, session, pair),
    nominated: pair.isNominated,
    requests: pair.requests[0] + pair.requests[1],
    responses: pair.answered[0] + pair.answered[1],
    errors,
    roundTripMs: pair.roundTripSeconds < 0 ? null : pair.roundTripSeconds * 1000,
    why: whyOfPair(capture, session, pair),
    firstTime: frames.time(pair.firstFrame),
    lastTime: frames.time(pair.lastFrame),
    packets: [...new Set(pair.packets)].toSorted((a, b) => a - b).slice(0, 20),
    packetCount: pair.packetCount,
  };
}

function waitingRow({ local, remote }: { local: IceCandidate; remote: IceCandidate }): IcePairRow {
  return {
    local: local.address,
    remote: remote.address,
    localType: local.type,
    remoteType: remote.type,
    transport: local.transport,
    component: local.component,
    state: 'waiting',
    nominated: false,
    requests: 0,
    responses: 0,
    errors: 0,
    roundTripMs: null,
    why: 'no check captured',
    firstTime: null,
    lastTime: null,
    packets: [],
    packetCount: 0,
  };
}

function selectedRow({ store }: Capture, session: IceSession, pair: IcePair): IceSessionRow['selected'] {
  const [local, remote] = endsOfPair(store, pair);
  return {
    local,
    remote,
    localType: typeOfEnd(store, session, pair, 0),
    remoteType: typeOfEnd(store, session, pair, 1),
    packet: pair.nominatedFrame + 1,
  };
}

/** Streams by the addresses they go between, those of the selected pair as the pair has them. */
function mediaRows({ store, streams }: Capture, session: IceSession): IceSessionRow['media'] {
  const rows = new Map<string, IceSessionRow['media'][number]>();
  for (const index of session.streams) {
    const stream = streams.candidates[index];
    const { pair, ends } = wayOf(store.flows, session, stream);
    const [local, remote] = pair === null ? localFirst(session, ends) : endsOfPair(store, pair);
    const key = `${local} ${remote}`;
    const isSelectedPair = pair !== null && session.selectedPairs.has(pair);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { local, remote, streams: [streamId(stream)], isSelectedPair });
    else row.streams.push(streamId(stream));
  }
  return [...rows.values()];
}

function wayOf(
  flows: Capture['store']['flows'],
  session: IceSession,
  { flow }: Stream,
): { pair: IcePair | null; ends: readonly [string, string] } {
  const ends = [flows.sourceEndpoint(flow), flows.destinationEndpoint(flow)] as const;
  const sorted = ends.toSorted();
  for (const [leg, pair] of session.legs) {
    if (leg.ends[0] === sorted[0] && leg.ends[1] === sorted[1]) return { pair, ends };
  }
  return { pair: null, ends };
}

/** A way that no check went: whose end is whose is told by the candidates alone. */
function localFirst(session: IceSession, [a, b]: readonly [string, string]): readonly [string, string] {
  const isTurned = candidateOf(session, 0, b) !== null || candidateOf(session, 1, a) !== null;
  return isTurned ? [b, a] : [a, b];
}

/**
 * What the session comes to. Where no pair worked and an allocation of one of its hosts had failed before, that is what
 * went wrong first: there would have been a relay.
 */
function verdictOf(capture: Capture, session: IceSession): Verdict {
  const { conclusion } = session;
  if (conclusion === null) {
    return { outcome: 'incomplete', verdict: '', explanation: '', advice: null, evidence: [] };
  }
  const { outcome, verdict, explanation, advice, evidence } = conclusion;
  const own = { outcome, verdict, explanation, advice, evidence };
  const isWithoutPair =
    session.selected === null && !session.isFromMiddle && (outcome === 'failed' || session.firstFrame < 0);
  if (!isWithoutPair || capture.turn.allocations.length === 0) return own;
  const failed = failedAllocation(capture, session);
  if (failed === null) return own;
  const count = session.pairs.length;
  const others =
    count === 0
      ? 'No check was sent.'
      : count === 1
        ? 'The direct pair failed too.'
        : `All ${count} direct pairs failed too.`;
  return {
    outcome: 'failed',
    verdict: failed.verdict,
    explanation: `${failed.explanation} ${others}`,
    advice: failed.advice,
    evidence: [...new Set([...failed.evidence, ...evidence])].slice(0, 20).toSorted((a, b) => a - b),
  };
}

function failedAllocation(capture: Capture, session: IceSession): TurnAllocationRow | null {
  const { store, turn, calls } = capture;
  const hosts = new Set(session.candidates.map(({ address }) => hostOf(address)));
  if (session.call >= 0) {
    const flow = store.flowOf(calls.sip, calls.entries[session.call].firstRow);
    hosts.add(store.flows.sourceAddress(flow)).add(store.flows.destinationAddress(flow));
  }
  const end = session.lastFrame >= 0 ? session.lastFrame : store.frames.latest;
  for (const allocation of turn.allocations) {
    if (allocation.grantedFrame >= 0 || allocation.firstFrame > end) continue;
    const row = turnAllocationRow(capture, allocation);
    if (row.outcome === 'failed' && hosts.has(hostOf(row.client))) return row;
  }
  return null;
}

function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/[[\]]/g, '');
}

/** Allocations whose relays carry some of its checks. */
function allocationsOf({ turn, store }: Capture, session: IceSession): string[] {
  const { flows } = store;
  const ways = new Set(
    [...session.carrierFlows].map((flow) => `${flows.sourceEndpoint(flow)} ${flows.destinationEndpoint(flow)}`),
  );
  const relayed = new Set(
    session.candidates
      .filter(({ type, address }) => type === 'relay' && !isName(address))
      .map(({ address }) => address),
  );
  return turn.allocations
    .filter((allocation) => {
      const { link, relayed: address } = allocation;
      const { clientFlow, serverFlow } = link;
      const way =
        clientFlow !== 0
          ? `${flows.sourceEndpoint(clientFlow)} ${flows.destinationEndpoint(clientFlow)}`
          : `${flows.destinationEndpoint(serverFlow)} ${flows.sourceEndpoint(serverFlow)}`;
      return ways.has(way) || (address !== 0 && relayed.has(store.strings.text(address)));
    })
    .map(({ index }) => turnAllocationId(index));
}
