import type { StepOutcome, TurnStep } from '../../../shared/ice.ts';
import type { TurnPeer } from '../../trackers/turn/turn-peer.ts';
import type { TurnTransaction } from '../../trackers/turn/turn-transaction.ts';
import { countOf, packetsOf } from '../problems/finding.ts';
import type { TurnFacts } from './turn-facts.ts';
import { channelName } from './turn-rules-data.ts';
import { MOST_PARTS, type NamedPart, notTried, partOf, tellingOf } from './turn-step-parts.ts';

/** Why the steps after Allocate were not tried, given what stands for them otherwise. */
function whyNot(facts: TurnFacts, otherwise: string): string {
  if (!facts.isWhole) return 'Not in the capture';
  return facts.isWhole && !facts.allocation.isGranted ? 'Not tried: needs an allocation' : otherwise;
}

/** Of all parts: failed where none succeeded and the server refused one. */
function outcomeOf(parts: readonly NamedPart[]): StepOutcome {
  if (parts.some(({ outcome }) => outcome === 'ok')) return 'ok';
  return parts.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'missing';
}

function stepOf(step: TurnStep['step'], parts: readonly NamedPart[], text: string): TurnStep {
  const telling = parts.find(({ outcome }) => outcome === outcomeOf(parts)) ?? parts[0];
  return {
    step,
    outcome: outcomeOf(parts),
    code: outcomeOf(parts) === 'ok' ? null : telling.code,
    text: parts.length === 1 ? telling.text : text,
    roundTripMs: telling.roundTripMs,
    packets: packetsOf(parts.flatMap(({ packets }) => packets.map((packet) => packet - 1))),
    parts: parts.slice(0, MOST_PARTS),
  };
}

/** `2 of 3 peers` */
function shareOf(parts: readonly NamedPart[]): string {
  const good = parts.filter(({ outcome }) => outcome === 'ok').length;
  return good === parts.length ? countOf(good, 'peer') : `${good} of ${countOf(parts.length, 'peer')}`;
}

/** May the peers be reached? */
export function permissionStep(facts: TurnFacts): TurnStep {
  const { allocation } = facts;
  if (allocation.isClassic) return notTried('permission', 'Not known to this older TURN');
  const asked = [...allocation.permissions.values()].filter(({ requests }) => requests.length > 0);
  if (asked.length === 0) return notTried('permission', whyNot(facts, 'Not tried'));
  const parts = asked.map(({ address, requests }): NamedPart => {
    const telling = tellingOf(requests) as TurnTransaction;
    const again = requests.filter(({ isSuccess }) => isSuccess).length - 1;
    const text = again > 0 ? `Granted, refreshed ${again === 1 ? 'once' : `${again} times`}` : 'Granted';
    return { name: address, ...partOf(facts, telling, text), packets: facts.packetsOf(requests) };
  });
  return stepOf('permission', parts, `Granted for ${shareOf(parts)}`);
}

/** Do connectivity checks pass, or is the TCP connection to the peer made? */
export function checkStep(facts: TurnFacts): TurnStep {
  const { connects, peers } = facts.allocation;
  if (connects.length > 0) return connectStep(facts, connects);
  const parts = peers
    .filter(({ checksSent, checksReceived }) => checksSent.count + checksReceived.count > 0)
    .map(checkPart);
  if (parts.length === 0) return notTried('connectivity-check', whyNot(facts, 'Not tried through the relay'));
  return stepOf('connectivity-check', parts, `Checks pass for ${shareOf(parts)}`);
}

function checkPart(peer: TurnPeer): NamedPart {
  const { checksSent, checksAnswered, checksReceived, checksReplied, checksRefused } = peer;
  const isRefused = checksAnswered.count + checksReplied.count === 0 && checksRefused.count > 0;
  const outcome = checksAnswered.count + checksReplied.count > 0 ? 'ok' : isRefused ? 'failed' : 'missing';
  const ways = [];
  if (checksSent.count > 0) ways.push(`${checksAnswered.count} of ${checksSent.count} answered`);
  if (checksReceived.count > 0) ways.push(`${checksReplied.count} of ${checksReceived.count} of the peer answered`);
  const all = [checksSent, checksAnswered, checksReceived, checksReplied, checksRefused];
  return {
    name: peer.endpoint,
    outcome,
    code: isRefused && peer.checkCode !== 0 ? peer.checkCode : null,
    text: ways.join(', '),
    roundTripMs: peer.checkRoundTripMs,
    packets: packetsOf(all.map(({ firstFrame }) => firstFrame)),
  };
}

function connectStep(facts: TurnFacts, connects: readonly TurnTransaction[]): TurnStep {
  const parts = connects.map((transaction): NamedPart => {
    const peer = facts.text(transaction.requestRow, 'peerAddress');
    return { name: peer === '' ? 'peer' : peer, ...partOf(facts, transaction, 'The server connected to the peer') };
  });
  return stepOf('connectivity-check', parts, `Connected to ${shareOf(parts)}`);
}

/** Are channels bound, or data connections? */
export function channelStep(facts: TurnFacts): TurnStep {
  const { channelBinds, connectionBinds, layer } = facts.allocation;
  if (connectionBinds.length > 0) {
    const parts = connectionBinds.map((t): NamedPart => {
      return { name: 'data connection', ...partOf(facts, t, 'Data connection bound') };
    });
    return stepOf('channel-bind', parts, 'Data connections bound');
  }
  if (channelBinds.length === 0) return notTried('channel-bind', whyNot(facts, 'Not tried'));
  const byName = new Map<string, TurnTransaction[]>();
  for (const transaction of channelBinds) {
    const { requestRow } = transaction;
    const channel = requestRow < 0 ? '' : channelName(layer.rows.columns.channel.get(requestRow));
    const name = requestRow < 0 ? 'channel' : `${channel} ${facts.text(requestRow, 'peerAddress')}`;
    byName.set(name, [...(byName.get(name) ?? []), transaction]);
  }
  const parts = [...byName].map(([name, all]): NamedPart => {
    const telling = tellingOf(all) as TurnTransaction;
    return { name, ...partOf(facts, telling, `Bound to ${name}`), packets: facts.packetsOf(all) };
  });
  return stepOf('channel-bind', parts, `Bound for ${shareOf(parts)}`);
}

/** Do data flow, beside the checks? */
export function mediaStep(facts: TurnFacts): TurnStep {
  const { sent, received, channelSent, channelReceived, peers, connectionBinds } = facts.allocation;
  const bound = connectionBinds.find(({ isSuccess }) => isSuccess);
  if (bound !== undefined && sent.count + received.count === 0) {
    const text = 'Over the data connection, which is not looked into';
    return { step: 'media', ...partOf(facts, bound, text), roundTripMs: null, packets: [], parts: [] };
  }
  if (sent.count + received.count === 0) {
    const nothing = 'No Send indication, Data indication or ChannelData seen';
    return notTried('media', whyNot(facts, nothing));
  }
  const channels = channelSent.count + channelReceived.count;
  const how =
    channels === 0
      ? 'indications'
      : channels === sent.count + received.count
        ? 'ChannelData'
        : 'indications and ChannelData';
  const stun = peers.reduce((sum, { stunSent, stunReceived }) => sum + stunSent + stunReceived, 0);
  const packets = packetsOf([sent.firstFrame, received.firstFrame, sent.lastFrame, received.lastFrame]);
  const base = { step: 'media' as const, code: null, roundTripMs: null, packets, parts: [] };
  if (stun === sent.count + received.count) {
    return { ...base, outcome: 'not-tried', text: 'Nothing but connectivity checks seen' };
  }
  const amount = `${countOf(sent.count, 'packet')} out, ${sent.bytes} octets; ${countOf(received.count, 'packet')} in, ${received.bytes} octets`;
  return { ...base, outcome: 'ok', text: `${amount}, by ${how}` };
}
