/** What can go wrong once data flow: refreshes fail, things run out, one direction is silent. */
import { formatDuration } from '../../../shared/figures.ts';
import type { Tally } from '../../trackers/turn/turn-peer.ts';
import type { TurnTransaction } from '../../trackers/turn/turn-transaction.ts';
import { countOf } from '../problems/finding.ts';
import type { TurnConclusion } from './turn-conclusion.ts';
import { errorAdvice, refusalOf } from './turn-errors.ts';
import { framesOf, type TurnFacts } from './turn-facts.ts';
import { STALE_LOOP, staleLoop } from './turn-rules-allocate.ts';

/** Packets and seconds from which on something that goes nowhere is no leftover. */
const LEFTOVER_PACKETS = 3;
const LEFTOVER_SECONDS = 1;
const REFRESH_EARLIER = 'Have the client refresh the allocation well before its lifetime ends.';
/** Packets and seconds from which on a direction without any is silent. */
const SILENT_PACKETS = 10;
const SILENT_SECONDS = 1;

/** The allocation could not be kept. */
export function refreshFailed(facts: TurnFacts): TurnConclusion | null {
  const { refreshes, releasedFrame, expiresTime } = facts.allocation;
  const last = refreshes.at(-1);
  if (last === undefined || last.isSuccess || releasedFrame >= 0) return null;
  const loop = staleLoop(facts, refreshes, 'allocate');
  if (loop !== null) return { ...loop, verdict: 'Refresh: stale nonce every time' };
  // To let go of what is gone already does no harm.
  const isRelease = last.requestRow >= 0 && facts.allocation.layer.rows.columns.lifetime.get(last.requestRow) === 1;
  if (isRelease || last.code === 438) return null;
  if (last.isAnswered) {
    const isGone = last.code === 437;
    if (isGone && expiresTime >= 0 && facts.time(last.firstFrame) > expiresTime) return refreshedLate(facts, last);
    const refusal = refusalOf(facts, last, 'Refresh');
    return {
      code: 'turn-refresh-refused',
      outcome: 'failed',
      step: 'allocate',
      verdict: isGone ? 'Refresh: server lost the allocation' : refusal.verdict,
      message: isGone
        ? `${facts.server} answered Refresh with ${facts.errorOf(last)}, so it no longer has the allocation.`
        : refusal.message,
      more: '',
      advice: isGone
        ? 'Check whether the server was started anew or a NAT gave the client another port; the client has to allocate again.'
        : errorAdvice(last.code),
      frames: framesOf([last]),
      spec: 'RFC 8656 §8.2',
    };
  }
  if (!facts.isUnanswered(last) || !facts.hasServer) return null;
  return {
    code: 'turn-no-answer',
    outcome: 'failed',
    step: 'allocate',
    verdict: 'Refresh: no answer',
    message: `${facts.server} answered none of ${facts.triesOf([last])} to refresh, so the allocation runs out.`,
    more: '',
    advice:
      'Check whether the server or the way to it failed at that time, and whether a NAT gave the client another port.',
    frames: framesOf([last]),
    spec: 'RFC 8656 §8.1',
  };
}

function refreshedLate(facts: TurnFacts, last: TurnTransaction): TurnConclusion {
  const { lifetimeSeconds, expiresTime } = facts.allocation;
  const late = formatDuration(facts.time(last.firstFrame) - expiresTime);
  return {
    code: 'turn-allocation-over',
    outcome: 'failed',
    step: 'allocate',
    verdict: 'Allocation expired, refreshed too late',
    message: `The allocation was good for ${lifetimeSeconds ?? 0} s and the Refresh came ${late} after that, so the server had dropped it (${facts.errorOf(last)}).`,
    more: '',
    advice: REFRESH_EARLIER,
    frames: framesOf([last]),
    spec: 'RFC 8656 §8',
  };
}

/** The allocation is over, and the client goes on sending. */
export function sentAfterEnd(facts: TurnFacts): TurnConclusion | null {
  const { allocation } = facts;
  const { sentAfterEnd: late, receivedAfterEnd, endedBy, lifetimeSeconds } = allocation;
  if (late.count < LEFTOVER_PACKETS || receivedAfterEnd.count > 0) return null;
  const isReleased = endedBy === 'released';
  if (isReleased && facts.secondsBetween(allocation.releasedFrame, late.lastFrame) < LEFTOVER_SECONDS) return null;
  return {
    code: 'turn-allocation-over',
    outcome: 'failed',
    step: 'media',
    verdict: isReleased ? 'Released while data still flowed' : 'Allocation expired while data flowed',
    message: isReleased
      ? `The client released the allocation and sent ${countOf(late.count, 'more packet')}, which the server drops.`
      : `The allocation was good for ${lifetimeSeconds ?? 0} s and not refreshed in time, so the server dropped ${countOf(late.count, 'packet')} sent after that.`,
    more: '',
    advice: isReleased ? 'Have the client release the allocation when the call is over, not before.' : REFRESH_EARLIER,
    frames: [late.firstFrame, late.lastFrame, allocation.releasedFrame, allocation.grantedFrame],
    spec: 'RFC 8656 §8',
  };
}

/** A permission ran out in the middle: what was relayed before is not any more. */
export function permissionExpired(facts: TurnFacts): TurnConclusion | null {
  const peer = facts.allocation.peers.find(
    ({ sentLate, receivedLate, received }) =>
      sentLate.count >= LEFTOVER_PACKETS && receivedLate.count === 0 && received.count > 0,
  );
  if (peer === undefined) return null;
  const { sentLate, permission, received } = peer;
  const last = permission.requests.at(-1);
  const why =
    last === undefined || last.isSuccess
      ? 'was not refreshed within 300 s'
      : last.isAnswered
        ? `was not refreshed: the server answered ${facts.errorOf(last)}`
        : 'was not refreshed: the server did not answer';
  return {
    code: 'turn-permission-expired',
    outcome: 'warning',
    step: 'permission',
    verdict: 'Permission expired in mid-call',
    message: `The permission for ${permission.address} ${why}, so ${countOf(sentLate.count, 'packet')} sent after that went nowhere.`,
    more: '',
    advice:
      'Have the client repeat CreatePermission or ChannelBind for each peer at least every 4 minutes; data do not refresh it.',
    frames: [
      sentLate.firstFrame,
      sentLate.lastFrame,
      received.lastFrame,
      ...(last === undefined ? [] : framesOf([last])),
    ],
    spec: 'RFC 8656 §9',
  };
}

/** A channel ran out: ten minutes without a ChannelBind. */
export function channelExpired(facts: TurnFacts): TurnConclusion | null {
  const peer = facts.allocation.peers.find(
    ({ channelSentLate, channelReceivedLate, receivedLate }) =>
      channelSentLate.count >= LEFTOVER_PACKETS && channelReceivedLate.count === 0 && receivedLate.count === 0,
  );
  if (peer === undefined) return null;
  const { channelSentLate: late, channel } = peer;
  return {
    code: 'turn-channel-expired',
    outcome: 'warning',
    step: 'channel-bind',
    verdict: 'Channel expired in mid-call',
    message: `Channel ${channelName(channel)} to ${peer.endpoint} was not bound again within 600 s, so the server dropped ${countOf(late.count, 'packet')} sent after that.`,
    more: '',
    advice: 'Have the client repeat ChannelBind well before 10 minutes have passed.',
    frames: [late.firstFrame, late.lastFrame],
    spec: 'RFC 8656 §12',
  };
}

/** Data go one way only. */
export function oneWay(facts: TurnFacts): TurnConclusion | null {
  const { sent, received } = facts.allocation;
  const isSilent = sent.count === 0 ? isEnough(facts, received) : received.count === 0 && isEnough(facts, sent);
  if (!isSilent || facts.allocation.link.clientFlow === 0 || !hasBothWays(facts)) return null;
  const isPeerSilent = received.count === 0;
  const flows = isPeerSilent ? sent : received;
  const seconds = formatDuration(facts.secondsBetween(flows.firstFrame, flows.lastFrame));
  const only = facts.usedPeers.length === 1 ? facts.usedPeers[0].endpoint : 'the peers';
  return {
    code: 'turn-one-way',
    outcome: 'warning',
    step: 'media',
    verdict: isPeerSilent ? 'Nothing comes back through relay' : 'Client sends nothing through relay',
    message: isPeerSilent
      ? `The client sent ${countOf(sent.count, 'packet')} in ${seconds} to ${only}, and none came back.`
      : `${countOf(received.count, 'packet')} in ${seconds} came from ${only}, and the client sent none back this way.`,
    more: isPeerSilent && facts.isPassedOn ? 'The server did send packets on to the peer.' : '',
    advice: isPeerSilent
      ? 'Check that the peer gets the packets and sends to the relayed address; a firewall may drop them between relay and peer.'
      : 'Check what address the client sends to, and whether it sends at all.',
    frames: [flows.firstFrame, flows.lastFrame],
    spec: null,
  };
}

/** 438 so often that the server gives nonces that do not last, though every request got through in the end. */
export function staleOften(facts: TurnFacts): TurnConclusion | null {
  const { transactions } = facts;
  let run = 0;
  let longest: typeof transactions = [];
  for (const [i, transaction] of transactions.entries()) {
    run = transaction.code === 438 ? run + 1 : 0;
    if (run > longest.length) longest = transactions.slice(i + 1 - run, i + 1);
  }
  if (longest.length < STALE_LOOP) return null;
  return {
    code: 'turn-stale-nonce',
    outcome: 'warning',
    step: 'allocate',
    verdict: 'Stale nonce several times running',
    message: `${facts.server} refused ${longest.length} requests in a row as having a stale nonce before one got through.`,
    more: '',
    advice: 'Check how long the server lets nonces live, and whether the client takes the new one from each 438.',
    frames: framesOf(longest),
    spec: 'RFC 8489 §9.2.5',
  };
}

/** `0x4001` */
export function channelName(channel: number): string {
  return `0x${channel.toString(16).padStart(4, '0')}`;
}

/** Both directions between client and server are in the capture. */
function hasBothWays({ allocation, hasServer, transactions }: TurnFacts): boolean {
  const { link, sent } = allocation;
  if (link.serverFlow === 0 || !hasServer) return false;
  return sent.count > 0 || transactions.some(({ requestCount }) => requestCount > 0);
}

function isEnough(facts: TurnFacts, { count, firstFrame, lastFrame }: Tally): boolean {
  return count >= SILENT_PACKETS && facts.secondsBetween(firstFrame, lastFrame) >= SILENT_SECONDS;
}
