import type { TurnAllocationRow } from '../../../shared/ice.ts';
import type { Capture } from '../../capture.ts';
import type { TurnAllocation } from '../../trackers/turn/turn-allocation.ts';
import type { TurnPeer } from '../../trackers/turn/turn-peer.ts';
import { GRACE_SECONDS } from '../../trackers/turn/turn-peer.ts';
import { TurnFacts } from './turn-facts.ts';
import { channelName } from './turn-rules-data.ts';
import { turnSteps } from './turn-steps.ts';
import { concludeTurn, verdictOf } from './turn-verdict.ts';

/** `t1` of the allocation with index 0. */
export function turnAllocationId(index: number): string {
  return `t${index + 1}`;
}

/** One row an allocation, in order of the first packet. `session` is left null: who knows the ICE sessions sets it. */
export function turnAllocationRows(capture: Capture): TurnAllocationRow[] {
  return capture.turn.allocations.map((allocation) => turnAllocationRow(capture, allocation));
}

export function turnAllocationRow(capture: Capture, allocation: TurnAllocation): TurnAllocationRow {
  const facts = new TurnFacts(capture, allocation);
  const conclusions = concludeTurn(facts);
  const steps = turnSteps(facts, conclusions);
  const textOf = (id: number): string | null => (id === 0 ? null : facts.string(id));
  return {
    kind: 'turn-allocation',
    id: turnAllocationId(allocation.index),
    number: allocation.index + 1,
    ...verdictOf(facts, conclusions, steps),
    client: facts.client,
    server: facts.server,
    transport: facts.transport,
    username: textOf(allocation.username),
    realm: textOf(allocation.realm),
    software: textOf(allocation.software),
    mappedAddress: textOf(allocation.mapped),
    relayedAddress: textOf(allocation.relayed),
    startTime: facts.time(allocation.firstFrame),
    endTime: facts.time(allocation.lastFrame),
    lifetimeSeconds: allocation.lifetimeSeconds,
    refreshes: allocation.refreshed,
    endedBy: allocation.endedBy,
    steps,
    peers: allocation.peers.map((peer) => peerRow(facts, peer)),
    packetCount: allocation.packetCount,
    session: null,
  };
}

function peerRow(facts: TurnFacts, peer: TurnPeer): TurnAllocationRow['peers'][number] {
  const { permission, sent, received } = peer;
  return {
    peer: peer.endpoint,
    channel: peer.channel === 0 ? null : channelName(peer.channel),
    permittedTime: permission.grantedTime < 0 ? null : permission.grantedTime,
    expiredTime: expiredTime(facts, peer),
    packetsSent: sent.count,
    bytesSent: sent.bytes,
    packetsReceived: received.count,
    bytesReceived: received.bytes,
  };
}

/** When a permission ran out while the allocation lived on; what still comes through shows that a refresh was not captured. */
function expiredTime({ allocation, capture }: TurnFacts, peer: TurnPeer): number | null {
  const { expiresTime, lapsedTime } = peer.permission;
  if (expiresTime < 0 || peer.receivedLate.count > 0) return null;
  if (lapsedTime >= 0) return lapsedTime;
  const { frames } = capture.store;
  const ends = [frames.time(frames.latest)];
  if (allocation.releasedFrame >= 0) ends.push(frames.time(allocation.releasedFrame));
  if (allocation.endedBy === 'expired') ends.push(allocation.expiresTime);
  if (allocation.connectionEndFrame >= 0) ends.push(frames.time(allocation.connectionEndFrame));
  return Math.min(...ends) > expiresTime + GRACE_SECONDS ? expiresTime : null;
}
